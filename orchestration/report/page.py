"""What a page module gives: its documents; and a sheet, on which one is written in one language."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from markupsafe import Markup

from orchestration.report.charts import Chart
from orchestration.report.edition import Edition
from orchestration.report.figures import Figure
from orchestration.report.language import Language, Text
from orchestration.report.tables import Row, Table, as_csv, sort_key

if TYPE_CHECKING:
    import duckdb
    from jinja2 import Environment


@dataclass(frozen=True)
class Page:
    """A page of the site: what the navigation names.

    Attributes:
        path: of its first document, below the language's folder.
        title: in the navigation.
        documents: asks the warehouse, once, and gives the page's documents.
    """

    path: str
    title: Text
    documents: Callable[[duckdb.DuckDBPyConnection, Edition], Iterable[Document]]


class Filling(Protocol):
    """Gives the values of a document's template, on a sheet."""

    def __call__(self, sheet: Sheet) -> Mapping[str, Any]:
        """Values by their names in the template; each name but those of the layout's own."""


@dataclass(frozen=True)
class Document:
    """One HTML file a language.

    Attributes:
        path: below the language's folder.
        title: its heading.
        template: a file of `templates`.
        fill: gives the template's values; called once a language.
        files: what it brings once for all languages, by path below the site's folder.
    """

    path: str
    title: Text
    template: str
    fill: Filling
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Sheet:
    """A document being written in one language.

    Attributes:
        language: the one.
        edition: what the warehouse says of itself.
        path: of the document, below the language's folder.
        environment: where the templates are.
        files: what else it brings, by path below the language's folder: its tables as CSV.
        charts: how many charts it shows.
    """

    language: Language
    edition: Edition
    path: str
    environment: Environment
    files: dict[str, str] = field(default_factory=dict)
    charts: int = 0

    def t(self, th: str, en: str) -> str:
        """The one of two texts that is in the sheet's language."""
        return self.language.t(th, en)

    def say(self, text: Text | str | None) -> str:
        """A text in the sheet's language."""
        return self.language.say(text)

    @property
    def root(self) -> str:
        """The way from the document to the site's folder: `../`, `../../`."""
        return "../" * (self.path.count("/") + 1)

    def link(self, path: str) -> str:
        """The relative address of another document of this language."""
        return posixpath.relpath(path, posixpath.dirname(self.path) or ".")

    def definition(self, metric: str) -> str:
        """The address of a metric's definition."""
        return f"{self.link('definitions.html')}#{metric}"

    def table(self, table: Table) -> Markup:
        """A table, with its CSV beside the page; a sentence where it has no row."""
        if not table.rows:
            return self._part("empty", table=table)
        stem = self.path.removesuffix(".html").replace("/", "-").lower()
        csv_path = f"data/{stem}-{table.name}.csv"
        self.files[csv_path] = as_csv(table, self.language)
        return self._part("table", table=table, csv=self.link(csv_path), sort_key=sort_key)

    def chart(self, chart: Chart) -> Markup:
        """A chart with its description and its table; a sentence where it has no data."""
        if not chart.rows:
            return self._part("empty", table=chart.table)
        self.charts += 1
        return self._part("chart", chart=chart, table=self.table(chart.table))

    def figure(self, figure: Figure) -> Markup:
        """A figure with the link to its definition and the command that traces it."""
        return self._part("figure", figure=figure)

    def figures(self, figures: Sequence[Figure]) -> Markup:
        """Figures side by side."""
        return self._part("figures", figures=[self.figure(figure) for figure in figures])

    def progress(self, ratio: float, label: str, even: float | None = None) -> Markup:
        """A bar that is full at a ratio of 1.

        Args:
            ratio: how full it is; may pass 1.
            label: the same in words.
            even: where it would be at an even pace (0 to 1), which is marked.
        """
        return self._part("progress", ratio=ratio, label=label, even=even)

    def href(self, row: Row, key: str | None) -> str | None:
        """The address a row leads to; None where it leads nowhere."""
        path = row[key] if key is not None else None
        return None if path is None else self.link(path)

    def _part(self, name: str, **values: Any) -> Markup:
        module: Any = self.environment.get_template("parts.jinja").module
        return Markup(str(getattr(module, name)(self, **values)))  # noqa: S704

"""Pages of the report written one by one, over warehouses as small as a test needs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import duckdb
from jinja2 import Environment

from orchestration.report.edition import Edition
from orchestration.report.language import LANGUAGES
from orchestration.report.page import Page, Sheet
from orchestration.report.pages import PAGES
from orchestration.report.site import _environment


@dataclass(frozen=True)
class Written:
    """A page in one language.

    Attributes:
        html: all of it.
        files: its tables as CSV, by path.
    """

    html: str
    files: Mapping[str, str]

    def csv(self, name: str) -> str:
        """The CSV of a table, by the table's name."""
        (text,) = [text for path, text in self.files.items() if path.endswith(f"-{name}.csv")]
        return text


@cache
def templates() -> Environment:
    """The report's templates, compiled once for all tests."""
    return _environment(None)


def written(
    db: duckdb.DuckDBPyConnection, page: Page, year: int | None = 2558
) -> dict[str, Written]:
    """The first document of a page, by language code."""
    environment, edition = templates(), Edition(year)
    (document,) = page.documents(db, edition)
    found = {}
    for language in LANGUAGES:
        sheet = Sheet(language, edition, document.path, environment)
        html = environment.get_template(document.template).render(
            {**document.fill(sheet), "sheet": sheet, "t": language.t, "lang": language,
             "document": document, "page": page, "pages": PAGES, "languages": LANGUAGES,
             "edition": edition}
        )  # fmt: skip
        found[language.code] = Written(html, sheet.files)
    return found

"""Writes the whole site into an empty folder: pages in both languages, tables, assets."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.finished_file import open_finished
from orchestration.report.bundle import put_bundle
from orchestration.report.edition import edition_of
from orchestration.report.kinds import kept_in
from orchestration.report.language import LANGUAGES
from orchestration.report.page import Page, Sheet

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent


def write_report(
    database: Path,
    folder: Path,
    *,
    cache: Path | None = None,
    pages: Sequence[Page] | None = None,
) -> None:
    """Writes the report of one warehouse.

    Args:
        database: a closed DuckDB file, only read.
        folder: a new, empty one.
        cache: a folder that keeps the script that draws charts, the kinds of charts and the
            compiled templates, which take long to make.
        pages: what to write, in the navigation's order; all of `orchestration.report.pages`.
    """
    from orchestration.report.pages import PAGES

    pages = PAGES if pages is None else pages
    environment = _environment(cache)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(HERE / "assets", folder / "assets", dirs_exist_ok=True)
    put_bundle(folder / "assets" / "charts.js", cache)
    _write(folder / "index.html", environment.get_template("root.jinja").render())
    with open_finished(database) as db, kept_in(cache):
        edition = edition_of(db)
        for page in pages:
            for document in page.documents(db, edition):
                for path, text in document.files.items():
                    _write(folder / path, text)
                for language in LANGUAGES:
                    sheet = Sheet(language, edition, document.path, environment)
                    values = document.fill(sheet)
                    html = environment.get_template(document.template).render(
                        {**values, "sheet": sheet, "t": language.t, "lang": language,
                         "document": document, "page": page, "pages": pages,
                         "languages": LANGUAGES, "edition": edition}
                    )  # fmt: skip
                    below = folder / language.code
                    _write(below / document.path, html)
                    for path, text in sheet.files.items():
                        _write(below / path, text)


def _environment(cache: Path | None) -> Environment:
    from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

    compiled = None
    if cache is not None:
        cache.mkdir(parents=True, exist_ok=True)
        # Jinja sees by itself that a template or Python changed, but not that Jinja did.
        pattern = f"page-{version('jinja2')}-%s.compiled"
        compiled = FileSystemBytecodeCache(str(cache), pattern)
        for older in set(cache.glob("page-*.compiled")) - set(cache.glob(pattern % "*")):
            older.unlink(missing_ok=True)
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        bytecode_cache=compiled,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")

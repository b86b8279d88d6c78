"""clusters."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from orchestration.report.edition import Edition
from orchestration.report.language import Text
from orchestration.report.page import Document, Page

PATH = "clusters.html"
TITLE = Text("คลัสเตอร์", "Clusters")


def documents(db: duckdb.DuckDBPyConnection, edition: Edition) -> Iterable[Document]:
    """The one document."""
    yield Document(PATH, TITLE, "base.jinja", lambda sheet: {})


PAGE = Page(PATH, TITLE, documents)

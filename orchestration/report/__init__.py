"""The programme report: a static site over one published warehouse, in Thai and in English.

    warehouse.duckdb ── pages/*.py: SQL, once ──▶ documents ── a sheet a language ──▶ th/, en/

A page is a module of `pages`: it asks the warehouse once, and gives documents that are written once
in each language. What a document is made of stands beside: figures, tables with their CSV, charts.
Nothing in the site asks another machine for anything, and it is read from a file as from a server.
"""

from orchestration.report.site import write_report

__all__ = ["write_report"]

"""Where a number comes from: from rows of a published table to files, rows and what they said.

The published warehouse carries its own rules (`audit.trace_rule`, from the models' `meta.trace`),
so a trace is a query of it, and a look into the archive for the text of the rows that are shown.

    rows of the table ── trace_rule ──▶ rows of files ── archive ──▶ the original text

A figure may stand on millions of rows: they are added up by file where they lie, and only those
that are shown are ever told one from another.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

import duckdb
from stdnum.th import moa

from orchestration.querying import connected
from orchestration.settings import Home, SettingsError
from sources.contracts import Contract, contract_of
from sources.originals import Original, original_rows
from sources.reading import FileRejected
from sources.scrubbing import scrubbed
from sources.sql import identifier, quoted, records
from sources.store import Archive
from sources.text import tidy

#: Rows of the table that one trace explains; more are a question about the table, not about a cell.
CELLS = 1_000
MASKED = "•••"
#: The column in which enterprises are told apart, and the one a person knows them by.
KEY_COLUMN, ID_COLUMN = "enterprise_key", "juristic_id"

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_COMMUNITY_CODE = re.compile(r"\d-\d{2}-\d{2}-\d{2}/\d-\d{4}")
_LIST_SEPARATORS = re.compile("[;,\n]")
_QUERY = re.compile(r"\bselect\b", re.IGNORECASE)


@dataclass(frozen=True)
class SourceRow:
    """A row of a file: where it stands, what it adds, what it says or why that is not shown."""

    path: str
    file_id: str
    sheet_name: str | None
    row_number: int
    amount: Decimal | None
    original: Mapping[str, str] | None
    not_shown: str | None = None


@dataclass(frozen=True)
class SourceFile:
    """A file with rows behind the traced ones; `amount` is what they add together."""

    path: str
    file_id: str
    dataset: str
    status: str
    received_at: Any
    rows: int
    amount: Decimal | None


@dataclass(frozen=True)
class Origin:
    """What one rule leads to.

    Attributes:
        explains: columns of the table; all where empty.
        through: the published table whose rows make up the traced ones; None where they are rows
            of files themselves.
        reference: what the columns come from that come from no file.
        row_count: rows of files behind the traced rows.
        amount: what they add together; None where rows are counted, not added.
        files: every file with such rows, the largest contribution first.
        rows: the rows that contribute most, with their original text.
    """

    explains: tuple[str, ...]
    through: str | None = None
    reference: str | None = None
    row_count: int = 0
    amount: Decimal | None = None
    files: tuple[SourceFile, ...] = ()
    rows: tuple[SourceRow, ...] = ()


@dataclass(frozen=True)
class Trace:
    """Rows of a table and where they come from."""

    table: str
    rows: tuple[Mapping[str, Any], ...]
    origins: tuple[Origin, ...] = field(default_factory=tuple)

    def as_dict(self) -> dict[str, Any]:
        """The trace as JSON has it."""
        return asdict(self)


def trace(
    home: Home, table: str, keys: Sequence[str], column: str | None = None, limit: int = 20
) -> Trace:
    """Traces rows of a published table.

    Args:
        home: whose warehouse and archive.
        table: with its schema, or without where that is plain.
        keys: `column=value`; together they pick the rows.
        column: explains this column alone.
        limit: rows of files to show with their text, a rule.

    Raises:
        SettingsError: there is no such table, column or row, or they are too many to explain.
    """
    with connected(home) as db:
        table, columns = _table(db, table)
        if column is not None and column not in columns:
            raise _no_column(table, column, columns)
        db.execute(
            f"create temp table cell as select * from {table} as cell "
            f"where {_picked(home, table, columns, keys)} limit {CELLS + 1}"
        )
        cells = records(db, "select * from cell")
        if not cells:
            raise SettingsError(f"No row of {table} has {' and '.join(keys)}.")
        if len(cells) > CELLS:
            raise SettingsError(
                f"More than {CELLS:,} rows of {table} have that; name more of its columns: "
                f"{', '.join(columns)}."
            )
        rules = records(
            db,
            f"select * from audit.trace_rule where table_name = {quoted(table)} "
            "order by rule_number",
        )
        explorer = _Explorer(db, home, table, columns, limit)
        origins = [
            explorer.follow(rule)
            for rule in rules
            if column is None or not rule["explains"] or column in _listed(rule["explains"])
        ]
        return Trace(table, tuple(cells), tuple(origins))


@dataclass(frozen=True)
class _Sources:
    """Rows of files behind the traced rows, as SQL of the published warehouse.

    Attributes:
        rows: gives file_id, what else `match` asks for, sheet_name, row_number and amount.
        names: the columns that tell a row's file.
        match: whether a row of `source` is of the version `files` of a file.
    """

    rows: str
    names: tuple[str, ...]
    match: str


@dataclass
class _Explorer:
    """Follows the rules of one table for the rows picked, which are the relation `cell`."""

    db: duckdb.DuckDBPyConnection
    home: Home
    table: str
    columns: Mapping[str, str]
    limit: int

    def follow(self, rule: Mapping[str, Any]) -> Origin:
        explains = tuple(_listed(rule["explains"]))
        if rule["reference"]:
            return Origin(explains, reference=rule["reference"])
        sources = self._sources(rule)
        files = self._files(sources)
        (count, amount) = (files[0]["every_row"], files[0]["every_amount"]) if files else (0, None)
        shown = [
            SourceFile(**{name: value for name, value in file.items() if name[:6] != "every_"})
            for file in files
        ]
        return Origin(
            explains,
            through=rule["through_table"],
            row_count=count if any(file.rows for file in shown) else 0,
            amount=amount,
            files=tuple(shown),
            rows=tuple(self._with_text(self._rows(sources))),
        )

    def _files(self, sources: _Sources) -> list[dict[str, Any]]:
        """Every file with such rows and what they add, each beside what all of them add."""
        names = ", ".join(sources.names)
        return records(
            self.db,
            f"""
            select files.path, files.file_id, files.dataset, files.status, files.received_at,
                source.rows, source.amount,
                sum(source.every) over () as every_row,
                sum(source.amount) over () as every_amount
            from (
                select {names}, count(*) as every, count(row_number) as rows, sum(amount) as amount
                from ({sources.rows}) group by {names}
            ) as source
            join audit.load_file as files on {sources.match}
            order by abs(source.amount) desc nulls last, source.rows desc, files.path
            """,
        )

    def _rows(self, sources: _Sources) -> list[dict[str, Any]]:
        """The rows that add most."""
        return records(
            self.db,
            f"""
            select files.path, source.file_id, source.sheet_name, source.row_number, source.amount,
                files.dataset
            from ({sources.rows}) as source
            join audit.load_file as files on {sources.match}
            where source.row_number is not null
            order by abs(source.amount) desc nulls last, files.path, source.sheet_name,
                source.row_number
            limit {self.limit}
            """,
        )

    def _sources(self, rule: Mapping[str, Any]) -> _Sources:
        source, dataset, dataset_in = "cell as source", rule["dataset"], rule["dataset_in"]
        columns = set(self.columns)
        if through := rule["through_table"]:
            dataset, dataset_in, columns = self._rule_of_rows(through)
            source = _fitting(through, rule["through_condition"])
        place = "null::varchar as sheet_name, null::integer as row_number"
        if {"sheet_name", "row_number"} <= columns:
            place = "source.sheet_name, source.row_number"
        # A row's file is the version of its bytes that was loaded: the same bytes may have come
        # since as duplicates under other names.
        names, which = ["file_id"], quoted(dataset or "")
        if "receipt_id" in columns:
            names.append("receipt_id")
            match = "files.receipt_id = source.receipt_id"
        else:
            if not dataset:
                names.append(identifier(dataset_in or ""))
                which = f"source.{names[-1]}"
            match = (
                f"files.file_id = source.file_id and files.dataset = {which} "
                "and files.status not in ('duplicate', 'rejected')"
            )
        told = ", ".join(f"source.{name}" for name in names)
        amount = rule["contribution"] or "null"
        rows = f"select {told}, {place}, cast({amount} as decimal(38, 2)) as amount from {source}"
        return _Sources(rows, tuple(names), match)

    def _rule_of_rows(self, table: str) -> tuple[str | None, str | None, set[str]]:
        """What says the dataset of a table whose rows are rows of files, and its columns."""
        found = self.db.execute(
            "select dataset, dataset_in from audit.trace_rule "
            f"where table_name = {quoted(table)} and through_table is null and reference is null"
        ).fetchone()
        if not found:
            raise SettingsError(f"{table} is traced through by {self.table} but not to files.")
        return found[0], found[1], set(_columns(self.db, table))

    def _with_text(self, rows: Sequence[Mapping[str, Any]]) -> list[SourceRow]:
        """Looks up the original text of rows, opening each file once."""
        wanted: dict[tuple[str, str], list[tuple[str | None, int]]] = defaultdict(list)
        for row in rows:
            wanted[row["dataset"], row["file_id"]].append((row["sheet_name"], row["row_number"]))
        texts: dict[tuple[str, str], dict[Any, Original]] = {}
        not_shown: dict[tuple[str, str], str] = {}
        archive = Archive(self.home.archive)
        for (dataset, file_id), places in wanted.items():
            archived = archive.readable(dataset, file_id)
            contract = contract_of(dataset)
            if contract is None:
                not_shown[dataset, file_id] = "its dataset has no contract any more"
            elif not archived.exists():
                not_shown[dataset, file_id] = "its bytes are not in the archive any more"
            else:
                try:
                    texts[dataset, file_id] = original_rows(archived, contract, places)
                except FileRejected as rejected:  # judged by a contract that knew its header
                    not_shown[dataset, file_id] = f"by today's contract: {rejected.message}"
        result = []
        for row in rows:
            original = texts.get((row["dataset"], row["file_id"]), {}).get(
                (row["sheet_name"], row["row_number"])
            )
            contract = contract_of(row["dataset"])
            shown = _shown(contract, original) if contract and original else None
            why_not = not_shown.get(
                (row["dataset"], row["file_id"]), "the row is not there by today's reading"
            )
            values = {name: value for name, value in row.items() if name != "dataset"}
            result.append(
                SourceRow(
                    **values, original=shown, not_shown=None if shown is not None else why_not
                )
            )
        return result


def _shown(contract: Contract, original: Original) -> dict[str, str]:
    """A row's cells by the Thai label of their column, what is personal masked."""
    texts = {}
    natural = any(
        column.form == "enterprise_id"
        and not column.is_list
        and not _is_juristic(original.cells.get(column.name, ""))
        for column in contract.columns
    )
    others = [c.name for c in contract.columns if c.form != "enterprise_id" and not c.is_personal]
    said = {column.name: original.said(column.name) for column in contract.columns}
    said |= zip(others, scrubbed([said[name] for name in others]), strict=True)
    for column in contract.columns:
        text = said[column.name]
        if not text:
            continue
        personal = column.is_personal or (
            natural and (column.form == "enterprise_id" or bool(column.personal_when_natural_in))
        )
        if column.is_list and column.form == "enterprise_id":
            text = ";".join(
                part if _is_juristic(part) else MASKED for part in _LIST_SEPARATORS.split(text)
            )
        texts[column.label] = MASKED if personal else text
    return texts


def _is_juristic(text: str) -> bool:
    """Whether an id, as typed, is a juristic person's or a community enterprise's for certain."""
    typed = tidy(text).translate(_THAI_DIGITS).lstrip("'")
    if _COMMUNITY_CODE.fullmatch(typed.replace(" ", "")):
        return True
    digits = re.sub(r"[.]0+$", "", typed)
    return moa.is_valid(re.sub("[^0-9]", "", digits).zfill(13))


# ── Which rows ────────────────────────────────────────────────────────────────────────────────


def _table(db: duckdb.DuckDBPyConnection, named: str) -> tuple[str, dict[str, str]]:
    tables = [
        f"{schema}.{name}"
        for schema, name in db.execute(
            "select table_schema, table_name from information_schema.tables order by all"
        ).fetchall()
    ]
    found = [t for t in tables if named.lower() in (t, t.split(".")[1])]
    if len(found) != 1:
        raise SettingsError(f"There is no table {named!r}; there are {', '.join(tables)}.")
    return found[0], _columns(db, found[0])


def _columns(db: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The table's columns and their types."""
    return {row[0]: row[1] for row in db.execute(f"describe {table}").fetchall()}


def _no_column(table: str, column: str, columns: Mapping[str, str]) -> SettingsError:
    return SettingsError(f"{table} has no column {column!r}; it has {', '.join(columns)}.")


def _fitting(table: str, condition: str) -> str:
    """SQL of the rows `source` of a table that fit a row of `cell`, each once.

    Of a join DuckDB's scan knows beforehand which values fit, and passes over most of a large fact;
    `exists` reads all of it. But the condition of a join may hold no query that looks at both.
    """
    if _QUERY.search(condition):
        return f"{table} as source where exists (select 1 from cell where {condition})"
    return f"{table} as source semi join cell on {condition}"


def _picked(home: Home, table: str, columns: Mapping[str, str], keys: Sequence[str]) -> str:
    """SQL of whether a row `cell` of the table has these values.

    A value is compared as the column's type and as the text that is shown of it.
    """
    if not keys:
        raise SettingsError(
            f"Say which rows of {table}: KEY=VALUE, with one or more of {', '.join(columns)}."
        )
    wanted = []
    for key in keys:
        column, equals, value = key.partition("=")
        column, value = column.strip(), value.strip()
        if not equals:
            raise SettingsError(f"{key!r} is no KEY=VALUE, as in fiscal_year_be=2558.")
        if column == ID_COLUMN and column not in columns and KEY_COLUMN in columns:
            key_now = home.known_secret() or b""
            hashed = hmac.new(key_now, value.encode(), hashlib.sha256).hexdigest()
            column, value = KEY_COLUMN, hashed
        if column not in columns:
            raise _no_column(table, column, columns)
        wanted.append((column, value))

    def test(column: str, value: str) -> str:
        name = f"cell.{identifier(column)}"
        if value == "":
            return f"{name} is null"
        return (
            f"({name} = try_cast({quoted(value)} as {columns[column]}) "
            f"or lower(cast({name} as varchar)) = {quoted(value.lower())})"
        )

    return " and ".join(test(*pair) for pair in wanted)


def _listed(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


# ── For a person ──────────────────────────────────────────────────────────────────────────────


def show(found: Trace) -> None:
    """Prints a trace for a person."""
    from rich.console import Console

    from orchestration.show import cell, print_table

    console = Console(highlight=False, soft_wrap=True)
    names = list(found.rows[0])
    print_table(names, [list(row.values()) for row in found.rows[:20]], title=found.table)
    for origin in found.origins:
        what = ", ".join(origin.explains) or "the row"
        if origin.reference:
            console.print(f"\n{what}: {origin.reference}", style="bold")
            continue
        if not origin.files:
            console.print(f"\n{what}: no row of any file", style="bold")
            continue
        counted = f"{origin.row_count:,} rows of " if origin.row_count else ""
        added = f", together {cell(origin.amount)}" if origin.amount is not None else ""
        through = f" (through {origin.through})" if origin.through else ""
        console.print(
            f"\n{what}: {counted}{len(origin.files):,} files{added}{through}", style="bold"
        )
        print_table(
            ("dataset", "path", "status", "received (UTC)", "rows", "amount"),
            [(f.dataset, f.path, f.status, f.received_at, f.rows, f.amount) for f in origin.files],
        )
        if origin.rows:
            print_table(
                ("path", "sheet", "row", "amount", "what it says"),
                [(r.path, r.sheet_name, r.row_number, r.amount, _said(r)) for r in origin.rows],
            )
        if origin.row_count > len(origin.rows) > 0:
            console.print(f"  and {origin.row_count - len(origin.rows):,} more rows (--limit)")


def _said(row: SourceRow) -> str:
    if row.original is None:
        return f"({row.not_shown})"
    return " · ".join(f"{label}: {text}" for label, text in row.original.items())

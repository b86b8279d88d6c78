"""What is quarantined and why: as a list, or as workbooks to send back to the coordinators.

What is the matter is read from the published warehouse; the rows as they came, from the archive.
Workbooks hold personal data: they go to the one who sent it, and are readable by their owner alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from orchestration.querying import connected
from orchestration.senders import Senders, Version, look_up
from orchestration.settings import Home, SettingsError
from sources.contracts import discover
from sources.corrections import BadFile, BadRow, Entry, Problem, as_record, write_corrections
from sources.store import Archive

#: The workbook of files that name no registered cluster.
NOBODYS = "other.xlsx"
#: File systems take 255 bytes; a coordinator of more clusters is named by the first ones.
CODES_IN_A_NAME = 20

_LISTED = """
    select dataset, path, sheet_name, row_number, column_name, reason, raw_value, held,
        is_sent_again, message, file_id
    from audit.quarantined_row
    where file_status in ('loaded', 'rejected') and dataset = coalesce(?, dataset)
    order by dataset, path, row_sequence, problem_number
"""
# Of the versions that came at a path only the newest is worth mending, and only while it counts or
# was refused; of a row that was sent again, the later one.
_FILES = """
    with newest as (
        select * from audit.load_file where status <> 'duplicate'
        qualify row_number() over (partition by dataset, path order by receipt_id desc) = 1
    ),

    told as (
        select
            receipt_id,
            count(distinct row_sequence) filter (where not held) as rows_bad,
            count(distinct row_sequence) filter (where held) as rows_held
        from audit.quarantined_row
        where not is_sent_again
        group by receipt_id
    )

    select
        n.receipt_id, n.dataset, n.path, n.file_id, n.reason, n.message, n.rows_read,
        n.rows_read - n.rows_quarantined as rows_loaded,
        coalesce(t.rows_bad, 0) as rows_bad, coalesce(t.rows_held, 0) as rows_held
    from newest as n
    left join told as t using (receipt_id)
    where n.status in ('loaded', 'rejected')
        and (t.receipt_id is not null or (n.status = 'rejected' and n.rows_read = 0))
        and n.dataset = coalesce(?, n.dataset)
    order by n.dataset, n.receipt_id
"""
_ROWS = """
    select sheet_name, row_number, row_sequence,
        list({'column_name': column_name, 'reason': reason} order by problem_number)
    from audit.quarantined_row
    where receipt_id = ? and not is_sent_again
    group by all
    order by row_sequence
    limit ?
"""
_VERSIONS = """
    select receipt_id, dataset, path, file_id, contract_version, status
    from audit.load_file
    where status <> 'duplicate'
    order by receipt_id
"""


@dataclass(frozen=True)
class Workbook:
    """A workbook that was written, and what it has of each file."""

    file: Path
    entries: Sequence[Entry]

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "file": str(self.file),
            "files": [dict(as_record(entry)) for entry in self.entries],
        }


def listed(
    home: Home, dataset: str | None = None, cluster: str | None = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """What is quarantined: the columns' names, and a row a problem.

    Args:
        home: one that has published.
        dataset: leaves out the others.
        cluster: leaves out files most of whose rows name another cluster.

    Raises:
        SettingsError: there is no such dataset.
    """
    _check(dataset)
    with connected(home) as db:
        answer = db.execute(_LISTED, [dataset])
        names = [column[0] for column in answer.description or []]
        rows = answer.fetchall()
        if cluster is not None:
            senders = look_up(home, _versions(db))
            rows = [row for row in rows if senders.code_of.get(row[:2]) == cluster.upper()]
    return names, rows


def write_workbooks(
    home: Home, out: Path, dataset: str | None = None, cluster: str | None = None
) -> list[Workbook]:
    """Writes what is to be mended: one workbook, or one a coordinator.

    Args:
        home: one that has published.
        out: an .xlsx file; or a folder, for a workbook a coordinator in it, named by the codes of
            the clusters that the coordinator answers for.
        dataset: leaves out the others.
        cluster: leaves out files most of whose rows name another cluster.

    Raises:
        SettingsError: there is no such dataset.
        OSError: a workbook cannot be written.
    """
    _check(dataset)
    is_folder = out.is_dir() or out.suffix.lower() != ".xlsx"
    with connected(home) as db:
        found = _bad_files(db, home, dataset)
        senders = look_up(home, _versions(db)) if is_folder or cluster is not None else None
        if senders and cluster is not None:
            found = [
                file
                for file in found
                if senders.code_of.get((file.contract.dataset, file.path)) == cluster.upper()
            ]
        if not is_folder:
            return [Workbook(out, write_corrections(found, out))]
        return [
            Workbook(out / name, write_corrections(files, out / name))
            for name, files in _by_sender(found, senders).items()
        ]


def _check(dataset: str | None) -> None:
    known = discover()
    if dataset is not None and dataset not in known:
        raise SettingsError(f"There is no dataset {dataset!r}; there are {', '.join(known)}.")


def _versions(db: duckdb.DuckDBPyConnection) -> list[Version]:
    return [Version(*row) for row in db.execute(_VERSIONS).fetchall()]


def _by_sender(files: Sequence[BadFile], senders: Senders | None) -> dict[str, list[BadFile]]:
    """File name → its files, in the order of the names."""
    grouped: dict[str, list[BadFile]] = {}
    for file in files:
        codes = senders.codes(file.contract.dataset, file.path) if senders else ()
        name = "_".join(re.sub(r"[^\w-]", "-", code) for code in codes[:CODES_IN_A_NAME])
        grouped.setdefault(f"{name}.xlsx" if codes else NOBODYS, []).append(file)
    return dict(sorted(grouped.items()))


def _bad_files(db: duckdb.DuckDBPyConnection, home: Home, dataset: str | None) -> list[BadFile]:
    contracts, archive = discover(), Archive(home.archive)

    def rows_of(receipt_id: int, at_most: int) -> Sequence[BadRow]:
        return [
            BadRow(
                sheet, number, sequence, tuple(Problem(p["column_name"], p["reason"]) for p in why)
            )
            for sheet, number, sequence, why in db.execute(_ROWS, [receipt_id, at_most]).fetchall()
        ]

    return [
        BadFile(
            contract=contracts[of],
            path=path,
            file_id=file_id,
            archived=archive.readable(of, file_id),
            reason=reason,
            message=message,
            rows_read=read,
            rows_loaded=loaded,
            rows_bad=bad,
            rows_held=held,
            rows=partial(rows_of, receipt_id),
        )
        for receipt_id, of, path, file_id, reason, message, read, loaded, bad, held in (
            db.execute(_FILES, [dataset]).fetchall()
        )
    ]

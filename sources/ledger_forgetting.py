"""What the ledger knows of forgotten persons: who (as a hash), and what it took out of files.

Events are never changed. What a file's events counted before a person was taken out of it is put
right when they are read: `remaining` gives what is left of each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from sources.clock import utc_now
from sources.ledger import Judgement, Ledger
from sources.ledger_tables import (
    file_event,
    forgetting_event,
    forgotten_figure,
    forgotten_row,
    redacted_file,
)


@dataclass(frozen=True)
class Taken:
    """What forgetting took out of one judgement of a file, by the time of an event."""

    last_file_event_id: int
    rows_accepted: int
    rows_quarantined: int
    control_total: Decimal


def forgotten_hashes(ledger: Ledger) -> list[str]:
    """The hashes of everybody who is forgotten now."""
    query = sa.select(forgetting_event.c.person_hash, forgetting_event.c.event_kind).order_by(
        forgetting_event.c.event_id
    )
    with ledger.engine.connect() as connection:
        last = {str(person): str(kind) for person, kind in map(tuple, connection.execute(query))}
    return [person for person, kind in last.items() if kind == "forgotten"]


def last_forgotten_at(ledger: Ledger) -> dt.datetime | None:
    """When somebody was last forgotten (UTC); None where nobody ever was."""
    query = sa.select(sa.func.max(forgetting_event.c.occurred_at, type_=sa.DateTime)).where(
        forgetting_event.c.event_kind == "forgotten"
    )
    with ledger.engine.connect() as connection:
        at: dt.datetime | None = connection.scalar(query)
    return at


def record_forgotten(
    ledger: Ledger,
    event: Mapping[str, Any],
    rows: Iterable[Mapping[str, Any]],
    figures: Iterable[Mapping[str, Any]],
    redacted: Iterable[Mapping[str, Any]],
) -> None:
    """Appends that a person was forgotten and all that it took out: all or nothing.

    Args:
        ledger: where.
        event: a row of `forgetting_event`.
        rows: rows of `forgotten_row`, without their event and the last file event.
        figures: rows of `forgotten_figure`, without their event.
        redacted: dataset, file id and SHA-256 of files that are kept redacted from now on.
    """
    with ledger.engine.begin() as connection:
        last = int(connection.scalar(sa.select(sa.func.max(file_event.c.event_id))) or 0)
        event_id = connection.execute(
            forgetting_event.insert().values(**event)
        ).inserted_primary_key[0]  # type: ignore[index]
        of_event = {"event_id": event_id}
        for table, records in (
            (forgotten_row, [{**r, **of_event, "last_file_event_id": last} for r in rows]),
            (forgotten_figure, [{**figure, **of_event} for figure in figures]),
            (redacted_file, [{**r, "redacted_at": event["occurred_at"]} for r in redacted]),
        ):
            if records:
                connection.execute(table.insert(), records)


def record_lifted(
    ledger: Ledger, person_hash: str, decided_by: str | None, note: str | None
) -> dt.datetime:
    """Appends that files may name the person again from now on; returns when."""
    lifted_at = utc_now()
    with ledger.engine.begin() as connection:
        connection.execute(
            forgetting_event.insert().values(
                event_kind="lifted",
                person_hash=person_hash,
                occurred_at=lifted_at,
                decided_by=decided_by,
                note=note,
                files_changed=0,
                rows_removed=0,
            )
        )
    return lifted_at


def record_redacted(ledger: Ledger, dataset: str, file_id: str, sha256: str) -> None:
    """Appends that an archived file is kept in a redacted form."""
    with ledger.engine.begin() as connection:
        connection.execute(
            redacted_file.insert().values(
                redacted_at=utc_now(), dataset=dataset, file_id=file_id, sha256=sha256
            )
        )


def is_on_record(ledger: Ledger, token: str) -> bool:
    """Whether the forgetting with this token was recorded."""
    query = sa.select(forgetting_event.c.event_id).where(forgetting_event.c.token == token)
    with ledger.engine.connect() as connection:
        return connection.execute(query).first() is not None


def redacted_files(connection: sa.Connection) -> dict[tuple[str, str], str]:
    """(dataset, file id) → SHA-256 of its redacted form; an older ledger has no such table."""
    if not sa.inspect(connection).has_table(redacted_file.name):
        return {}
    query = sa.select(
        redacted_file.c.dataset, redacted_file.c.file_id, redacted_file.c.sha256
    ).order_by(redacted_file.c.result_id)
    return {(str(d), str(f)): str(sha) for d, f, sha in map(tuple, connection.execute(query))}


# ── What is left ──────────────────────────────────────────────────────────────────────────────


class Remaining:
    """Puts right what events counted before persons were taken out.

    Args:
        connection: to the ledger; read once.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._rows: dict[tuple[str, str, str], list[Taken]] = {}
        for row in connection.execute(sa.select(forgotten_row)).mappings():
            key = (row["dataset"], row["file_id"], row["contract_version"])
            self._rows.setdefault(key, []).append(
                Taken(
                    row["last_file_event_id"],
                    row["rows_accepted"],
                    row["rows_quarantined"],
                    Decimal(row["control_total"]),
                )
            )
        self._figures: dict[tuple[int, str, str], tuple[Decimal, int]] = {}
        for row in connection.execute(sa.select(forgotten_figure)).mappings():
            figure = (row["quarter_event_id"], row["cluster_code"], row["measure"])
            amount, enterprises = self._figures.get(figure, (Decimal(0), 0))
            self._figures[figure] = (
                amount + Decimal(row["amount"]),
                enterprises + row["enterprises"],
            )

    def of_file(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """A file's event with the rows and the money that are left of what it counted."""
        told = dict(event)
        key = (event["dataset"], event["file_id"], event["contract_version"])
        counted = event["event_kind"] in ("loaded", "rejected")
        for taken in self._rows.get(key, []) if counted else []:
            if event["event_id"] <= taken.last_file_event_id:
                told["rows_accepted"] -= taken.rows_accepted
                told["rows_quarantined"] -= taken.rows_quarantined
                told["rows_read"] -= taken.rows_accepted + taken.rows_quarantined
                told["control_total"] = _less(told["control_total"], taken.control_total)
        return told

    def of_judgement(self, judgement: Judgement) -> Judgement:
        """What the judges said of a file, with the rows that are left of it."""
        event = {**asdict(judgement), "control_total": "0.00"}
        told = self.of_file(event)
        return Judgement(**{name: told[name] for name in Judgement.__dataclass_fields__})

    def of_figure(self, figure: Mapping[str, Any]) -> dict[str, Any] | None:
        """A closed figure without forgotten persons; None where nobody else had reported to it."""
        key = (figure["event_id"], figure["cluster_code"], figure["measure"])
        amount, enterprises = self._figures.get(key, (Decimal(0), 0))
        if not enterprises:
            return dict(figure)
        if enterprises == figure["enterprises"]:
            return None
        return {
            **figure,
            "amount": _less(figure["amount"], amount),
            "enterprises": figure["enterprises"] - enterprises,
        }


def _less(money: Any, taken: Decimal) -> Any:
    """Baht less baht, exact, in the type that the ledger's database gives them."""
    left = Decimal(money) - taken
    return f"{left:.2f}" if isinstance(money, str) else left

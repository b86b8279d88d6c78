"""What happened to which file, when: append-only, in a transactional database.

An event is never updated or deleted; what is current follows from the events (the dbt model
`int_file_versions` says how). SQLite by default; any SQLAlchemy URL will do. One table is no record
and not append-only: `file_lease` says who works on which file now (`sources.leases`).
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Generator, Iterable, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from sources import ledger_schema, log
from sources.clock import utc_now
from sources.ledger_engine import LedgerError, engine_of
from sources.ledger_schema import LedgerBehind
from sources.ledger_tables import (
    check_result,
    closed_figure,
    file_event,
    file_lease,
    forgetting_event,
    matter_event,
    night_difference,
    quarter_event,
    rule_result,
    run_event,
)


class LeaseLost(LedgerError):
    """A file is no longer the holder's: its lease ran out, and another took it over."""


@dataclass(frozen=True)
class Known:
    """What the ledger knows of a file's bytes in a dataset."""

    path: str
    event_kind: str


@dataclass(frozen=True)
class LoadedFile:
    """A file version that was loaded, and whether it is withdrawn now."""

    dataset: str
    path: str
    file_id: str
    contract_version: str
    is_withdrawn: bool


@dataclass(frozen=True)
class FileFate:
    """What became of one file in a run."""

    path: str
    event_kind: str
    reason: str | None
    message: str | None
    rows_read: int
    rows_accepted: int
    rows_quarantined: int

    def in_words(self) -> str:
        """The file and, where it was read, its rows."""
        if self.event_kind == "duplicate":
            return self.path
        return f"{self.path} ({self.rows_accepted:,} of {self.rows_read:,} rows)"


@dataclass(frozen=True)
class Judgement:
    """What the judges last said of a file's bytes, by which version of its contract."""

    dataset: str
    path: str
    file_id: str
    event_kind: str
    contract_version: str
    reason: str | None
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    event_id: int


class Ledger:
    """The ledger at a database URL, of this software's schema.

    Args:
        url: the database.
        upgrade: brings a ledger of an earlier schema up to date and makes one where there is none,
            for whoever may write to the home; False where another may be writing.
        patience_seconds: how long to try to reach a database server that does not answer.

    Raises:
        LedgerBehind: it must be upgraded first, and `upgrade` is False.
        LedgerError: it was written by a newer version of this software.
        LedgerUnreachable: its server does not answer; so do all methods.
    """

    def __init__(self, url: str, *, upgrade: bool = True, patience_seconds: float = 0) -> None:
        self.engine = engine_of(url, patience_seconds)
        _close_to_others(self.engine)
        try:
            with self.engine.connect() as connection:
                revision = ledger_schema.revision_of(connection)
            if revision != ledger_schema.HEAD:
                if not upgrade:
                    raise LedgerBehind(
                        f"The ledger {self.engine.url!r} has to be brought up to revision "
                        f"{ledger_schema.HEAD} first."
                    )
                ledger_schema.upgrade(self.engine.url)
        except BaseException:
            self.engine.dispose()
            raise

    def close(self) -> None:
        """Gives back the database connections."""
        self.engine.dispose()

    @contextmanager
    def alone(self) -> Generator[sa.Connection, None, None]:
        """One transaction in which nobody else, on whatever machine, enlists or claims a file."""
        with self.engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("begin immediate")
            else:
                soon_ended(connection)
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
            yield connection

    @contextmanager
    def one_moment(self) -> Generator[sa.Connection, None, None]:
        """One transaction that reads the ledger as it was at its first query, whoever writes."""
        with self.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("begin")
                yield connection
            else:
                yield connection.execution_options(isolation_level="REPEATABLE READ")

    def _reading(self, within: sa.Connection | None) -> AbstractContextManager[sa.Connection]:
        """A connection to read by: the one of a transaction that goes on, or one of its own."""
        return self.engine.connect() if within is None else nullcontext(within)

    # ── Files ─────────────────────────────────────────────────────────────────────────────────

    def known_files(self, within: sa.Connection | None = None) -> dict[tuple[str, str], Known]:
        """(dataset, file id) → where these bytes first came and what came of them.

        Args:
            within: the transaction to read in; None for one of its own.
        """
        query = (
            sa.select(
                file_event.c.dataset,
                file_event.c.file_id,
                file_event.c.path,
                file_event.c.event_kind,
            )
            .where(file_event.c.event_kind.in_(("loaded", "rejected")))
            .order_by(file_event.c.event_id.desc())
        )
        with self._reading(within) as connection:
            return {
                (str(dataset), str(file_id)): Known(str(path), str(kind))
                for dataset, file_id, path, kind in connection.execute(query)
            }

    def latest_at_paths(self, within: sa.Connection | None = None) -> dict[tuple[str, str], str]:
        """(dataset, path) → the id of the bytes that were last seen there.

        Bytes judged again have not come again: of their judgements the first says when they came.

        Args:
            within: the transaction to read in; None for one of its own.
        """
        judged = (
            sa.select(sa.func.min(file_event.c.event_id))
            .where(file_event.c.event_kind.in_(("loaded", "rejected")))
            .group_by(file_event.c.dataset, file_event.c.path, file_event.c.file_id)
        )
        query = (
            sa.select(file_event.c.dataset, file_event.c.path, file_event.c.file_id)
            .where(
                sa.or_(
                    file_event.c.event_kind == "duplicate",
                    file_event.c.event_id.in_(judged),
                )
            )
            .order_by(file_event.c.event_id)
        )
        with self._reading(within) as connection:
            return {
                (str(dataset), str(path)): str(file_id)
                for dataset, path, file_id in connection.execute(query)
            }

    def judgements(self, dataset: str) -> list[Judgement]:
        """The last judgement of every file of a dataset, in the order the files first came."""
        event = file_event.alias()
        judged = (
            sa.select(
                sa.func.min(event.c.event_id).label("arrived"),
                sa.func.max(event.c.event_id).label("last_judged"),
            )
            .where(event.c.dataset == dataset, event.c.event_kind.in_(("loaded", "rejected")))
            .group_by(event.c.path, event.c.file_id)
            .subquery()
        )
        columns = [file_event.c[name] for name in Judgement.__dataclass_fields__]
        query = (
            sa.select(*columns)
            .join(judged, file_event.c.event_id == judged.c.last_judged)
            .order_by(judged.c.arrived)
        )
        with self.engine.connect() as connection:
            return [Judgement(**row) for row in connection.execute(query).mappings()]

    def loaded_files(self) -> list[LoadedFile]:
        """Every file version that was ever loaded, in the order of their events."""
        query = (
            sa.select(
                file_event.c.dataset,
                file_event.c.path,
                file_event.c.file_id,
                file_event.c.contract_version,
                file_event.c.event_kind,
            )
            .where(file_event.c.event_kind.in_(("loaded", "withdrawn", "reinstated")))
            .order_by(file_event.c.event_id)
        )
        files: dict[tuple[str, str, str], LoadedFile] = {}
        with self.engine.connect() as connection:
            for dataset, path, file_id, version, kind in connection.execute(query):
                key = (str(dataset), str(path), str(file_id))
                withdrawn = kind == "withdrawn"
                if kind == "loaded" and key in files:
                    withdrawn = files[key].is_withdrawn
                files[key] = LoadedFile(*key, str(version), withdrawn)
        return list(files.values())

    def record_file(
        self,
        event: Mapping[str, Any],
        rule_results: Iterable[Mapping[str, Any]] = (),
        *,
        holder: str | None = None,
    ) -> None:
        """Appends one file event, with the file's rule results, in one transaction.

        Args:
            event: a row of `file_event`, without its id.
            rule_results: rows of `rule_result`.
            holder: whose lease on the file ends with it, in the same transaction; the event takes
                the place that the file got when it was received. None where it has no lease.

        Raises:
            LeaseLost: the lease is not the holder's any more; nothing is recorded.
        """
        results = list(rule_results)
        with self.engine.begin() as connection:
            soon_ended(connection)
            number = None if holder is None else _given_up(connection, event, holder)
            append_file_event(connection, event, number)
            if results:
                connection.execute(rule_result.insert(), results)
        log_file_event(event)

    def active_rule_counts(
        self, dataset: str, within: sa.Connection | None = None
    ) -> dict[str, tuple[int, int, int]]:
        """Rule → (rows judged, rows breaking it, files with such rows) of the files that count.

        Args:
            dataset: theirs.
            within: the transaction to read in; None for one of its own.
        """
        results = self._results_that_count(dataset).c
        query = sa.select(
            results.rule,
            sa.func.sum(results.rows_evaluated),
            sa.func.sum(results.unexpected_count),
            sa.func.count(sa.case((results.unexpected_count > 0, 1))),
        ).group_by(results.rule)
        with self._reading(within) as connection:
            return {
                str(rule): (int(str(rows)), int(str(broken)), int(str(files)))
                for rule, rows, broken, files in map(tuple, connection.execute(query))
            }

    def files_breaking_rules(self, dataset: str, at_most: int) -> dict[str, list[tuple[str, int]]]:
        """Rule → (path, rows breaking it) of the files that count, the worst first.

        Args:
            dataset: theirs.
            at_most: so many files a rule.
        """
        results = self._results_that_count(dataset).c
        worst_first = (results.unexpected_count.desc(), results.path)
        placed = (
            sa.select(
                results.rule,
                results.path,
                results.unexpected_count,
                sa.func.row_number()
                .over(partition_by=results.rule, order_by=worst_first)
                .label("place"),
            )
            .where(results.unexpected_count > 0)
            .subquery()
        )
        query = (
            sa.select(placed.c.rule, placed.c.path, placed.c.unexpected_count)
            .where(placed.c.place <= at_most)
            .order_by(placed.c.rule, placed.c.place)
        )
        files: dict[str, list[tuple[str, int]]] = {}
        with self.engine.connect() as connection:
            for rule, path, broken in map(tuple, connection.execute(query)):
                files.setdefault(str(rule), []).append((str(path), int(str(broken))))
        return files

    def _results_that_count(self, dataset: str) -> sa.FromClause:
        """The rule results of the files that count, each with its file's path.

        A file counts while it is the last that came at its path and not withdrawn, by its last
        judgement; a file rejected for its rows counts until something else comes at its path.
        """
        judged = (
            sa.select(
                file_event.c.path,
                file_event.c.file_id,
                sa.func.min(file_event.c.event_id).label("arrived"),
                sa.func.max(file_event.c.event_id).label("last_judged"),
            )
            .where(
                file_event.c.dataset == dataset,
                file_event.c.event_kind.in_(("loaded", "rejected")),
            )
            .group_by(file_event.c.path, file_event.c.file_id)
            .subquery()
        )
        placed = sa.select(
            judged,
            sa.func.row_number()
            .over(partition_by=judged.c.path, order_by=judged.c.arrived.desc())
            .label("place"),
        ).subquery()
        decided = file_event.alias()
        last_decision = (
            sa.select(decided.c.event_kind)
            .where(
                decided.c.dataset == dataset,
                decided.c.path == placed.c.path,
                decided.c.file_id == placed.c.file_id,
                decided.c.event_kind.in_(("withdrawn", "reinstated")),
            )
            .order_by(decided.c.event_id.desc())
            .limit(1)
            .scalar_subquery()
        )
        active = (
            sa.select(file_event.c.file_id, file_event.c.contract_version, file_event.c.path)
            .join(placed, file_event.c.event_id == placed.c.last_judged)
            .where(placed.c.place == 1, sa.func.coalesce(last_decision, "") != "withdrawn")
            .distinct()
            .subquery()
        )
        # A file judged by one version twice was counted by it twice; the later count stands.
        latest = (
            sa.select(sa.func.max(rule_result.c.result_id))
            .where(rule_result.c.dataset == dataset)
            .group_by(rule_result.c.file_id, rule_result.c.contract_version, rule_result.c.rule)
        )
        return (
            sa.select(
                rule_result.c.rule,
                rule_result.c.rows_evaluated,
                rule_result.c.unexpected_count,
                active.c.path,
            )
            .join(
                active,
                sa.and_(
                    rule_result.c.file_id == active.c.file_id,
                    rule_result.c.contract_version == active.c.contract_version,
                ),
            )
            .where(rule_result.c.result_id.in_(latest))
            .subquery()
        )

    # ── Runs ──────────────────────────────────────────────────────────────────────────────────

    def record_run(self, run_id: str, event_kind: str, **values: Any) -> None:
        """Appends what became of a run: started, published, not_published, waiting, cut_short."""
        event = {"run_id": run_id, "event_kind": event_kind, "occurred_at": utc_now(), **values}
        with self.engine.begin() as connection:
            connection.execute(run_event.insert().values(**event))
        _log_run(event)

    def record_published(
        self,
        run_id: str,
        published_at: dt.datetime,
        differences: Iterable[Mapping[str, Any]],
        matters: Iterable[Mapping[str, Any]],
        **values: Any,
    ) -> None:
        """Appends that a run published and what changed by it: all or nothing.

        Args:
            run_id: the run.
            published_at: when (UTC).
            differences: rows of `night_difference`, without `recorded_at`.
            matters: columns of `matter_event` without the run and its time, every one the same.
            values: further columns of the run's event.
        """
        event = {"run_id": run_id, "event_kind": "published", "occurred_at": published_at, **values}
        changes = [
            {
                **difference,
                "recorded_at": published_at,
                **{n: _money(v) for n, v in difference.items() if n.endswith("_baht")},
            }
            for difference in differences
        ]
        opened_and_resolved = [
            {**matter, "run_id": run_id, "occurred_at": published_at} for matter in matters
        ]
        with self.engine.begin() as connection:
            connection.execute(run_event.insert().values(**event))
            if changes:
                connection.execute(night_difference.insert(), changes)
            if opened_and_resolved:
                connection.execute(matter_event.insert(), opened_and_resolved)
        _log_run(event)

    def record_checks(self, results: Iterable[Mapping[str, Any]]) -> None:
        """Appends check results of a run."""
        rows = list(results)
        if rows:
            with self.engine.begin() as connection:
                connection.execute(check_result.insert(), rows)
        for row in rows:
            if not row["passed"]:
                log.info("check failed", **{name: row.get(name) for name in _CHECK_LOGGED})

    def run_started_at(self, run_id: str) -> dt.datetime | None:
        """When the run began (UTC)."""
        query = sa.select(sa.func.min(run_event.c.occurred_at, type_=sa.DateTime)).where(
            run_event.c.run_id == run_id, run_event.c.event_kind == "started"
        )
        with self.engine.connect() as connection:
            started: dt.datetime | None = connection.scalar(query)
            return started

    def has_started(self) -> bool:
        """Whether any run ever began, or any file was ever to be loaded."""
        began = sa.select(sa.literal(1)).where(run_event.c.event_kind == "started").limit(1)
        enlisted = sa.select(sa.literal(1)).select_from(file_lease).limit(1)
        with self.engine.connect() as connection:
            return any(connection.execute(query).first() for query in (began, enlisted))

    def check_results(self, run_id: str, tool: str) -> list[dict[str, Any]]:
        """What a tool's checks found in a run."""
        columns = [c for c in check_result.columns if c.name != "result_id"]
        query = (
            sa.select(*columns)
            .where(check_result.c.run_id == run_id, check_result.c.tool == tool)
            .order_by(check_result.c.result_id)
        )
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def last_run(self) -> dict[str, Any] | None:
        """The latest run's last event; None before the first run."""
        query = sa.select(run_event).order_by(run_event.c.event_id.desc()).limit(1)
        with self.engine.connect() as connection:
            row = connection.execute(query).mappings().first()
            return dict(row) if row else None

    def runs_without_an_end(self) -> list[dict[str, Any]]:
        """The `started` of every run of which nothing else is known, in order.

        Such a run works still, or was cut short.
        """
        ended = sa.select(run_event.c.run_id).where(run_event.c.event_kind != "started")
        first = (
            sa.select(sa.func.min(run_event.c.event_id))
            .where(run_event.c.event_kind == "started", run_event.c.run_id.not_in(ended))
            .group_by(run_event.c.run_id)
        )
        query = (
            sa.select(run_event)
            .where(run_event.c.event_id.in_(first))
            .order_by(run_event.c.event_id)
        )
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def is_published(self, run_id: str) -> bool:
        """Whether a run is on record as published."""
        query = sa.select(run_event.c.event_id).where(
            run_event.c.run_id == run_id, run_event.c.event_kind == "published"
        )
        with self.engine.connect() as connection:
            return connection.execute(query).first() is not None

    def runs_taken_over(self, run_id: str | None = None) -> list[dict[str, Any]]:
        """What a run found cut short before it and took over, event by event.

        Args:
            run_id: the run; None for what was found cut short since the last run began.
        """
        found = (
            sa.select(run_event)
            .where(run_event.c.event_kind.in_(("started", "cut_short", "published")))
            .order_by(run_event.c.event_id.desc())
            .limit(_RUN_EVENTS_LOOKED_AT)
        )
        with self.engine.connect() as connection:
            events = [dict(row) for row in connection.execute(found).mappings()]
        if run_id is None:
            started = (event["run_id"] for event in events if event["event_kind"] == "started")
            run_id = next(started, None)
        by = [event for event in events if event["details"].get("taken_over_by") == run_id]
        return by[::-1]

    def files_of_run(self, run_id: str) -> int:
        """How many files a run took in: loaded or rejected."""
        query = sa.select(sa.func.count()).where(
            file_event.c.run_id == run_id, file_event.c.event_kind.in_(("loaded", "rejected"))
        )
        with self.engine.connect() as connection:
            return int(connection.scalar(query) or 0)

    def fates_of_run(self, run_id: str) -> list[FileFate]:
        """What became of the files that a run took in, in the order they were received."""
        columns = [file_event.c[name] for name in FileFate.__dataclass_fields__]
        query = (
            sa.select(*columns).where(file_event.c.run_id == run_id).order_by(file_event.c.event_id)
        )
        with self.engine.connect() as connection:
            return [FileFate(**row) for row in connection.execute(query).mappings()]

    def files_loaded_ahead(self) -> int:
        """How many files were taken in by no night since the last one that published began."""
        last = (
            sa.select(run_event.c.run_id)
            .where(run_event.c.event_kind == "published")
            .order_by(run_event.c.event_id.desc())
            .limit(1)
            .scalar_subquery()
        )
        began_at = (
            sa.select(sa.func.min(run_event.c.occurred_at))
            .where(run_event.c.run_id == last, run_event.c.event_kind == "started")
            .scalar_subquery()
        )
        nights = sa.select(run_event.c.run_id).where(run_event.c.event_kind == "started")
        judged_before = file_event.alias()
        query = sa.select(sa.func.count()).where(
            file_event.c.event_kind.in_(("loaded", "rejected")),
            sa.or_(began_at.is_(None), file_event.c.occurred_at > began_at),
            file_event.c.run_id.not_in(nights),
            # What was judged again has not come again.
            ~sa.exists().where(
                judged_before.c.dataset == file_event.c.dataset,
                judged_before.c.file_id == file_event.c.file_id,
                judged_before.c.event_kind.in_(("loaded", "rejected")),
                judged_before.c.event_id < file_event.c.event_id,
            ),
        )
        with self.engine.connect() as connection:
            return int(connection.scalar(query) or 0)

    def last_event_at(self) -> dt.datetime | None:
        """When something was last recorded (UTC); None of an empty ledger."""
        with self.engine.connect() as connection:
            last = [
                # Not that of the last event: one may have been entered by a wrong clock.
                connection.scalar(sa.select(sa.func.max(table.c.occurred_at, type_=sa.DateTime)))
                for table in (file_event, run_event, quarter_event, forgetting_event)
            ]
        return max((instant for instant in last if instant is not None), default=None)

    def waiting_or_published(self) -> list[dict[str, Any]]:
        """Every event of a run that waits for approval or published, in order."""
        query = (
            sa.select(run_event)
            .where(run_event.c.event_kind.in_(("waiting", "published")))
            .order_by(run_event.c.event_id)
        )
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def last_nights(self, at_most: int) -> list[dict[str, Any]]:
        """The last event of every run that ended, the newest first.

        Args:
            at_most: so many runs.

        Returns:
            Rows of `run_event`: published, not_published, or waiting for approval.
        """
        last = (
            sa.select(sa.func.max(run_event.c.event_id))
            .where(run_event.c.event_kind.in_(("published", "not_published", "waiting")))
            .group_by(run_event.c.run_id)
        )
        query = (
            sa.select(run_event)
            .where(run_event.c.event_id.in_(last))
            .order_by(run_event.c.event_id.desc())
            .limit(at_most)
        )
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def publication_at(self, as_of: dt.datetime) -> dict[str, Any] | None:
        """The event by which what was published at a time (UTC) was; None before any."""
        query = (
            sa.select(run_event)
            .where(run_event.c.event_kind == "published", run_event.c.occurred_at <= as_of)
            .order_by(run_event.c.event_id.desc())
            .limit(1)
        )
        with self.engine.connect() as connection:
            row = connection.execute(query).mappings().first()
            return dict(row) if row else None

    def waiting_run(self) -> dict[str, Any] | None:
        """The event of the run that waits for approval; None where a later one published."""
        last = self.waiting_or_published()[-1:]
        return last[0] if last and last[0]["event_kind"] == "waiting" else None

    # ── Closed quarters ───────────────────────────────────────────────────────────────────────

    def quarter_closing(self, fiscal_year_be: int, fiscal_quarter: int) -> dict[str, Any] | None:
        """The event by which a quarter is closed; None while it is open."""
        query = (
            sa.select(quarter_event)
            .where(
                quarter_event.c.fiscal_year_be == fiscal_year_be,
                quarter_event.c.fiscal_quarter == fiscal_quarter,
            )
            .order_by(quarter_event.c.event_id.desc())
            .limit(1)
        )
        with self.engine.connect() as connection:
            last = connection.execute(query).mappings().first()
            return dict(last) if last and last["event_kind"] == "closed" else None

    def record_quarter(
        self, event: Mapping[str, Any], figures: Iterable[Mapping[str, Any]] = ()
    ) -> None:
        """Appends that a quarter was closed, with its fixed figures, or reopened: all or nothing.

        Args:
            event: a row of `quarter_event`.
            figures: rows of `closed_figure`, without their event.
        """
        with self.engine.begin() as connection:
            event_id = connection.execute(
                quarter_event.insert().values(**event)
            ).inserted_primary_key[0]  # type: ignore[index]
            fixed = [
                {**figure, "event_id": event_id, "amount": _money(figure["amount"])}
                for figure in figures
            ]
            if fixed:
                connection.execute(closed_figure.insert(), fixed)
        quarter = f"{event['fiscal_year_be']} Q{event['fiscal_quarter']}"
        log.info(f"quarter {event['event_kind']}", quarter=quarter, figures=len(fixed))

    def snapshots(
        self, as_of: dt.datetime | None = None, within: sa.Connection | None = None
    ) -> list[str]:
        """The snapshots of every quarter that was closed by a time (UTC), in order."""
        query = (
            sa.select(quarter_event.c.snapshot_id)
            .where(quarter_event.c.event_kind == "closed")
            .order_by(quarter_event.c.event_id)
        )
        if as_of is not None:
            query = query.where(quarter_event.c.occurred_at <= as_of)
        with self._reading(within) as connection:
            return [str(row.snapshot_id) for row in connection.execute(query)]

    # ── For the night's build ─────────────────────────────────────────────────────────────────

    def published_run_at(self, as_of: dt.datetime) -> tuple[str, dt.datetime] | None:
        """The last run that had published by a time (UTC), and when it began; None before any."""
        published = (
            sa.select(run_event.c.run_id)
            .where(run_event.c.event_kind == "published", run_event.c.occurred_at <= as_of)
            .order_by(run_event.c.event_id.desc())
            .limit(1)
        )
        with self.engine.connect() as connection:
            run_id = connection.scalar(published)
        started_at = None if run_id is None else self.run_started_at(str(run_id))
        return None if started_at is None else (str(run_id), started_at)

    def stored_files(
        self, as_of: dt.datetime | None = None, within: sa.Connection | None = None
    ) -> list[tuple[str, str, str, int, int]]:
        """(dataset, file id, contract version, rows accepted, rows quarantined) in the store."""
        query = sa.select(
            file_event.c.dataset, file_event.c.file_id, file_event.c.contract_version,
            file_event.c.rows_accepted, file_event.c.rows_quarantined,
        ).where(
            sa.or_(
                file_event.c.event_kind == "loaded",
                sa.and_(file_event.c.event_kind == "rejected", file_event.c.rows_read > 0),
            )
        ).distinct()  # fmt: skip
        if as_of is not None:
            query = query.where(file_event.c.occurred_at <= as_of)
        with self._reading(within) as connection:
            return [row._tuple() for row in connection.execute(query)]


#: How long a short transaction may do nothing before its server ends it (milliseconds).
_HANGS_AFTER_MS = 30_000
#: Two processes that enlist or claim files in one PostgreSQL ledger wait for each other by it.
_ONE_AT_A_TIME = 2_558_002
#: Of the last runs' events those in which a run that was taken over is looked for.
_RUN_EVENTS_LOOKED_AT = 200
#: What the log repeats of an event: what it was about, not who did it.
_FILE_LOGGED = (
    "run_id", "dataset", "path", "file_id", "reason", "rows_read", "rows_accepted",
    "rows_quarantined",
)  # fmt: skip
_CHECK_LOGGED = (
    "run_id", "tool", "dataset_or_model", "check_name", "severity", "unexpected_count",
)  # fmt: skip


def soon_ended(connection: sa.Connection) -> None:
    """Has PostgreSQL end this transaction should its machine hang or lose the network in it.

    Else what it locked would be locked until the server finds that nobody is there any more.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            f"set local idle_in_transaction_session_timeout = {_HANGS_AFTER_MS}"
        )


def append_file_event(
    connection: sa.Connection, event: Mapping[str, Any], number: int | None = None
) -> None:
    """Appends a file event within a transaction.

    Args:
        connection: in its transaction.
        event: a row of `file_event`, without its id.
        number: its id, which was kept for it; None for the next one.
    """
    numbered = dict(event)
    if number is not None:
        numbered["event_id"] = number
    elif connection.dialect.name == "sqlite":  # PostgreSQL's sequence knows which it gave away
        numbered["event_id"] = sa.select(_last_number() + 1).scalar_subquery()
    connection.execute(file_event.insert().values(**numbered))


def numbers_for_files(connection: sa.Connection, count: int) -> list[int]:
    """Ids of file events that nobody else gets, in order, to be used later or never.

    Args:
        connection: in a transaction of `Ledger.alone`.
        count: how many.
    """
    if connection.dialect.name == "sqlite":
        last = int(connection.scalar(sa.select(_last_number())) or 0)
        return list(range(last + 1, last + 1 + count))
    sequence: Any = sa.func.pg_get_serial_sequence(file_event.name, file_event.c.event_id.name)
    drawn: sa.Select[Any] = sa.select(sa.func.nextval(sequence)).select_from(
        sa.func.generate_series(1, count)
    )
    return sorted(int(number) for number in connection.scalars(drawn))


def _last_number() -> sa.ColumnElement[int]:
    """The highest id that a file event has, or that is kept for one."""
    used = sa.union_all(
        sa.select(sa.func.max(file_event.c.event_id).label("number")),
        sa.select(sa.func.max(file_lease.c.receipt_id)),
    ).subquery()
    highest = sa.select(sa.func.max(used.c.number)).scalar_subquery()
    return sa.func.coalesce(highest, 0)


def _given_up(connection: sa.Connection, event: Mapping[str, Any], holder: str) -> int:
    """Ends a holder's lease on a file; returns the place that was kept for the file.

    Raises:
        LeaseLost: it is not the holder's.
    """
    own = sa.and_(
        file_lease.c.dataset == event["dataset"],
        file_lease.c.file_id == event["file_id"],
        file_lease.c.holder == holder,
    )
    number = connection.scalar(sa.select(file_lease.c.receipt_id).where(own))
    # The deletion decides: of two transactions one finds the row.
    if number is None or connection.execute(sa.delete(file_lease).where(own)).rowcount != 1:
        raise LeaseLost(
            f"{event['path']} is loaded elsewhere: its lease ran out while this process was busy, "
            "and another took the file over. Nothing was recorded twice."
        )
    return int(number)


def log_file_event(event: Mapping[str, Any]) -> None:
    """Says in the log what became of a file."""
    log.info(f"file {event['event_kind']}", **{name: event.get(name) for name in _FILE_LOGGED})


def _log_run(event: Mapping[str, Any]) -> None:
    said = {name: event.get(name) for name in ("run_id", "git_sha", "reason", "files_loaded")}
    failed = event["event_kind"] in ("not_published", "cut_short")
    write = log.error if failed else log.info
    write(f"night {event['event_kind'].replace('_', ' ')}", **said)


def first_published_at(url: str) -> dt.datetime | None:
    """When the ledger at a URL first recorded a publication (UTC); None before any.

    For whoever only looks in passing: nothing is made where there is no ledger, none is upgraded.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the ledger cannot be read.
    """
    engine = engine_of(url)
    try:
        file = engine.url.database if engine.dialect.name == "sqlite" else None
        if file and not Path(file).exists():
            return None
        if not sa.inspect(engine).has_table(run_event.name):
            return None
        query = sa.select(sa.func.min(run_event.c.occurred_at, type_=sa.DateTime)).where(
            run_event.c.event_kind == "published"
        )
        with engine.connect() as connection:
            first: dt.datetime | None = connection.scalar(query)
            return first
    finally:
        engine.dispose()


def _money(value: Any) -> str | None:
    """Baht as the ledger keeps them, exact."""
    return None if value is None else f"{value:.2f}"


def runs_cut_short() -> sa.Select[Any]:
    """The ids of runs that were cut short: what their checks found is not all they would have."""
    return sa.select(run_event.c.run_id).where(run_event.c.event_kind == "cut_short")


def _close_to_others(engine: sa.Engine) -> None:
    """Has a ledger that is a file readable by its owner alone; its log gets the same rights."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return
    file = Path(engine.url.database)
    if not file.exists():
        if os.access(file.parent, os.W_OK):
            file.touch(mode=0o600)
    elif file.stat().st_mode & 0o077:
        file.chmod(0o600)

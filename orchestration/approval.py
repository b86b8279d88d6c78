"""Publishing a night that waited because its headline figures moved too far, on somebody's word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestration import publication
from orchestration.ledger import ledger_to_write
from orchestration.lock import one_writer
from orchestration.publication import Finished
from orchestration.settings import Home, SettingsError
from sources.ledger import Ledger

#: Fewer characters of a run's id than this could name one by chance.
SHORTEST_ID = 8
#: As much as the ledger keeps of a name.
LONGEST_NAME = 200


@dataclass(frozen=True)
class Approved:
    """A night that waited and is published.

    Attributes:
        run_id: Dagster's run that built it.
        approved_by: who took it on, as given.
        published_at: when (UTC).
        figures: its headline figures.
        warehouse: where they are read.
    """

    run_id: str
    approved_by: str
    published_at: Any
    figures: Sequence[Mapping[str, Any]]
    warehouse: str


def named_person(by: str) -> str:
    """Who decides, as the ledger keeps it.

    Raises:
        SettingsError: nobody is named, or at too great length.
    """
    name = " ".join(by.split())
    if not name or len(name) > LONGEST_NAME:
        raise SettingsError(f"--by takes a name of up to {LONGEST_NAME} letters: who decides.")
    return name


def approve(home: Home, run: str, by: str) -> Approved:
    """Publishes exactly the file that waits, under the lock.

    Args:
        home: prepared.
        run: the run that waits, or the first characters of its id.
        by: who takes it on.

    Raises:
        SettingsError: no such run waits, a later one has published or waits in its place, what
            is published is not on record, or somebody was forgotten since it waits.
        orchestration.lock.NightIsRunning: a night holds the lock.
    """
    name = named_person(by)
    with one_writer(home, f"approval of {run}"), ledger_to_write(home) as ledger:
        event = _waiting(ledger, run)
        publication.set_aside_if_unreadable(home)  # what is approved replaces it
        publication.refuse_off_the_record(home, ledger, but_for=event["run_id"])
        # A forgetting takes away what waits, but not where it was killed.
        publication.refuse_with_forgotten(ledger, event["occurred_at"])
        finished = _finished(home, event)
        published_at = publication.publish(home, ledger, finished, approved_by=name)
    return Approved(finished.run_id, name, published_at, finished.figures, str(home.warehouse))


def _waiting(ledger: Ledger, run: str) -> Mapping[str, Any]:
    """The event of the run so named, which still waits."""
    events, still = ledger.waiting_or_published(), ledger.waiting_run()
    if len(run) < SHORTEST_ID:
        raise SettingsError(f"Give at least {SHORTEST_ID} characters of the run's id, not {run!r}.")
    asked = [event for event in events if event["run_id"].startswith(run)]
    if still is not None and still in asked:
        return still
    waits = f"Run {still['run_id']} waits now." if still else "No run waits for approval."
    if not asked:
        raise SettingsError(f"No run {run!r} has waited for approval. {waits}")
    if asked[-1]["event_kind"] == "published":
        raise SettingsError(f"Run {asked[-1]['run_id']} is published already. {waits}")
    later = events[-1]
    became = "waits in its place" if later == still else "has published"
    raise SettingsError(
        f"Run {asked[-1]['run_id']} can be approved no longer: a later night, {later['run_id']}, "
        f"{became} since {later['occurred_at']:%Y-%m-%d %H:%M} UTC. Nothing was changed."
    )


def _finished(home: Home, event: Mapping[str, Any]) -> Finished:
    path = home.waiting / event["run_id"] / home.warehouse.name
    if not path.exists():
        raise SettingsError(
            f"The warehouse that run {event['run_id']} built is not in {path.parent} any more. "
            "Run the night again."
        )
    return publication.finished_from(path, event["run_id"], event["git_sha"])

"""A person asks to be forgotten: what would be removed, and removing it, under the lock.

`sources.forgetting` changes archive and store. What else in the home would still tell something of
the person is removed with it: workbooks kept ready for coordinators, a night that waits for
approval, earlier days that were built again. What is published changes with the next night.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa

from orchestration.approval import LONGEST_NAME
from orchestration.completeness import refuse_incomplete
from orchestration.lake.attaching import NoLake
from orchestration.leasing import nobody_loads
from orchestration.ledger import ledger_to_write
from orchestration.lock import one_writer
from orchestration.progress import notify
from orchestration.querying import opened
from orchestration.settings import Home, SettingsError, Target
from sources.contracts import discover
from sources.forgetting import Forgetting, Found, settle
from sources.forgotten import NoNaturalPerson, natural_person_id, person_hash
from sources.landing import placed
from sources.ledger import Ledger
from sources.ledger_forgetting import forgotten_hashes, record_lifted
from sources.ledger_tables import file_event
from sources.objects import there
from sources.scrubbing import scrubbed
from sources.sql import quoted, records
from sources.store import Archive, Store

_LOCKED_FOR = "a person who is forgotten"
#: What a published warehouse says of an enterprise's outcomes, by fiscal year and measure.
_FIGURES = """
select fiscal_year_be, measure, count(*) as outcomes, sum(amount) as amount
from marts.fct_financial_outcome
where enterprise_key = {key}
group by all
order by all
"""


@dataclass(frozen=True)
class Removal:
    """What forgetting a person removes; says nothing of who it is.

    Attributes:
        datasets: dataset → files and rows that are changed and removed.
        files: the paths of those files below the landing zone.
        emptied: of these, files of which nothing is kept, because they do not open.
        figures: published outcomes of the person, by fiscal year and measure.
        closed_quarters: closings whose fixed figures lose the person's part.
        in_landing: files in the landing zone that still hold the person.
        not_looked_at: files of the archive that could not be looked at, and why.
        is_known: whether the person was forgotten before.
    """

    datasets: Mapping[str, Mapping[str, int]]
    files: Sequence[str]
    emptied: Sequence[str]
    figures: Sequence[Mapping[str, Any]]
    closed_quarters: Sequence[str]
    in_landing: Sequence[str]
    not_looked_at: Sequence[str]
    is_known: bool

    @property
    def any(self) -> bool:
        """Whether there is anything to remove."""
        return bool(self.files or self.closed_quarters)

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def person_of(text: str) -> str:
    """The id of the natural person who is meant.

    Raises:
        SettingsError: the text is no natural person's id; the message does not repeat it.
    """
    try:
        return natural_person_id(text)
    except NoNaturalPerson as error:
        raise SettingsError(str(error)) from error


def forget(
    home: Home,
    person_id: str,
    by: str | None,
    note: str | None,
    agree: Callable[[Removal], bool],
) -> tuple[Removal, bool]:
    """Takes a natural person out of archive, store and every later publication.

    Args:
        home: prepared.
        person_id: thirteen digits.
        by: who decides, as the ledger keeps it.
        note: why; ids, telephone numbers and addresses in it are covered.
        agree: is shown what would be removed and says whether to.

    Returns:
        What was to be removed, and whether it was.

    Raises:
        SettingsError: the name is too long, the home is not whole, or files are being loaded.
        orchestration.lock.NightIsRunning: a night holds the lock.
        orchestration.querying.NothingPublished: what is published does not open.
        OSError: a file cannot be read or written; nothing has happened.
    """
    with (
        one_writer(home, _LOCKED_FOR),
        ledger_to_write(home) as ledger,
        nobody_loads(home, ledger, "Forgetting a person"),
    ):
        settle(Archive(home.archive), Store(home.store), home.root, ledger)
        refuse_incomplete(home, ledger)
        forgetting = Forgetting(
            root=home.root,
            archive=Archive(home.archive),
            store=Store(home.store),
            ledger=ledger,
            contracts=discover(),
            secret=home.secret(),
            person_id=person_id,
            token=secrets.token_hex(16),
            notify=notify,
        )
        named, why = _named(by), _covered(note)
        try:
            found = forgetting.stage()
            removal = _removal(home, ledger, forgetting, found)
            agreed = (removal.any or not removal.is_known) and agree(removal)
        except BaseException:
            forgetting.discard()
            raise
        if agreed:  # what breaks from here on is finished by whoever writes to the home next
            forgetting.record(named, why, _of_the_person(home))
            settle(Archive(home.archive), Store(home.store), home.root, ledger)
        else:
            forgetting.discard()
    return removal, agreed


def lift(home: Home, person_id: str, by: str | None, note: str | None) -> None:
    """Has files that name the person taken in whole again, from now on.

    What was removed stays removed.

    Raises:
        SettingsError: nobody of this id is forgotten.
        orchestration.lock.NightIsRunning: a night holds the lock.
    """
    with one_writer(home, _LOCKED_FOR), ledger_to_write(home) as ledger:
        settle(Archive(home.archive), Store(home.store), home.root, ledger)
        person = person_hash(home.secret(), person_id)
        if person not in forgotten_hashes(ledger):
            raise SettingsError("Nobody of this id is forgotten; nothing was changed.")
        record_lifted(ledger, person, _named(by), _covered(note))


def _removal(home: Home, ledger: Ledger, forgetting: Forgetting, found: Found) -> Removal:
    paths = _paths(ledger, [file_id for _, file_id in found.files])
    of_files = [path for of in found.files for path in paths.get(of, [])]
    places = {path: placed(home.landing, path) for path in of_files}
    lying = there(places.values())
    return Removal(
        datasets={
            dataset: {"files": files, "rows": rows}
            for dataset, (files, rows) in found.by_dataset().items()
        },
        files=of_files,
        emptied=[path for of in found.emptied for path in paths.get(of, [])],
        figures=_figures(home, forgetting.enterprise_key),
        closed_quarters=[name.split("-")[0] for name in found.closed],
        in_landing=[path for path in of_files if places[path] in lying],
        not_looked_at=found.not_looked_at,
        is_known=forgetting.person_hash in forgotten_hashes(ledger),
    )


def _paths(ledger: Ledger, file_ids: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    """(dataset, file id) → every path at which these bytes came."""
    query = sa.select(file_event.c.dataset, file_event.c.file_id, file_event.c.path).distinct()
    wanted = set(file_ids)
    paths: dict[tuple[str, str], list[str]] = {}
    with ledger.engine.connect() as connection:
        for dataset, file_id, path in map(tuple, connection.execute(query)):
            if file_id in wanted:
                paths.setdefault((str(dataset), str(file_id)), []).append(str(path))
    return {of: sorted(listed) for of, listed in paths.items()}


def _figures(home: Home, enterprise_key: str) -> list[dict[str, Any]]:
    """What leaves the published figures; nothing where nothing is published."""
    if home.target is not Target.ducklake and not home.warehouse.exists():
        return []
    try:
        with opened(home) as db:
            return records(db, _FIGURES.format(key=quoted(enterprise_key)))
    except (duckdb.CatalogException, NoLake):
        return []  # what is published has no outcomes


def _of_the_person(home: Home) -> list[Path]:
    """What in the home may tell of the person and is made again, or by somebody who asks."""
    return [
        entry
        for folder in (home.quarantine, home.waiting, home.rebuilt)
        if folder.is_dir()
        for entry in folder.iterdir()
    ]


def _named(by: str | None) -> str | None:
    if by is None:
        return None
    name = " ".join(by.split())
    if len(name) > LONGEST_NAME:
        raise SettingsError(f"--by takes a name of up to {LONGEST_NAME} letters: who decides.")
    return name or None


def _covered(note: str | None) -> str | None:
    """A note without what could tell of a person in it: numbers and addresses are covered."""
    if note is None:
        return None
    return scrubbed([note])[0]


# ── Shown ─────────────────────────────────────────────────────────────────────────────────────


def in_words(removal: Removal) -> list[str]:
    """What would be removed, in lines for an operator."""
    said = [
        f"{dataset}: {counts['rows']:,} rows in {counts['files']:,} files"
        for dataset, counts in removal.datasets.items()
    ]
    for path in removal.files:
        does_not_open = path in removal.emptied
        said.append(f"  {path}" + (" (does not open: nothing of it is kept)" * does_not_open))
    if not removal.any:
        said.append("Archive and store hold nothing of this person.")
    if removal.figures:
        said.append("Leaves the published figures:")
    said += [
        "  {fiscal_year_be} {measure}: {amount:,.2f} in {outcomes:,} outcomes".format(**figure)
        for figure in removal.figures
    ]
    said += [
        f"The closed quarter {quarter} loses the person's part of its fixed figures."
        for quarter in removal.closed_quarters
    ]
    return [*said, *(f"Not looked at: {what}" for what in removal.not_looked_at)]


def what_to_do(home: Home, removal: Removal) -> list[str]:
    """What the command cannot do, in sentences."""
    said = ["Type: warehouse run. Until then the published figures still have the person."]
    if removal.in_landing:
        said.append(
            "The landing zone is its senders'. These files there still hold the person; they are "
            "not read again. Ask the senders to delete them:"
        )
        said += [f"  {path}" for path in removal.in_landing]
    said.append(
        "Earlier published versions have the person's rows under the key, without name or id, "
        f"and go within {home.keep_versions} nights; WAREHOUSE_KEEP_VERSIONS=1 for the next night "
        "removes them at once."
    )
    if home.target is Target.ducklake:
        said.append(
            "The lakehouse's earlier nights have them, too: the next night writes its tables anew "
            "and removes every earlier one at once."
        )
    said.append(
        "Back-ups from before hold the person until their generations are removed: `warehouse "
        "backup DIR --keep 1` after the next night leaves the new one alone."
    )
    return said

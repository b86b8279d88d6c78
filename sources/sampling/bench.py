"""The bench landing zone: the simulated programme at the size the warehouse is measured with.

The same world and the same hands as the sample's, but one coordinator a cluster, text files only,
several fiscal years (a year of 20,000 members has no million outcomes), and a share of bad rows in
place of one of each. An increment is what comes the next night: new outcomes, in new files.
"""

from __future__ import annotations

from pathlib import Path

from sources.sampling.forms import Habit
from sources.sampling.world import MEASURES, PROGRAMME_YEAR, Coordinator, Plan, World
from sources.sampling.writers import Expectation, Layout, Tally, increments, submissions, write

CLUSTERS = 17
# Not every member reports, and the increments need something left to report.
_REPORTING = 0.85
_OTHER_LAYOUTS = {
    5: Layout(encoding="cp874", delimiter=";"),
    6: Layout(delimiter="\t", suffix=".tsv"),
}


def bench_world(
    *,
    members: int = 20_000,
    activities: int = 100_000,
    outcomes: int = 1_000_000,
    messy: float = 0.30,
    bad: float = 0.01,
    seed: int = 2558,
) -> World:
    """Return the simulated programme of the bench; the arguments are :func:`write_bench`'s."""
    a_year = members * 4 * len(MEASURES) * _REPORTING
    years = -int(-outcomes * 1.02 // a_year)
    return World(
        Plan(
            seed=seed,
            members=members,
            activities=activities,
            outcomes=outcomes,
            coordinators=tuple(_coordinator(cluster, messy) for cluster in range(CLUSTERS)),
            years=tuple(range(PROGRAMME_YEAR, PROGRAMME_YEAR + max(1, years))),
            bad_share=bad,
        )
    )


def _coordinator(cluster: int, messy: float) -> Coordinator:
    # Mostly the plainest of files, and a few of what else comes.
    layout = _OTHER_LAYOUTS.get(cluster % 8, Layout())
    return Coordinator(
        number=cluster + 1,
        clusters=(cluster,),
        habit=Habit(messy=messy, headers="thai" if cluster % 2 else "english"),
        layout=layout,
    )


def write_bench(
    out: Path,
    *,
    members: int = 20_000,
    activities: int = 100_000,
    outcomes: int = 1_000_000,
    messy: float = 0.30,
    bad: float = 0.01,
    seed: int = 2558,
) -> Expectation:
    """Write the bench landing zone and return what must come of it.

    Args:
        out: the landing zone; made where it is not there.
        members: memberships, over all clusters.
        activities: activities, over all fiscal years.
        outcomes: outcomes, over all fiscal years.
        messy: share of the values typed in another form than their plain one, 0 to 1.
        bad: share of bad rows among members, activities and outcomes, 0 to 1.
        seed: the same arguments write the same bytes.
    """
    world = bench_world(
        members=members,
        activities=activities,
        outcomes=outcomes,
        messy=messy,
        bad=bad,
        seed=seed,
    )
    tally = Tally(keys_are_unique=True)
    for submission in submissions(world):
        write(out, submission, seed)
        tally.add(submission)
    return tally.expectation()


def write_bench_increment(  # noqa: PLR0913  (the bench's own arguments and two more)
    out: Path,
    share: float = 0.01,
    *,
    number: int = 1,
    members: int = 20_000,
    activities: int = 100_000,
    outcomes: int = 1_000_000,
    messy: float = 0.30,
    bad: float = 0.01,
    seed: int = 2558,
) -> list[Path]:
    """Add the next night's outcomes to a bench landing zone and return the new files.

    Args:
        out: the landing zone that :func:`write_bench` wrote with the same other arguments.
        share: how many, as a share of the outcomes there, 0 to 1.
        number: which increment this is, from 1; each brings other outcomes.
        members: as in :func:`write_bench`, and so the following.
        activities: as there.
        outcomes: as there.
        messy: as there.
        bad: as there; the new rows are all good.
        seed: as there.

    Raises:
        ValueError: where the simulated programme has no more to report.
    """
    world = bench_world(
        members=members,
        activities=activities,
        outcomes=outcomes,
        messy=messy,
        bad=bad,
        seed=seed,
    )
    return [write(out, submission, seed) for submission in increments(world, number, share)]

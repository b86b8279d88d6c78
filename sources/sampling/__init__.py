"""The bundled sample and the bench landing zone: a programme simulated, and typed as people type.

    Plan ─▶ World (world) ─▶ sources/*/sample.py: submissions(world) ─▶ files (writers, forms)

Everything is a function of its arguments: the same seed writes the same bytes. Nothing here names
a dataset; a dataset brings its own ``sample.py``, which is found. Run it alone:

    python -c "from pathlib import Path; from sources.sampling import write_sample; \
write_sample(Path('landing'))"
"""

from __future__ import annotations

from pathlib import Path

from sources.objects import Place, scratch_of
from sources.sampling.bench import write_bench, write_bench_increment
from sources.sampling.forms import Habit
from sources.sampling.world import Coordinator, Plan, World
from sources.sampling.writers import Expectation, Layout, Tally, submissions, write

__all__ = [
    "COORDINATORS",
    "Expectation",
    "expected",
    "sample_world",
    "write_bench",
    "write_bench_increment",
    "write_sample",
]

SEED = 2558
MEMBERS, ACTIVITIES, OUTCOMES = 310, 200, 3_000

# Seven people who send for the clusters, and how each of them types.
COORDINATORS = (
    Coordinator(
        number=1,
        clusters=(0, 7, 14),
        habit=Habit(messy=0.05),
        layout=Layout(),
    ),
    Coordinator(
        number=2,
        clusters=(1, 8, 15),
        habit=Habit(
            usual={"date": "slash", "money": "grouped", "id": "dashed", "code": "label"},
            messy=0.25,
            headers="thai",
        ),
        layout=Layout(encoding="utf-8-sig", remarks=True),
        file_per_cluster=True,
    ),
    Coordinator(
        number=3,
        clusters=(2, 9, 16),
        habit=Habit(
            usual={"date": "thai_short", "money": "baht", "code": "label", "place": "changwat"},
            messy=0.3,
            headers="thai",
            shuffled=True,
        ),
        layout=Layout(delimiter=";", encoding="cp874"),
    ),
    Coordinator(
        number=4,
        clusters=(3, 10),
        habit=Habit(
            usual={"date": "english", "year": "common", "place": "english", "id": "spaced"},
            messy=0.15,
            headers="odd",
        ),
        layout=Layout(delimiter="\t", suffix=".tsv"),
    ),
    Coordinator(
        number=5,
        clusters=(4, 11),
        habit=Habit(
            usual={"date": "cell", "money": "cell", "integer": "cell", "code": "label"},
            messy=0.2,
            headers="thai",
        ),
        layout=Layout(workbook=True, titles=True, total=True, numbered=True, blank_row=True),
    ),
    Coordinator(
        number=6,
        clusters=(5, 12),
        habit=Habit(
            usual={
                "date": "cell_buddhist",
                "money": "cell",
                "integer": "cell",
                "year": "cell",
                "id": "cell",
                "tsic": "cell",
            },
            messy=0.2,
        ),
        layout=Layout(workbook=True, total=True, notes=True),
    ),
    Coordinator(
        number=7,
        clusters=(6, 13),
        habit=Habit(
            usual={"date": "thai_era", "money": "thai_digits", "integer": "thai_digits"},
            messy=0.5,
            headers="thai",
        ),
        layout=Layout(delimiter="\t", encoding="utf-16", suffix=".txt"),
    ),
)


def sample_world(scale: float = 1.0, seed: int = SEED) -> World:
    """Return the simulated programme that the sample of this scale and seed speaks of.

    Args:
        scale: how many times the members, activities and outcomes of the usual sample; the
            programme's totals stay in the same range.
        seed: another seed is another programme.
    """
    return World(
        Plan(
            seed=seed,
            members=round(MEMBERS * scale),
            # Enough for one of each mistake, however small the sample.
            activities=max(34, round(ACTIVITIES * scale)),
            outcomes=round(OUTCOMES * scale),
            coordinators=COORDINATORS,
        )
    )


def write_sample(out: Place, scale: float = 1.0, seed: int = SEED) -> list[Place]:
    """Write the sample landing zone and return its files.

    Args:
        out: the landing zone, a folder or in an object store; a folder is made where it is not.
        scale: how many times the usual sample, see :func:`sample_world`.
        seed: the same seed and scale write the same bytes.
    """
    world = sample_world(scale, seed)
    if isinstance(out, Path):
        return [write(out, submission, seed) for submission in submissions(world)]
    with scratch_of(out) as folder:
        files = [write(folder, submission, seed) for submission in submissions(world)]
        places = {file: out / file.relative_to(folder).as_posix() for file in files}
        for file, place in places.items():
            place.put(file)
    return list(places.values())


def expected(world: World) -> Expectation:
    """Return what a warehouse must make of a world's submissions, counted from their true values.

    Nothing is written or read for it: it is the answer to hold the published warehouse against.
    """
    tally = Tally()
    for submission in submissions(world):
        tally.add(submission)
    return tally.expectation()

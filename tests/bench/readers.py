"""What a published warehouse costs its readers: the cookbook's questions and the exports.

    python -m tests.bench.readers WAREHOUSE.duckdb

runs each question as an analyst does, the file opened anew, and prints how long it took: the median
of a few times. The bench itself runs this on the warehouse of its full night.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import duckdb

from tests.cookbook import ANALYSTS, questions

TIMES = 5


@dataclass(frozen=True)
class Asked:
    """A question of the cookbook and how long its answer took.

    Attributes:
        number: of the question.
        title: the question.
        wall_seconds: opening the file included.
    """

    number: int
    title: str
    wall_seconds: float


@dataclass(frozen=True)
class Readers:
    """What the published warehouse gave its readers.

    Attributes:
        asked: every question.
        mib: what was written → its size: the warehouse, and each kind of export.
    """

    asked: Sequence[Asked]
    mib: Mapping[str, float]

    @property
    def slowest(self) -> Asked:
        """The question that took longest."""
        return max(self.asked, key=lambda one: one.wall_seconds)


def ask(warehouse: Path, page: Path = ANALYSTS) -> list[Asked]:
    """Runs every question of the cookbook.

    Raises:
        duckdb.Error: a question is no longer one that the warehouse answers.
    """
    return [
        Asked(question.number, question.title, median(_seconds(warehouse, question.sql)))
        for question in questions(page)
    ]


def _seconds(warehouse: Path, sql: str) -> list[float]:
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        with duckdb.connect(str(warehouse), read_only=True) as db:
            db.execute(sql).fetchall()
        taken.append(time.perf_counter() - began)
    return taken


def sizes(warehouse: Path, exports: Path) -> dict[str, float]:
    """What lies in the published folder → its size in MiB."""
    kinds = {"warehouse": [warehouse], "workbook": [exports / "reports.xlsx"]}
    for kind in ("parquet", "csv"):
        kinds[kind] = list((exports / kind).iterdir())
    return {
        kind: sum(file.stat().st_size for file in files) / 2**20 for kind, files in kinds.items()
    }


if __name__ == "__main__":
    print(json.dumps([asdict(one) for one in ask(Path(sys.argv[1]))], ensure_ascii=False, indent=1))

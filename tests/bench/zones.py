"""The landing zones that the bench measures with, and what must come of each.

Ten million outcomes take a quarter of an hour to write: a folder of zones can be kept, and is then
there for every target that is measured with them.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import sources
from sources.sampling import expected, sample_world, write_bench, write_sample
from sources.sampling.bench import bench_world
from sources.sampling.writers import Expectation, Tally, increments, write

MEMBERS, ACTIVITIES, OUTCOMES = 20_000, 100_000, 1_000_000
SEED = 2558
TINY_SCALE = 0.05
NEW_SHARE = 0.01
# Sent in the afternoon: a night looks twice, and waits, at a file that has just been written.
SENT_SECONDS_AGO = 6 * 3600
#: Beside the zones: what they were made by, and what must come of them.
ANSWERS = "answers.json"

Totals = dict[tuple[int, str], Decimal]


class OtherZones(RuntimeError):
    """The folder holds zones of another size, or made by another version of the sampling."""


@dataclass(frozen=True)
class Answer:
    """What must come of a zone: totals by fiscal year and measure, rows by dataset and fate."""

    totals: Totals
    rows: Mapping[str, Mapping[str, int]]

    def with_more(self, more: Expectation) -> Answer:
        """What must come of it once further files have been taken in."""
        totals = Counter(self.totals)
        totals.update(more.totals)
        rows = {dataset: Counter(counts) for dataset, counts in self.rows.items()}
        for dataset, counts in more.rows.items():
            rows[dataset].update(counts)
        return Answer(dict(totals), {dataset: dict(counts) for dataset, counts in rows.items()})

    def as_json(self) -> dict[str, Any]:
        """The answer as it is kept; `of_json` takes it back."""
        totals = [[year, measure, str(amount)] for (year, measure), amount in self.totals.items()]
        return {"totals": totals, "rows": self.rows}

    @staticmethod
    def of_json(kept: Mapping[str, Any]) -> Answer:
        """An answer that was kept."""
        totals = {(year, measure): Decimal(amount) for year, measure, amount in kept["totals"]}
        return Answer(totals, kept["rows"])


class Zones:
    """A tiny zone, the bench's own, and the files that come to it in a later night.

    Args:
        folder: empty, new, or one that zones of the same size were written to.
        size: how many times 20,000 members, 100,000 activities and 1,000,000 outcomes.

    Raises:
        OtherZones: other zones lie there.
    """

    def __init__(self, folder: Path, size: float) -> None:
        self.tiny, self.full, self.new = (folder / name for name in ("tiny", "landing", "new"))
        self.plan = {
            "members": max(40, round(MEMBERS * size)),
            "activities": max(200, round(ACTIVITIES * size)),
            "outcomes": max(2_000, round(OUTCOMES * size)),
            "seed": SEED,
        }
        self._kept = folder / ANSWERS
        self._made_by = {**self.plan, "sampling": _sampling()}
        there = json.loads(self._kept.read_text()) if self._kept.exists() else None
        if there is not None and there["made_by"] != self._made_by:
            raise OtherZones(
                f"{folder} holds zones made by {there['made_by']}; name another folder"
            )
        if there is None and folder.is_dir() and any(folder.iterdir()):
            raise OtherZones(f"{folder} is not empty, and no zones were finished in it")
        self._answers: dict[str, Any] = {} if there is None else there["answers"]

    def make(self, groups: Collection[str]) -> dict[str, Answer]:
        """Writes the zones that these groups of rows need and that are not there yet.

        Returns:
            ``tiny``, ``full`` and ``grown`` (the full zone with the new files): their answers.
        """
        if "startup" in groups:
            self._once("tiny", self._write_tiny)
        if {"full", "nights", "readers", "by_hand"} & set(groups):
            self._once("full", self._write_full)
        if "nights" in groups:
            self._once("grown", self._write_new)
        for zone, seconds_later in ((self.tiny, 0), (self.full, 0), (self.new, 60)):
            _sent(zone, seconds_later)
        return {name: Answer.of_json(kept) for name, kept in self._answers.items()}

    def _once(self, name: str, write_zone: Callable[[], Answer]) -> None:
        if name not in self._answers:
            self._answers[name] = write_zone().as_json()
            kept = {"made_by": self._made_by, "answers": self._answers}
            self._kept.write_text(json.dumps(kept))

    def _write_tiny(self) -> Answer:
        write_sample(self.tiny, TINY_SCALE)
        return Answer(expected(sample_world(TINY_SCALE)).totals, {})

    def _write_full(self) -> Answer:
        answer = write_bench(self.full, **self.plan)
        return Answer(answer.totals, answer.rows)

    def _write_new(self) -> Answer:
        world, tally = bench_world(**self.plan), Tally(keys_are_unique=True)
        for submission in increments(world, 1, NEW_SHARE):
            write(self.new, submission, SEED)
            tally.add(submission)
        return Answer.of_json(self._answers["full"]).with_more(tally.expectation())


def _sampling() -> str:
    """A hash of what writes samples."""
    root = Path(sources.__file__).parent
    files = sorted([*root.glob("sampling/*.py"), *root.glob("*/sample.py")])
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _sent(folder: Path, seconds_later: int) -> None:
    """Gives the files of a folder the time they are said to be sent at."""
    moment = time.time() - SENT_SECONDS_AGO + seconds_later
    for file in folder.rglob("*"):
        if file.is_file():
            os.utime(file, (moment, moment))

"""``python -m tests.bench``: measures, checks, and prints one table. See the package."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from rich.console import Console
from rich.table import Table

from tests.bench.measure import MIB, CommandFailed, Cost
from tests.bench.nights import GROUPS, ROWS, Bench, WrongFigures
from tests.bench.readers import Readers
from tests.bench.stages import STAGES
from tests.bench.targets import TARGETS, started
from tests.bench.zones import OtherZones, Zones

PACKAGES = ("duckdb", "dagster", "dbt-core", "dbt-duckdb", "great-expectations", "pandas")


@dataclass(frozen=True)
class Ratio:
    """A figure made of the measured ones, and what the issue aims at."""

    name: str
    value: float
    unit: str
    at_most: float | None = None

    @property
    def aim(self) -> str:
        """The aim, and whether it is reached."""
        if self.at_most is None:
            return ""
        reached = "reached" if self.value <= self.at_most else "missed"
        return f"≤ {self.at_most:g}{self.unit}: {reached}"


def ratios(costs: Mapping[str, Cost], readers: Readers | None = None) -> list[Ratio]:
    """The figures that the measured ones allow.

    A full night is set against the first night of a tiny zone, later nights against a later one.
    """
    found = []
    if {"startup_first", "startup_again"} <= set(costs):
        again = costs["startup_again"].wall_seconds
        found.append(Ratio("start-up with nothing new, wall", again, " s", 8))
    if {"startup_first", "full", "by_hand"} <= set(costs):
        beyond = costs["full"].cpu_seconds - costs["startup_first"].cpu_seconds
        by_hand = costs["by_hand"].cpu_seconds
        found.append(Ratio("(a) beyond start-up / by hand, CPU", beyond / by_hand, " x", 1.5))
    if {"full", "nothing_new", "some_new"} <= set(costs):
        peak = max(costs[n].peak_mib for n in ("full", "nothing_new", "some_new"))
        found.append(Ratio("peak memory of (a), (b), (c)", peak, " MiB", 3072))
        found.append(Ratio("trace of a figure, wall", costs["trace"].wall_seconds, " s", 1))
    for name, letter in (("nothing_new", "(b)"), ("some_new", "(c)")):
        if {"startup_again", name} <= set(costs):
            share = costs["startup_again"].cpu_seconds / costs[name].cpu_seconds
            found.append(Ratio(f"share of start-up in {letter}, CPU", 100 * share, " %"))
    if readers is not None:
        slowest = readers.slowest
        name = f"slowest question of the cookbook ({slowest.number}), wall"
        found.append(Ratio(name, slowest.wall_seconds, " s", 1))
        found += [Ratio(f"size of {kind}", size, " MiB") for kind, size in readers.mib.items()]
    return found


def machine() -> dict[str, object]:
    """What the figures depend on; how busy others keep the machine is part of it."""
    usable = getattr(os, "sched_getaffinity", None)
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": len(usable(0)) if usable else os.cpu_count(),
        "memory_mib": psutil.virtual_memory().total // MIB,
        "load_before": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def show(
    console: Console,
    facts: Mapping[str, object],
    costs: Mapping[str, Cost],
    plan: Mapping[str, int],
    repeat: int,
    readers: Readers | None,
    stages: Mapping[str, Mapping[str, Cost]],
) -> None:
    """Prints the table, what follows from it and where it was measured."""
    title = "{members:,} members, {activities:,} activities, {outcomes:,} outcomes".format(**plan)
    table = Table(
        title=f"{title}{f', median of {repeat}' if repeat > 1 else ''}", title_justify="left"
    )
    table.add_column("One process tree each")
    for name in ("CPU s", "wall s", "peak MiB"):
        table.add_column(name, justify="right")
    for row in ROWS:
        if row.name in costs:
            cost = costs[row.name]
            table.add_row(
                row.title,
                f"{cost.cpu_seconds:,.1f}",
                f"{cost.wall_seconds:,.1f}",
                f"{cost.peak_mib:,.0f}",
            )
    console.print(table)
    if found := ratios(costs, readers):
        follows = Table()
        follows.add_column("It follows")
        follows.add_column("", justify="right")
        follows.add_column("aim at full size on 2 cores")
        for ratio in found:
            follows.add_row(ratio.name, f"{ratio.value:,.1f}{ratio.unit}", ratio.aim)
        console.print(follows)
    if stages:
        console.print(_table_of_stages(stages))
    console.print("Every night exited with 0; all totals and row counts are right.")
    console.print(" · ".join(f"{name} {value}" for name, value in facts.items()), style="dim")


def _table_of_stages(stages: Mapping[str, Mapping[str, Cost]]) -> Table:
    """What the nights of the last series cost by stage."""
    table = Table(title="By stage: CPU s / wall s / peak MiB", title_justify="left")
    table.add_column("")
    for stage in STAGES:
        table.add_column(stage, justify="right")
    for row in ROWS:
        if row.name in stages:
            table.add_row(
                row.name,
                *(
                    f"{cost.cpu_seconds:,.1f} / {cost.wall_seconds:,.1f} / {cost.peak_mib:,.0f}"
                    for cost in stages[row.name].values()
                ),
            )
    return table


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--size", type=float, default=1.0, help="how many times a million outcomes (default 1)"
    )
    parser.add_argument(
        "--home", type=Path, help="an empty or new folder to work in, kept; else a temporary one"
    )
    parser.add_argument(
        "--zones", type=Path, help="where zones are kept for the next run of the same size"
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--repeat", type=int, default=1, help="how often; medians are shown")
    parser.add_argument("--target", choices=TARGETS, default=TARGETS[0], help="where nights build")
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS), help="rows")
    args = parser.parse_args(given)
    if args.size <= 0 or args.repeat < 1:
        parser.error("--size must be above 0 and --repeat at least 1")
    if args.home and args.home.is_dir() and any(args.home.iterdir()):
        parser.error(f"{args.home} is not empty")
    return args


def main() -> int:
    """Runs the bench; returns 1 where a night fails or a figure is wrong, however fast."""
    args = arguments()
    console = Console() if sys.stdout.isatty() else Console(width=110)
    tell = Console(stderr=True)
    facts = {**machine(), "target": args.target}
    runs: dict[str, list[Cost]] = {}
    with ExitStack() as stack:
        folder = args.home or Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        target = stack.enter_context(started(args.target))
        kept = args.zones or folder / "zones"
        try:
            bench = Bench(folder.absolute(), Zones(kept.absolute(), args.size), target)
            tell.print("Writing the zones …")
            bench.make_zones(args.only)
            bench.warm_up()
            for number in range(1, args.repeat + 1):
                for name, cost in bench.series(args.only):
                    runs.setdefault(name, []).append(cost)
                    tell.print(
                        f"{number}/{args.repeat} {name}: {cost.cpu_seconds:.1f} s CPU, "
                        f"{cost.wall_seconds:.1f} s, {cost.peak_mib:.0f} MiB",
                        highlight=False,
                    )
        except (CommandFailed, OtherZones, WrongFigures) as error:
            tell.print(str(error), style="bold red", markup=False, highlight=False)
            return 1
    costs = {name: Cost.median(each) for name, each in runs.items()}
    show(console, facts, costs, bench.zones.plan, args.repeat, bench.readers, bench.stages)
    if args.json:
        figures = {
            "machine": facts,
            "size": args.size,
            "plan": bench.zones.plan,
            "repeat": args.repeat,
            "rows": {name: asdict(cost) for name, cost in costs.items()},
            "stages": {
                name: {stage: asdict(cost) for stage, cost in each.items()}
                for name, each in bench.stages.items()
            },
            "readers": asdict(bench.readers) if bench.readers else None,
            "runs": {name: [asdict(cost) for cost in each] for name, each in runs.items()},
            "ratios": [asdict(ratio) for ratio in ratios(costs)],
            "figures_are_right": True,
        }
        args.json.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

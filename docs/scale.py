"""Writes what was measured into docs/scale.md: its tables, and the plot that stands beside them.

    python -m tests.bench --size 10 --target spark --json docs/measured/spark-10.json
    python docs/scale.py

Each file in docs/measured is one run of the bench, of one target and size, as it came.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
PAGE, MEASURED, PLOT = DOCS / "scale.md", DOCS / "measured", DOCS / "images" / "scale.svg"
#: The rows of the bench that are nights, and how the page calls them.
NIGHTS = {
    "full": "everything is new",
    "some_new": "1 % is new",
    "nothing_new": "nothing is new",
}
TARGETS = {"duckdb": "DuckDB", "ducklake": "DuckLake", "spark": "Spark"}

Run = Mapping[str, Any]


def runs(folder: Path) -> list[Run]:
    """What was measured: by size, then by target."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")]
    order = list(TARGETS)
    return sorted(found, key=lambda run: (run["size"], order.index(run["machine"]["target"])))


def of_nights(measured: Sequence[Run]) -> str:
    """The table of whole nights: what each target takes, beside SQL by hand."""
    lines = [
        "| outcomes | target | the night | CPU s | wall s | peak MiB | beyond start-up / by hand |",
        "|--:|---|---|--:|--:|--:|--:|",
    ]
    by_hand = _by_hand(measured)
    for outcomes, of_size in groupby(measured, lambda run: run["plan"]["outcomes"]):
        for run in of_size:
            for name, said in NIGHTS.items():
                if name in run["rows"]:
                    ratio = _ratio(run) if name == "full" else ""
                    cost = _cost(run["rows"][name])
                    lines.append(f"| {_whose(run)} | {said} | {cost} | {ratio} |")
        if outcomes in by_hand:
            lines.append(f"| {outcomes:,} | | SQL by hand | {_cost(by_hand[outcomes])} | 1.0 |")
    return "\n".join(lines)


def of_stages(measured: Iterable[Run]) -> str:
    """The table of the stages of the night in which everything is new."""
    nights = [run for run in measured if "full" in run["stages"]]
    stages = list(nights[0]["stages"]["full"]) if nights else []
    lines = [
        f"| outcomes | target | {' | '.join(stages)} |",
        f"|--:|---|{'--:|' * len(stages)}",
    ]
    for run in nights:
        costs = " | ".join(_short(run["stages"]["full"][stage]) for stage in stages)
        lines.append(f"| {_whose(run)} | {costs} |")
    return "\n".join(lines)


def of_machine(measured: Sequence[Run]) -> str:
    """Where and when it was measured, a line a run."""
    return "\n".join(
        f"- {run['plan']['outcomes']:,} outcomes, {TARGETS[run['machine']['target']]}: "
        f"{run['machine']['measured_at'][:10]}, {run['machine']['cores']} cores, "
        f"{run['machine']['memory_mib']:,} MiB, load before {run['machine']['load_before']}, "
        f"DuckDB {run['machine']['duckdb']}, median of {run['repeat']}"
        for run in measured
    )


def written(page: str, measured: Sequence[Run]) -> str:
    """The page with its measured parts as they are in the files."""
    for name, text in {
        "nights": of_nights(measured),
        "stages": of_stages(measured),
        "machine": of_machine(measured),
    }.items():
        between = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
        page, places = between.subn(lambda found, text=text: found[1] + text + found[2], page)
        if places != 1:
            raise ValueError(f"{PAGE.name} must have one place for {name}; it has {places}")
    return page


def plot(measured: Sequence[Run]) -> str:
    """CPU of a night in which everything is new, against its size, as SVG."""
    import altair as alt
    import vl_convert

    costs = [
        (run["plan"]["outcomes"], TARGETS[run["machine"]["target"]], run["rows"]["full"])
        for run in measured
        if "full" in run["rows"]
    ]
    costs += [(outcomes, "SQL by hand", cost) for outcomes, cost in _by_hand(measured).items()]
    points = [
        {"outcomes": outcomes, "CPU seconds": cost["cpu_seconds"], "what": what}
        for outcomes, what, cost in costs
    ]
    chart = (
        alt.Chart(alt.Data(values=points), width=520, height=320)
        .mark_line(point=alt.OverlayMarkDef(size=60))
        .encode(
            x=alt.X("outcomes:Q", scale=alt.Scale(type="log"), axis=alt.Axis(format="~s"),
                    title="outcomes in the landing zone"),
            y=alt.Y("CPU seconds:Q", scale=alt.Scale(type="log"),
                    title="CPU seconds of a night in which everything is new"),
            color=alt.Color("what:N", title=None,
                            scale=alt.Scale(domain=[*TARGETS.values(), "SQL by hand"],
                                            range=["#0072B2", "#009E73", "#D55E00", "#8A94A6"])),
        )
        .configure_view(stroke=None)
        .configure(background="white")
    )  # fmt: skip
    return str(vl_convert.vegalite_to_svg(chart.to_json()))


def _whose(run: Run) -> str:
    return f"{run['plan']['outcomes']:,} | {TARGETS[run['machine']['target']]}"


def _cost(cost: Mapping[str, float]) -> str:
    return f"{cost['cpu_seconds']:,.1f} | {cost['wall_seconds']:,.1f} | {cost['peak_mib']:,.0f}"


def _short(cost: Mapping[str, float]) -> str:
    return f"{cost['cpu_seconds']:,.1f} / {cost['wall_seconds']:,.1f} / {cost['peak_mib']:,.0f}"


def _by_hand(measured: Sequence[Run]) -> dict[int, Mapping[str, float]]:
    """Outcomes → what the SQL by hand cost in the first run that has it: it knows no target."""
    return {
        run["plan"]["outcomes"]: run["rows"]["by_hand"]
        for run in reversed(measured)
        if "by_hand" in run["rows"]
    }


def _ratio(full: Run) -> str:
    """How many times the SQL by hand, of the same run, a full night costs beyond start-up.

    A machine's speed differs from hour to hour: of a run without SQL by hand there is no ratio.
    """
    rows = full["rows"]
    if not {"by_hand", "startup_first"} <= rows.keys():
        return ""
    beyond = rows["full"]["cpu_seconds"] - rows["startup_first"]["cpu_seconds"]
    return f"{beyond / rows['by_hand']['cpu_seconds']:.1f}"


if __name__ == "__main__":
    everything = runs(MEASURED)
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), everything), encoding="utf-8")
    PLOT.write_text(plot(everything), encoding="utf-8")

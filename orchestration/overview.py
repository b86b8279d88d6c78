"""The nights at a glance, as Markdown for Dagster's page of what is published.

Told from the ledger: a line a night with its rows and headline figures, and above it a small chart
of each, drawn with block characters because Dagster's UI takes pictures out of Markdown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.settings import TIME_ZONE
from sources.ledger import Ledger

#: Nights told line by line.
NIGHTS_LISTED = 14
#: Nights in the charts: a quarter of a year fits on a line.
NIGHTS_DRAWN = 90
#: Characters of a reason that are shown; the run's page has all of it.
_REASON_SHOWN = 300

_BLOCKS = "▁▂▃▄▅▆▇█"
#: What became of a run that did not publish.
_BECAME = {
    "not_published": "**not published**",
    "waiting": "**waits for approval**",
}


def headline_name(figure: Mapping[str, Any]) -> str:
    """A headline figure as charts and columns name it: `economic expansion 2558 (baht)`."""
    return f"{figure['measure'].replace('_', ' ')} {figure['fiscal_year_be']} (baht)"


def headline_figures(figures: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Name → baht reported, of the figures that have a target.

    Args:
        figures: rows of `reports.rpt_programme_progress`.
    """
    return {
        headline_name(figure): float(figure["actual_baht"] or 0)
        for figure in figures
        if figure["target_baht"] is not None
    }


def sparkline(values: Sequence[float]) -> str:
    """The values as a chart of one line, the lowest lowest; all at half height where none differs.

    >>> sparkline([0, 1, 2])
    '▁▄█'
    """
    lowest, highest = min(values, default=0), max(values, default=0)
    if lowest == highest:
        return _BLOCKS[3] * len(values)
    step = (highest - lowest) / (len(_BLOCKS) - 1)
    return "".join(_BLOCKS[int((value - lowest) / step)] for value in values)


def nights_in_markdown(ledger: Ledger) -> str:
    """The last nights, newest first, with charts of those that published."""
    nights = ledger.last_nights(NIGHTS_DRAWN)
    published = [night for night in nights if night["event_kind"] == "published"]
    figures = {
        night["run_id"]: headline_figures((night["details"] or {}).get("figures", []))
        for night in published
    }
    names = sorted({name for of_night in figures.values() for name in of_night})
    parts = (
        _charts(published, figures, names),
        "**The last nights, the newest first**",
        _table(nights[:NIGHTS_LISTED], figures, names),
        _reasons(nights[:NIGHTS_LISTED]),
    )
    return "\n\n".join(part for part in parts if part)


def _charts(
    published: Sequence[Mapping[str, Any]], figures: Mapping[str, Mapping[str, float]],
    names: Sequence[str],
) -> str:  # fmt: skip
    oldest_first = list(reversed(published))
    series = {"rows current": [float(night["rows_loaded"] or 0) for night in oldest_first]}
    for name in names:
        series[name] = [
            figures[night["run_id"]][name]
            for night in oldest_first
            if name in figures[night["run_id"]]
        ]
    drawn = [
        f"| {name} | `{sparkline(values)}` | {values[0]:,.0f} | {values[-1]:,.0f} |"
        for name, values in series.items()
        if values
    ]
    if not drawn:
        return ""
    nights = f"{len(published)} {'night' if len(published) == 1 else 'nights'}"
    head = f"| {nights} that published | | first | last |"
    return "\n".join([head, "|---|---|---:|---:|", *drawn])


def _table(
    nights: Sequence[Mapping[str, Any]], figures: Mapping[str, Mapping[str, float]],
    names: Sequence[str],
) -> str:  # fmt: skip
    # Few and narrow columns: Dagster's page cuts a wide table off.
    columns = ["night (Bangkok)", "rows current", *names]
    lines = [f"| {' | '.join(columns)} |", f"|---|{'---:|' * (len(columns) - 1)}"]
    for night in nights:
        of_night = figures.get(night["run_id"], {})
        cells = [
            _when(night),
            _BECAME.get(night["event_kind"]) or f"{night['rows_loaded'] or 0:,}",
            *(f"{of_night[name]:,.0f}" if name in of_night else "" for name in names),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _reasons(nights: Sequence[Mapping[str, Any]]) -> str:
    """Why nights did not publish, a line each; in the table they would widen it beyond the page."""
    lines = []
    for night in nights:
        if became := _BECAME.get(night["event_kind"]):
            said = " ".join((night["reason"] or "no reason was recorded").split())
            shown = said if len(said) <= _REASON_SHOWN else f"{said[:_REASON_SHOWN]}…"
            lines.append(f"- {_when(night)} {became} (run `{night['run_id'][:8]}`): {shown}")
    return "\n".join(lines)


def _when(night: Mapping[str, Any]) -> str:
    return f"{in_bangkok(night['occurred_at']):%Y-%m-%d %H:%M}"


def in_bangkok(instant: dt.datetime) -> dt.datetime:
    """An instant of the ledger (UTC, without a zone) as Bangkok's clocks showed it."""
    return instant.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(TIME_ZONE))

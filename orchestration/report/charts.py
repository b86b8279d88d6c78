"""Charts of the report: Vega-Lite by Altair, in colours that colour-blind readers tell apart.

    a kind of chart (kinds) ── + rows ──▶ JSON in the page ── assets/charts.js, site.js ──▶ SVG

A kind of chart is made once for all pages that draw it, without data, and kept for the next night
(`orchestration.report.kinds`): Altair takes 12 to 16 ms to make one. A row of data has the texts of
one language in it, for a chart formats no day and no year.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.report.kinds import kind
from orchestration.report.tables import Table

if TYPE_CHECKING:
    import altair as alt

#: Okabe and Ito's colours, those with enough contrast on white first.
BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#AA4A83"
SKY, ORANGE, GREY = "#56B4E9", "#E69F00", "#8A94A6"
COLOURS = (BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE, GREY)
INK, LINES = "#33415C", "#DDE3EC"
FONT = "'Noto Sans Thai', Sarabun, 'Leelawadee UI', Thonburi, Loma, 'Segoe UI', sans-serif"
HEIGHT = 260
#: Of names beside lying bars (px): less on a phone, so that the bars have room.
_LABEL_LIMIT = "containerSize()[0] < 480 ? 125 : 230"
#: Of places along a chart: a word a line where there is little room for each.
_LABEL_LINES = (
    "containerSize()[0] / length(domain('x')) < 110 ? split(datum.label, ' ') : datum.label"
)
#: Where a chart's rows stand in its specification.
ROWS = "rows"

Spec = Mapping[str, Any]

CONFIG: Spec = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "range": {"category": list(COLOURS)},
    "axis": {
        "labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12,
        "titleFontWeight": "normal", "gridColor": LINES, "domainColor": LINES,
        "tickColor": LINES, "labelLimit": 220,
    },
    "axisX": {"grid": False, "labelAngle": 0},
    "axisY": {"domain": False, "ticks": False, "tickCount": 5},
    "legend": {
        "orient": "top", "title": None, "labelColor": INK, "labelFontSize": 12, "labelLimit": 320,
        "symbolType": "square", "columns": 2,
    },
    "bar": {"cornerRadiusEnd": 2},
    "line": {"strokeWidth": 2.5},
}  # fmt: skip


@dataclass(frozen=True)
class Chart:
    """A chart in one language, with the table of what it shows.

    Attributes:
        name: of its place on the page; letters, digits and hyphens.
        title: what it shows.
        description: the same in words, with the figures, for those who do not see it.
        spec: Vega-Lite without data; what `finished` gives.
        rows: its data.
        table: what it shows, for everybody.
    """

    name: str
    title: str
    description: str
    spec: Spec
    rows: Sequence[Mapping[str, Any]]
    table: Table

    def as_json(self) -> str:
        """The whole specification, as it may stand inside a script element."""
        whole = {**self.spec, "datasets": {ROWS: list(self.rows)}}
        return in_script(whole)


def in_script(value: Any) -> str:
    """JSON that ends no script element, whatever texts are in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=float)
    for sign, escaped in (
        ("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e"),
        ("\u2028", "\\u2028"), ("\u2029", "\\u2029"),
    ):  # fmt: skip
        text = text.replace(sign, escaped)
    return text


def finished(chart: alt.TopLevelMixin, height: int = HEIGHT) -> Spec:
    """A chart over `rows()` as a specification in the report's looks, as wide as its place.

    Args:
        chart: whose data is `rows()`.
        height: of the plot (px); charts of many bars want more.
    """
    sized: Any = chart.properties(width="container", height=height)
    spec: dict[str, Any] = sized.to_dict(validate=False)
    return {**spec, "config": dict(CONFIG), "autosize": {"type": "fit-x", "contains": "padding"}}


def rows() -> alt.NamedData:
    """What a chart's data is until it is given rows."""
    import altair as alt

    return alt.NamedData(name=ROWS)


def _places() -> alt.Axis:
    """The axis of places along a chart; of names without room the second is left out."""
    import altair as alt

    return alt.Axis(labelExpr=_LABEL_LINES, labelOverlap="parity")


@kind
def stacked_bars(
    x: str, y: str, colour: str, y_title: str, order: tuple[str, ...], colours: tuple[str, ...]
) -> Spec:
    """Bars on each other, a colour a series.

    Args:
        x: field of the place on the axis; the places stand as in the data.
        y: field of the number.
        colour: field of the series.
        y_title: the number's unit.
        order: the series, from below.
        colours: theirs.
    """
    import altair as alt

    place = f"datum.{colour}"
    rank = " : ".join(
        [f"{place} === {json.dumps(name)} ? {number}" for number, name in enumerate(order)]
        + [str(len(order))]
    )
    chart = (
        alt.Chart(rows())
        .transform_calculate(rank=rank)
        .mark_bar(size=40)
        .encode(
            x=alt.X(f"{x}:N", sort=None, title=None, axis=_places()),
            y=alt.Y(f"{y}:Q", title=y_title, axis=alt.Axis(format="~s")),
            color=alt.Color(
                f"{colour}:N", scale=alt.Scale(domain=list(order), range=list(colours))
            ),
            order=alt.Order("rank:Q"),
            tooltip=[f"{x}:N", f"{colour}:N", alt.Tooltip(f"{y}:Q", format=",.1f")],
        )
    )
    return finished(chart)


@kind
def bars(x: str, y: str, y_title: str, colour: str = BLUE) -> Spec:
    """A bar a place, standing.

    Args:
        x: field of the place; the places stand as in the data.
        y: field of the number.
        y_title: the number's unit.
        colour: of the bars.
    """
    import altair as alt

    chart = (
        alt.Chart(rows())
        .mark_bar(size=40, color=colour)
        .encode(
            x=alt.X(f"{x}:N", sort=None, title=None, axis=_places()),
            y=alt.Y(f"{y}:Q", title=y_title),
            tooltip=[f"{x}:N", alt.Tooltip(f"{y}:Q", title=y_title, format=",.1f")],
        )
    )
    return finished(chart)


@kind
def lying_bars(name: str, value: str, unit: str, count: int, colour: str = BLUE) -> Spec:
    """A bar a name, lying, for names that are long or many.

    Args:
        name: field of the name; the names stand as in the data.
        value: field of the number.
        unit: the number's.
        count: how many names there are.
        colour: of the bars.
    """
    import altair as alt

    chart = (
        alt.Chart(rows())
        .mark_bar(color=colour)
        .encode(
            y=alt.Y(
                f"{name}:N",
                sort=None,
                title=None,
                axis=alt.Axis(domain=True, labelLimit=alt.ExprRef(_LABEL_LIMIT)),
            ),
            x=alt.X(f"{value}:Q", title=unit, axis=alt.Axis(grid=True)),
            tooltip=[f"{name}:N", alt.Tooltip(f"{value}:Q", title=unit, format=",.1f")],
        )
    )
    return finished(chart, height=max(60, 22 * count))


@kind
def lines(
    x: str, y: str, series: str, y_title: str, order: tuple[str, ...], colours: tuple[str, ...]
) -> Spec:
    """A line a series, its points marked.

    Args:
        x: field of the place; the places stand as in the data.
        y: field of the number.
        series: field of the series.
        y_title: the number's unit.
        order: the series as the legend has them.
        colours: theirs.
    """
    import altair as alt

    chart = (
        alt.Chart(rows())
        .mark_line(point={"size": 50, "filled": True})
        .encode(
            x=alt.X(f"{x}:N", sort=None, title=None, axis=_places()),
            y=alt.Y(f"{y}:Q", title=y_title),
            color=alt.Color(
                f"{series}:N", scale=alt.Scale(domain=list(order), range=list(colours))
            ),
            tooltip=[f"{x}:N", f"{series}:N", alt.Tooltip(f"{y}:Q", format=",.1f")],
        )
    )
    return finished(chart)


@kind
def against_target(
    place: str, value: str, series: str, unit: str, reported: str, even: str
) -> Spec:
    """What is reported, added up, as bars; where an even pace leads, as a dashed line above them.

    Args:
        place: field of the place on the axis; the places stand as in the data.
        value: field of the number.
        series: field that is `reported` or `even`.
        unit: the number's.
        reported: the series of bars.
        even: the series of the line, which ends at the target.
    """
    import altair as alt

    colour = alt.Color(
        f"{series}:N", scale=alt.Scale(domain=[reported, even], range=[BLUE, VERMILION])
    )
    base = alt.Chart(rows()).encode(
        x=alt.X(f"{place}:N", sort=None, title=None, axis=_places()),
        y=alt.Y(f"{value}:Q", title=unit),
        color=colour,
        tooltip=[f"{place}:N", f"{series}:N", alt.Tooltip(f"{value}:Q", title=unit, format=",.1f")],
    )
    filled = base.transform_filter(alt.FieldEqualPredicate(field=series, equal=reported))
    dashed = base.transform_filter(alt.FieldEqualPredicate(field=series, equal=even))
    line = dashed.mark_line(strokeDash=[6, 4], point={"size": 40, "filled": True})
    return finished(alt.layer(filled.mark_bar(size=44), line))

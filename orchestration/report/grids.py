"""Kinds of charts that set two things against each other: a grid of cells, bars in pairs."""

from __future__ import annotations

from orchestration.report.charts import INK, Spec, finished, rows
from orchestration.report.kinds import kind

#: From little to much; text on the darker half is white.
LIGHT, DARK = "#e3eff8", "#0a3a6b"
#: Height of a row of cells (px), and of what stands above and below them.
_CELL, _AROUND = 24, 40


@kind
def grid(
    x: str,
    y: str,
    value: str,
    title: str,
    lines: tuple[str, ...],
    greatest: float,
    shown: str | None = None,
    columns: tuple[str, ...] | None = None,
) -> Spec:
    """A cell a pair of places, the darker the more.

    Args:
        x: field of the column.
        y: field of the row.
        value: field of the number.
        title: the number's, in tooltips.
        lines: the rows from above.
        greatest: the number of the darkest cell.
        shown: field of the text in the cell; None shows none.
        columns: all columns in their order where they are many and narrow: their names stand
            upright. None takes those of the data in its order.
    """
    import altair as alt

    across = alt.Axis(labelAngle=-90 if columns else 0, orient="top", labelFontSize=11)
    base = alt.Chart(rows()).encode(
        x=alt.X(
            f"{x}:N", sort=None, title=None, axis=across,
            scale=alt.Scale(domain=list(columns)) if columns else alt.Undefined,
        ),
        y=alt.Y(
            f"{y}:N", sort=None, title=None, axis=alt.Axis(labelLimit=150),
            scale=alt.Scale(domain=list(lines)),
        ),
    )  # fmt: skip
    cells = base.mark_rect(stroke="#fff", strokeWidth=2).encode(
        color=alt.Color(
            f"{value}:Q",
            scale=alt.Scale(domain=[0, greatest], range=[LIGHT, DARK], clamp=True),
            legend=None,
        ),
        tooltip=[f"{y}:N", f"{x}:N", alt.Tooltip(f"{shown or value}:N", title=title)],
    )
    if shown is None:
        return finished(alt.layer(cells), height=_CELL * len(lines) + _AROUND)
    said = base.mark_text(fontSize=11).encode(
        text=f"{shown}:N",
        color=alt.condition(alt.datum[value] > greatest * 0.5, alt.value("#fff"), alt.value(INK)),
    )
    return finished(alt.layer(cells, said), height=_CELL * len(lines) + _AROUND)


@kind
def paired_bars(
    x: str, y: str, series: str, y_title: str, order: tuple[str, ...], colours: tuple[str, ...]
) -> Spec:
    """Standing bars side by side, one a series at each place.

    Args:
        x: field of the place; the places stand as in the data.
        y: field of the number.
        series: field of the series.
        y_title: the number's unit.
        order: the series from left to right.
        colours: theirs.
    """
    import altair as alt

    chart = (
        alt.Chart(rows())
        .mark_bar()
        .encode(
            x=alt.X(f"{x}:N", sort=None, title=None),
            xOffset=alt.XOffset(f"{series}:N", sort=list(order)),
            y=alt.Y(f"{y}:Q", title=y_title, axis=alt.Axis(format="~s")),
            color=alt.Color(
                f"{series}:N", scale=alt.Scale(domain=list(order), range=list(colours))
            ),
            tooltip=[f"{x}:N", f"{series}:N", alt.Tooltip(f"{y}:Q", format=",.2f")],
        )
    )
    return finished(chart)


@kind
def paired_lying_bars(
    name: str, value: str, series: str, unit: str, count: int,
    order: tuple[str, ...], colours: tuple[str, ...],
) -> Spec:  # fmt: skip
    """Lying bars in pairs, for names that are long.

    Args:
        name: field of the name; the names stand as in the data.
        value: field of the number.
        series: field of the series.
        unit: the number's.
        count: how many names there are.
        order: the series from above.
        colours: theirs.
    """
    import altair as alt

    chart = (
        alt.Chart(rows())
        .mark_bar()
        .encode(
            y=alt.Y(f"{name}:N", sort=None, title=None),
            yOffset=alt.YOffset(f"{series}:N", sort=list(order)),
            x=alt.X(f"{value}:Q", title=unit, axis=alt.Axis(grid=True)),
            color=alt.Color(
                f"{series}:N", scale=alt.Scale(domain=list(order), range=list(colours))
            ),
            tooltip=[f"{name}:N", f"{series}:N", alt.Tooltip(f"{value}:Q", format=",.2f")],
        )
    )
    return finished(chart, height=max(80, 40 * count))


@kind
def lying_counts(name: str, count: str, unit: str, lines: int, colour: str) -> Spec:
    """A lying bar a name whose length is a whole number.

    Args:
        name: field of the name; the names stand as in the data.
        count: field of the number.
        unit: the number's.
        lines: how many names there are.
        colour: of the bars.
    """
    import altair as alt

    chart = (
        alt.Chart(rows())
        .mark_bar(color=colour)
        .encode(
            y=alt.Y(f"{name}:N", sort=None, title=None, axis=alt.Axis(domain=True)),
            x=alt.X(f"{count}:Q", title=unit, axis=alt.Axis(grid=True, tickMinStep=1, format=",d")),
            tooltip=[f"{name}:N", alt.Tooltip(f"{count}:Q", title=unit, format=",d")],
        )
    )
    return finished(chart, height=max(60, 22 * lines))

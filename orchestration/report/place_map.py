"""The map of places as inline SVG: provinces coloured by a figure, the reader chooses which.

    values by place ── steps ──▶ a colour a province and view ──▶ radio buttons choose the view

A view is a figure by province or by province group. Each province carries its colour of every view
as a custom property of CSS, so the choice works without script, by keyboard and on paper.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from orchestration.report.language import NOTHING, Language, Text

#: Steps of the scale, each with a colour in site.css, from light to dark.
STEPS = 5
_MILLION = 1_000_000
#: What a step's width may begin with, so that its bounds are round.
_ROUND = (1.0, 2.0, 2.5, 4.0, 5.0, 10.0)

Value = Decimal | int | None


@dataclass(frozen=True)
class MapFigure:
    """A figure that the map can show.

    Attributes:
        key: of the rows' values, and a part of names in HTML.
        label: what it is.
        kind: `million` or `count`; see `Language.value`.
        metric: its definition.
        how: how it is allocated to places, a sentence.
    """

    key: str
    label: Text
    kind: str
    metric: str
    how: Text

    def said(self, language: Language, value: Value) -> str:
        """A value with its unit."""
        if value is None:
            return NOTHING
        return language.million(value, 2) if self.kind == "million" else language.number(value)


@dataclass(frozen=True)
class Scale:
    """Equal steps from 0 to a round number at or above the greatest value.

    Attributes:
        width: of a step, in the figure's unit (baht, or a count).
        steps: how many there are; 0 where nothing is above 0.
        has_negative: whether a value lies below 0, which has a colour of its own.
    """

    width: float
    steps: int
    has_negative: bool

    def colour(self, value: Value) -> str:
        """The custom property that holds a value's colour."""
        if value is None:
            return "--map-none"
        if value < 0:
            return "--map-below"
        if value == 0:
            return "--map-0"
        return f"--map-{min(math.ceil(float(value) / self.width) - 1, STEPS - 1)}"


def scale_of(values: Sequence[Value], is_whole: bool) -> Scale:
    """The scale of some values.

    Args:
        values: None where there is none.
        is_whole: whether only whole numbers occur, so that no step is narrower than 1.
    """
    known = [float(value) for value in values if value is not None]
    greatest = max(known, default=0.0)
    has_negative = any(value < 0 for value in known)
    if greatest <= 0:
        return Scale(1.0, 0, has_negative)
    least = greatest / STEPS
    power = 10.0 ** math.floor(math.log10(least))
    width = next(each * power for each in _ROUND if each * power >= least * (1 - 1e-9))
    if is_whole:
        width = max(1.0, math.ceil(width))
    return Scale(width, min(STEPS, math.ceil(greatest / width)), has_negative)


@dataclass(frozen=True)
class View:
    """A figure, by province or by province group.

    Attributes:
        key: of the view; letters only.
        figure: which.
        by_group: whether the colour is that of the province's group.
        scale: its colours.
        beside: what the map cannot show, each (name, value in words).
    """

    key: str
    figure: MapFigure
    by_group: bool
    scale: Scale
    beside: Sequence[tuple[Text, str]]

    def legend(self, language: Language) -> list[tuple[str, str]]:
        """(custom property of the colour, what it stands for), from low to high."""
        lines = [("--map-below", language.t("ต่ำกว่า 0", "below 0"))] * self.scale.has_negative
        lines += [
            (f"--map-{step}", f"{self._bound(language, step)}–{self._bound(language, step + 1)}")
            for step in range(self.scale.steps)
        ]
        return [*lines, ("--map-none", language.t("ไม่มีข้อมูล", "no data"))]

    def unit(self, language: Language) -> str:
        """The unit of the legend's numbers."""
        return language.t("ล้านบาท", "million baht") if self.figure.kind == "million" else ""

    def _bound(self, language: Language, steps: int) -> str:
        bound = self.scale.width * steps
        if self.figure.kind == "million":
            bound /= _MILLION
        whole = math.isclose(bound, round(bound))
        return language.number(bound, 0 if whole else 2 if bound < 1 else 1)


@dataclass(frozen=True)
class Drawn:
    """A province on the map, in one language.

    Attributes:
        code: of the province.
        path: its outline.
        said: its name and figures, for a tooltip and for those who do not see it.
        colours: view → custom property.
        is_linked: whether it has a row in the table.
    """

    code: str
    path: str
    said: str
    colours: Mapping[str, str]
    is_linked: bool

    @property
    def style(self) -> str:
        """The colours as custom properties of CSS."""
        return ";".join(f"--{view}:var({colour})" for view, colour in self.colours.items())

"""The map of the report: its outlines are our provinces, its colours stand for what they say."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal

import pytest

from orchestration.report.language import ENGLISH, THAI, Text
from orchestration.report.outlines import DATA, outlines
from orchestration.report.place_map import STEPS, MapFigure, View, scale_of
from sources.reference import PROVINCES, _province_key, province_spellings

BAHT = MapFigure("baht", Text("บาท", "Baht"), "million", "m", Text("ก", "a"))
COUNT = MapFigure("count", Text("จำนวน", "Count"), "count", "m", Text("ก", "a"))


def middle(path: str) -> tuple[float, float]:
    """The middle of an outline's box, in the map's units: x to the east, y to the south."""
    x = y = 0
    places = []
    for ring in path.removesuffix("z").split("z"):
        numbers = [int(number) for number in re.findall(r"-?\d+", ring)]
        start = x + numbers[0], y + numbers[1]
        x, y = start
        places.append(start)
        for right, down in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + right, y + down
            places.append((x, y))
        x, y = start
    xs, ys = zip(*places, strict=True)
    assert min(xs) >= 0
    assert min(ys) >= 0
    assert max(xs) <= outlines().width
    assert max(ys) <= outlines().height
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def test_the_maps_provinces_are_our_77_each_once() -> None:
    with PROVINCES.open(encoding="utf-8", newline="") as file:
        ours = [row["province_code"] for row in csv.DictReader(file)]
    assert [outline.province_code for outline in outlines().provinces] == ours
    assert len(set(ours)) == 77


def test_every_outline_has_the_code_of_the_province_whose_name_its_source_gives_it() -> None:
    codes = dict(province_spellings())
    assert {
        outline.name: (outline.province_code, codes[_province_key(outline.name)])
        for outline in outlines().provinces
        if outline.province_code != codes[_province_key(outline.name)]
    } == {}


def test_the_outlines_lie_where_the_provinces_do() -> None:
    at = {outline.province_code: middle(outline.path) for outline in outlines().provinces}
    assert len(at) == 77
    north_to_south = ["57", "52", "60", "10", "77", "84", "96"]
    assert [at[code][1] for code in north_to_south] == sorted(at[c][1] for c in north_to_south)
    west_to_east = ["58", "52", "65", "40", "34"]
    assert [at[code][0] for code in west_to_east] == sorted(at[c][0] for c in west_to_east)


def test_whose_the_outlines_are_stands_beside_them_and_in_what_the_page_says() -> None:
    source = json.loads(DATA.read_text(encoding="utf-8"))["provenance"]
    readme = (DATA.parent / "README.md").read_text(encoding="utf-8")
    for fact in (source["package"], source["version"], source["licence"]):
        assert fact in readme
        assert fact in outlines().credit
    assert outlines().licence_url in readme


@pytest.mark.parametrize(
    ("values", "is_whole", "width"),
    [
        ([Decimal("46000399.38"), Decimal(0)], False, 10_000_000),
        ([Decimal("12345.67")], False, 2_500),
        ([28, 3], True, 10),
        ([3, 1], True, 1),
        ([Decimal(50)], False, 10),
    ],
)
def test_a_step_of_the_scale_is_round_and_no_value_lies_above_the_last(
    values: list[Decimal | int], is_whole: bool, width: float
) -> None:
    scale = scale_of([*values, None], is_whole)
    assert scale.width == width
    assert max(values) <= scale.width * scale.steps
    assert scale.colour(max(values)) == f"--map-{scale.steps - 1}"
    assert scale.steps <= STEPS


def test_a_value_on_a_bound_belongs_to_the_step_below_and_zero_to_the_first() -> None:
    scale = scale_of([Decimal(50), Decimal(10), Decimal(0)], False)
    assert scale.colour(Decimal(10)) == "--map-0"
    assert scale.colour(Decimal("10.01")) == "--map-1"
    assert scale.colour(Decimal(0)) == "--map-0"


def test_what_has_no_value_and_what_lies_below_zero_have_colours_of_their_own() -> None:
    scale = scale_of([Decimal(-5), None], False)
    assert scale.colour(None) == "--map-none"
    assert scale.colour(Decimal(-5)) == "--map-below"
    legend = View("v", BAHT, False, scale, []).legend(ENGLISH)
    assert legend == [("--map-below", "below 0"), ("--map-none", "no data")]


def test_the_legend_says_the_bounds_in_the_figures_unit() -> None:
    baht = View("v", BAHT, False, scale_of([Decimal("46000399.38")], False), [])
    assert [meaning for _, meaning in baht.legend(THAI)] == [
        "0–10", "10–20", "20–30", "30–40", "40–50", "ไม่มีข้อมูล",
    ]  # fmt: skip
    assert baht.unit(ENGLISH) == "million baht"
    small = View("v", BAHT, False, scale_of([Decimal(400_000)], False), [])
    assert small.legend(ENGLISH)[1] == ("--map-1", "0.10–0.20")
    count = View("v", COUNT, False, scale_of([28], True), [])
    assert [meaning for _, meaning in count.legend(ENGLISH)] == [
        "0–10",
        "10–20",
        "20–30",
        "no data",
    ]

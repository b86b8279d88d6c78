"""Places: where the programme's figures belong, by province and by province group of the day.

    facts (place_facts) ──▶ tables by province and by group, views of the map (place_map)

What has no place stands in a row of its own, and so does what rounding to the satang leaves over,
so that every column adds up to the programme's figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from orchestration.report.edition import Edition
from orchestration.report.language import NOTHING, Language, Text
from orchestration.report.outlines import outlines
from orchestration.report.page import Document, Filling, Page, Sheet
from orchestration.report.place_facts import Places, Values, places_of
from orchestration.report.place_map import Drawn, MapFigure, Value, View, scale_of
from orchestration.report.seeds import province_groups
from orchestration.report.tables import Column, Table

PATH = "places.html"
TITLE = Text("พื้นที่", "Places")

_BY_CLUSTER = Text(
    "แบ่งตามจังหวัดที่คลัสเตอร์ครอบคลุม จังหวัดละเท่า ๆ กัน เพราะไม่มีรายงานว่าผลกระจายในคลัสเตอร์อย่างไร",
    "Allocated by the provinces that a cluster covers, in equal shares, because nobody reports how "
    "its outcomes spread.",
)
_BY_ENTERPRISE = Text(
    "ตามจังหวัดที่ตั้งของวิสาหกิจที่รายงาน",
    "By the province of the enterprise that reported it.",
)
_MEMBERS = Text(
    "ตามจังหวัดที่ตั้งของวิสาหกิจ วิสาหกิจที่อยู่สองคลัสเตอร์นับสองครั้ง",
    "By the province of the enterprise; one that is in two clusters counts twice.",
)
_HELD = Text("ตามจังหวัดที่จัดกิจกรรม", "By the province in which it was held.")

FIGURES = (
    MapFigure(
        "expansion", Text("เศรษฐกิจขยายตัว ตามพื้นที่คลัสเตอร์", "Economic expansion, by cluster"),
        "million", "economic_expansion", _BY_CLUSTER,
    ),
    MapFigure(
        "reduction", Text("ลดต้นทุน ตามพื้นที่คลัสเตอร์", "Cost reduction, by cluster"),
        "million", "cost_reduction", _BY_CLUSTER,
    ),
    MapFigure(
        "expansionown", Text("เศรษฐกิจขยายตัว ตามที่ตั้งวิสาหกิจ", "Economic expansion, by enterprise"),
        "million", "economic_expansion", _BY_ENTERPRISE,
    ),
    MapFigure(
        "reductionown", Text("ลดต้นทุน ตามที่ตั้งวิสาหกิจ", "Cost reduction, by enterprise"),
        "million", "cost_reduction", _BY_ENTERPRISE,
    ),
    MapFigure("members", Text("สมาชิก", "Members"), "count", "members_of_year", _MEMBERS),
    MapFigure("activities", Text("กิจกรรม", "Activities"), "count", "activities", _HELD),
)  # fmt: skip

# ── Tables ────────────────────────────────────────────────────────────────────────────────────────

_NOWHERE = Text("ไม่จัดสรร (ไม่ระบุจังหวัด)", "Not allocated (no province)")
_REST = Text("เศษจากการปัดทศนิยม", "Left over by rounding")
_TOTAL = Text("รวมทั้งโครงการ", "The whole programme")
_HEADINGS = {
    "expansion": Text("เศรษฐกิจขยายตัว ตามคลัสเตอร์ (บาท)", "Economic expansion by cluster (baht)"),
    "reduction": Text("ลดต้นทุน ตามคลัสเตอร์ (บาท)", "Cost reduction by cluster (baht)"),
    "expansionown": Text(
        "เศรษฐกิจขยายตัว ตามวิสาหกิจ (บาท)", "Economic expansion by enterprise (baht)"
    ),
    "reductionown": Text("ลดต้นทุน ตามวิสาหกิจ (บาท)", "Cost reduction by enterprise (baht)"),
    "members": Text("สมาชิก", "Members"),
    "activities": Text("กิจกรรม", "Activities"),
}
_COLUMNS = tuple(
    Column(
        figure.key, _HEADINGS[figure.key],
        "baht" if figure.kind == "million" else "count", figure.metric,
    )
    for figure in FIGURES
)  # fmt: skip


def _row(place: Text | None, values: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"place": place, **{figure.key: values.get(figure.key) for figure in FIGURES}, **more}


def _foot(places: Places, **more: Any) -> list[dict[str, Any]]:
    rows = [_row(_NOWHERE, places.nowhere, **more)]
    if places.rest:
        rows.append(_row(_REST, places.rest, **more))
    return [*rows, _row(_TOTAL, places.total, **more)]


def province_table(places: Places) -> Table:
    """The provinces that have any figure, with the row of what has no place, and the total."""
    return Table(
        "provinces",
        Text("จังหวัด", "Provinces"),
        (
            Column("place", Text("จังหวัด", "Province")),
            Column("group", Text("กลุ่มจังหวัด", "Province group")),
            *_COLUMNS,
        ),
        [
            _row(
                places.names.get(code, Text(code, code)), values,
                group=_group_of(places, code), anchor=f"province-{code}",
            )
            for code, values in sorted(places.by_province.items())
        ],
        anchor="anchor",
        foot=_foot(places, group=None) if places.total else (),
    )  # fmt: skip


def _group_of(places: Places, province: str) -> Text | None:
    group = places.groups.get(province)
    return None if group is None else places.group_name(group)


def group_table(places: Places) -> Table:
    """All province groups, provinces in none that have a figure, what has no place, the total."""
    keys = sorted({*province_groups(), *places.by_group}, key=lambda key: (key.isdigit(), key))
    return Table(
        "groups",
        Text("กลุ่มจังหวัด", "Province groups"),
        (Column("place", Text("กลุ่มจังหวัด", "Province group")), *_COLUMNS),
        [_row(places.group_name(key), places.by_group.get(key, {})) for key in keys]
        if places.total
        else [],
        foot=_foot(places) if places.total else (),
    )


# ── The map ───────────────────────────────────────────────────────────────────────────────────────


def views_of(places: Places, language: Language) -> list[View]:
    """What the map can show: each figure by province, then each by group."""
    views = []
    for by_group in (False, True):
        values = places.by_group if by_group else places.by_province
        for figure in FIGURES:
            views.append(
                View(
                    ("g" if by_group else "p") + figure.key, figure, by_group,
                    scale_of([each.get(figure.key) for each in values.values()],
                             figure.kind == "count"),
                    _beside(places, figure, language),
                )
            )  # fmt: skip
    return views


def _beside(places: Places, figure: MapFigure, language: Language) -> list[tuple[Text, str]]:
    """What is in no group, has no place, or was left over by rounding; and the total."""

    def of(values: Mapping[str, Value]) -> str:
        return figure.said(language, values.get(figure.key))

    lines = [
        (places.group_name(code), of(places.by_province.get(code, {})))
        for code, group in places.groups.items()
        if group is None
    ]
    lines.append((_NOWHERE, of(places.nowhere)))
    if places.rest.get(figure.key):
        lines.append((_REST, language.baht(places.rest[figure.key])))
    return [*lines, (_TOTAL, of(places.total))]


def drawn(places: Places, views: Iterable[View], language: Language) -> list[Drawn]:
    """The provinces in the order of their codes, with a colour a view."""
    views = list(views)
    return [
        Drawn(
            outline.province_code, outline.path,
            _said(places, outline.province_code, language),
            {view.key: view.scale.colour(_shown(places, view, outline.province_code))
             for view in views},
            outline.province_code in places.by_province,
        )
        for outline in outlines().provinces
    ]  # fmt: skip


def _shown(places: Places, view: View, province: str) -> Value:
    if not view.by_group:
        return _value(places.by_province, province, view.figure)
    return _value(places.by_group, places.groups.get(province) or province, view.figure)


def _value(values: Mapping[str, Values], key: str, figure: MapFigure) -> Value:
    found: Value = values.get(key, {}).get(figure.key)
    return found


def _said(places: Places, province: str, language: Language) -> str:
    name = language.say(places.names.get(province, province))
    values = places.by_province.get(province)
    if values is None:
        return f"{name}: {language.t('ไม่มีข้อมูล', 'no data')}"
    told = [
        f"{language.say(figure.label)} {figure.said(language, values[figure.key])}"
        for figure in FIGURES
        if figure.key in values
    ]
    return f"{name}: {' · '.join(told)}"


def in_words(places: Places, language: Language) -> str:
    """What the map shows, for those who do not see it: who leads, how many have nothing."""
    told = []
    for figure in FIGURES:
        known = [
            (values[figure.key], code)
            for code, values in places.by_province.items()
            if figure.key in values
        ]
        best = sorted(known, key=lambda pair: (-pair[0], pair[1]))[:3]
        if best:
            names = ", ".join(
                f"{language.say(places.names.get(code, code))} {figure.said(language, value)}"
                for value, code in best
            )
            told.append(f"{language.say(figure.label)}: {names}")
    empty = len(places.names) - len(set(places.by_province) & set(places.names))
    told.append(language.t(f"{empty} จังหวัดไม่มีข้อมูล", f"{empty} provinces have no data"))
    return f"{language.t('สูงสุดสามจังหวัด', 'The three highest of each figure')} · " + " · ".join(told)


# ── The page ──────────────────────────────────────────────────────────────────────────────────────


def documents(db: duckdb.DuckDBPyConnection, edition: Edition) -> Iterable[Document]:
    """The one document."""
    yield Document(PATH, TITLE, "places.jinja", _filling(places_of(db, edition.year)))


def _filling(places: Places) -> Filling:
    def fill(sheet: Sheet) -> Mapping[str, Any]:
        views = views_of(places, sheet.language)
        return {
            "has_data": bool(places.total),
            "figures": FIGURES,
            "views": views,
            "map": outlines(),
            "drawn": drawn(places, views, sheet.language),
            "in_words": in_words(places, sheet.language),
            "provinces": sheet.table(province_table(places)),
            "groups": sheet.table(group_table(places)),
            "empty": [
                sheet.say(name)
                for code, name in places.names.items()
                if code not in places.by_province
            ],
            "rest": places.rest,
            "nothing": NOTHING,
        }

    return fill


PAGE = Page(PATH, TITLE, documents)

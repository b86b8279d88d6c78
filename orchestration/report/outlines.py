"""The outlines of the provinces, read from the data file in `map` (its README says whose it is)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "map" / "thailand.json"


@dataclass(frozen=True)
class Outline:
    """A province as it is drawn.

    Attributes:
        province_code: two digits.
        name: as the source of the outline calls it, in English.
        path: of an SVG path, in the map's units.
    """

    province_code: str
    name: str
    path: str


@dataclass(frozen=True)
class Outlines:
    """The whole map.

    Attributes:
        width: in the map's units, as the outlines.
        height: the same.
        provinces: by their codes.
        waters: paths of what is no land within them.
        credit: whose work it is and under which licence.
        licence_url: where the licence stands, without the scheme: nothing leads out of the report.
    """

    width: int
    height: int
    provinces: tuple[Outline, ...]
    waters: tuple[str, ...]
    credit: str
    licence_url: str


@cache
def outlines() -> Outlines:
    """The map of Thailand's 77 provinces."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    source = data["provenance"]
    return Outlines(
        data["width"],
        data["height"],
        tuple(Outline(p["province_code"], p["name"], p["path"]) for p in data["provinces"]),
        tuple(water["path"] for water in data["waters"]),
        f"{source['package']} {source['version']}, {source['author'].split(' <')[0]}, "
        f"{source['licence']}",
        source["licence_url"].removeprefix("https://").rstrip("/"),
    )

"""Reference data that reading needs: provinces and how people spell them, months, decision words.

Provinces come from the seeds of the dbt project, the one place where they stand in this repository
(their provenance is in the files).
"""

from __future__ import annotations

import calendar
import csv
from functools import cache
from pathlib import Path

from sources.text import spelling_key

SEEDS = Path(__file__).parent.parent / "dbt_project" / "seeds"
#: The seeds that reading depends on.
SEEDS_READ = (SEEDS / "provinces.csv", SEEDS / "province_aliases.csv")

_THAI_MONTHS = {
    1: ("มกราคม", "มกรา", "มค"),
    2: ("กุมภาพันธ์", "กุมภา", "กพ"),
    3: ("มีนาคม", "มีนา", "มีค"),
    4: ("เมษายน", "เมษา", "เมย"),
    5: ("พฤษภาคม", "พฤษภา", "พค"),
    6: ("มิถุนายน", "มิถุนา", "มิย"),
    7: ("กรกฎาคม", "กรกฎา", "กค"),
    8: ("สิงหาคม", "สิงหา", "สค"),
    9: ("กันยายน", "กันยา", "กย"),
    10: ("ตุลาคม", "ตุลา", "ตค"),
    11: ("พฤศจิกายน", "พฤศจิกา", "พย"),
    12: ("ธันวาคม", "ธันวา", "ธค"),
}


@cache
def month_spellings() -> tuple[tuple[str, int, str], ...]:
    """Every way to write a month: (spelling without dots, in lower case; 1 to 12; language)."""
    thai = [(name, number, "th") for number, names in _THAI_MONTHS.items() for name in names]
    english = {
        (name.lower(), number, "en")
        for names in (calendar.month_name, calendar.month_abbr, [*[""] * 9, "sept"])
        for number, name in enumerate(names)
        if name
    }
    return (*thai, *sorted(english))


@cache
def province_names() -> tuple[str, ...]:
    """The provinces' Thai names, in the order of their codes."""
    with SEEDS_READ[0].open(encoding="utf-8", newline="") as file:
        return tuple(row["name_th"] for row in csv.DictReader(file))


@cache
def province_spellings() -> tuple[tuple[str, str], ...]:
    """Every way to write a province: (spelling key without dots and dashes, two-digit code)."""
    spellings: dict[str, str] = {}
    with SEEDS_READ[1].open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            spellings[_province_key(row["alias"])] = row["province_code"]
    with SEEDS_READ[0].open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for name in (row["province_code"], row["name_th"], row["name_en"]):
                spellings[_province_key(name)] = row["province_code"]
    return tuple(sorted(spellings.items()))


def _province_key(name: str) -> str:
    return spelling_key(name).replace(".", "").replace("-", "").replace("ฯ", "")

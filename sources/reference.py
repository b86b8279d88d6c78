"""Reference data that reading needs: provinces and how people spell them, months, legal forms.

Provinces and legal forms come from the seeds of the dbt project, the one place where they stand in
this repository (their provenance is in the files).
"""

from __future__ import annotations

import calendar
import csv
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from sources.text import spelling_key

SEEDS = Path(__file__).parent.parent / "dbt_project" / "seeds"
#: The seeds that reading depends on.
PROVINCES, PROVINCE_ALIASES, LEGAL_FORM_WORDS = (
    SEEDS / "provinces.csv",
    SEEDS / "province_aliases.csv",
    SEEDS / "legal_form_words.csv",
)
SEEDS_READ = (PROVINCES, PROVINCE_ALIASES, LEGAL_FORM_WORDS)

# Full and short names; กรกฏาคม, กุมภาพันธ and พฤษจิกายน are slips that many make and that can be
# no other month.
_THAI_MONTHS = {
    1: ("มกราคม", "มกรา", "มค"),
    2: ("กุมภาพันธ์", "กุมภาพันธ", "กุมภา", "กพ"),
    3: ("มีนาคม", "มีนา", "มีค"),
    4: ("เมษายน", "เมษา", "เมย"),
    5: ("พฤษภาคม", "พฤษภา", "พค"),
    6: ("มิถุนายน", "มิถุนา", "มิย"),
    7: ("กรกฎาคม", "กรกฏาคม", "กรกฎา", "กค"),
    8: ("สิงหาคม", "สิงหา", "สค"),
    9: ("กันยายน", "กันยา", "กย"),
    10: ("ตุลาคม", "ตุลา", "ตค"),
    11: ("พฤศจิกายน", "พฤษจิกายน", "พฤศจิกา", "พย"),
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
    with PROVINCES.open(encoding="utf-8", newline="") as file:
        return tuple(row["name_th"] for row in csv.DictReader(file))


@cache
def province_spellings() -> tuple[tuple[str, str], ...]:
    """Every way to write a province: (spelling key without dots and dashes, two-digit code)."""
    spellings: dict[str, str] = {}
    with PROVINCE_ALIASES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            spellings[_province_key(row["alias"])] = row["province_code"]
    with PROVINCES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for name in (row["province_code"], row["name_th"], row["name_en"]):
                spellings[_province_key(name)] = row["province_code"]
    return tuple(sorted(spellings.items()))


def _province_key(name: str) -> str:
    return spelling_key(name).replace(".", "").replace("-", "").replace("ฯ", "")


#: What may stand between the parts of a word for a legal form, before the word and behind it.
_INNER_GAP, _GAP_BEFORE, _GAP_BEHIND = "[ .,()-]*", "[ .,(-]", "[ .,)-]"


@cache
def _legal_form_rows() -> tuple[dict[str, str], ...]:
    with LEGAL_FORM_WORDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # The longest first: a pattern takes the first word that fits.
    return tuple(sorted(rows, key=lambda row: (-len(row["word"]), row["word"], row["place"])))


@cache
def legal_form_words() -> tuple[tuple[str, str, str | None], ...]:
    """Every word for a legal form: (place, the word without its gaps, the form or None)."""
    return tuple(
        (row["place"], row["word"].replace(" ", ""), row["legal_form"] or None)
        for row in _legal_form_rows()
    )


@cache
def firm_name_patterns() -> dict[str, str]:
    """Patterns (RE2) of the words for a legal form at the ends of a firm's name, in capitals.

    Returns:
        ``firm_name_front``: at its beginning. ``firm_name_back``: at its end, where a word stands
        in front too: it may then touch the name (บริษัทไหมไทยจำกัด). ``firm_name_back_apart``: at
        its end, where none does: it may not (ไม่จำกัด is a name).
    """
    rows = _legal_form_rows()
    backs = [row for row in rows if row["place"] == "back"]
    front = _any_of(
        _word(row) + _GAP_BEHIND + _how_much(row) for row in rows if row["place"] == "front"
    )
    back = _any_of(_GAP_BEFORE + _how_much(row) + _word(row) for row in backs)
    apart = _any_of(_GAP_BEFORE + "+" + _word(row) for row in backs)
    return {
        "firm_name_front": f"^[(]?{front}",
        "firm_name_back": f"{back}{_GAP_BEHIND}*$",
        "firm_name_back_apart": f"{apart}{_GAP_BEHIND}*$",
    }


def _any_of(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns)})"


def _how_much(row: dict[str, str]) -> str:
    return "*" if row["may_touch"] == "true" else "+"


def _word(row: dict[str, str]) -> str:
    return _INNER_GAP.join(re.escape(part) for part in row["word"].split(" "))

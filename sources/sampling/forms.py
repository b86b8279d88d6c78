"""The forms in which people type a value: one true value, many texts that mean it.

A :class:`Column` says what kind of value stands in it; a :class:`Habit` says which form of each
kind one person uses, and how often that person strays from it; a :class:`Hand` is that person
writing one file. Every form here is one the interface page promises to understand, so a value typed
in any of them is a good value. Mistakes are not forms: they are made in the datasets' own
``sample.py``.

Units of the true values: money is an ``int`` of satang, a number of people a :class:`Count`, a date
a ``datetime.date`` of the common era, a fiscal year an ``int`` of the Buddhist era, a place a
two-digit province code, an id its thirteen digits (or a community enterprise's code).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

Cell = str | int | float | date
Form = Callable[[Any, "Column"], Cell]

BUDDHIST_ERA_OFFSET = 543
EXCEL_DAY_ZERO = date(1899, 12, 30).toordinal()
SATANG = 100

MONTHS = (
    ("มกราคม", "ม.ค.", "Jan"),
    ("กุมภาพันธ์", "ก.พ.", "Feb"),
    ("มีนาคม", "มี.ค.", "Mar"),
    ("เมษายน", "เม.ย.", "Apr"),
    ("พฤษภาคม", "พ.ค.", "May"),
    ("มิถุนายน", "มิ.ย.", "Jun"),
    ("กรกฎาคม", "ก.ค.", "Jul"),
    ("สิงหาคม", "ส.ค.", "Aug"),
    ("กันยายน", "ก.ย.", "Sep"),
    ("ตุลาคม", "ต.ค.", "Oct"),
    ("พฤศจิกายน", "พ.ย.", "Nov"),
    ("ธันวาคม", "ธ.ค.", "Dec"),
)
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")

_SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"


class Count(int):
    """A number of people or things: never money, also where a column holds both."""


@dataclass(frozen=True)
class Column:
    """A column of a dataset, as a coordinator knows it.

    Attributes:
        name: its English name.
        label: its Thai label.
        kind: what stands in it: a key of :data:`USUAL`.
        codes: for a code, the Thai label of each code.
    """

    name: str
    label: str
    kind: str = "text"
    codes: Mapping[str, str] = field(default_factory=dict)


def random_of(*parts: object) -> Random:
    """Return a source of choices that depends on these parts alone, on every machine and day."""
    return Random("/".join(map(str, parts)))  # noqa: S311  (a simulation, and no secret)


def thai_digits(text: str) -> str:
    """Return the text with its digits as Thai digits."""
    return text.translate(_THAI_DIGITS)


# --- dates -----------------------------------------------------------------------------------


def _be(day: date) -> int:
    return day.year + BUDDHIST_ERA_OFFSET


DATE_FORMS: dict[str, Form] = {
    "iso": lambda d, _: d.isoformat(),
    "slash": lambda d, _: f"{d.day:02d}/{d.month:02d}/{_be(d)}",
    "slash_short_year": lambda d, _: f"{d.day:02d}/{d.month:02d}/{_be(d) % 100:02d}",
    "dash": lambda d, _: f"{d.day}-{d.month}-{_be(d)}",
    "dot": lambda d, _: f"{d.day:02d}.{d.month:02d}.{_be(d)}",
    "thai_short": lambda d, _: f"{d.day} {MONTHS[d.month - 1][1]} {_be(d) % 100:02d}",
    "thai": lambda d, _: f"{d.day} {MONTHS[d.month - 1][0]} {_be(d)}",
    "thai_era": lambda d, _: f"{d.day} {MONTHS[d.month - 1][0]} พ.ศ. {_be(d)}",
    "english": lambda d, _: f"{d.day} {MONTHS[d.month - 1][2]} {d.year}",
    "thai_digits": lambda d, _: thai_digits(f"{d.day:02d}/{d.month:02d}/{_be(d)}"),
    "iso_buddhist": lambda d, _: f"{_be(d)}-{d.month:02d}-{d.day:02d}",
    "with_time": lambda d, _: f"{d.isoformat()} 09:30:00",
    "slash_with_time": lambda d, _: f"{d.day:02d}/{d.month:02d}/{_be(d)} 14:05",
    "serial": lambda d, _: str(d.toordinal() - EXCEL_DAY_ZERO),
    # Of a workbook only.
    "cell": lambda d, _: d,
    "cell_buddhist": lambda d, _: d.replace(year=_be(d)),
    "cell_with_time": lambda d, _: datetime(d.year, d.month, d.day, 16, 45),
    "cell_serial": lambda d, _: d.toordinal() - EXCEL_DAY_ZERO,
}

# --- money and numbers -----------------------------------------------------------------------

_MILLION = 1_000_000 * SATANG
_THOUSAND = 1_000 * SATANG


def _plain(satang: int) -> str:
    sign, satang = ("-", -satang) if satang < 0 else ("", satang)
    baht, rest = divmod(satang, SATANG)
    return f"{sign}{baht}.{rest:02d}" if rest else f"{sign}{baht}"


def _grouped(satang: int, *, satang_shown: bool = True) -> str:
    sign, satang = ("-", -satang) if satang < 0 else ("", satang)
    baht, rest = divmod(satang, SATANG)
    return f"{sign}{baht:,}.{rest:02d}" if rest or satang_shown else f"{sign}{baht:,}"


def _in_units(satang: int, unit: int) -> str:
    """Return the exact decimal text of the money in a unit, without trailing zeros."""
    whole, rest = divmod(satang, unit)
    digits = len(str(unit)) - 1
    return f"{whole}.{rest:0{digits}d}".rstrip("0").rstrip(".")


def _in_words(unit: int, step: int, word: str) -> Form:
    """Return a form such as '1.25 ล้านบาท', used where the money is a whole number of steps."""

    def write(satang: int, _: Column) -> str:
        if satang < unit // 10 or satang % step:
            return _grouped(satang)
        return f"{_in_units(satang, unit)}{word}"

    return write


def _positive(prefix: str, suffix: str, *, satang_shown: bool) -> Form:
    def write(satang: int, _: Column) -> str:
        if satang < 0:
            return f"({_grouped(-satang, satang_shown=satang_shown)})"
        return f"{prefix}{_grouped(satang, satang_shown=satang_shown)}{suffix}"

    return write


MONEY_FORMS: dict[str, Form] = {
    "plain": lambda s, _: _plain(s),
    "grouped": lambda s, _: _grouped(s),
    "thai_digits": lambda s, _: thai_digits(_grouped(s)),
    "parentheses": _positive("", "", satang_shown=False),
    "baht_sign": _positive("฿", "", satang_shown=False),
    "baht": _positive("", " บาท", satang_shown=False),
    "million": _in_words(_MILLION, 1_000 * SATANG, " ล้านบาท"),
    "million_short": _in_words(_MILLION, 1_000 * SATANG, " ลบ."),
    "million_english": _in_words(_MILLION, 1_000 * SATANG, "M"),
    "thousand": _in_words(_THOUSAND, 10 * SATANG, " พันบาท"),
    # Of a workbook only.
    "cell": lambda s, _: s / SATANG if s % SATANG else s // SATANG,
}

INTEGER_FORMS: dict[str, Form] = {
    "plain": lambda n, _: str(int(n)),
    "grouped": lambda n, _: f"{int(n):,}",
    "thai_digits": lambda n, _: thai_digits(str(int(n))),
    "cell": lambda n, _: int(n),
}

YEAR_FORMS: dict[str, Form] = {
    "buddhist": lambda y, _: str(y),
    "common": lambda y, _: str(y - BUDDHIST_ERA_OFFSET),
    "thai_digits": lambda y, _: thai_digits(str(y)),
    "cell": lambda y, _: int(y),
}

# --- ids, codes, places ----------------------------------------------------------------------

_ID_DIGITS = 13
_ID_CUTS = ((0, 1), (1, 5), (5, 10), (10, 12), (12, 13))


def _is_thirteen_digits(text: str) -> bool:
    return len(text) == _ID_DIGITS and text.isdigit()


def _cut(text: str, mark: str) -> str:
    if not _is_thirteen_digits(text):
        return text
    return mark.join(text[start:stop] for start, stop in _ID_CUTS)


ID_FORMS: dict[str, Form] = {
    "plain": lambda t, _: t,
    "dashed": lambda t, _: _cut(t, "-"),
    "spaced": lambda t, _: _cut(t, " "),
    # A spreadsheet took the id for a number: a leading zero is gone.
    "number": lambda t, _: str(int(t)) if _is_thirteen_digits(t) else t,
    "cell": lambda t, _: int(t) if _is_thirteen_digits(t) else t,
}

CODE_FORMS: dict[str, Form] = {
    "code": lambda c, _: c,
    "label": lambda c, column: column.codes[c],
    "upper": lambda c, _: c.upper(),
    "capital": lambda c, _: c.capitalize(),
    "padded": lambda c, _: f"  {c} ",
    "label_padded": lambda c, column: f" {column.codes[c]} ",
}


@cache
def provinces() -> dict[str, tuple[str, str]]:
    """Return each province's Thai and English name, by two-digit code, from the reference data."""
    with (_SEEDS / "provinces.csv").open(encoding="utf-8-sig", newline="") as file:
        return {
            row["province_code"]: (row["name_th"], row["name_en"]) for row in csv.DictReader(file)
        }


@cache
def _aliases() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    with (_SEEDS / "province_aliases.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            code = row["province_code"]
            found[code] = (*found.get(code, ()), row["alias"])
    return found


def _prefixed(prefix: str) -> Form:
    def write(code: str, _: Column) -> str:
        name = provinces()[code][0]
        # Nobody writes 'จังหวัด' before the capital, which is not one.
        return name if name.startswith("กรุงเทพ") else prefix + name

    return write


def _alias(code: str, _: Column) -> str:
    known = _aliases().get(code)
    return known[len(known) // 2] if known else provinces()[code][0]


PLACE_FORMS: dict[str, Form] = {
    "thai": lambda c, _: provinces()[c][0],
    "english": lambda c, _: provinces()[c][1],
    "changwat": _prefixed("จังหวัด"),
    "changwat_short": _prefixed("จ."),
    "changwat_short_spaced": _prefixed("จ. "),
    "alias": _alias,
    "code": lambda c, _: c,
}

TEXT_FORMS: dict[str, Form] = {
    "plain": lambda t, _: t,
    "padded": lambda t, _: f" {t}  ",
}

TSIC_FORMS: dict[str, Form] = {
    "plain": lambda t, _: t,
    "number": lambda t, _: str(int(t)),
    "cell": lambda t, _: int(t),
}


def _list_of(form: Form, separator: str) -> Form:
    return lambda values, column: separator.join(str(form(value, column)) for value in values)


_PLACES_FORMS: dict[str, Form] = {
    name: _list_of(form, "; " if name == "english" else ";") for name, form in PLACE_FORMS.items()
}
# In a list no spreadsheet takes an id for a number.
_IDS_FORMS: dict[str, Form] = {
    "plain": _list_of(ID_FORMS["plain"], ";"),
    "dashed": _list_of(ID_FORMS["dashed"], "; "),
    "spaced": _list_of(ID_FORMS["spaced"], " ; "),
    "number": _list_of(ID_FORMS["plain"], "; "),
    "cell": _list_of(ID_FORMS["plain"], ";"),
}

FORMS: dict[str, dict[str, Form]] = {
    "text": TEXT_FORMS,
    "cluster": TEXT_FORMS,
    "date": DATE_FORMS,
    "money": MONEY_FORMS,
    "integer": INTEGER_FORMS,
    "year": YEAR_FORMS,
    "id": ID_FORMS,
    "ids": _IDS_FORMS,
    "code": CODE_FORMS,
    "place": PLACE_FORMS,
    "places": _PLACES_FORMS,
    "tsic": TSIC_FORMS,
}
USUAL: dict[str, str] = {
    "text": "plain",
    "cluster": "plain",
    "date": "iso",
    "money": "plain",
    "integer": "plain",
    "year": "buddhist",
    "id": "plain",
    "ids": "plain",
    "code": "code",
    "place": "thai",
    "places": "thai",
    "tsic": "plain",
}
# What an empty value may look like: only numbers are marked as missing, other cells stay empty.
_MISSING: dict[str, tuple[str, ...]] = {
    "money": ("", "-", "n/a", "ไม่มี"),
    "integer": ("", "-"),
}


@dataclass(frozen=True)
class Habit:
    """How one person types.

    Attributes:
        usual: the form used for a kind, by kind; the plain one where nothing is said.
        messy: the share of values typed in any other form of their kind, 0 to 1.
        headers: 'english', 'thai' or 'odd' (English in odd case and space).
        shuffled: whether the columns stand in an order of this person's own.
    """

    usual: Mapping[str, str] = field(default_factory=dict)
    messy: float = 0.0
    headers: str = "english"
    shuffled: bool = False


class Hand:
    """One person writing one file: turns true values into cells.

    Args:
        habit: how the person types.
        random: where the choices come from; seeded by the file, so that a file never depends on
            the files before it.
        workbook: whether cells may be numbers and dates, and not only text.
    """

    def __init__(self, habit: Habit, random: Random, *, workbook: bool = False) -> None:
        """Choose the forms of every kind for this file."""
        self._draw = random.random
        self._messy = habit.messy
        self._headers = habit.headers
        self._usual: dict[str, Form] = {}
        self._others: dict[str, tuple[Form, ...]] = {}
        for kind, forms in FORMS.items():
            usual = habit.usual.get(kind, USUAL[kind])
            if not workbook and usual.startswith("cell"):
                usual = USUAL[kind]
            self._usual[kind] = forms[usual]
            self._others[kind] = tuple(
                form
                for name, form in forms.items()
                if name != usual and (workbook or not name.startswith("cell"))
            )

    def header(self, column: Column, position: int) -> str:
        """Return the header of a column."""
        if self._headers == "thai":
            return column.label
        if self._headers == "odd":
            odd = (column.name.upper(), f" {column.name} ", column.name.title(), column.label + " ")
            return odd[position % len(odd)]
        return column.name

    def write(self, column: Column, value: Any) -> Cell:
        """Return the value as this person types it."""
        kind = column.kind
        if value is None:
            marks = _MISSING.get(kind)
            if marks is None or self._draw() >= self._messy:
                return ""
            return marks[int(self._draw() * len(marks))]
        if type(value) is Count:
            kind = "integer"
        if self._draw() >= self._messy:
            return self._usual[kind](value, column)
        others = self._others[kind]
        return others[int(self._draw() * len(others))](value, column)

"""A language of the report: its words, and how it writes numbers, money, days and quarters.

Fiscal years are of the Buddhist era in both languages, as everywhere in the programme. Days are of
the Buddhist era in Thai and of the common era in English, instants are as Bangkok's clocks show.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from orchestration.settings import TIME_ZONE

#: Years that the Buddhist era is ahead.
_BE = 543
_WHOLE = Decimal(100)
_MILLION = Decimal(1_000_000)
#: What stands where there is no value.
NOTHING = "–"

_MONTHS_TH = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
_MONTHS_EN = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip

Number = int | float | Decimal


class Text(NamedTuple):
    """The same in both languages."""

    th: str
    en: str


class Language(NamedTuple):
    """One language of the report.

    Attributes:
        code: of HTML's `lang`, and the folder of its pages.
        name: what it calls itself.
    """

    code: str
    name: str

    @property
    def is_thai(self) -> bool:
        """Whether it is Thai; else it is English."""
        return self.code == "th"

    def t(self, th: str, en: str) -> str:
        """The one of two texts that is in this language."""
        return th if self.is_thai else en

    def say(self, text: Text | str | None) -> str:
        """A text in this language; one that is only a string is the same in all."""
        if text is None:
            return NOTHING
        return self.t(*text) if isinstance(text, Text) else text

    def number(self, value: Number | None, decimals: int = 0) -> str:
        """A number with commas between thousands; `NOTHING` for None."""
        return NOTHING if value is None else _signed(f"{value:,.{decimals}f}")

    def percent(self, ratio: Number | None, decimals: int = 1) -> str:
        """A ratio (0 to 1) as a percentage; what is not whole never reads 100%."""
        if ratio is None:
            return NOTHING
        shown = Decimal(str(ratio)) * 100
        if 0 < shown < _WHOLE:  # not rounded up to a target that is not met
            shown = min(shown, _WHOLE - Decimal(10) ** -decimals)
        return f"{self.number(shown, decimals)}%"

    def million(self, baht: Number | None, decimals: int = 1) -> str:
        """Baht as millions, with the unit: `฿488.0 million`, `฿488.0 ล้าน`."""
        if baht is None:
            return NOTHING
        value = Decimal(str(baht)) / _MILLION
        return _signed(f"{'-' if value < 0 else ''}฿{abs(value):,.{decimals}f}") + self.t(
            " ล้าน", " million"
        )

    def signed_million(self, baht: Number | None) -> str:
        """A change as millions with its sign, to the hundredth: `+฿1.20 million`."""
        if baht is None:
            return NOTHING
        return ("+" if baht > 0 else "") + self.million(baht, 2)

    def baht(self, baht: Number | None) -> str:
        """Baht to the satang, with the unit."""
        if baht is None:
            return NOTHING
        return f"{self.number(baht, 2)} {self.t('บาท', 'baht')}"

    def day(self, day: dt.date | None) -> str:
        """A day: `15 ม.ค. 2558`, `15 Jan 2015`."""
        if day is None:
            return NOTHING
        month = (_MONTHS_TH if self.is_thai else _MONTHS_EN)[day.month - 1]
        return f"{day.day} {month} {day.year + (_BE if self.is_thai else 0)}"

    def instant(self, instant: dt.datetime | None) -> str:
        """An instant of the warehouse (UTC, without a zone) on Bangkok's clocks."""
        if instant is None:
            return NOTHING
        there = instant.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(TIME_ZONE))
        return f"{self.day(there.date())} {there:%H:%M}" + self.t(" น.", "")

    def year(self, fiscal_year_be: int | None) -> str:
        """A fiscal year: `ปีงบประมาณ 2558`, `fiscal year 2558`."""
        if fiscal_year_be is None:
            return NOTHING
        return f"{self.t('ปีงบประมาณ', 'fiscal year')} {fiscal_year_be}"

    def quarter(self, fiscal_year_be: int, quarter: int) -> str:
        """A fiscal quarter, short: `ไตรมาส 1/2558`, `Q1 2558`."""
        return self.t(f"ไตรมาส {quarter}/{fiscal_year_be}", f"Q{quarter} {fiscal_year_be}")

    def value(self, value: Any, kind: str) -> str:
        """A value of a table as people read it.

        Args:
            value: None where nobody knows.
            kind: `text`, `code`, `count`, `baht`, `million`, `ratio`, `decimal`, `day`, `instant`
                or `plain` (a number without commas, as a year).
        """
        if value is None or value == "":
            return NOTHING
        write: Mapping[str, Callable[[Any], str]] = {
            "count": self.number,
            "baht": lambda baht: self.number(baht, 2),
            "million": lambda baht: self.number(Decimal(str(baht)) / _MILLION, 2),
            "ratio": self.percent,
            "decimal": lambda number: self.number(number, 1),
            "day": self.day,
            "instant": self.instant,
            "plain": str,
        }
        return write.get(kind, self._text)(value)

    def _text(self, value: Any) -> str:
        if isinstance(value, bool):
            return self.t("ใช่", "yes") if value else self.t("ไม่ใช่", "no")
        return self.say(value if isinstance(value, Text) else str(value))


def _signed(number: str) -> str:
    """A number with a minus sign as long as a plus, and without one before zero."""
    if number.startswith("-") and not number.strip("-฿0,."):
        number = number[1:]
    return number.replace("-", "−")


THAI = Language("th", "ไทย")
ENGLISH = Language("en", "English")
LANGUAGES = (THAI, ENGLISH)

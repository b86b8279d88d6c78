"""Values as people type them: what each text stands for, and which texts stand for none."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum.th import moa, pin

from sources.contracts import Contract
from sources.reference import SEEDS, province_spellings
from sources.sampling.forms import (
    DATE_FORMS,
    ID_FORMS,
    INTEGER_FORMS,
    MONEY_FORMS,
    MONTHS,
    PLACE_FORMS,
    YEAR_FORMS,
    Column,
    provinces,
    thai_digits,
)
from sources.sampling.world import community_code, juristic_id, natural_id
from sources.text import spelling_key, tidy
from tests.good_rows import GOOD_ROWS, as_csv
from tests.intake_home import Home

SECRET = b"a secret of the tests"
DAY = dt.date(2015, 1, 20)
COLUMN = Column("any", "any")

quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

# ── Dates ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "2015-01-20",
        "20/01/2558",
        "20-1-2558",
        "20.01.2558",
        "20 ม.ค. 58",
        "20 มกราคม 2558",
        "20 มกราคม พ.ศ. 2558",
        "20 Jan 2015",
        "๒๐/๐๑/๒๕๕๘",
        "42024",
        "42024.0",
        "42024.5",
        "2015-01-20 09:30:00",
        "2015-01-20T09:30:00",
        "2015-01-20T09:30:00+07:00",
        "20/01/2558 14:05",
        "20/01/2558 14.05 น.",
        "2558-01-20",
        "2558-01-20 00:00:00",
        "20/01/58",
        "20/1/58",
        "20-01-58",
        "20ม.ค.58",
        "20 ม.ค.2558",
        "20 มค 58",
        "20 ม.ค. ๒๕๕๘",
        "๒๐ มกราคม ๒๕๕๘",
        "วันที่ 20 มกราคม พ.ศ. 2558",
        "วันอังคารที่ 20 มกราคม พ.ศ. 2558",
        "วันอังคารที่ ๒๐ เดือนมกราคม พ.ศ. ๒๕๕๘ เวลา ๑๔.๐๕ น.",
        "พฤ. 20 ม. ค. 2558",
        "20 / 01 / 2558",
        "20–01–2558",
        "January 20, 2015",
        "Tuesday, January 20th, 2015",
        "20th of January 2015",
        "20/01/2015, 2:05 PM",
        "2015-01-20 09:30:00+07",
        "'20/01/2558",
        "20 ม.ค. '58",
        "20 Jan ’15",
        "240351",
        "20 january 2015",
        "20-Jan-15",
        "20 JAN 2558",
        "20 มกราคม ค.ศ. 2015",
        "20/01/2015",
        "2015/01/20",
        " 20/01/2558 ",
        "\u00a020/01/2558\u200b",
    ],
)
def test_a_day_reads_the_same_in_every_form(read: Any, text: str) -> None:
    assert read("date", [text]) == {text: DAY}


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2558",
        "29/02/2558",
        "2558-02-29",
        "00/01/2558",
        "20/13/2558",
        "32 ม.ค. 2558",
        "20/01",
        "ม.ค. 2558",
        "20/01/558",
        "20/01/25588",
        "20.01-2558",
        "20 มกรา1คม 2558",
        "20 พ.ศ. 2015",
        "20 มกราคม พ.ศ. 2015",
        "20 มกราคม ค.ศ. 2558",
        "20150120",
        "4202",
        "เมื่อวาน",
        "20/01/2558 และ 21/01/2558",
        "20/01/2558-21/01/2558",
        "20-22 มกราคม 2558",
        "2 0 มกราคม 2558",
        "20 มกราคม 25 58",
        "มกราคม 20 58",
        "January 2015",
        "20 ม.ค.",
        "20 มกราคา 2558",
        "?",
        "-1",
    ],
)
def test_what_names_no_day_is_no_date(read: Any, text: str) -> None:
    assert read("date", [text]) == {text: None}


def test_every_day_of_sixty_years_reads_back_from_every_form(read: Any) -> None:
    days = [
        dt.date(1997, 1, 1) + dt.timedelta(n)
        for n in range((dt.date(2058, 1, 1) - dt.date(1997, 1, 1)).days)
    ]
    wanted = {}
    for name, form in DATE_FORMS.items():
        if name.startswith("cell"):
            continue
        short = name in {"slash_short_year", "thai_short"}
        # Two digits of a Buddhist year say nothing of the century: 2600 would be 2500.
        wanted |= {form(day, COLUMN): day for day in days if not (short and day.year > 2056)}
    answers = read("date", wanted)
    assert {
        text: (day, answers[text]) for text, day in wanted.items() if answers[text] != day
    } == {}


WEEKDAYS = (
    ("วันจันทร์", "จ.", "Monday"),
    ("วันอังคาร", "อ.", "Tue"),
    ("วันพุธ", "พ.", "Wednesday"),
    ("วันพฤหัสบดี", "พฤ.", "Thurs."),
    ("วันศุกร์", "ศ.", "Fri"),
    ("วันเสาร์", "ส.", "Sat."),
    ("วันอาทิตย์", "อา.", "Sunday"),
)
TIMES = (
    "", " 9:05", " 09:30:00", " 09:30:00.123456", " 14.05 น.", " เวลา 14.05 น.", "เวลา 9 น.",
    ", 2:05 PM", " 2:05 p.m.", " 00:00:00+07:00", " 14:05 น", " 14:05 นาฬิกา", " 17:00 UTC",
)  # fmt: skip
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def _numeric(draw: Any, day: dt.date) -> str:
    mark = draw(st.sampled_from("/-.–"))
    around = draw(st.sampled_from([(mark, mark), (f" {mark} ", f" {mark} "), (mark + " ",) * 2]))
    width = draw(st.sampled_from(["d", "02d"]))
    years = [f"{day.year + 543}", f"{day.year}"]
    if draw(st.booleans()):
        year = draw(st.sampled_from(years))
        return f"{year}{around[0]}{day.month:{width}}{around[1]}{day.day:{width}}"
    if day.year + 543 < 2600:
        years.append(f"{(day.year + 543) % 100:02d}")
    year = draw(st.sampled_from(years))
    return f"{day.day:{width}}{around[0]}{day.month:{width}}{around[1]}{year}"


def _thai_month(draw: Any, day: dt.date) -> str:
    long, short, _ = MONTHS[day.month - 1]
    month = draw(
        st.sampled_from([long, short, short.replace(".", ""), short.replace(".", ". ").strip()])
    )
    gap = draw(st.sampled_from([" ", "", "  ", "-", "/", "\u00a0"]))
    plain = gap not in ("-", "/")
    era = draw(st.sampled_from(["", "พ.ศ. ", "พ.ศ.", "พศ ", "พ. ศ. ", "ปี ", "ปี พ.ศ. "]))
    years = [str(day.year + 543)]
    if era == "" or day.year + 543 < 2600:
        years += [str((day.year + 543) % 100).zfill(2)] if day.year + 543 < 2600 else []
    word = draw(st.sampled_from(["", "เดือน"])) if plain else ""
    number = draw(st.sampled_from([str(day.day), f"{day.day:02d}"]))
    year = draw(st.sampled_from(years))
    return f"{number}{gap}{word}{month}{gap}{era if plain else ''}{year}"


def _english_month(draw: Any, day: dt.date) -> str:
    month = f"{day:%B}" if draw(st.booleans()) else f"{day:%b}"
    month = draw(st.sampled_from([month, month.upper(), month.lower(), month + "."]))
    years = [str(day.year), str(day.year + 543), f"A.D. {day.year}", f"B.E. {day.year + 543}"]
    if day.year >= 2000:
        years.append(f"{day.year % 100:02d}")
    ending = {1: "st", 2: "nd", 3: "rd"}.get(day.day, "th")
    number = draw(st.sampled_from([str(day.day), f"{day.day:02d}", f"{day.day}{ending}"]))
    if draw(st.booleans()):
        mark = draw(st.sampled_from([", ", " ", ","]))
        return f"{month} {number}{mark}{day.year}"
    gap = draw(st.sampled_from([" ", "-", "/"]))
    year = draw(st.sampled_from(years if gap == " " else [y for y in years if "." not in y]))
    return f"{number}{gap}{month}{gap}{year}"


@st.composite
def typed_dates(draw: Any) -> tuple[str, dt.date]:
    """A day of 2540 to 2600 BE, and a text that somebody typed for it."""
    day = draw(st.dates(dt.date(1997, 1, 1), dt.date(2057, 12, 31)))
    form = draw(st.sampled_from(["numeric", "thai", "english", "serial", "iso"]))
    if form == "serial":
        shown = day
        if draw(st.booleans()) and (day.month, day.day) != (2, 29):
            shown = day.replace(year=day.year + 543)
        serial = shown.toordinal() - dt.date(1899, 12, 30).toordinal()
        text = f"{serial}" + draw(st.sampled_from(["", ".0", ".5", ".395833333"]))
    elif form == "iso":
        text = day.isoformat() + draw(st.sampled_from(["T09:30:00", "T09:30:00.000Z", "t00:00"]))
    else:
        say = {"numeric": _numeric, "thai": _thai_month, "english": _english_month}[form]
        full, short, english = WEEKDAYS[day.weekday()]
        before = ["", "วันที่ ", f"{full}ที่ ", f"{full} ที่ ", f"{full} วันที่ ", f"{short} "]
        if form == "english":
            before = ["", f"{english} ", f"{english}, "]
        text = draw(st.sampled_from(before)) + say(draw, day) + draw(st.sampled_from(TIMES))
    digits = draw(st.sampled_from(["", "", "0123456789", "25", "0"]))
    text = "".join(thai_digits(c) if c in digits else c for c in text)
    if draw(st.booleans()):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(INVISIBLE)) + text[at:]
    around = draw(st.sampled_from(["", " ", "\u00a0", "\t", "\n"]))
    return around + text + around, day


@given(st.lists(typed_dates(), min_size=1, max_size=60))
@settings(quick, max_examples=80)
def test_any_day_typed_in_any_form_reads_back(read: Any, typed: list[tuple[str, dt.date]]) -> None:
    wanted = dict(typed)
    answers = read("date", wanted)
    assert {t: (day, answers[t]) for t, day in wanted.items() if answers[t] != day} == {}


def test_a_leap_day_is_one_by_the_christian_year(read: Any) -> None:
    answers = read("date", ["29/02/2559", "29 ก.พ. 59", "2559-02-29", "29/02/2543", "29/02/2560"])
    assert answers == {
        "29/02/2559": dt.date(2016, 2, 29),
        "29 ก.พ. 59": dt.date(2016, 2, 29),
        "2559-02-29": dt.date(2016, 2, 29),
        "29/02/2543": dt.date(2000, 2, 29),
        "29/02/2560": None,
    }


def test_day_stands_before_month(read: Any) -> None:
    assert read("date", ["02/03/2558"]) == {"02/03/2558": dt.date(2015, 3, 2)}


def test_two_digit_year_after_a_thai_month_is_buddhist_era_and_after_an_english_one_is_not(
    read: Any,
) -> None:
    assert read("date", ["1 ม.ค. 58", "1 Jan 58", "1/1/58"]) == {
        "1 ม.ค. 58": dt.date(2015, 1, 1),
        "1 Jan 58": dt.date(2058, 1, 1),
        "1/1/58": dt.date(2015, 1, 1),
    }


@pytest.mark.parametrize("text", ["20/01/2399", "20/01/2943", "20/01/9999", "999999", "20/01/1799"])
def test_a_year_that_neither_era_has_in_our_centuries_is_no_date(read: Any, text: str) -> None:
    year = read("date", [text])[text]
    assert year is None or year == dt.date(2399, 1, 20)


def test_every_month_reads_in_thai_and_english_short_and_long(read: Any) -> None:
    for number, (long, short, english) in enumerate(MONTHS, start=1):
        for month in (long, short, short.replace(".", ""), english, english.upper()):
            text = f"5 {month} 2558"
            assert read("date", [text]) == {text: dt.date(2015, number, 5)}


def test_a_split_sara_am_and_two_sara_e_for_mae_are_read(read: Any) -> None:
    assert read("province", ["เเพร่", "ลําพูน"]) == {"เเพร่": "54", "ลําพูน": "51"}


# ── Money and numbers ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234567.5", "1234567.50"),
        ("1,234,567.50", "1234567.50"),
        ("๑,๒๓๔.๕๐", "1234.50"),
        ("฿1,200", "1200.00"),
        ("1,200 บาท", "1200.00"),
        ("(1,200)", "-1200.00"),
        ("(1,200.75)", "-1200.75"),
        ("1.25 ล้านบาท", "1250000.00"),
        ("1.25 ลบ.", "1250000.00"),
        ("1.25ล้าน", "1250000.00"),
        ("500 พันบาท", "500000.00"),
        ("1.2M", "1200000.00"),
        ("๑.๒๕ ล้านบาท", "1250000.00"),
        ("(1.25 ล้านบาท)", "-1250000.00"),
        ("-1.25 ล้านบาท", "-1250000.00"),
        ("(1.25) ล้านบาท", "-1250000.00"),
        ("(1,200) บาท", "-1200.00"),
        ("(1.5) พันล้านบาท", "-1500000000.00"),
        ("(1,200).-", "-1200.00"),
        ("1,234.56 ล้านบาท", "1234560000.00"),
        ("-1,200", "-1200.00"),
        ("−1,200", "-1200.00"),
        ("- 1,200", "-1200.00"),
        ("+1200", "1200.00"),
        ("1,200.-", "1200.00"),
        ("1,200 บาทถ้วน", "1200.00"),
        ("0", "0.00"),
        ("-0", "0.00"),
        ("0.01", "0.01"),
        ("0.29", "0.29"),
        # In satang these are more than a double can count.
        ("90071992547409.93", "90071992547409.93"),
        ("90,071,992,547,409.93", "90071992547409.93"),
        ("0.000001 ล้านบาท", "1.00"),
        ("1200.0", "1200.00"),
        (" 1,200 ", "1200.00"),
        ("'-500", "-500.00"),
        ("'(1,200)", "-1200.00"),
        ("–1,200", "-1200.00"),
        ("฿(1,200.50)", "-1200.50"),
        ("-฿1,200", "-1200.00"),
        ("฿-1,200", "-1200.00"),
        ("THB 1,200.50", "1200.50"),
        ("Baht 1,200", "1200.00"),
        ("1,200 ฿", "1200.00"),
        ("1,200.-บาท", "1200.00"),
        ("1,200.", "1200.00"),
        (".5", "0.50"),
        ("1.2 K", "1200.00"),
        ("1.5 แสนบาท", "150000.00"),
        ("2 หมื่น", "20000.00"),
        ("1.25 ล.บ.", "1250000.00"),
        ("1.25 MB", "1250000.00"),
        ("0.00000001 ล้านบาท", "0.01"),
        ("1.23456789 ล้านบาท", "1234567.89"),
        ("0.0000000000001 แสนล้านบาท", "0.01"),
        ("9,999,999,999.99999999 ล้านบาท", "9999999999999999.99"),
        # What is finer than a satang goes to the nearest one, halves away from zero, at once.
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("(0.005)", "-0.01"),
        ("0.00499999999999999999", "0.00"),
        ("3333.3333333333335", "3333.33"),
        ("1.234567894 ล้านบาท", "1234567.89"),
        ("1.234567895 ล้านบาท", "1234567.90"),
        ("0.1", "0.10"),
        ("0.30000000000000004", "0.30"),
    ],
)
def test_an_amount_is_exact_to_the_satang(read: Any, text: str, value: str) -> None:
    assert read("money", [text]) == {text: Decimal(value)}


@pytest.mark.parametrize(
    "text",
    [
        "1,20",
        "12,34,567",
        "1,2345",
        "1.234.567,50",
        "1.2.3",
        "1200 และ 300",
        "100 200",
        "1 2",
        "ประมาณ 1200",
        "1200-1300",
        "$5",
        "1e5",
        "(1,200",
        "1,200)",
        "(-1,200)",
        "--5",
        "1,200-",
        "1,200.00-",
        "ลบ 1,200",
        ".",
        "1.2.",
        "-",
        "10,000,000,000 ล้านบาท",
        "1 ล้าน 2 แสน",
        "(1 ล้าน) ล้าน",
        "(5)5",
        "(5)(5)",
        "((5))",
        "5()",
        "บาท",
        "99999999999999999.00",
        "1,200 usd",
        "?",
    ],
)
def test_what_could_be_another_amount_is_refused(read: Any, text: str) -> None:
    assert read("money", [text]) == {text: None}


@given(
    satang=st.integers(-(10**15), 10**15),
    form=st.sampled_from([name for name in MONEY_FORMS if name != "cell"]),
)
@quick
def test_any_amount_in_any_form_reads_back_to_the_satang(read: Any, satang: int, form: str) -> None:
    if form in {"parentheses", "baht", "baht_sign"}:
        satang -= satang % 100  # in these forms people leave .00 out
    text = MONEY_FORMS[form](satang, COLUMN)
    assert read("money", [text]) == {text: Decimal(satang) / 100}


UNITS = {
    "": 0, "พัน": 3, "พันบาท": 3, "K": 3, "หมื่น": 4, "หมื่นบาท": 4, "แสน": 5, "แสนบาท": 5, "ล้าน": 6,
    "ล้านบาท": 6, "ลบ.": 6, "ล.บ.": 6, "M": 6, "million baht": 6, "สิบล้านบาท": 7, "ร้อยล้าน": 8,
    "พันล้านบาท": 9, "หมื่นล้าน": 10, "แสนล้านบาท": 11,
}  # fmt: skip


def _grouped(digits: str) -> str:
    return f"{int(digits):,}"


@st.composite
def typed_amounts(draw: Any) -> tuple[str, Decimal]:
    """An amount of at most ten million million baht, and a text that somebody typed for it."""
    satang = draw(st.integers(-(10**15), 10**15))
    unit = draw(st.sampled_from(sorted(UNITS)))
    places = UNITS[unit] + 2
    digits = str(abs(satang)).zfill(places + 1)
    whole, fraction = digits[:-places], digits[-places:]
    if draw(st.booleans()):
        fraction = fraction.rstrip("0")
    number = (_grouped(whole) if draw(st.booleans()) else whole) + ("." if fraction else "")
    number += fraction
    ahead = draw(st.sampled_from(["", "฿", "฿ ", "THB ", "บาท "])) if unit == "" else ""
    behind = draw(st.sampled_from(["", " บาท", " บ.", " THB", " ฿", " บาทถ้วน", " baht"]))
    behind = f"{draw(st.sampled_from(['', ' ']))}{unit}" if unit else behind
    if satang < 0:
        forms = [f"-{ahead}{number}{behind}", f"−{ahead}{number}{behind}", f"- {number}{behind}"]
        forms += [f"({ahead}{number}{behind})", f"({number}){behind}", f"'-{number}{behind}"]
        text = draw(st.sampled_from(forms))
    else:
        text = draw(st.sampled_from(["", "+", "'"])) + ahead + number + behind
        text = text if not text.startswith("'฿") else text[1:]
    if draw(st.booleans()):
        text = thai_digits(text)
    around = draw(st.sampled_from(["", " ", "\u00a0", "\u200b"]))
    return around + text + around, Decimal(satang) / 100


@given(st.lists(typed_amounts(), min_size=1, max_size=60))
@settings(quick, max_examples=80)
def test_any_amount_typed_in_any_form_is_exact_to_the_satang(
    read: Any, typed: list[tuple[str, Decimal]]
) -> None:
    wanted = dict(typed)
    answers = read("money", wanted)
    assert {t: (baht, answers[t]) for t, baht in wanted.items() if answers[t] != baht} == {}


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**9),
            st.text("0123456789", max_size=25),
            st.sampled_from(sorted(UNITS)),
        ),
        min_size=1,
        max_size=60,
    )
)
@quick
def test_what_is_finer_than_a_satang_is_rounded_once(
    read: Any, amounts: list[tuple[int, str, str]]
) -> None:
    wanted = {}
    for whole, fraction, unit in amounts:
        exact = Decimal(f"{whole}.{fraction or 0}").scaleb(UNITS[unit])
        if exact < 10**16 - 1:
            satang = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
            wanted[f"{whole}.{fraction} {unit}".strip()] = satang
    assert read("money", wanted) == wanted


def test_a_bare_number_below_a_header_with_a_unit_is_in_it_however_its_sign_is_typed(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "home")
    said = ["-1.5", "−1.5", "–1.5", "(1.5)", "'-1.5", "'(1.5)", "-๑.๕", "\u200b-1.5", "-1.5 ล้านบาท"]
    rows = [
        {**GOOD_ROWS["financial_outcomes"], "cluster_code": f"C{n}", "amount": text}
        for n, text in enumerate([*said, "+.5", "5 บาท"], start=10)
    ]
    text = as_csv(rows).replace(",amount,", ",จำนวน (ล้านบาท),", 1)
    assert "ล้านบาท" in text.splitlines()[0]
    home.put("financial_outcomes/a.csv", text)
    _, taken = home.night()
    amounts = [row["amount"] for row in taken["financial_outcomes/a.csv"].rows]
    assert amounts == [Decimal(-1_500_000)] * len(said) + [Decimal(500_000), Decimal(5)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("1,200", 1200),
        ("๑๒", 12),
        ("12.0", 12),
        ("12 คน", 12),
        ("1,200 อัตรา", 1200),
        ("'12", 12),
        ("-3", -3),
        ("007", 7),
        ("2147483647", 2147483647),
        ("12.5", None),
        ("1,20", None),
        ("1 2", None),
        ("สิบสอง", None),
        ("99999999999", None),
    ],
)
def test_people_are_counted_whole(read: Any, text: str, value: int | None) -> None:
    assert read("integer", [text]) == {text: value}


@given(st.integers(0, 10**9), st.sampled_from(sorted(INTEGER_FORMS)))
@quick
def test_any_count_in_any_form_reads_back(read: Any, number: int, form: str) -> None:
    text = str(INTEGER_FORMS[form](number, COLUMN))
    assert read("integer", [text]) == {text: number}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2558", 2558),
        ("2015", 2558),
        ("๒๕๕๘", 2558),
        ("58", 2558),
        ("2558.0", 2558),
        ("ปี 2558", 2558),
        ("ปีงบประมาณ พ.ศ. 2558", 2558),
        ("FY2015", 2558),
        ("FY'58", 2558),
        ("2549", 2549),
        ("2601", 2601),
        ("2007", 2550),
        ("พ.ศ. ๒๕๕๘", 2558),
        ("ค.ศ. 2015", 2558),
        ("พ.ศ. 2015", None),
        ("ค.ศ. 2558", None),
        ("2557/2558", None),
        ("558", None),
        ("ปีนี้", None),
    ],
)
def test_a_fiscal_year_is_buddhist_era_whichever_way_it_was_said(
    read: Any, text: str, value: int | None
) -> None:
    assert read("fiscal_year", [text]) == {text: value}


@given(st.integers(2550, 2600), st.sampled_from(sorted(YEAR_FORMS)))
@quick
def test_any_fiscal_year_in_any_form_reads_back(read: Any, year: int, form: str) -> None:
    text = str(YEAR_FORMS[form](year, COLUMN))
    assert read("fiscal_year", [text]) == {text: year}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("4.0", 4),
        ("๓", 3),
        ("Q2", 2),
        ("ไตรมาส 3", 3),
        ("ไตรมาสที่ ๔", 4),
        ("5", 5),
        ("0", 0),
        ("-1", -1),
        ("1-2", None),
        ("1/2558", None),
        ("แรก", None),
    ],
)
def test_a_quarter_is_a_number_after_its_word_or_alone(
    read: Any, text: str, value: int | None
) -> None:
    assert read("quarter", [text]) == {text: value}


# ── Ids ───────────────────────────────────────────────────────────────────────────────────────


def _checked(twelve: str) -> str:
    return twelve + pin.calc_check_digit(twelve)


@pytest.mark.parametrize("form", sorted(ID_FORMS))
@pytest.mark.parametrize("ident", ["0105558000014", "1101700230708", "4-57-01-01/1-0001"])
def test_an_id_reads_the_same_in_every_form(read: Any, ident: str, form: str) -> None:
    text = str(ID_FORMS[form](ident, COLUMN))
    assert read("enterprise_id", [text]) == {text: ident}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("๐๑๐๕๕๕๘๐๐๐๐๑๔", "0105558000014"),
        ("105558000014.0", "0105558000014"),
        ("0–1055–58000–01–4", "0105558000014"),
        ("4–57–01–01/1–0001", "4-57-01-01/1-0001"),
        ("๔-๕๗-๐๑-๐๑/๑-๐๐๐๑", "4-57-01-01/1-0001"),
        ("'0105558000014", "0105558000014"),
        ("\u200b0105558000014\u00a0", "0105558000014"),
        ("9105558000014", None),
        ("0105558000015", None),
        ("1.05558E+11", None),
        ("10555800001", None),
        ("00105558000014", None),
        ("4-57-01-01/1-001", None),
        ("4-57-01-01", None),
        ("0105558000014/1", None),
        ("ไม่ทราบ", None),
    ],
)
def test_what_is_no_id_is_refused(read: Any, text: str, value: str | None) -> None:
    assert read("enterprise_id", [text]) == {text: value}


@given(st.lists(st.text("0123456789", min_size=13, max_size=13), min_size=1, max_size=40))
@quick
def test_thirteen_digits_are_an_id_exactly_where_the_check_digit_fits(
    read: Any, texts: list[str]
) -> None:
    assert read("enterprise_id", texts) == {
        text: text if moa.is_valid(text) or pin.is_valid(text) else None for text in texts
    }


@given(
    twelve=st.from_regex(r"[0-8][0-9]{11}", fullmatch=True),
    position=st.integers(0, 12),
    digit=st.sampled_from("0123456789"),
)
@quick
def test_an_id_with_one_wrong_digit_is_refused_wherever_its_check_digit_can_tell(
    read: Any, twelve: str, position: int, digit: str
) -> None:
    good = _checked(twelve)
    wrong = good[:position] + digit + good[position + 1 :]
    can_tell = pin.calc_check_digit(wrong[:12]) != wrong[12]
    # The official sum weighs the third digit by 11, which is 0 modulo 11, and gives the remainders
    # 0 and 10 the same check digit: a slip of that kind no reader can tell.
    shift = (int(digit) - int(good[position])) * (13 - position) % 11
    if wrong != good and (position == 12 or shift not in (0, 1, 10)):
        assert can_tell
    assert read("enterprise_id", [wrong])[wrong] == (None if can_tell or wrong[0] == "9" else wrong)


def test_a_wrong_digit_is_seen_in_every_place_but_the_third(read: Any) -> None:
    good = [_checked(f"0{n:011d}") for n in range(10_000_000_000, 99_999_999_999, 999_999_937)]
    seen = {}
    for place in range(1, 13):
        wrong = [
            number[:place] + digit + number[place + 1 :]
            for number in good
            for digit in "0123456789"
            if digit != number[place]
        ]
        answers = read("enterprise_id", wrong)
        seen[place + 1] = sum(value is None for value in answers.values()) / len(answers)
    # The third digit weighs 11 in a sum modulo 11: no reader can see a slip there. Elsewhere the
    # remainders 0 and 10 share a check digit, which hides about one slip in sixty.
    assert seen.pop(3) == 0
    assert seen.pop(13) == 1
    assert all(0.96 < share < 1 for share in seen.values()), seen


@given(st.from_regex(r"[0-8][0-9]{11}", fullmatch=True), st.integers(0, 11))
@settings(quick, max_examples=150)
def test_two_neighbours_swapped_are_refused_wherever_the_check_digit_can_tell(
    read: Any, twelve: str, place: int
) -> None:
    good = _checked(twelve)
    left, right = good[place], good[place + 1]
    swapped = good[:place] + right + left + good[place + 2 :]
    can_tell = pin.calc_check_digit(swapped[:12]) != swapped[12]
    # Neighbours among the first twelve differ by 1 in weight, so that only a difference of 1 can
    # turn the remainder 0 into 10 or back, which the check digit does not tell apart.
    if left != right and place < 11 and abs(int(left) - int(right)) != 1:
        assert can_tell
    refused = can_tell or swapped[0] == "9"
    assert read("enterprise_id", [swapped])[swapped] == (None if refused else swapped)


@given(number=st.integers(0, 10**11 - 1))
@quick
def test_a_leading_zero_that_a_spreadsheet_dropped_is_put_back(read: Any, number: int) -> None:
    good = _checked(f"01{number % 10**10:010d}")
    assert read("enterprise_id", [good[1:]]) == {good[1:]: good}


def test_the_ids_of_the_sample_are_of_the_kinds_they_say(read: Any, say: Any) -> None:
    company, person, community = juristic_id(1), natural_id(1), community_code(1)
    answers = read("enterprise_id", [company, person, community])
    assert all(text == value for text, value in answers.items())
    assert say("is_natural_person_id", [company, person, community]) == [False, True, False]


@given(st.text(min_size=0, max_size=40))
@quick
def test_the_keyed_hash_is_hmac_sha_256(say: Any, ident: str) -> None:
    assert say("keyed_hash", [ident]) == [
        hmac.new(SECRET, ident.encode(), hashlib.sha256).hexdigest()
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("101", "00101"),
        ("101.0", "00101"),
        ("13111", "13111"),
        ("๑๓๑๑๑", "13111"),
        ("c01", "C01"),
        (" C 01 ", "C01"),
        ("'C01", "C01"),
        ("131115", "131115"),
    ],
)
def test_an_identifier_has_one_case_and_its_leading_zeros(read: Any, text: str, value: str) -> None:
    assert read("identifier", [text]) == {text: value}


# ── Places ────────────────────────────────────────────────────────────────────────────────────


def test_every_province_reads_in_every_form(read: Any) -> None:
    wanted = {
        str(form(code, COLUMN)): code for code in provinces() for form in PLACE_FORMS.values()
    }
    wanted |= {thai_digits(code): code for code in provinces()}
    wanted |= {f"{code}.0": code for code in provinces()}
    wanted |= {names[1].upper(): code for code, names in provinces().items()}
    answers = read("province", wanted)
    assert {text: answers[text] for text in wanted if answers[text] != wanted[text]} == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("จังหวัด เลย", "42"),
        ("จ. เลย", "42"),
        ("จ.เลย", "42"),
        ("โคราช", "30"),
        ("กทม.", "10"),
        ("กทม", "10"),
        ("กรุงเทพฯ", "10"),
        ("อยุธยา", "14"),
        ("กทม. ", "10"),
        ("กท.", "10"),
        ("ชม.", "50"),
        ("ชร", "57"),
        ("จ.บ.", "22"),
        ("จ.จบ.", "22"),
        ("KKN", "40"),
        ("จว.เลย", "42"),
        ("จ เลย", "42"),
        ("จังหวัด: เลย", "42"),
        ("Changwat Loei", "42"),
        ("Loei Province", "42"),
        ("Bangkok Metropolis", "10"),
        ("แปดริ้ว", "24"),
        ("เมืองคอน", "80"),
        ("อุบลฯ", "34"),
        ("lopburi", "16"),
        ("Phang-nga", "82"),
        ("Si Saket", "33"),
        ("ศรีษะเกษ", "33"),
        ("ประจวบคีรีขันต์", "77"),
        ("เชีียงใหม่", "50"),
        ("เชียงใหม่ (Chiang Mai)", "50"),
        ("เชียงใหม่/Chiang Mai", "50"),
        ("เชียงใหม่ - Chiang Mai", "50"),
        ("เชียงใหม่ Chiang Mai", "50"),
        ("50 เชียงใหม่", "50"),
        ("50-เชียงใหม่", "50"),
        ("๕๐: เชียงใหม่", "50"),
        ("50 - Chiang Mai", "50"),
        ("นครราชสีมา (โคราช)", "30"),
        ("กรุงเทพมหานคร (กทม.)", "10"),
        ("อำเภอเมือง จ.เชียงใหม่", "50"),
        ("99/1 ม.2 ต.สุเทพ อ.เมือง จังหวัดเชียงใหม่", "50"),
        ("เชียงใหม่ (Chiang Rai)", None),
        ("51 เชียงใหม่", None),
        ("เลย, หนองคาย", None),
        ("เลย/หนองคาย", None),
        ("อำเภอเมืองเชียงใหม่", None),
        ("อ.เมือง เชียงใหม่", None),
        ("อ.เมือง จ.เชียงใหม่ 50000", None),
        ("อ.เมือง จ.เลย จ.เชียงใหม่", None),
        ("ทุกแห่ง ยกเว้น จ.เลย", None),
        ("จ.เลย และ อ.เมือง", None),
        ("เพชร", None),
        ("นคร", None),
        ("จังหวัด", None),
        ("จ.", None),
        ("บ.", None),
        ("()", None),
        ("เมืองนอก", None),
        ("ต่างจังหวัด", None),
        ("00", None),
        ("99", None),
        ("เลย และ หนองคาย", None),
    ],
)
def test_a_province_is_known_by_its_names_variants_and_code(
    read: Any, text: str, code: str | None
) -> None:
    assert read("province", [text]) == {text: code}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(provinces())),
            st.sampled_from(
                ["{th}", "{en}", "จังหวัด{th}", "จังหวัด {th}", "จ.{th}", "จ. {th}", "จว.{th}",
                 "{code}", "{code}.0", "{thai_code}", "{th} ({en})", "{code} {th}", "{upper}",
                 "{lower}", "{joined}", "{en} Province"]
            ),
            st.sampled_from(["", " ", "\u00a0", "\u200b", "\t", "\n"]),
        ),
        min_size=1,
        max_size=60,
    )
)  # fmt: skip
@quick
def test_any_province_in_any_form_between_any_spaces_reads(
    read: Any, typed: list[tuple[str, str, str]]
) -> None:
    wanted = {}
    for code, form, space in typed:
        th, en = provinces()[code]
        said = form.format(
            th=th, en=en, code=code, thai_code=thai_digits(code), upper=en.upper(),
            lower=en.lower(), joined=en.replace(" ", ""),
        )  # fmt: skip
        wanted[space + said + space] = code
    assert read("province", wanted) == wanted


@given(
    st.sampled_from(sorted(provinces())), st.integers(0, 20), st.sampled_from("กนมรสงเาี่"), st.data()
)
@settings(quick, max_examples=150)
def test_a_near_miss_is_no_province(
    read: Any, code: str, place: int, letter: str, data: st.DataObject
) -> None:
    name = provinces()[code][0]
    place %= len(name)
    wrong = data.draw(
        st.sampled_from(
            [
                name[:place] + name[place + 1 :],
                name[:place] + letter + name[place + 1 :],
                name[:place] + letter + name[place:],
                name[:place] + name[place + 1 : place + 2] + name[place] + name[place + 2 :],
            ]
        )
    )
    listed = dict(province_spellings())
    assert read("province", [wrong]) == {wrong: listed.get(spelling_key(wrong))}


def test_every_alias_has_a_provenance_and_means_one_province() -> None:
    with (SEEDS / "province_aliases.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    named: dict[str, set[str]] = {}
    for row in rows:
        key = spelling_key(row["alias"]).translate(str.maketrans("", "", ".-ฯ"))
        named.setdefault(key, set()).add(row["province_code"])
    for code, names in provinces().items():
        for name in names:
            named.setdefault(spelling_key(name), set()).add(code)
    assert {key: codes for key, codes in named.items() if len(codes) > 1} == {}
    assert [row["alias"] for row in rows if not row["provenance"]] == []


def test_every_alias_reads_as_its_province(read: Any) -> None:
    with (SEEDS / "province_aliases.csv").open(encoding="utf-8", newline="") as file:
        wanted = {row["alias"]: row["province_code"] for row in csv.DictReader(file)}
    wanted |= {f"จ.{alias}": code for alias, code in wanted.items()}
    wanted |= {alias + ".": code for alias, code in wanted.items()}
    assert read("province", wanted) == wanted


def test_no_spelling_names_two_provinces() -> None:
    spellings = [spelling for spelling, _ in province_spellings()]
    assert len(spellings) == len(set(spellings))
    assert len({code for _, code in province_spellings()}) == 77


# ── All of them ───────────────────────────────────────────────────────────────────────────────

FORMS = (
    "text",
    "firm_name",
    "identifier",
    "date",
    "money",
    "integer",
    "fiscal_year",
    "quarter",
    "province",
    "enterprise_id",
)


@given(st.lists(st.text(max_size=60), min_size=1, max_size=40))
@settings(quick, max_examples=25)
def test_no_text_makes_a_reader_fail(read: Any, texts: list[str]) -> None:
    for form in FORMS:
        assert set(read(form, texts)) == set(texts)


@given(
    st.lists(
        st.text("0123456789๑๕๘ .,-/()฿บาทลพ.ศมคEeM+:tTz", max_size=25), min_size=1, max_size=80
    )
)
@settings(quick, max_examples=25)
def test_no_text_that_resembles_a_value_makes_a_reader_fail(read: Any, texts: list[str]) -> None:
    for form in FORMS:
        assert set(read(form, texts)) == set(texts)


@pytest.mark.parametrize(
    ("form", "texts"),
    [
        ("date", ["20 ม.ค. 58", "42024", "20/01/2558"]),
        ("money", ["(1,200)", "1.25 ล้านบาท", "0.01"]),
        ("integer", ["1,200", "๑๒"]),
        ("fiscal_year", ["2015", "58"]),
        ("quarter", ["Q2", "ไตรมาส 3"]),
        ("province", ["โคราช", "Loei"]),
        ("enterprise_id", ["105558000014", "1-1017-00230-70-8", "4 -57-01-01/1-0001"]),
        ("identifier", ["c01", "101"]),
        ("text", ["  ก  ข ", "นํ้า"]),
    ],
)
def test_reading_a_value_again_changes_nothing(read: Any, form: str, texts: list[str]) -> None:
    once = [str(value) for value in read(form, texts).values()]
    assert {text: str(value) for text, value in read(form, once).items()} == {
        text: text for text in once
    }


def _again(value: Any) -> str:
    """A value as it is written when it is sent once more."""
    return value.isoformat() if isinstance(value, dt.date) else str(value)


@given(st.data(), st.sampled_from(FORMS))
@settings(quick, max_examples=150)
def test_reading_any_value_again_changes_nothing(read: Any, data: Any, form: str) -> None:
    texts = {
        "date": typed_dates().map(lambda typed: typed[0]),
        "money": typed_amounts().map(lambda typed: typed[0]),
        "integer": st.integers(-(10**9), 10**9).map(lambda n: f"{n:,} คน"),
        "fiscal_year": st.integers(1900, 2700).map(str),
        "quarter": st.integers(0, 9).map(lambda n: f"ไตรมาส {n}"),
        "province": st.sampled_from(sorted(name for pair in provinces().values() for name in pair)),
        "enterprise_id": st.from_regex(r"[0-8][0-9]{11}", fullmatch=True).map(_checked),
    }.get(form, messy)
    first = read(form, data.draw(st.lists(texts, min_size=1, max_size=30)))
    values = {value for value in first.values() if value is not None}
    assert values or form == "text"
    assert read(form, [_again(value) for value in values]) == {_again(v): v for v in values}


def _said(spelling: str) -> list[str]:
    """One spelling of a code as people type it."""
    return [
        spelling, spelling.upper(), spelling.capitalize(), f"  {spelling}\u00a0",
        spelling.replace("_", "_\u200b"), "".join(f"{letter} " for letter in spelling),
    ]  # fmt: skip


def test_every_code_reads_in_every_spelling_case_and_space(
    tmp_path: Path, contracts: Mapping[str, Contract]
) -> None:
    home = Home(tmp_path / "home")
    wanted = {}
    for dataset, contract in contracts.items():
        identity = next(c.name for c in contract.key if c.form in ("identifier", "text"))
        for column in contract.columns:
            said = [(t, c.value) for c in column.codes for s in c.spellings for t in _said(s)]
            for start in range(0, len(said), 90):
                some = said[start : start + 90]
                rows = [
                    {**GOOD_ROWS[dataset], identity: f"C{n:02d}", column.name: text}
                    for n, (text, _) in enumerate(some)
                ]
                path = f"{dataset}/{start}/{column.name}.csv"
                home.put(path, as_csv(rows))
                wanted[path] = [value for _, value in some]
    _, taken = home.night()
    assert len(wanted) > 5
    read = {path: [row[Path(path).stem] for row in taken[path].rows] for path in wanted}
    assert read == wanted


@pytest.mark.parametrize("text", ["", "-", "–", "—", "n/a", "N/A", "ไม่มี", " ", " - ", "\u00a0"])
def test_what_stands_for_nothing_is_missing(say: Any, text: str) -> None:
    assert say("is_missing", [text]) == [True]


@pytest.mark.parametrize("text", ["0", "none", "ไม่มีข้อมูล", "?", "-1", "na"])
def test_what_says_something_is_not_missing(say: Any, text: str) -> None:
    assert say("is_missing", [text]) == [False]


messy = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(
            "\u0e4d\u0e31\u0e34\u0e35\u0e38\u0e47\u0e48\u0e49\u0e4c\u0e4e\u0e32\u0e33ะเแโใไกม"
            "''’5-=  \t\r\n\x0b\x0c\x1c\x00\x85\u00a0\u200b\u2028\u2066\ufe0f\ufeff"
        ),
    ),
    max_size=30,
)


@given(st.lists(messy, min_size=1, max_size=40))
@settings(quick, max_examples=300)
def test_python_and_sql_tidy_any_text_to_the_same(say: Any, texts: list[str]) -> None:
    assert say("tidy", texts) == [tidy(text) for text in texts]
    assert say("spelling_key", texts) == [spelling_key(text) for text in texts]


@given(messy)
@settings(quick, max_examples=500)
def test_tidying_twice_is_tidying_once(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("นํ้า", "น้ำ"),
        ("น้ํา", "น้ำ"),
        ("นำ้", "น้ำ"),
        ("นาํ้", "น้ำ"),
        ("น้าํ", "น้ำ"),
        ("ลําพูน", "ลำพูน"),
        ("สาํนักงาน", "สำนักงาน"),
        ("กำำแพง", "กำแพง"),
        ("เเพร่", "แพร่"),
        ("แแพร่", "แพร่"),
        ("เ\u200bเพร่", "แพร่"),
        ("เชีียงใหม่", "เชียงใหม่"),
        ("เชียงใใหม่่", "เชียงใหม่"),
        ("จัังหวัดน่่าน", "จังหวัดน่าน"),
        ("กระะบี่", "กระบี่"),
        ("ยะลาา", "ยะลา"),
        ("ท่ี่", "ที่"),
        ("กระบ่ี", "กระบี่"),
        ("อุตรดิตถ์์", "อุตรดิตถ์"),
        ("สิทธ์ิ", "สิทธิ์"),
        ("บา้น", "บ้าน"),
        ("น\u200bา\u00adน", "นาน"),
        ("\ufeffก\u200b \u00a0\tข ", "ก ข"),
        ("ก\x00\x1fข\u2066", "ก ข"),
        ("'0105558000014", "0105558000014"),
        ("’๐๑๐๕", "๐๑๐๕"),
        ("'-500", "-500"),
        ("'=SUM(A1)", "=SUM(A1)"),
        ("'+66", "+66"),
        ("'@ข", "@ข"),
        ("'' 5", "5"),
    ],
)
def test_text_is_put_as_it_was_meant(say: Any, typed: str, meant: str) -> None:
    assert tidy(typed) == meant
    assert say("tidy", [typed]) == [meant]


@pytest.mark.parametrize(
    "text",
    [
        "กรรมธรรม์สรรพ์พรรณ",
        "วรรณกรรมบรรทัดบุคคล",
        "ผู้ประกอบการที่ใช้น้ำแข็งไม่กี่กิโลกรัม ทั้งสิ้น",
        "สัตว์เลี้ยงพันธุ์พื้นเมือง รัฐวิสาหกิจ กรุงเทพฯ ต่าง ๆ ฯลฯ",
        "ฤๅษี ก๊วยเตี๋ยว เก๋ง จ๋า เปี๊ยก",
        "ลลิตา นนท์ ออมสิน มงกุฎ เลเล่",
        "'ชื่อในอัญประกาศ'",
        "O'Neil's 5",
        "2,000 = 2000",
    ],
)
def test_what_is_written_rightly_stays(say: Any, text: str) -> None:
    assert tidy(text) == text
    assert say("tidy", [text]) == [text]


def test_the_names_of_every_province_and_month_are_tidy(say: Any) -> None:
    names = [name for pair in provinces().values() for name in pair]
    names += [name for month in MONTHS for name in month]
    assert say("tidy", names) == names
    assert [tidy(name) for name in names] == names


# ── What may be shown ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("โทร 0812345678", "โทร •"),
        ("081-234-5678 089-876-5432", "• •"),
        ("02-123-4567, 053-123456", "•, •"),
        ("08-1234-5678", "•"),
        ("+66 81 234 5678", "•"),
        ("๐๘๑-๒๓๔-๕๖๗๘", "•"),
        ("a.b@example.com;c@example.org", "•@•;•@•"),
        ("1-1017-00230-70-8 1101700230708", "• •"),
        ("31/02/2558", "31/02/2558"),
        ("31-13-2558 10:30", "31-13-2558 10:30"),
        ("1,20 บาท", "1,20 บาท"),
        ("0105558000015", "0105558000015"),
        ("เชียงใหม่ใต้", "เชียงใหม่ใต้"),
    ],
)
def test_telephone_numbers_addresses_and_national_ids_are_never_shown(
    say: Any, text: str, shown: str
) -> None:
    assert say("scrubbed", [text]) == [shown]


@pytest.mark.parametrize(
    ("text", "is_shown"),
    [
        ("0105558000015", True),
        ("0-1055-58000-01-5", True),
        ("4-57-01-01/1-001", True),
        ("1101700230709", False),
        ("1-1017-00230-70-9", False),
        ("110170023070", False),
        ("0812345678", False),
        ("081-234-5678", False),
        ("0066812345678", False),
        ("นายสมชาย", False),
        ("4-57-01-01/นายสมชาย", False),
    ],
)
def test_a_mistyped_id_is_shown_only_where_it_is_no_persons(
    say: Any, text: str, is_shown: bool
) -> None:
    (shown,) = say("masked_unless_juristic", [text])
    assert (shown == text) is is_shown
    if not is_shown:
        assert not any(letter.isalnum() for letter in shown)

"""Values as people type them: what each text stands for, and which texts stand for none."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum.th import moa, pin

from sources.reference import province_spellings
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
        "1 ล้าน 2 แสน",
        "(1 ล้าน) ล้าน",
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


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("1,200", 1200),
        ("๑๒", 12),
        ("12.0", 12),
        ("12 คน", 12),
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
        ("2549", 2549),
        ("2601", 2601),
        ("2007", 2550),
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


def test_no_spelling_names_two_provinces() -> None:
    spellings = [spelling for spelling, _ in province_spellings()]
    assert len(spellings) == len(set(spellings))
    assert len({code for _, code in province_spellings()}) == 77


# ── All of them ───────────────────────────────────────────────────────────────────────────────

FORMS = (
    "text",
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
            "\u0e4d\u0e48\u0e32\u0e33เแ  \t\r\n\x0b\x0c\x1c\x85\u00a0\u200b\u2028\ufeff"
        ),
    ),
    max_size=30,
)


@given(st.lists(messy, min_size=1, max_size=40))
@settings(quick, max_examples=100)
def test_python_and_sql_tidy_any_text_to_the_same(say: Any, texts: list[str]) -> None:
    assert say("tidy", texts) == [tidy(text) for text in texts]
    assert say("spelling_key", texts) == [spelling_key(text) for text in texts]


@given(messy)
@quick
def test_tidying_twice_is_tidying_once_where_no_letters_were_joined(say: Any, text: str) -> None:
    once = tidy(text)
    if "เเ" not in once and "\u0e4d" not in once:
        assert tidy(once) == once


def test_tidying_composes_sara_am_and_mae_and_drops_what_cannot_be_seen() -> None:
    assert tidy("นํ้า") == "น้ำ"
    assert tidy("ลําพูน") == "ลำพูน"
    assert tidy("เเพร่") == "แพร่"
    assert tidy("\ufeffก\u200b \u00a0\tข ") == "ก ข"


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

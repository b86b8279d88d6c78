"""The macros in which engines differ: each says the same on DuckDB and on Spark."""

from __future__ import annotations

import hashlib
import math
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from engines import MACROS, Engine, columns, table

DBT_PROJECT = MACROS.parent
TEXT, WHOLE, DOUBLE, DAY = pa.string(), pa.int32(), pa.float64(), pa.date32()
BAHT = pa.decimal128(18, 2)


def baht(*values: str | None) -> pa.Table:
    """Amounts as marts hold them."""
    return table(BAHT, *(value and Decimal(value) for value in values))


def test_the_day_in_bangkok_begins_seven_hours_before_that_of_utc(engine: Engine) -> None:
    instants = table(
        pa.timestamp("us"),
        datetime(2026, 1, 31, 16, 59, 59, 999_999),
        datetime(2026, 1, 31, 17),
        datetime(2024, 2, 28, 17),
        None,
    )
    assert engine.of_each(instants, "{{ bangkok_day('x') }}") == [
        date(2026, 1, 31),
        date(2026, 2, 1),
        date(2024, 2, 29),
        None,
    ]


def test_a_date_is_put_together_of_its_parts(engine: Engine) -> None:
    parts = columns(
        y=(WHOLE, [2024, 2558, None]), m=(pa.int64(), [2, 12, 1]), d=(WHOLE, [29, 31, 1])
    )
    assert engine.of_each(parts, "{{ date_from_parts('y', 'm', 'd') }}") == [
        date(2024, 2, 29),
        date(2558, 12, 31),
        None,
    ]


def test_days_are_counted_over_leap_days_and_years_both_ways(engine: Engine) -> None:
    days = columns(
        first=(DAY, [date(2024, 2, 28), date(2025, 3, 1), date(2024, 12, 31), None]),
        last=(DAY, [date(2024, 3, 1), date(2025, 2, 28), date(2024, 12, 31), date(2025, 1, 1)]),
    )
    assert engine.of_each(days, "{{ days_from_to('first', 'last') }}") == [2, -1, 0, None]
    assert engine.of_each(days, "{{ days_after('first', 2) }}") == [
        date(2024, 3, 1),
        date(2025, 3, 3),
        date(2025, 1, 2),
        None,
    ]
    assert engine.of_each(days, "{{ days_after('first', -1) }}")[1] == date(2025, 2, 28)


def test_every_day_of_a_span_is_a_row_its_ends_too(engine: Engine) -> None:
    once = table(WHOLE, 1)
    assert engine.of_each(once, "{{ days_between('2024-02-28', '2024-03-01') }}") == [
        date(2024, 2, 28),
        date(2024, 2, 29),
        date(2024, 3, 1),
    ]
    assert engine.of_each(once, "{{ days_between('2024-02-28', '2024-02-28') }}") == [
        date(2024, 2, 28)
    ]


def test_a_list_becomes_a_row_an_element_each_once_and_none_where_it_is_empty_or_lacks(
    engine: Engine,
) -> None:
    lists = table(pa.list_(TEXT), ["ข", "ก", "ข"], [], None, ["C01"])
    assert engine.of_each(lists, "{{ unnest_list('x') }}") == ["ก", "ข", "ข", "C01"]
    assert engine.of_each(lists, "{{ unnest_list(list_distinct('x')) }}") == ["ก", "ข", "C01"]


def test_an_element_of_a_list_is_counted_from_one_and_none_beyond_its_end(engine: Engine) -> None:
    lists = table(pa.list_(DOUBLE), [0.5, 2.5], [], None)
    assert engine.of_each(lists, "{{ list_element('x', 1) }}") == [0.5, None, None]
    assert engine.of_each(lists, "{{ list_element('x', '1 + 1') }}") == [2.5, None, None]
    assert engine.of_each(lists, "{{ list_element('x', 'cast(3 as bigint)') }}") == [None] * 3


def test_a_field_of_a_struct_is_found_by_its_name(engine: Engine) -> None:
    person = pa.struct({"enterprise_key": TEXT, "juristic_id": TEXT})
    structs = table(person, {"enterprise_key": "k", "juristic_id": None}, None)
    assert engine.of_each(structs, "{{ struct_field('x', 'enterprise_key') }}") == ["k", None]
    assert engine.of_each(structs, "{{ struct_field('x', 'juristic_id') }}") == [None, None]


def test_the_values_of_a_group_are_listed_the_least_first(engine: Engine) -> None:
    assert engine.of_all(table(DOUBLE, 2.5, -1.0, 2.5), "{{ sorted_list('x') }}") == [-1, 2.5, 2.5]
    assert engine.of_all(
        table(DOUBLE, 2.5, -1.0, 1.5), "{{ sorted_list('x', where='x > 0') }}"
    ) == [1.5, 2.5]
    assert not engine.of_all(table(DOUBLE, 2.5), "{{ sorted_list('x', where='x < 0') }}")


def test_a_quantile_lies_between_two_values_where_it_falls_there(engine: Engine) -> None:
    numbers = table(DOUBLE, 4.0, -1.0, None, 1.0, 2.0)
    assert engine.of_all(numbers, "{{ quantile_of('x', 0.5) }}") == 1.5
    assert engine.of_all(numbers, "{{ quantile_of('x', 0.9) }}") == pytest.approx(3.4)
    assert engine.of_all(table(DOUBLE, 7.0), "{{ quantile_of('x', 0.95) }}") == 7
    assert engine.of_all(table(DOUBLE, None), "{{ quantile_of('x', 0.5) }}") is None


def test_several_quantiles_are_those_asked_for_one_by_one_in_their_order(engine: Engine) -> None:
    numbers = table(DOUBLE, 4.0, -1.0, None, 1.0, 2.0, 0.1, 7.25)
    several = engine.of_all(numbers, "{{ quantiles_of('x', [0.5, 0.9, 0.95]) }}")
    assert several == [
        engine.of_all(numbers, f"{{{{ quantile_of('x', {share}) }}}}")
        for share in (0.5, 0.9, 0.95)
    ]
    first = "{{ list_element(quantiles_of('x', [0.5, 0.9]), 1) }}"
    assert engine.of_all(table(DOUBLE, None), first) is None


def test_a_hash_of_a_row_is_the_same_for_the_same_values_and_knows_missing_ones(
    engine: Engine,
) -> None:
    pairs = columns(
        x=(TEXT, ["C01", "C01", "C01", None, "C01", None]), y=(WHOLE, [1, 1, 2, 1, None, 1])
    )
    hashes = engine.of_each(pairs, "{{ row_hash(['x', 'y']) }}")
    assert hashes[0] == hashes[1]
    assert hashes[3] == hashes[5]
    assert len({hashes[0], hashes[2], hashes[3], hashes[4]}) == 4


def test_an_expression_put_in_where_its_name_stands_says_the_same_at_each_place(
    engine: Engine,
) -> None:
    twice = "(with {{ inlined('one') }} (select 7 as y) select a.y + b.y from one a, one b)"
    assert engine.of_each(table(WHOLE, 1), twice) == [14]


def test_a_number_is_shown_with_its_thousands_grouped(engine: Engine) -> None:
    amounts = baht("1234567.50", "-1200.00", "0.00", "999.99", None, "9999999999999.99")
    assert engine.of_each(amounts, "{{ number_text('x') }}") == [
        "1,234,567.50",
        "-1,200.00",
        "0.00",
        "999.99",
        None,
        "9,999,999,999,999.99",
    ]
    assert engine.of_each(baht("12.00", "1000.00"), "{{ number_text('x', 0) }}") == ["12", "1,000"]
    halves = table(DOUBLE, 2.5, 3.5, 6.5, 1234.5)
    assert engine.of_each(halves, "{{ number_text('x', 0) }}") == ["2", "4", "6", "1,234"]
    assert engine.of_each(table(pa.int64(), 12_000), "{{ number_text('x', 0) }}") == ["12,000"]


@pytest.mark.parametrize(
    "text", ["ไม่น้อยกว่า", "it's", "'", "\\d+\\", "a\\'b", "a\nb", "", "%(x)s {y}"]
)
def test_a_text_of_any_letters_is_the_same_as_a_literal(engine: Engine, text: str) -> None:
    expression = "{{ text_literal(" + repr(text) + ") }}"
    assert engine.of_each(table(WHOLE, 1), expression) == [text]


def test_a_text_of_a_description_is_trimmed_and_null_where_there_is_none(engine: Engine) -> None:
    once = table(WHOLE, 1)
    assert engine.of_each(once, "{{ sql_text('  C:\\\\ it\\'s ') }}") == ["C:\\ it's"]
    assert engine.of_each(once, "{{ sql_text(none) }}") == [None]


def test_a_fiscal_year_turns_in_october_and_its_quarters_at_their_borders(engine: Engine) -> None:
    days = table(
        DAY, date(2014, 9, 30), date(2014, 10, 1), date(2014, 12, 31), date(2015, 1, 1),
        date(2016, 2, 29), date(2015, 3, 31), date(2015, 4, 1), date(2015, 7, 1), None,
    )  # fmt: skip
    assert engine.of_each(days, "{{ fiscal_year_be('x') }}")[:-1] == [
        2557, 2558, 2558, 2558, 2559, 2558, 2558, 2558,
    ]  # fmt: skip
    assert engine.of_each(days, "{{ fiscal_quarter('x') }}")[:-1] == [4, 1, 1, 2, 2, 2, 3, 4]
    assert engine.of_each(days, "{{ fiscal_year_be('x') }}")[-1] is None
    assert engine.of_each(table(WHOLE, 2558), "{{ fiscal_year_ends_on('x') }}") == [
        date(2015, 9, 30)
    ]


def test_a_month_has_its_thai_name(engine: Engine) -> None:
    days = table(DAY, date(2024, 2, 29), date(2024, 12, 1), None)
    assert engine.of_each(days, "{{ thai_month_name('x') }}") == ["กุมภาพันธ์", "ธันวาคม", None]


def test_what_could_be_a_persons_number_is_not_shown_as_a_code(engine: Engine) -> None:
    codes = table(TEXT, "C99", "12345678", "เบอร์ 081-234-5678", "a@b", "", None)
    masked = "•" * 13
    shown = engine.of_each(codes, "{{ shown_code('x') }}")
    assert shown == ["C99", "12345678", masked, masked, "", masked]


def test_a_matter_has_the_same_identity_everywhere(engine: Engine) -> None:
    parts = columns(path=(TEXT, ["ก/ข.csv", "ก/ข.csv", "a"]), reason=(TEXT, [None, "", "bad_date"]))
    said = engine.of_each(parts, "{{ matter_id(\"'held'\", ['path', 'reason']) }}")
    assert said == [
        hashlib.md5(text.encode()).hexdigest()
        for text in (
            "held\x1fก/ข.csv\x1f",
            "held\x1fก/ข.csv\x1f",
            "held\x1fa\x1fbad_date",
        )
    ]


def test_an_amount_is_put_right_to_the_satang(engine: Engine) -> None:
    amounts = columns(
        amount=(BAHT, [Decimal("1234565.00"), Decimal("-1234565.00"), Decimal("0.15"), Decimal(1)]),
        times=(WHOLE, [1000, 1000, 10, None]),
        off=(DOUBLE, [6.9, 6.9, 2.3, 2.3]),
    )
    assert engine.of_each(amounts, "{{ put_right('amount', 'times', 'off') }}") == [
        Decimal("1234.57"), Decimal("-1234.57"), Decimal("0.02"), None,
    ]  # fmt: skip
    times = columns(
        amount=(BAHT, [Decimal("4.17"), Decimal("-9010.00"), Decimal("5000000.00")]),
        times=(WHOLE, [1_000_000, 10, 1_000_000]),
        off=(DOUBLE, [-13.8, -2.3, 13.8]),
    )
    assert engine.of_each(times, "{{ put_right('amount', 'times', 'off') }}") == [
        Decimal("4170000.00"), Decimal("-90100.00"), Decimal("5.00"),
    ]  # fmt: skip


def test_a_factor_is_told_to_two_figures_a_half_upwards(engine: Engine) -> None:
    factors = (5, 7.7, 10.5, 11.5, 99.4, 99.5, 105, 1000, 123456, 12.49)
    deviations = table(DOUBLE, *(math.log(factor) for factor in factors), -math.log(20))
    assert engine.of_each(deviations, "{{ factor_text('x') }}") == [
        "5", "8", "11", "12", "99", "100", "110", "1,000", "120,000", "12", "20",
    ]  # fmt: skip


def test_a_logarithm_is_the_same_to_its_last_place(engine: Engine) -> None:
    numbers = [2, 3, 7, 10, 11_700, 90_100, 123_456_789, 10_000_000_000]
    assert engine.of_each(table(pa.int64(), *numbers), "{{ log_of('x') }}") == [
        round(math.log(number), 12) for number in numbers
    ]


def test_the_whole_part_of_a_quotient_is_rounded_down(engine: Engine) -> None:
    numbers = table(pa.int64(), 1, 2, 3, 7)
    assert engine.of_each(numbers, "{{ whole_part('x + 3', 4) }}") == [1, 1, 1, 2]


#: What one engine alone has, or has in another meaning: its place is a macro of macros/dialect.
_OF_ONE_ENGINE = re.compile(
    r"::|\bvarchar\b|\bhugeint\b|\bu(tiny|small|big)?int(eger)?\b|\bexclude\b|\bqualify\b|\basof\b"
    r"|\binterval\b|\blateral\b|\bdate_trunc\(|\bdate_?(add|sub|diff|part)\("
    r"|\b(list|unnest|explode|struct_pack|struct_extract|named_struct|format|printf|format_number"
    r"|strftime|strptime|date_format|to_date|epoch|generate_series|range|sequence|make_date"
    r"|arg_max|arg_min|string_agg|listagg|array_agg|collect_list|collect_set|percentile"
    r"|percentile_cont|regexp_matches|regexp_extract|regexp_full_match|rlike|len|element_at|get"
    r"|hash|xxhash64|sha256|sha2|to_json|from_json|instr|strpos|split|split_part|string_split)\("
    r"|\b(list|array|quantile|json)_[a-z]+\(",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)
#: Calls of macros are what is wanted.
_CALL = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def _of_one_engine(folder: Path) -> list[str]:
    """Where SQL outside the dialect's macros names what one engine alone has."""
    return [
        f"{path.relative_to(DBT_PROJECT)}: {found[0]}"
        for path in sorted(folder.rglob("*.sql"))
        if path.parent.name != "dialect"
        for found in _OF_ONE_ENGINE.finditer(
            _CALL.sub("", _COMMENT.sub("", path.read_text(encoding="utf-8")))
        )
    ]


@pytest.mark.parametrize("folder", ["models", "macros", "tests"])
def test_what_one_engine_alone_has_stands_in_the_dialects_macros(folder: str) -> None:
    assert _of_one_engine(DBT_PROJECT / folder) == []


def test_what_only_one_engine_has_is_found_in_a_model(tmp_path: Path) -> None:
    model = tmp_path / "model.sql"
    model.write_text("select x::integer, list(y), {{ unnest_list('z') }} from a -- list(y)\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{__name__}.DBT_PROJECT", tmp_path)
        assert _of_one_engine(tmp_path) == ["model.sql: ::", "model.sql: list("]


def test_no_model_asks_on_which_engine_it_runs() -> None:
    assert [
        path.name
        for path in DBT_PROJECT.rglob("*.sql")
        if path.parent.name != "dialect"
        and re.search(r"\btarget\.type\b", _COMMENT.sub("", path.read_text(encoding="utf-8")))
    ] == []


def test_every_macro_of_the_dialect_is_tested_on_both_engines() -> None:
    dispatched = {
        found
        for path in (MACROS / "dialect").glob("*.sql")
        for found in re.findall(r"adapter\.dispatch\('(\w+)'\)", path.read_text(encoding="utf-8"))
    }
    tested = "".join(
        path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_dialect*.py")
    )
    assert {macro for macro in dispatched if f"{{{{ {macro}(" not in tested} == {"list_distinct"}

"""What the report writes: numbers, money, days, tables, commands, in both languages."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shlex
from decimal import Decimal

import pytest

from orchestration.report import charts
from orchestration.report.charts import Chart, in_script
from orchestration.report.figures import Trace
from orchestration.report.language import ENGLISH, NOTHING, THAI, Text
from orchestration.report.pace import Pace
from orchestration.report.tables import Column, Table, as_csv


def test_money_is_in_millions_with_its_unit_in_the_language() -> None:
    assert THAI.million(Decimal("487989476.47")) == "฿488.0 ล้าน"
    assert ENGLISH.million(Decimal("487989476.47")) == "฿488.0 million"
    assert ENGLISH.million(None) == NOTHING


def test_a_negative_amount_has_a_minus_and_a_zero_has_none() -> None:
    assert ENGLISH.million(Decimal("-1250000"), 2) == "−฿1.25 million"
    assert ENGLISH.million(Decimal("-4"), 1) == "฿0.0 million"
    assert ENGLISH.signed_million(Decimal("1250000")) == "+฿1.25 million"


def test_baht_are_exact_to_the_satang_beyond_what_a_float_holds() -> None:
    assert THAI.baht(Decimal("90071992547409.93")) == "90,071,992,547,409.93 บาท"


def test_a_day_is_of_the_buddhist_era_in_thai_alone() -> None:
    assert THAI.day(dt.date(2015, 1, 15)) == "15 ม.ค. 2558"
    assert ENGLISH.day(dt.date(2015, 1, 15)) == "15 Jan 2015"


def test_an_instant_is_shown_as_on_bangkoks_clocks() -> None:
    late = dt.datetime(2026, 12, 31, 18, 30)
    assert THAI.instant(late) == "1 ม.ค. 2570 01:30 น."
    assert ENGLISH.instant(late) == "1 Jan 2027 01:30"


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("count", 1234, "1,234"),
        ("baht", Decimal("1234.5"), "1,234.50"),
        ("million", Decimal("1234567.89"), "1.23"),
        ("ratio", 0.9207, "92.1%"),
        ("plain", 2558, "2558"),
        ("day", dt.date(2015, 7, 1), "1 Jul 2015"),
        ("text", Text("ไทย", "Thai"), "Thai"),
        ("text", True, "yes"),
        ("count", None, NOTHING),
    ],
)
def test_a_value_is_written_as_its_kind(kind: str, value: object, shown: str) -> None:
    assert ENGLISH.value(value, kind) == shown


# ── Tables ────────────────────────────────────────────────────────────────────────────────────


def table(*rows: dict[str, object]) -> Table:
    columns = (
        Column("name", Text("ชื่อ", "Name")),
        Column("baht", Text("บาท", "Baht"), "baht", bar=True),
    )
    return Table("sums", Text("ยอด", "Sums"), columns, rows)


def test_a_csv_opens_in_excel_as_thai_with_exact_values() -> None:
    text = as_csv(table({"name": Text("เลย", "Loei"), "baht": Decimal("1234567.89")}), THAI)
    assert text == "\ufeffชื่อ,บาท\r\nเลย,1234567.89\r\n"


def test_a_text_that_a_spreadsheet_takes_for_a_formula_is_kept_a_text() -> None:
    rows = [{"name": name, "baht": Decimal(-5)} for name in ("=1+1", "+1", "-1", "@a", "plain")]
    read = list(csv.reader(io.StringIO(as_csv(table(*rows), ENGLISH).removeprefix("\ufeff"))))
    assert [row[0] for row in read[1:]] == ["'=1+1", "'+1", "'-1", "'@a", "plain"]
    assert {row[1] for row in read[1:]} == {"-5"}, "a negative number is a number"


def test_a_bar_is_a_share_of_the_columns_greatest_value() -> None:
    rows = [{"name": "a", "baht": 50}, {"name": "b", "baht": 200}, {"name": "c", "baht": None}]
    shown = table(*rows)
    assert [shown.share(row, shown.columns[1]) for row in rows] == [25.0, 100.0, 0.0]
    debts = table({"name": "a", "baht": -50})
    assert debts.share(debts.rows[0], debts.columns[1]) == 0.0


# ── Charts and commands ───────────────────────────────────────────────────────────────────────


def test_no_text_of_the_data_can_end_the_script_that_holds_it() -> None:
    texts = {"name": "</script><!-- & \u2028\u2029", "baht": Decimal("1.5")}
    told = in_script(texts)
    assert not set(told) & set("<>&\u2028\u2029")
    assert json.loads(told) == {"name": texts["name"], "baht": 1.5}


def test_a_chart_keeps_its_rows_apart_from_the_kind_it_shares_with_other_pages() -> None:
    spec = charts.bars("place", "million", "million baht")
    assert spec is charts.bars("place", "million", "million baht")
    rows = [{"place": "Q1", "million": 1.5}]
    drawn = json.loads(Chart("name", "title", "words", spec, rows, table()).as_json())
    assert drawn["datasets"] == {"rows": rows}
    assert drawn["width"] == "container"
    assert "datasets" not in spec


def test_a_kind_of_chart_is_valid_vega_lite() -> None:
    import altair

    for spec in (
        charts.bars("a", "b", "baht"),
        charts.lying_bars("a", "b", "baht", 17),
        charts.stacked_bars("a", "b", "c", "members", ("x", "y"), charts.COLOURS[:2]),
        charts.lines("a", "b", "c", "nights", ("x", "y"), charts.COLOURS[:2]),
        charts.against_target("a", "b", "c", "baht", "reported", "even"),
    ):
        altair.Chart.from_dict(dict(spec), validate=True)


def test_a_command_is_quoted_as_a_shell_takes_it() -> None:
    command = Trace("rpt_follow_up", {"path": "แฟ้ม ที่ 1's.csv", "year": 2558}, "row_count").command
    assert shlex.split(command) == [
        "warehouse", "trace", "rpt_follow_up", "path=แฟ้ม ที่ 1's.csv", "year=2558",
        "--column", "row_count",
    ]  # fmt: skip


# ── Pace ──────────────────────────────────────────────────────────────────────────────────────


def quarters(*reported: int | None, due: int) -> list[dict[str, object]]:
    return [
        {"reported_baht": None if baht is None else Decimal(baht), "is_due": number <= due}
        for number, baht in enumerate(reported, start=1)
    ]


def test_nothing_is_projected_from_one_quarter() -> None:
    pace = Pace.of(Decimal(400), quarters(90, None, None, None, due=1))
    assert (pace.elapsed_ratio, pace.reached_ratio) == (0.25, 0.225)
    assert pace.projected_baht is None


def test_a_year_is_projected_from_its_due_quarters_and_from_no_other() -> None:
    pace = Pace.of(Decimal(400), quarters(90, 60, 999, None, due=2))
    assert pace.reported_baht == 150
    assert pace.projected_baht == 300
    assert pace.projected_ratio == 0.75


def test_a_due_quarter_that_nobody_reported_counts_as_nothing() -> None:
    assert Pace.of(Decimal(400), quarters(90, None, None, None, due=2)).projected_baht == 180


def test_nothing_is_projected_when_every_quarter_is_due() -> None:
    pace = Pace.of(Decimal(400), quarters(90, 90, 90, 90, due=4))
    assert pace.is_over
    assert pace.projected_baht is None


def test_without_a_target_there_is_no_share_of_it() -> None:
    pace = Pace.of(None, quarters(90, 60, None, None, due=2))
    assert (pace.reached_ratio, pace.projected_ratio) == (None, None)
    assert pace.projected_baht == 300


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [(0.9996, "99.9%"), (0.99999, "99.9%"), (1, "100.0%"), (1.0004, "100.0%"), (0, "0.0%")],
)
def test_what_is_not_whole_never_reads_a_hundred_percent(ratio: float, shown: str) -> None:
    assert ENGLISH.percent(ratio) == shown

"""The nights at a glance, as Dagster's page shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration.overview import NIGHTS_DRAWN, headline_figures, nights_in_markdown, sparkline
from sources.ledger import Ledger, first_published_at
from sources.ledger_tables import run_event

#: 18:30 UTC, half past one in Bangkok on the next day.
FIRST = dt.datetime(2026, 1, 1, 18, 30)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    yield ledger
    ledger.close()


def figure(baht: float, target: float | None = 65e6) -> dict[str, Any]:
    """A row of `reports.rpt_programme_progress`."""
    return {
        "fiscal_year_be": 2558,
        "measure": "cost_reduction",
        "target_baht": target,
        "actual_baht": baht,
    }


def pass_night(ledger: Ledger, number: int, event_kind: str, **values: Any) -> None:
    """Puts what became of the n-th night into the ledger."""
    with ledger.engine.begin() as connection:
        connection.execute(
            run_event.insert().values(
                run_id=f"{number:08d}-of-the-test",
                event_kind=event_kind,
                occurred_at=FIRST + dt.timedelta(days=number),
                **values,
            )
        )


def publish(ledger: Ledger, number: int, rows: int, baht: float) -> None:
    pass_night(
        ledger, number, "published", files_loaded=3, rows_loaded=rows,
        details={"figures": [figure(baht)]},
    )  # fmt: skip


def test_the_lowest_value_is_drawn_lowest_and_the_highest_highest() -> None:
    assert sparkline([10, 17, 13]) == "▁█▄"
    assert sparkline([-5, 0]) == "▁█"


def test_values_that_do_not_move_are_drawn_as_a_line_and_none_as_nothing() -> None:
    assert len(set(sparkline([7, 7, 7]))) == 1
    assert sparkline([]) == ""


def test_only_figures_with_a_target_are_headlines() -> None:
    assert headline_figures([figure(5), {**figure(6, None), "fiscal_year_be": 2559}]) == {
        "cost reduction 2558 (baht)": 5.0
    }


def test_nights_are_listed_newest_first_in_bangkok_time_with_rows_and_figures(
    ledger: Ledger,
) -> None:
    publish(ledger, 0, 1_000, 1_000_000)
    publish(ledger, 1, 2_500, 2_250_000.4)
    lines = nights_in_markdown(ledger).splitlines()
    listed = [line for line in lines if line.startswith("| 2026-")]
    assert listed == [
        "| 2026-01-03 01:30 | 2,500 | 2,250,000 |",
        "| 2026-01-02 01:30 | 1,000 | 1,000,000 |",
    ]
    assert "| rows current | `▁█` | 1,000 | 2,500 |" in lines
    assert "| cost reduction 2558 (baht) | `▁█` | 1,000,000 | 2,250,000 |" in lines


def test_a_night_that_did_not_publish_is_listed_with_its_reason(ledger: Ledger) -> None:
    publish(ledger, 0, 1_000, 1)
    pass_night(ledger, 1, "not_published", reason="landing__submissions:\n no | zone")
    told = nights_in_markdown(ledger)
    assert "| 2026-01-03 01:30 | **not published** |" in told
    assert (
        "- 2026-01-03 01:30 **not published** (run `00000001`): landing__submissions: no | zone"
        in told
    )


def test_a_night_that_waited_and_was_approved_is_one_night(ledger: Ledger) -> None:
    pass_night(ledger, 0, "waiting", reason="moved too far")
    assert "**waits for approval** (run `00000000`): moved too far" in nights_in_markdown(ledger)
    publish(ledger, 0, 1_000, 1)
    (listed,) = [x for x in nights_in_markdown(ledger).splitlines() if x.startswith("| 2026-")]
    assert listed == "| 2026-01-02 01:30 | 1,000 | 1 |"


def test_a_home_of_many_years_is_told_by_its_last_nights(ledger: Ledger) -> None:
    for number in range(NIGHTS_DRAWN + 10):
        publish(ledger, number, number, number)
    told = nights_in_markdown(ledger)
    assert f"| {NIGHTS_DRAWN} nights that published |" in told
    assert "| rows current | " in told
    assert "| 10 | 99 |" in told


def test_when_a_ledger_first_published_is_told_without_making_one(
    tmp_path: Path, ledger: Ledger
) -> None:
    missing = tmp_path / "none.sqlite"
    assert first_published_at(f"sqlite:///{missing}") is None
    assert not missing.exists()
    url = str(ledger.engine.url)
    assert first_published_at(url) is None
    publish(ledger, 3, 1, 1)
    publish(ledger, 5, 1, 1)
    assert first_published_at(url) == FIRST + dt.timedelta(days=3)


def test_what_was_published_at_a_time_is_the_last_that_was_by_then(ledger: Ledger) -> None:
    publish(ledger, 0, 1, 1)
    pass_night(ledger, 1, "not_published", reason="no")
    publish(ledger, 2, 2, 2)
    assert ledger.publication_at(FIRST - dt.timedelta(seconds=1)) is None
    for days, rows in ((0, 1), (1, 1), (2, 2), (9, 2)):
        event = ledger.publication_at(FIRST + dt.timedelta(days=days))
        assert event is not None
        assert event["rows_loaded"] == rows

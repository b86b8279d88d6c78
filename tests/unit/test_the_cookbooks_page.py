"""How the cookbook's questions and answers are read from a page, and written to it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.cookbook import Question, answers, markdown, questions, renew

PAGE = """# A page

```sql
select 'not of the cookbook'
```

## Cookbook

What it is.

### 1. How many?

A caution.

```sql
from counted
```

| people |
| --: |
| 3 |

A word on the answer.

### 2. Who?

```sql
select name
from named
order by name
```

## After it

### 3. Not of the cookbook
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page with two questions, one of which has its answer."""
    path = tmp_path / "page.md"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """What the questions ask."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute("create table counted as select 1234 as people")
        db.execute("create table named as select unnest(['ก', null]) as name")
    return path


def test_questions_are_those_below_the_heading_of_the_cookbook(page: Path) -> None:
    assert questions(page) == [
        Question(1, "How many?", "from counted\n"),
        Question(2, "Who?", "select name\nfrom named\norder by name\n"),
    ]


def test_a_question_without_an_answer_is_told(page: Path) -> None:
    with pytest.raises(ValueError, match="question 2 shows 0 answers"):
        answers(page)


def test_a_question_with_two_blocks_of_sql_is_told(page: Path) -> None:
    text = page.read_text("utf-8").replace("A word on", "```sql\nselect 2\n```\n\nA word on")
    page.write_text(text, "utf-8")
    with pytest.raises(ValueError, match="question 1 has 2 blocks"):
        questions(page)


def test_a_page_without_a_cookbook_is_told(page: Path) -> None:
    page.write_text("# Another\n", "utf-8")
    with pytest.raises(ValueError, match="no section"):
        questions(page)


def test_answers_are_written_in_place_and_nothing_else_changes(page: Path, database: Path) -> None:
    renew(page, database)
    assert answers(page) == {
        1: "| people |\n| --: |\n| 1,234 |\n",
        2: "| name |\n| --- |\n| ก |\n|  |\n",
    }
    expected = PAGE.replace("| 3 |", "| 1,234 |").replace(
        "order by name\n```\n", "order by name\n```\n\n| name |\n| --- |\n| ก |\n|  |\n"
    )
    assert page.read_text("utf-8") == expected
    renew(page, database)
    assert page.read_text("utf-8") == expected


def test_numbers_have_commas_unless_they_are_names() -> None:
    shown = markdown(
        ["fiscal_year_be", "row_number", "rows", "baht", "is_met", "ratio"],
        [(2558, 1234, 1234, Decimal("-1234.50"), True, 0.5)],
    )
    assert shown.splitlines()[2] == "| 2558 | 1234 | 1,234 | -1,234.50 | true | 0.5 |"
    assert shown.splitlines()[1] == "| --: | --: | --: | --: | --- | --: |"


def test_a_long_answer_is_cut_and_says_how_much_follows() -> None:
    whole = markdown(["n"], [(n,) for n in range(8)])
    assert whole.count("\n") == 2 + 8
    cut = markdown(["n", "m"], [(n, n) for n in range(9)])
    assert cut.endswith("| 5 | 5 |\n| … 3 more |  |\n")


def test_text_of_a_cell_cannot_break_the_table() -> None:
    assert markdown(["t"], [("a|b\nc",)]).splitlines()[2] == "| a\\|b c |"

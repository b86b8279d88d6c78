"""The runbook has an entry for every alert that can be sent, by the alert's first words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from orchestration.alerts.kinds import KINDS, TEST_MESSAGE, WELL_AGAIN, Kind

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


def entries() -> dict[str, str]:
    """Heading → text of each entry of the chapter."""
    text = OPERATIONS.read_text(encoding="utf-8")
    chapter = text.split("\n## Runbook\n")[1].split("\n## ")[0]
    found = (entry.partition("\n") for entry in chapter.split("\n### ")[1:])
    return {heading: body for heading, _, body in found}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_of_alert_has_an_entry_with_what_it_has_the_operator_type(kind: Kind) -> None:
    entry = entries()[kind.title]
    code = " ".join(re.findall(r"```\n(.*?)```", entry, re.DOTALL))
    assert [command for command in kind.commands if command not in code] == []
    assert len(entry.split("```")[0].split()) > 15, "what it means and what to look at"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_what_an_alert_has_the_operator_type_exists(kind: Kind) -> None:
    from orchestration.cli import app

    ours = get_command(app).commands  # type: ignore[attr-defined]
    typed = [command.split() for command in kind.commands]
    assert any(words[0] == "warehouse" for words in typed)
    for words in typed:
        if words[0] == "warehouse":
            options = {name for option in ours[words[1]].params for name in option.opts}
            assert {word for word in words if word.startswith("--")} <= options


def test_the_good_news_and_the_test_have_entries_too() -> None:
    assert {WELL_AGAIN, TEST_MESSAGE} <= set(entries())


def test_every_entry_is_of_an_alert_that_can_be_sent() -> None:
    titles = {kind.title for kind in KINDS.values()} | {WELL_AGAIN, TEST_MESSAGE}
    assert set(entries()) - titles == {"Said by `warehouse status` alone"}

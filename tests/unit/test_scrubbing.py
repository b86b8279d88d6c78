"""What is shown of any text has no telephone number, address or natural person's id in it."""

from __future__ import annotations

from programs import said_by

from sources.sampling.world import juristic_id, natural_id
from sources.scrubbing import _by_the_rule, scrubbed


def test_numbers_and_addresses_of_persons_are_covered_and_all_else_stays() -> None:
    said = [
        f"ถาม 081-234-5678 บัตร {natural_id(7)}",
        "someone@example.org",
        f"บริษัท 'ก' {juristic_id(7)}",
        "",
    ]
    assert scrubbed(said) == ["ถาม • บัตร •", "•@•", f"บริษัท 'ก' {juristic_id(7)}", ""]
    assert scrubbed([]) == []


def test_covering_them_waits_for_no_pandas() -> None:
    program = (
        "import sys; from sources.scrubbing import scrubbed; "
        "print(scrubbed(['081-234-5678']), 'pandas' in sys.modules)"
    )
    assert said_by(program) == "['•'] False\n"


def test_whatever_the_rule_would_cover_is_shown_to_the_rule() -> None:
    parts = (
        "0812345678", "081-234-5678", "02 123 4567", "053.123.456", "+66 (0)81 234 5678",
        "66812345678", "๐๘๑-๒๓๔-๕๖๗๘", natural_id(3), "1-2345-67890-12-1", "a@b", "@", "12345678",
    )  # fmt: skip
    said = [*parts, *(f"ก{part}ข" for part in parts), *(f"{a} {b}" for a in parts for b in parts)]
    assert scrubbed(said) == _by_the_rule(said)
    assert sum(text != was for text, was in zip(scrubbed(said), said, strict=True)) > len(said) / 2


def test_a_text_without_such_numbers_waits_for_no_database() -> None:
    program = (
        "import sys; import sources.scrubbing as s; s._rules = None; "
        "print(s.scrubbed(['C01', '2015-02-01', '1,234.50', 'ตัวอย่าง']))"
    )
    assert said_by(program) == "['C01', '2015-02-01', '1,234.50', 'ตัวอย่าง']\n"

"""What is shown of any text has no telephone number, address or natural person's id in it."""

from __future__ import annotations

import subprocess
import sys

from sources.sampling.world import juristic_id, natural_id
from sources.scrubbing import scrubbed


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
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['•'] False"

"""What is tried again, and what is not."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
import sqlalchemy as sa
import tenacity.nap
from postgres import free_port

from sources import patience
from sources.ledger import Ledger
from sources.ledger_engine import LedgerUnreachable
from sources.patience import TRIES, patiently


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between tries, which are not waited for."""
    made: list[float] = []
    monkeypatch.setattr(tenacity.nap.time, "sleep", made.append)
    return made


class Share:
    """A file of a network share that fails some times before it can be read."""

    def __init__(self, *failures: int) -> None:
        self.failures = list(failures)
        self.tries = 0

    def read(self, name: str) -> str:
        """Reads it, or fails as the next of the failures says."""
        self.tries += 1
        if self.failures:
            raise OSError(self.failures.pop(0), "as told", name)
        return f"what stands in {name}"


@pytest.mark.parametrize("number", sorted(patience.PASSING))
def test_what_can_pass_is_tried_again(number: int, pauses: list[float]) -> None:
    share = Share(number, number)
    assert patiently(share.read, "a.csv") == "what stands in a.csv"
    assert share.tries == 3
    assert pauses == [1, 2]


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.ENOENT, errno.EISDIR, errno.EDQUOT]
)
def test_what_cannot_pass_is_not_tried_again(number: int, pauses: list[float]) -> None:
    share = Share(number)
    with pytest.raises(OSError, match="as told") as failed:
        patiently(share.read, "a.csv")
    assert (failed.value.errno, share.tries, pauses) == (number, 1, [])


def test_what_does_not_pass_is_told_in_the_end(pauses: list[float]) -> None:
    share = Share(*[errno.ESTALE] * 20)
    with pytest.raises(OSError, match="as told"):
        patiently(share.read, "a.csv")
    assert share.tries == TRIES
    assert len(pauses) == TRIES - 1


def test_a_mistake_in_the_program_is_not_tried_again(pauses: list[float]) -> None:
    with pytest.raises(ZeroDivisionError):
        patiently(divmod, 1, 0)
    assert pauses == []


def test_a_ledger_that_is_not_there_is_told_without_its_password() -> None:
    port = free_port()
    with pytest.raises(LedgerUnreachable, match=f"127.0.0.1:{port}/kept does not answer") as told:
        Ledger(f"postgresql+psycopg2://somebody:secret@127.0.0.1:{port}/kept")
    assert "secret" not in str(told.value)


def test_what_an_event_says_stands_in_no_error(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    with pytest.raises(sa.exc.IntegrityError) as failed:
        ledger.record_file({"path": "นางสาวสมมติ.csv"})
    ledger.close()
    assert "สมมติ" not in str(failed.value)

"""One message of everything there is to tell: its subject says the worst, long lists are cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from orchestration.alerts.book import Entry
from orchestration.alerts.kinds import TEST_MESSAGE, WELL_AGAIN

#: Of one kind; the rest is counted.
MOST_TOLD = 10
#: Letters of a subject; mail programs show fewer.
LONGEST_SUBJECT = 140
RUNBOOK = "docs/operations.md"


@dataclass(frozen=True)
class Message:
    """What is sent.

    Attributes:
        subject: one line.
        text: plain text.
        needs_somebody: whether an operator must act before the next night.
        is_good_news: whether it tells only of what is over.
    """

    subject: str
    text: str
    needs_somebody: bool = False
    is_good_news: bool = False


def compose(entries: Sequence[Entry]) -> Message:
    """The message of what is to be told.

    Args:
        entries: one at least, the worst first, what is over last.
    """
    still = [entry for entry in entries if entry.is_open]
    over = [entry for entry in entries if not entry.is_open]
    parts = [_of_a_kind(list(same)) for _, same in groupby(still, lambda entry: entry.kind.name)]
    if over:
        parts.append(_of_what_is_over(over))
    return Message(
        _subject(still, over),
        "\n\n".join(parts) + "\n",
        needs_somebody=any(entry.kind.needs_somebody for entry in still),
        is_good_news=not still,
    )


def test_message() -> Message:
    """A message that only proves that it arrives."""
    return Message(
        f"[warehouse] {TEST_MESSAGE}",
        f"{TEST_MESSAGE}: alerts of the warehouse arrive here. ข้อความทดสอบจากคลังข้อมูล\n"
        f'Runbook: {RUNBOOK}, "{TEST_MESSAGE}"\n',
        is_good_news=True,
    )


def _subject(still: Sequence[Entry], over: Sequence[Entry]) -> str:
    if still and not still[0].kind.needs_somebody:
        counted = [
            (entries := list(same))[0].kind.counted(len(entries))
            for _, same in groupby(still, lambda entry: entry.kind.name)
        ]
        return _one_line(", ".join(counted), 0)
    if still:
        return _one_line(still[0].headline, len(still) - 1)
    return _one_line(f"{WELL_AGAIN}: {over[0].headline}", len(over) - 1)


def _one_line(said: str, further: int) -> str:
    """The subject, cut before what counts the further ones."""
    line = f"[warehouse] {' '.join(said.split())}"
    ending = f" (and {further:,} more)" if further else ""
    room = LONGEST_SUBJECT - len(ending)
    if len(line) > room:
        line = f"{line[: room - 1].rstrip()}…"
    return line + ending


def _of_a_kind(entries: Sequence[Entry]) -> str:
    kind = entries[0].kind
    lines = []
    for entry in entries[:MOST_TOLD]:
        lines.append(entry.headline)
        lines += [f"    {line}" for line in entry.body.splitlines()]
    if (more := len(entries) - MOST_TOLD) > 0:
        lines.append(f"… and {more:,} more.")
    lines.append(f"Type: {' · '.join(kind.commands)}")
    lines.append(f'Runbook: {RUNBOOK}, "{kind.title}"')
    return "\n".join(lines)


def _of_what_is_over(entries: Sequence[Entry]) -> str:
    lines = []
    for entry in entries[:MOST_TOLD]:
        lines.append(f"{WELL_AGAIN}: {entry.headline}")
        lines += [f"    {line}" for line in entry.body.splitlines()]
    if (more := len(entries) - MOST_TOLD) > 0:
        lines.append(f"… and {more:,} more that are over.")
    return "\n".join(lines)

"""Why a night was not published, in words an operator can act on."""

from __future__ import annotations

_DBT_ERRORS = "Errors parsed from dbt logs:"


def in_words(step: str, message: str) -> str:
    """The reason a step failed, without the machinery around it.

    Args:
        step: the step's name.
        message: the error's message.
    """
    text = message.strip()
    if _DBT_ERRORS in text:
        text = " ".join(text.split(_DBT_ERRORS, 1)[1].split())
    return f"{step}: {text}"

"""Small programs in a process of their own: what is imported there, this process has not made."""

from __future__ import annotations

import subprocess
import sys

#: Nobody waits longer for one (seconds); it takes one or two.
SECONDS = 120


def said_by(program: str, *arguments: object) -> str:
    """What a program prints that ends well.

    Args:
        program: Python.
        arguments: in its `sys.argv`, from 1.

    Raises:
        AssertionError: it ended otherwise; the message is what it complained of.
    """
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout

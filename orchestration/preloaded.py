"""What the process has imported from which `warehouse load --workers` forks those that load.

Imported by that process alone, once: a worker that is forked from it begins at once. What workers
print goes to Dagster's log of their step and not to the terminal.
"""

from __future__ import annotations

import os
import sys
import warnings

import orchestration.loading_ahead  # noqa: F401 - to be there when a worker is forked

warnings.filterwarnings("ignore")
# A library that Great Expectations imports where it is installed takes a process without a main
# file for one of its own tests, and ends it.
sys.modules["__main__"].__dict__.setdefault("__file__", __file__)
import great_expectations  # noqa: E402, F401

_nowhere = os.open(os.devnull, os.O_WRONLY)
os.dup2(_nowhere, sys.__stderr__.fileno() if sys.__stderr__ else 2)
os.close(_nowhere)

"""What the process has imported from which `warehouse load --workers` forks those that load.

Imported by that process alone, once: a worker that is forked from it begins at once. What workers
print goes to Dagster's log of their step and not to the terminal.
"""

from __future__ import annotations

import os
import sys
import warnings

import orchestration.loading_ahead  # noqa: F401 - to be there when a worker is forked
from sources.expectations import great_expectations

warnings.filterwarnings("ignore")
great_expectations()

_nowhere = os.open(os.devnull, os.O_WRONLY)
os.dup2(_nowhere, sys.__stderr__.fileno() if sys.__stderr__ else 2)
os.close(_nowhere)

"""What this installation is: versions, without importing what they are of."""

from __future__ import annotations

import platform
from importlib.metadata import version

from orchestration.settings import git_sha
from sources.ledger_schema import HEAD

#: Packages whose versions decide what a home's files and tables look like.
_PACKAGES = ("duckdb", "dagster", "dbt-core", "dbt-duckdb", "great-expectations", "sqlalchemy")


def versions() -> dict[str, str]:
    """Name → version, the software's own first."""
    return {
        "warehouse": version("cluster-warehouse"),
        "commit": git_sha(),
        "ledger revision": HEAD,
        "python": platform.python_version(),
        **{name: version(name) for name in _PACKAGES},
    }

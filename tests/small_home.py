"""A small home that is real: ledger, archive, store and a published file, made in half a second.

No night is run for it, so Dagster's instance is not in it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from good_rows import GOOD_ROWS, as_csv
from intake_home import SECRET
from intake_home import Home as Intake

from orchestration import settings

_CLUSTER = GOOD_ROWS["cluster_registrations"]
_MEMBER = GOOD_ROWS["member_registrations"]
_BAD = {**_MEMBER, "registered_on": "31/02/2558", "cluster_code": "C02"}


def home_at(root: Path, **other: Any) -> settings.Home:
    """The home in a folder, with the defaults of an operator who set nothing but `other`."""
    values: dict[str, Any] = {
        "root": root,
        "landing": root / "landing",
        "landing_is_set": False,
        "ledger_url": f"sqlite:///{root / 'ledger.sqlite'}",
        "keep_versions": 2,
        "report_due_days": 15,
        "key_secret": None,
        **other,
    }
    return settings.Home(**values)


def make_small_home(root: Path) -> None:
    """Makes a home in which two files were taken in and a run `night` published something."""
    intake = Intake(root)
    intake.put("cluster_registrations/a.csv", as_csv([_CLUSTER]))
    intake.put("member_registrations/b.csv", as_csv([_MEMBER, _BAD]))
    for dataset in intake.contracts:
        (intake.landing / dataset).mkdir(exist_ok=True)
    intake.night()
    intake.ledger.record_run("night", "published", details={"figures": [1.5]})
    intake.ledger.close()
    home = home_at(root)
    home.prepare()
    (root / "key_secret").touch(mode=0o600)
    (root / "key_secret").write_bytes(SECRET)
    with duckdb.connect(str(home.warehouse)) as db:
        db.execute("create schema audit")
        db.execute(
            "create table audit.published_run as select 'night' as run_id, "
            "timestamp '2015-01-20 18:30' as published_at"
        )
    for private in (home.archive, home.store, root / "scratch"):
        private.chmod(0o700)

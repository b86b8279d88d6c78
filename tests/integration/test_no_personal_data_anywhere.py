"""Planted personal data, one night, and everything that anybody may see: none of it is found.

What is looked through is found by walking the home, so that what is published later is looked
through too; only what is the owner's alone by design is left out.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from file_writers import ods_bytes
from personal_data import Planted, Scanner
from postgres import PROGRAMS, Postgres
from receivers import webhook

from orchestration.mirror.keys import proven_keys
from orchestration.mirror.mirroring import mirror
from orchestration.reconciliation import differences
from sources.contracts import Contract, discover

if TYPE_CHECKING:
    from tests.integration.conftest import Done, Home, Night, Record, Sample

pytestmark = pytest.mark.night

#: What is open to the owner alone and holds what was sent; workbooks go back to their senders.
MAY_HOLD_IT = ("archive", "store", "landing", "quarantine", "key_secret")
CONTRACTS = discover()


@dataclass
class Seen:
    """A night over planted data and what was said about it."""

    home: Home
    planted: Planted
    night: Night
    said: dict[str, Done] = field(default_factory=dict)
    alerts: list[str] = field(default_factory=list)
    #: A person whose rows loaded: the id as digits, and parted by dashes.
    person: list[str] = field(default_factory=list)

    @property
    def scanner(self) -> Scanner:
        """Looks for all that was planted."""
        return Scanner(self.planted.texts)


def _plant(home: Home, planted: Planted, make: dict[str, Callable[..., Record]]) -> str:
    """Files in several formats whose rows load, break rules, wait, or are rejected whole."""

    def row(dataset: str, good: Record, **changed: str) -> Record:
        return planted.row(CONTRACTS[dataset], {k: str(v) for k, v in good.items()}, **changed)

    clusters, members, activities, outcomes = (
        "cluster_registrations", "member_registrations", "activity_reports", "financial_outcomes",
    )  # fmt: skip
    home.csv(f"{clusters}/ทะเบียน.csv", [row(clusters, make["cluster"]("C01"))], encoding="cp874")
    persons = [planted.person_id(), planted.person_id(dashed=True)]
    mistyped = f"{planted.person_id()[:12]}"
    planted.texts.append(mistyped)

    def member(code: str, person: str, **changed: str) -> Record:
        return row(members, make["member"](code, person), juristic_id=person, **changed)

    good = [member("C01", person) for person in persons]
    firm = row(members, make["member"]("C01", "0105558000014"), tsic_code="13110")
    bad = member("C01", planted.person_id(), registered_on="31/02/2558")
    wrong_id = member("C01", f"{mistyped}x")
    waits = member("C77", planted.person_id())
    home.csv(f"{members}/สมาชิก.csv", [*good, firm, bad, wrong_id, waits])
    home.write(f"{members}/อีกแบบ.ods", ods_bytes({"ข้อมูล": _table([member("C01", good_id)
               for good_id in (planted.person_id(), planted.person_id())])}))  # fmt: skip
    home.csv(f"{members}/เสียทั้งไฟล์.csv", [{**bad, "juristic_id": planted.person_id()}] * 3)
    header = f"ติดต่อ {planted.phone()} {planted.email()} {planted.person_id()}"
    home.xlsx(f"{members}/หัวแปลก.xlsx", {"สมาชิก": [
        *_table([{**member("C01", planted.person_id()), header: planted.name()}])
    ]})  # fmt: skip
    home.csv(f"{members}/ขาดคอลัมน์.csv", [{"cluster_code": "C01", header: planted.name()}])
    lists = (f"{persons[0]};{planted.person_id()}", persons[1], f"{persons[0]};{mistyped}")
    lines = [
        json.dumps(
            row(activities, make["activity"](f"A-{n}", "C01"), participant_ids=participants),
            ensure_ascii=False,
        )
        for n, participants in enumerate(lists, start=1)
    ]
    home.write(f"{activities}/กิจกรรม.jsonl", "\n".join(lines).encode())
    for_persons = [
        row(outcomes, make["outcome"]("C01", person, 1000), juristic_id=person)
        for person in (*persons, planted.person_id())
    ]
    bad_outcome = {**for_persons[0], "quarter": "2", "amount": f"โทร {planted.phone()}"}
    text = "\n".join(",".join(map(str, line)) for line in _table([*for_persons, bad_outcome]))
    home.write(f"{outcomes}/ผลลัพธ์.csv.gz", gzip.compress(text.encode("utf-16")))
    return persons[0]


def _table(rows: Sequence[Record]) -> list[list[Any]]:
    return [list(rows[0]), *([row.get(name, "") for name in rows[0]] for row in rows)]


@pytest.fixture(scope="module")
def seen(
    new_home: Callable[[str], Home],
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    activity: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Seen:
    home, planted = new_home("personal"), Planted()
    person = _plant(
        home,
        planted,
        {"cluster": cluster, "member": member, "activity": activity, "outcome": outcome},
    )
    with webhook() as receiver:
        night = home.night(WAREHOUSE_ALERTS=receiver.url)
        seen = Seen(home, planted, night)
        written = planted.texts.index(person)
        seen.person = planted.texts[written : written + 2]
        seen.said["heartbeat"] = home.run("heartbeat", WAREHOUSE_ALERTS=receiver.url)
        seen.alerts = [f"{message.subject}\n{message.text}" for message in receiver.received]
    for command in (
        ["status", "--json"],
        ["quarantine", "--json"],
        ["trace", "fct_financial_outcome", "cluster_code=C01", "--json"],
        ["trace", "fct_activity", "activity_id=A-1", "--json"],
    ):
        seen.said[" ".join(command)] = home.run(*command)
    return seen


def test_what_was_planted_came_in_by_every_way_a_row_can_go(seen: Seen) -> None:
    assert seen.night.exit_code == 0, seen.night.said
    fates = {row["status"] for row in seen.night.tables["audit.load_file"]}
    assert fates == {"loaded", "rejected"}
    reasons = {row["reason"] for row in seen.night.tables["audit.quarantined_row"]}
    assert {"bad_date", "bad_id", "bad_number", "unknown_cluster", "unregistered_enterprise"} <= (
        reasons
    )
    assert sum(row["juristic_id"] is None for row in seen.night.tables["marts.dim_enterprise"]) >= 5


def test_the_archive_and_the_store_hold_it_so_that_it_could_be_found(seen: Seen) -> None:
    for folder in ("archive", "store"):
        assert seen.scanner.in_folder(seen.home.root / folder)


def test_nothing_that_is_published_or_kept_beside_holds_it(seen: Seen) -> None:
    assert seen.scanner.in_folder(seen.home.root, but=MAY_HOLD_IT) == []
    looked_at = {path.relative_to(seen.home.root).parts[0] for path in seen.home.root.rglob("*.*")}
    assert {"published", "logs", "dagster", "build", "ledger.sqlite"} <= looked_at


def test_no_command_says_it(seen: Seen) -> None:
    told = {**seen.said, "run": seen.night}
    found = {what: seen.scanner.in_text(done.stdout + done.stderr) for what, done in told.items()}
    assert {what: texts for what, texts in found.items() if texts} == {}
    assert all(json.loads(seen.said[what].stdout) for what in seen.said if "--json" in what)


def test_no_alert_says_it(seen: Seen) -> None:
    assert seen.alerts
    assert seen.scanner.in_text("\n".join(seen.alerts)) == []


@dataclass(frozen=True)
class Gone:
    """The first of the planted persons forgotten, and the warehouse built again."""

    texts: list[str]
    done: Done
    again: Done
    rebuilt: Done
    then: Path


@pytest.fixture(scope="module")
def gone(seen: Seen, tmp_path_factory: pytest.TempPathFactory) -> Gone:
    texts = seen.person
    unasked = seen.home.run("forget", texts[1], "--by", "ผู้ดูแล", "--json")
    assert unasked.exit_code == 1
    assert "--yes" in unasked.stderr
    done = seen.home.run("forget", texts[1], "--by", "ผู้ดูแล", "--json", "--yes")
    again = seen.home.run("forget", texts[0], "--json")
    then = tmp_path_factory.mktemp("then") / "warehouse.duckdb"
    as_of = dt.datetime.now(dt.UTC).isoformat()
    rebuilt = seen.home.run("run", "--as-of", as_of, "--out", str(then))
    return Gone(texts, done, again, rebuilt, then)


def test_a_forgotten_person_is_in_no_warehouse_built_afterwards_and_rows_add_up(
    seen: Seen, gone: Gone
) -> None:
    assert gone.done.exit_code == 0, gone.done.said
    told = gone.done.json()
    assert gone.again.json()["forgotten"]
    assert not gone.again.json()["files"]
    assert Scanner(gone.texts).in_text(gone.done.said + gone.again.said) == []
    assert Scanner(gone.texts).in_folder(seen.home.root, but=["landing"]) == []
    assert gone.rebuilt.exit_code == 0, gone.rebuilt.said
    left = sum(figure["outcomes"] for figure in told["figures"])
    assert left == 1
    with duckdb.connect(str(gone.then), read_only=True) as db:
        assert differences(db) == []
        counted = "select count(*) from marts.{}"
        for table, fewer in (("fct_financial_outcome", left), ("dim_enterprise", 1)):
            ((now,),) = db.execute(counted.format(table)).fetchall()
            ((before,),) = seen.home.rows(counted.format(table))
            assert now == before - fewer
        ((rows_removed,),) = db.execute("select rows_removed from audit.forgetting").fetchall()
    assert rows_removed == sum(of["rows"] for of in told["datasets"].values())


def test_nobody_of_the_sample_is_in_what_the_sample_publishes(sample: Sample) -> None:
    texts = _persons_of(CONTRACTS["member_registrations"], sample)
    assert len(texts) > 20
    assert Scanner(texts).in_folder(sample.home.root / "published") == []


def test_nobody_of_the_sample_is_in_its_mirror(sample: Sample, postgres: Postgres) -> None:
    assert PROGRAMS is not None
    url = postgres.database("nobody")
    mirror(sample.home.published, url, proven_keys)
    dumped = subprocess.run(
        [PROGRAMS / "pg_dump", url.replace("+psycopg2", "")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    clusters = sample.second.tables["marts.dim_cluster"]
    assert all(cluster["cluster_name_th"] in dumped.stdout for cluster in clusters)
    persons = _persons_of(CONTRACTS["member_registrations"], sample)
    assert Scanner(persons).in_text(dumped.stdout) == []


def _persons_of(contract: Contract, sample: Sample) -> set[str]:
    """The ids and names of natural persons, as the store of the sample has them."""
    named = ["juristic_id", *(c.name for c in contract.columns if c.personal_when_natural_in)]
    stored = sample.home.root / "store" / contract.dataset / "accepted" / "*.parquet"
    with duckdb.connect() as db:
        rows = db.execute(
            f"select distinct {', '.join(named)} from read_parquet(?, union_by_name = true) "
            "where is_natural_person",
            [str(stored)],
        ).fetchall()
    return {text for row in rows for text in row}

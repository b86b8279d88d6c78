"""One home over five nights and two rebuilds, which section 2 and section 4 of the page share.

`empty`    an empty landing zone
`first`    what everybody sent first: duplicates, ties, held rows, every reason of rows and files
`second`   corrections, copies, a file that vanished, and the records that held rows waited for
`third`    after three withdrawals
`failed`   the store was tampered with: this night does not reconcile
`between`  rebuilt as of the time between the first and the second night
`undone`   rebuilt as of the end, after two of the withdrawals were undone
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from sources.sampling.world import community_code, juristic_id, natural_id
from tests.interface import page, writers
from tests.interface.landing import Landing, Place, csv_of

if TYPE_CHECKING:
    from tests.integration.conftest import Done, Home, Night, Record

CLUSTERS, MEMBERS, ACTIVITIES, OUTCOMES = page.DATASETS
(
    ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN, EIGHT, NINE, TEN, ELEVEN, TWELVE, THIRTEEN, EARLY,
    STRANGER,
) = (juristic_id(20_000 + number) for number in range(15))  # fmt: skip
COMMUNITY, PERSON, STRANGE_PERSON = community_code(20), natural_id(20_001), natural_id(20_002)

COPY = f"{OUTCOMES}/สำเนา/a (copy).csv"
COPY_ELSEWHERE = f"{ACTIVITIES}/a.csv"
OLD_BYTES = f"{OUTCOMES}/a ฉบับแรกอีกครั้ง.csv"
HELD, MOSTLY_HELD = f"{OUTCOMES}/รอ.csv", f"{OUTCOMES}/รอ และผิด.csv"
HELD_MEMBERS, HELD_ACTIVITIES = f"{MEMBERS}/รอ.csv", f"{ACTIVITIES}/รอ.csv"
TAKEN_OUT, TAKEN_OUT_BY_ID = f"{OUTCOMES}/ถอน/โดยชื่อ.csv", f"{OUTCOMES}/ถอน/โดยรหัส.csv"
TAKEN_OUT_WHOLE = f"{OUTCOMES}/ถอน/ฉบับแก้.csv"
HALF, MORE_THAN_HALF = f"{OUTCOMES}/ครึ่งหนึ่ง.csv", f"{OUTCOMES}/เกินครึ่ง.csv"
WAITING = f"{OUTCOMES}/มาหลังสุด.csv"

#: Reason → a row that breaks it: dataset, column, text.
BAD: dict[str, tuple[str, str, str]] = {
    "missing_required": (CLUSTERS, "cluster_name_th", ""),
    "bad_date": (ACTIVITIES, "start_date", "31/02/2558"),
    "bad_number": (OUTCOMES, "amount", "หลายบาท"),
    "bad_id": (MEMBERS, "juristic_id", "0105558000015"),
    "bad_code": (MEMBERS, "legal_form", "มูลนิธิ"),
    "bad_province": (MEMBERS, "province", "แอตแลนติส"),
    "out_of_range": (OUTCOMES, "quarter", "5"),
    "end_before_start": (ACTIVITIES, "end_date", "2015-01-19"),
}

#: Asks again and again, each time in a session of its own, until its input ends.
WATCHER = """
import json, sys, threading
import duckdb
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
while not ended.wait(0.02):
    with duckdb.connect(sys.argv[1], read_only=True) as db:
        print(json.dumps(db.execute(sys.argv[2]).fetchall(), default=str), flush=True)
"""
#: What changes on the second night, taken from several tables: half a load would show.
WATCHED = """
select
    (select sum(amount)::varchar from marts.fct_financial_outcome),
    (select count(*) from marts.fct_activity),
    (select count(*) from marts.dim_cluster),
    (select sum(rows_current)::bigint from audit.load_file),
    (select count(*) from audit.published_run)
"""


@contextlib.contextmanager
def watching(home: Home, seen: list[Any]) -> Iterator[None]:
    """Has an analyst ask all the while, and notes every answer."""
    with subprocess.Popen(
        [sys.executable, "-c", WATCHER, str(home.published), WATCHED],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        seen.append(json.loads(process.stdout.readline()))
        try:
            yield
        finally:
            out, _ = process.communicate()
            seen.extend(json.loads(line) for line in out.splitlines())
            assert process.returncode == 0


@contextlib.contextmanager
def tampered(home: Home, path: str) -> Iterator[None]:
    """Has a row less in a stored file while the block runs: nobody is to do this."""
    ((file_id,),) = home.rows(
        "select file_id from audit.load_file where path = ? and status = 'loaded'", path
    )
    (stored,) = (home.root / "store").rglob(f"accepted/{file_id}*.parquet")
    kept = stored.read_bytes()
    changed = stored.with_suffix(".changed")
    duckdb.execute(
        f"copy (from read_parquet('{stored}') where row_number > 2) to '{changed}' (format parquet)"
    )
    changed.replace(stored)
    try:
        yield
    finally:
        stored.write_bytes(kept)


@dataclass
class Story:
    """The nights, and what commands said between them."""

    home: Home
    nights: dict[str, Night] = field(default_factory=dict)
    rebuilt: dict[str, tuple[Done, Path]] = field(default_factory=dict)
    said: dict[str, Done] = field(default_factory=dict)
    watched: list[Any] = field(default_factory=list)
    reason_places: dict[str, Place] = field(default_factory=dict)

    def night(self, name: str) -> Night:
        return self.nights[name]

    def say(self, name: str, *arguments: str) -> Done:
        """Types a command and keeps what it said by a name."""
        self.said[name] = self.home.run(*arguments)
        return self.said[name]

    def rebuild(self, name: str, as_of: str) -> None:
        """Rebuilds an earlier time beside the published warehouse."""
        out = self.home.root.parent / "rebuilt" / f"{name}.duckdb"
        self.rebuilt[name] = self.home.run("run", "--as-of", as_of, "--out", str(out)), out

    def rebuilt_rows(self, name: str, sql: str) -> list[tuple[Any, ...]]:
        """Asks a rebuilt warehouse."""
        with duckdb.connect(str(self.rebuilt[name][1]), read_only=True) as db:
            return db.execute(sql).fetchall()


Make = Callable[..., "Record"]


@dataclass
class Teller:
    """Puts the files of each night into the landing zone."""

    home: Home
    cluster: Make
    member: Make
    activity: Make
    outcome: Make
    clock: int = 1_421_712_000

    def outcomes(self, path: str, *rows: Record) -> bytes:
        """A file of outcomes, received a minute after the one before."""
        full = self.home.csv(path if "/" in path else f"{OUTCOMES}/{path}", rows)
        self.received_next(full)
        return full.read_bytes()

    def received_next(self, full: Path) -> None:
        self.clock += 60
        os.utime(full, (self.clock, self.clock))

    def first(self) -> None:
        home, cluster, member, outcome = self.home, self.cluster, self.member, self.outcome
        home.csv(f"{CLUSTERS}/ทะเบียน.csv", [cluster("C01"), cluster("C02")])
        registered = (
            ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN, EIGHT, NINE, TEN, ELEVEN, TWELVE, THIRTEEN,
            COMMUNITY,
        )  # fmt: skip
        person = member(
            "C01", PERSON, legal_form="sole_proprietor", enterprise_name="นายสมมติ ห้ามเห็น"
        )
        home.csv(
            f"{MEMBERS}/สมาชิก.csv",
            [*(member("C01", one) for one in registered), member("C02", TWO, role="lead"), person],
        )
        content = self.outcomes(
            "a.csv", outcome("C01", ONE, 100), outcome("C01", TWO, 200), outcome("C01", THREE, 300)
        )
        self.received_next(home.write(COPY, content))
        self.received_next(home.write(COPY_ELSEWHERE, content))
        self.outcomes("ส่งทีหลัง.csv", outcome("C01", FOUR, 400, submitted_on="2015-01-20"))
        self.outcomes("ส่งก่อน.csv", outcome("C01", FOUR, 999, submitted_on="2015-01-05"))
        self.outcomes("เสมอ 1.csv", outcome("C01", FIVE, 1))
        self.outcomes("เสมอ 2.csv", outcome("C01", FIVE, 500))
        self.outcomes(
            "ซ้ำ.csv",
            outcome("C01", SIX, 1, submitted_on="2015-01-31"),
            outcome("C01", SEVEN, 700),
            outcome("C01", SIX, 600),
        )
        self.outcomes("ขาดช่อง.csv", outcome("C01", EIGHT, 800))
        self.outcomes("ผิดเกินครึ่ง.csv", outcome("C01", NINE, 900))
        self.outcomes("หายไป.csv", outcome("C01", TEN, 1_000))
        self.outcomes(TAKEN_OUT, outcome("C01", ELEVEN, 1_100))
        self.outcomes(TAKEN_OUT_BY_ID, outcome("C01", TWELVE, 1_200))
        self.outcomes(TAKEN_OUT_WHOLE, outcome("C01", THIRTEEN, 1))
        self.outcomes("บุคคลธรรมดา.csv", outcome("C01", PERSON, 5), outcome("C01", COMMUNITY, 6))
        self.outcomes("สองคลัสเตอร์.csv", outcome("C02", TWO, 2_000))
        self.held()
        self.more_or_less_bad()

    def held(self) -> None:
        """Rows before what they need; all that is ever held comes with the first night."""
        home, outcome, activity = self.home, self.outcome, self.activity
        home.csv(HELD_MEMBERS, [self.member("C03", EARLY)])
        self.outcomes(
            HELD, outcome("C03", EARLY, 30), outcome("C02", ONE, 20), outcome("C01", STRANGER, 10)
        )
        self.outcomes(
            MOSTLY_HELD,
            outcome("C03", EARLY, 31, quarter="2"),
            outcome("C03", EARLY, "มาก", quarter="3"),
        )
        home.csv(
            HELD_ACTIVITIES,
            [
                activity("ACT-1", "C01", participant_ids=f"{TWO};{STRANGER};{STRANGE_PERSON}"),
                activity("ACT-2", "C03", participant_ids=f"{EARLY};{PERSON}"),
            ],
        )

    def more_or_less_bad(self) -> None:
        outcome, bad = self.outcome, {"measure": "cost_reduction", "submitted_on": "31/02/2558"}
        good = outcome("C01", ONE, 7, quarter="4")
        self.outcomes(HALF, good, outcome("C01", TWO, 70, **bad))
        self.outcomes(
            MORE_THAN_HALF,
            outcome("C01", ONE, 8, quarter="3"),
            outcome("C01", TWO, 80, **bad),
            outcome("C01", THREE, 800, **bad),
        )

    def unusable(self) -> None:
        """A file of each kind that cannot be taken, and more ways to be one."""
        outcome = self.outcome("C01", ONE, 1, quarter="4", measure="new_investment")
        header = ",".join(outcome)
        table = csv_of([outcome])
        for name, content in {
            "unreadable/รายงาน.xlsx": b"%PDF-1.7 a report",
            "unreadable/รายงาน.csv.gz": writers.packed(table)[:-9],
            "unreadable/ภาพ.csv": bytes(range(256)) * 8,
            "unreadable/สมุด.xlsx": writers.xlsx({"1": [["a"]]})[:200],
            "unreadable/ตัวอักษร.csv": table + b"\xe0\xb8\xff\n",
            "missing_column/ขาดจำนวน.csv": csv_of(
                [{name: cell for name, cell in outcome.items() if name != "amount"}]
            ),
            "missing_column/ไม่มีหัวตาราง.csv": table.split(b"\r\n")[1] + b"\r\n",
            "empty/ว่าง.csv": b"",
            "empty/หัวตาราง.csv": f"{header}\n".encode(),
            "empty/ยอดรวม.csv": f"{header}\nรวม{',' * header.count(',')}\n".encode(),
            "empty/สมุด.xlsx": writers.xlsx({"1": []}),
            "empty/บรรทัดว่าง.csv": f"{header}\n\n,,,,,,,,\n".encode(),
            "too_many_bad_rows/ผิดหมด.csv": csv_of([{**outcome, "amount": "?"}]),
        }.items():
            self.home.write(f"{OUTCOMES}/{name}", content)

    def second(self) -> None:
        home, outcome = self.home, self.outcome
        first_bytes = (home.landing / OUTCOMES / "a.csv").read_bytes()
        self.outcomes(
            "a.csv",
            outcome("C01", ONE, 110),
            outcome("C01", TWO, 220, submitted_on="2015-01-01"),
        )
        self.received_next(home.write(OLD_BYTES, first_bytes))
        lacking = outcome("C01", EIGHT, 1)
        del lacking["amount"]
        self.outcomes("ขาดช่อง.csv", lacking)
        self.outcomes(
            "ผิดเกินครึ่ง.csv",
            outcome("C01", NINE, 901),
            outcome("C01", ONE, "?", quarter="2"),
            outcome("C01", TWO, "?", quarter="2"),
        )
        (home.landing / OUTCOMES / "หายไป.csv").unlink()
        self.outcomes(TAKEN_OUT_WHOLE, outcome("C01", THIRTEEN, 1_300))
        home.csv(f"{CLUSTERS}/มาช้า.csv", [self.cluster("C03")])
        home.csv(f"{MEMBERS}/มาช้า.csv", [self.member("C02", ONE)])


def tell(home: Home, cluster: Make, member: Make, activity: Make, outcome: Make) -> Story:
    """Lets the nights pass."""
    story, teller = Story(home), Teller(home, cluster, member, activity, outcome)
    for dataset in page.DATASETS:
        (home.landing / dataset).mkdir()
    story.say("nothing yet", "status", "--json")
    story.nights["empty"] = home.night()

    teller.first()
    teller.unusable()
    reasons = Landing()
    for reason, (dataset, column, text) in BAD.items():
        changes = {column: text, "budget_baht": "5"} if dataset == ACTIVITIES else {column: text}
        story.reason_places[reason] = reasons.bad(dataset, **changes)
    reasons.write(home)
    story.nights["first"] = home.night()
    between = dt.datetime.now(dt.UTC)

    with watching(home, story.watched):
        teller.second()
        story.nights["second"] = home.night()

    ((by_id,),) = home.rows("select file_id from audit.load_file where path = ?", TAKEN_OUT_BY_ID)
    story.say("withdraw by path", "withdraw", TAKEN_OUT)
    story.say("withdraw again", "withdraw", TAKEN_OUT)
    story.say("withdraw by id", "withdraw", by_id, "--json")
    story.say("withdraw both versions", "withdraw", TAKEN_OUT_WHOLE)
    story.say("withdraw nothing", "withdraw", f"{OUTCOMES}/ไม่มี.csv")
    story.nights["third"] = home.night()

    teller.outcomes(WAITING, outcome("C01", ONE, 9, quarter="2"))
    story.say("before the failed night", "status", "--json")
    with tampered(home, f"{OUTCOMES}/a.csv"):
        story.nights["failed"] = home.night()
    story.say("after the failed night", "status", "--json")

    story.say("undo by path", "withdraw", "--undo", TAKEN_OUT)
    story.say("undo by id", "withdraw", by_id, "--undo", "--json")
    story.say("undo again", "withdraw", "--undo", by_id)
    in_bangkok = (between + dt.timedelta(hours=7)).replace(tzinfo=None)
    story.rebuild("between", in_bangkok.isoformat())
    elsewhere = dt.datetime.now(dt.timezone(-dt.timedelta(hours=5)))
    story.rebuild("undone", elsewhere.isoformat())
    return story

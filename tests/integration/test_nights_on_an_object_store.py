"""A home whose landing zone, archive and store lie in an object store, through three nights.

The sample is published as from folders. Then a file is corrected, one is withdrawn, a person is
forgotten; in the night that takes it in the store is cut off, and the next one heals it.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import Done, Home, Night, Sample
from object_store import KEY_ID, SECRET, ObjectStore, object_store
from personal_data import Scanner

pytestmark = pytest.mark.night

BUCKET = "warehouse"
CORRECTED = "financial_outcomes/ผู้ประสานงาน 03/ผลลัพธ์ ไตรมาส 1.csv"
#: What another run over the same files has otherwise: its name, its time, the order of receipt
#: (a store tells times by the second), the commit.
OF_THE_RUN = {"run_id", "receipt_id", "event_id", "git_sha"}


@dataclasses.dataclass
class Story:
    """What happened.

    Attributes:
        home: the home.
        store: its object store.
        names: bytes planted in the settings of who speaks to the store.
        person: the one who is forgotten: id, id with dashes, name.
        withdrawn: the path of the file that was withdrawn.
        nights: name → night.
        done: name → other command.
        requests: name of a night → what it asked of the store.
        at_rest: name → every version of every object of archive and store then.
    """

    home: Home
    store: ObjectStore
    settings: dict[str, str]
    person: tuple[str, str, str] = ("", "", "")
    withdrawn: str = ""
    nights: dict[str, Night] = dataclasses.field(default_factory=dict)
    done: dict[str, Done] = dataclasses.field(default_factory=dict)
    requests: dict[str, Counter[str]] = dataclasses.field(default_factory=dict)
    at_rest: dict[str, Path] = dataclasses.field(default_factory=dict)

    def run(self, *arguments: str) -> Done:
        """Types a command."""
        return self.home.run(*arguments, **self.settings)

    def night(self, name: str) -> None:
        """Lets a night pass."""
        with self.store.counting() as asked:
            self.nights[name] = self.home.night(**self.settings)
        self.requests[name] = asked

    def keep_what_lies_there(self, name: str) -> None:
        """Copies all that the store has of archive and store, to be looked through."""
        folder = self.at_rest[name] = self.home.root.parent / name
        for key, versions in self.store.contents(BUCKET).items():
            if not key.startswith("landing/"):
                for number, content in enumerate(versions):
                    path = folder / f"{number}" / key
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)


@pytest.fixture(scope="module")
def told(sample: Sample, new_home: Callable[[str], Home]) -> Iterator[Story]:
    """The three nights."""
    with object_store() as store:
        bucket = store.bucket(BUCKET, versioned=True)
        settings = {
            **store.environment,
            "WAREHOUSE_LANDING": f"{bucket}/landing",
            "WAREHOUSE_ARCHIVE": f"{bucket}/archive",
            "WAREHOUSE_STORE": f"{bucket}/store",
            "WAREHOUSE_KEY_SECRET": (sample.home.root / "key_secret").read_text(),
        }
        story = Story(new_home("objects"), store, settings)
        story.done["sample"] = story.run("sample")
        story.night("first")
        _change_what_lies_there(story, sample.home.landing)
        store.relay.cut_at = b"PUT /warehouse/store/"
        story.night("cut")
        story.done["status while cut"] = story.run("status")
        assert store.relay.is_cut
        store.relay.mend()
        story.night("healed")
        story.keep_what_lies_there("after")
        row = ("fiscal_year_be=2558", "measure=cost_reduction")
        for name, arguments in {
            "trace": ["trace", "rpt_programme_progress", *row],
            "doctor": ["doctor"],
            "status": ["status", "--json"],
            "workbook": ["quarantine", "--xlsx", str(story.home.root.parent / "back.xlsx")],
            "backup": ["backup", str(story.home.root.parent / "backup"), "--json"],
        }.items():
            story.done[name] = story.run(*arguments)
        yield story


def _change_what_lies_there(story: Story, landing: Path) -> None:
    """A correction without its last row, a file withdrawn, a person forgotten."""
    lines = (landing / CORRECTED).read_bytes().splitlines(keepends=True)
    story.store.client.put_object(
        Bucket=BUCKET, Key=f"landing/{CORRECTED}", Body=b"".join(lines[:-1])
    )
    loaded = story.nights["first"].where(
        "audit.load_file", dataset="activity_reports", status="loaded"
    )
    story.withdrawn = loaded[0]["path"]
    url = f"{story.settings['WAREHOUSE_LANDING']}/{story.withdrawn}"
    story.done["withdraw"] = story.run("withdraw", url)
    with duckdb.connect() as db:
        kept = story.home.root / "objects" / "*" / "*.parquet"
        found = db.execute(
            "select juristic_id, enterprise_name from read_parquet(?, union_by_name = true) "
            "where is_natural_person and enterprise_name is not null order by all limit 1",
            [str(kept)],
        ).fetchone()
    assert found is not None
    person, name = found
    dashed = f"{person[0]}-{person[1:5]}-{person[5:10]}-{person[10:12]}-{person[12]}"
    story.person = (person, dashed, name)
    story.keep_what_lies_there("before")
    story.done["forget"] = story.run("forget", person, "--yes", "--by", "ผู้ทดสอบ")


# ── The same warehouse ────────────────────────────────────────────────────────────────────────


def test_the_sample_is_written_to_a_landing_zone_by_url(told: Story) -> None:
    assert told.done["sample"].exit_code == 0, told.done["sample"].said
    assert "54 sample files to s3://warehouse/landing" in told.done["sample"].said


def _comparable(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(
        repr({
            name: value
            for name, value in row.items()
            if name not in OF_THE_RUN and not name.endswith(("_run_id", "_at"))
        })
        for row in rows
    )  # fmt: skip


def test_what_is_published_is_the_same_as_from_folders(told: Story, sample: Sample) -> None:
    first = told.nights["first"]
    assert first.exit_code == 0, first.said
    assert first.tables.keys() == sample.first.tables.keys()
    differ = {
        name
        for name, rows in sample.first.tables.items()
        if _comparable(rows) != _comparable(first.tables[name])
    }
    assert differ == set()
    assert sum(map(len, first.tables.values())) > 5_000


def test_no_question_is_asked_a_file(told: Story) -> None:
    asked = told.requests["first"]
    assert asked["HEAD"] < 10
    # Each submission crosses the network once, and what was made of it once to be built from.
    files = len(told.nights["first"].where("audit.load_file"))
    assert files < asked["GET"] < 3 * files


# ── Cut off in the middle ─────────────────────────────────────────────────────────────────────


def test_a_store_that_is_cut_off_in_the_middle_of_a_night_leaves_what_is_published(
    told: Story,
) -> None:
    cut = told.nights["cut"]
    assert cut.exit_code == 1
    assert "The object store does not answer at s3://warehouse/store" in cut.said
    assert "(WAREHOUSE_STORE)" in cut.said
    assert "AWS_ENDPOINT_URL" in cut.said
    assert "Traceback" not in cut.said
    assert cut.digest == told.nights["first"].digest


def test_status_says_that_the_landing_zone_does_not_answer(told: Story) -> None:
    status = told.done["status while cut"]
    assert status.exit_code == 1
    assert "The object store does not answer at s3://warehouse/landing" in status.said


def test_a_plain_rerun_heals(told: Story) -> None:
    healed = told.nights["healed"]
    assert healed.exit_code == 0, healed.said
    assert healed.files(CORRECTED) == [("superseded", None), ("loaded", None)]
    assert healed.files(told.withdrawn) == [("withdrawn", None)]
    before = told.nights["first"].where("marts.fct_activity")
    assert 0 < len(healed.where("marts.fct_activity")) < len(before)


# ── What people ask of it ─────────────────────────────────────────────────────────────────────


def test_a_number_is_traced_to_the_text_in_the_archive(told: Story) -> None:
    trace = told.done["trace"]
    assert trace.exit_code == 0, trace.said
    assert "รหัสคลัสเตอร์: C" in trace.said
    assert "not in the archive" not in trace.said


def test_rows_go_back_to_their_senders_from_the_archive(told: Story) -> None:
    assert told.done["workbook"].exit_code == 0, told.done["workbook"].said
    assert "rows to mend" in told.done["workbook"].said


def test_the_doctor_looks_at_the_stores(told: Story) -> None:
    doctor = told.done["doctor"].said
    for said in (
        "landing: s3://warehouse/landing can be read",
        "archive: s3://warehouse/archive can be read and written",
        "store: s3://warehouse/store can be read and written",
    ):
        assert said in doctor


def test_status_has_nothing_waiting(told: Story) -> None:
    assert told.done["status"].json()["files_waiting"] == []


def test_a_back_up_says_what_it_does_not_have(told: Story) -> None:
    backup = told.done["backup"].json()
    assert backup["complete"]
    for setting in ("WAREHOUSE_ARCHIVE", "WAREHOUSE_STORE"):
        assert any(
            note.startswith(f"{setting} is s3://") and "not in this back-up" in note
            for note in backup["notes"]
        )


# ── Safety ────────────────────────────────────────────────────────────────────────────────────


def test_a_person_who_is_forgotten_is_in_no_version_of_any_object(told: Story) -> None:
    assert told.done["forget"].exit_code == 0, told.done["forget"].said
    scanner = Scanner(list(told.person))
    assert scanner.in_folder(told.at_rest["before"])
    assert scanner.in_folder(told.at_rest["after"]) == []
    assert not [path for path in told.at_rest["after"].rglob("*") if "forgetting" in path.parts]


def test_a_person_who_is_forgotten_is_in_no_copy_on_this_machine(told: Story) -> None:
    assert Scanner(list(told.person)).in_folder(told.home.root) == []


def test_credentials_are_in_nothing_that_is_written_or_said(told: Story) -> None:
    scanner = Scanner([SECRET, KEY_ID])
    assert scanner.in_folder(told.home.root) == []
    for done in (*told.nights.values(), *told.done.values()):
        assert SECRET not in done.stdout + done.stderr
        assert KEY_ID not in done.stdout + done.stderr


def test_copies_on_this_machine_are_their_owners_alone(told: Story) -> None:
    kept = told.home.root / "objects"
    assert kept.stat().st_mode & 0o077 == 0
    assert list(kept.glob("*/*.parquet"))
    assert not list(kept.glob(".fetched.*"))

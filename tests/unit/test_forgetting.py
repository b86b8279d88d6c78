"""A person is forgotten: gone from archive and store, in every format, at once or not at all."""

from __future__ import annotations

import dataclasses
import errno
import gzip
import hashlib
import hmac
import io
import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import xlsxwriter
from excel97 import workbook
from file_writers import ods_bytes
from good_rows import GOOD_ROWS, as_csv
from intake_home import SECRET
from intake_home import Home as Intake
from personal_data import Scanner
from pyarrow import parquet
from small_home import home_at

from orchestration import settings
from orchestration.backup import back_up
from orchestration.backup_folder import BackupFolder
from orchestration.completeness import refuse_incomplete
from orchestration.forgetting import Removal, forget, lift, person_of
from orchestration.restore import restore
from orchestration.settings import SettingsError
from sources import forgetting
from sources.clock import utc_now
from sources.closings import Snapshots
from sources.forgetting import Forgetting, folder_of, settle
from sources.forgotten import Forgotten, person_hash
from sources.ledger import Ledger
from sources.ledger_forgetting import Remaining, forgotten_hashes
from sources.ledger_tables import closed_figure, file_event, forgetting_event
from sources.originals import original_rows
from sources.redacted import open_archived
from sources.rejudging import Rejudging
from sources.sampling.world import natural_id

PERSON, OTHER = natural_id(4_711), natural_id(4_712)
DASHED = f"{PERSON[0]}-{PERSON[1:5]}-{PERSON[5:10]}-{PERSON[10:12]}-{PERSON[12]}"
THAI = PERSON.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
NAME = "นางสาวสมหญิง ลืมเสีย"
TEXTS = [PERSON, DASHED, THAI, NAME]
MEMBERS = "member_registrations"

Rows = Sequence[Mapping[str, str]]


def member(person: str, name: str, **changed: str) -> dict[str, str]:
    return {**GOOD_ROWS[MEMBERS], "juristic_id": person, "enterprise_name": name, **changed}


MEMBERS_OF = [member(OTHER, "นายอื่น"), member(PERSON, NAME), member("0105558000014", "บริษัท ก")]


def cells(rows: Rows) -> list[list[Any]]:
    return [list(rows[0]), *([row[name] for name in rows[0]] for row in rows)]


def xlsx(rows: Rows) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"author": NAME})
        sheet = book.add_worksheet("สมาชิก")
        sheet.write(0, 0, "ทะเบียนสมาชิก")
        for number, line in enumerate(cells(rows), start=2):
            for column, text in enumerate(line):
                is_number = text.isdigit() and len(text) == 13 and text[0] != "0"
                (sheet.write_number if is_number else sheet.write_string)(
                    number, column, float(text) if is_number else text
                )
        book.add_worksheet("บันทึก").write(0, 0, f"{NAME} {DASHED}")
    return file.getvalue()


def as_parquet(rows: Rows) -> bytes:
    file = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist([dict(row) for row in rows]), file)
    return file.getvalue()


def as_json_lines(rows: Rows) -> bytes:
    return "\n".join(json.dumps(dict(row), ensure_ascii=False) for row in rows).encode()


FORMATS: dict[str, Callable[[Rows], bytes]] = {
    "a.csv": lambda rows: as_csv(rows).encode(),
    "thai.csv": lambda rows: as_csv(rows).encode("cp874"),
    "unicode.txt": lambda rows: as_csv(rows).replace(",", "\t").encode("utf-16"),
    "a.csv.gz": lambda rows: gzip.compress(as_csv(rows).encode()),
    "a.xlsx": xlsx,
    "a.xls": lambda rows: workbook({"สมาชิก": cells(rows)}),
    "a.ods": lambda rows: ods_bytes({"สมาชิก": cells(rows)}),
    "a.parquet": as_parquet,
    "a.jsonl": as_json_lines,
}


@pytest.fixture
def intake(tmp_path: Path) -> Intake:
    """A home's intake in which a cluster is registered."""
    made = Intake(tmp_path / "home")
    made.put("cluster_registrations/c.csv", as_csv([GOOD_ROWS["cluster_registrations"]]))
    return made


def home_of(intake: Intake) -> settings.Home:
    home = home_at(intake.root)
    home.prepare()
    home.key_file.touch(mode=0o600)
    home.key_file.write_bytes(SECRET)
    return home


def forgotten(intake: Intake, person: str = PERSON, note: str | None = None) -> Removal:
    removal, done = forget(home_of(intake), person, "ผู้ดูแล", note, lambda _: True)
    assert done
    return removal


def left_of(intake: Intake) -> list[tuple[str, str]]:
    """Where the person is still found, but for what the senders have."""
    return Scanner(TEXTS).in_folder(intake.root, but=["landing"])


def accepted(intake: Intake, dataset: str = MEMBERS) -> list[tuple[Any, ...]]:
    stored = intake.store.root / dataset / "accepted" / "*.parquet"
    with duckdb.connect() as db:
        return db.execute(
            f"select row_number, {'juristic_id' if dataset == MEMBERS else 'participant_ids'} "
            "from read_parquet(?, union_by_name = true) order by all",
            [str(stored)],
        ).fetchall()


# ── Whom ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("written", [PERSON, DASHED, THAI, f" {PERSON[:4]} {PERSON[4:]} "])
def test_an_id_is_understood_as_people_write_it(written: str) -> None:
    assert person_of(written) == PERSON


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("0105558000014", "juristic person"),
        (f"{PERSON[:12]}{(int(PERSON[12]) + 1) % 10}", "check digit"),
        ("9" + PERSON[1:], "1 to 8"),
        ("12345", "13 digits"),
        (NAME, "13 digits"),
    ],
)
def test_what_is_no_natural_persons_id_is_refused_without_being_repeated(
    written: str, why: str
) -> None:
    with pytest.raises(SettingsError, match=why) as refused:
        person_of(written)
    assert written not in str(refused.value)


def test_the_hash_of_a_forgotten_person_is_not_the_key_that_analysts_join_on() -> None:
    plain = hashlib.sha256(PERSON.encode()).hexdigest()
    joined_on = hmac.new(SECRET, PERSON.encode(), hashlib.sha256).hexdigest()
    assert person_hash(SECRET, PERSON) not in (joined_on, plain)


@pytest.mark.parametrize(
    "text", ["บัตร {}", "1 {} 2", "โทร 081-234-5678/{}", "12{{}}{}", "เลขที่ 5 หมู่ 3 {} ก"]
)
@pytest.mark.parametrize("written", [PERSON, DASHED, THAI])
def test_a_mention_is_found_beside_other_numbers_and_only_it_is_covered(
    text: str, written: str
) -> None:
    who = Forgotten(SECRET, [person_hash(SECRET, PERSON)])
    assert who.covered(text.format(written)) == text.format("•")
    assert not who.is_named_in(text.format(OTHER))


# ── What ──────────────────────────────────────────────────────────────────────────────────────


def test_a_person_is_gone_from_every_format_and_the_other_rows_keep_their_places(
    intake: Intake,
) -> None:
    for number, (name, content) in enumerate(FORMATS.items()):
        revenue = str(1_000 + number)  # so that no two files are the same bytes
        intake.put(
            f"{MEMBERS}/{name}",
            content([{**row, "annual_revenue_baht": revenue} for row in MEMBERS_OF]),
        )
    _, taken = intake.night()
    contract, before = intake.contracts[MEMBERS], {}
    for name in FORMATS:
        of = taken[f"{MEMBERS}/{name}"]
        assert of.outcome.rows_accepted == 3, of.outcome
        before[name] = original_rows(intake.archive.path(of.outcome.file_id), contract, _places(of))
    removal = forgotten(intake)
    assert removal.datasets == {MEMBERS: {"files": len(FORMATS), "rows": len(FORMATS)}}
    assert sorted(removal.in_landing) == sorted(f"{MEMBERS}/{name}" for name in FORMATS)
    assert left_of(intake) == []
    for name in FORMATS:
        of = taken[f"{MEMBERS}/{name}"]
        kept = intake.archive.readable(MEMBERS, of.outcome.file_id)
        gone = _places(of)[1]
        left = original_rows(kept, contract, _places(of))
        assert left == {place: row for place, row in before[name].items() if place != gone}, name
        assert open_archived(kept, contract).format == of.outcome.details["format"]
        in_store = intake.store.path(MEMBERS, "accepted", of.outcome.file_id, contract.version)
        ids = duckdb.sql(f"select juristic_id from read_parquet('{in_store}')").fetchall()
        assert ids == [(OTHER,), ("0105558000014",)], name


def _places(taken: Any) -> list[tuple[str | None, int]]:
    return [(row["sheet_name"], row["row_number"]) for row in taken.rows]


def test_a_person_is_gone_from_lists_bad_rows_and_what_others_wrote(intake: Intake) -> None:
    activity = GOOD_ROWS["activity_reports"]
    intake.put(f"{MEMBERS}/good.csv", as_csv(MEMBERS_OF))
    bad = member(DASHED, NAME, registered_on="31/02/2558", contact_name=f"ลูก {THAI}")
    note = f"แม่คือ {DASHED}"
    firm = member("0105558000014", "บริษัท ก", cluster_code="C02", หมายเหตุ=note)
    intake.put(f"{MEMBERS}/bad.csv", as_csv([bad, {**bad, "หมายเหตุ": ""}, firm, firm, firm]))
    whole = [{**bad, "หมายเหตุ": ""}, member(OTHER, "นายอื่น", registered_on="x")]
    intake.put(f"{MEMBERS}/rejected.csv", as_csv(whole))
    lists = [f"{PERSON};{OTHER}", f"{OTHER};{DASHED}", THAI, ""]
    intake.put(
        "activity_reports/a.csv",
        as_csv(
            [
                {
                    **activity,
                    "activity_id": f"A-{n}",
                    "participant_ids": ids,
                    "title": f"ของ {THAI}",
                }
                for n, ids in enumerate(lists)
            ]
        ),
    )
    intake.put(f"{MEMBERS}/lacks.csv", f"cluster_code,ของ\nC01,{DASHED} {NAME}\n")
    intake.night()
    removal = forgotten(intake)
    assert left_of(intake) == []
    assert removal.datasets[MEMBERS] == {"files": 4, "rows": 4}
    assert removal.datasets["activity_reports"] == {"files": 1, "rows": 0}
    assert removal.emptied == [f"{MEMBERS}/lacks.csv"]
    others = [
        [p["juristic_id"] for p in of or []] for _, of in accepted(intake, "activity_reports")
    ]
    assert others == [[None], [None], [], []]
    assert not forget(home_of(intake), PERSON, None, None, lambda _: True)[1]


def test_what_is_left_of_each_file_adds_up_and_events_stay_as_they_were(intake: Intake) -> None:
    outcome = GOOD_ROWS["financial_outcomes"]
    rows = [{**outcome, "juristic_id": person} for person in (PERSON, OTHER)]
    intake.put("financial_outcomes/a.csv", as_csv([*rows, {**rows[0], "quarter": "9"}]))
    intake.night()
    forgotten(intake)
    with intake.ledger.engine.connect() as connection:
        remaining = Remaining(connection)
        event = next(
            dict(row)
            for row in connection.execute(file_event.select()).mappings()
            if row["dataset"] == "financial_outcomes"
        )
    told = remaining.of_file(event)
    assert (event["rows_read"], event["control_total"]) == (3, "3000.00")
    assert (told["rows_read"], told["rows_accepted"], told["rows_quarantined"]) == (1, 1, 0)
    assert told["control_total"] == "1000.00"
    later = {**event, "event_id": event["event_id"] + 1}
    assert remaining.of_file(later) == later


# ── Afterwards ────────────────────────────────────────────────────────────────────────────────


def test_a_later_file_is_taken_in_without_the_person_until_that_is_lifted(intake: Intake) -> None:
    intake.put(f"{MEMBERS}/a.csv", as_csv(MEMBERS_OF))
    intake.night()
    forgotten(intake)
    for name, content in (
        ("b.xlsx", xlsx(MEMBERS_OF)),
        ("c.csv", as_csv(MEMBERS_OF[1:2]).encode()),
    ):
        intake.put(f"{MEMBERS}/{name}", content)
    intake.put("financial_outcomes/same.csv", as_csv(MEMBERS_OF[1:2]))
    _, taken = intake.night()
    assert left_of(intake) == []
    assert taken[f"{MEMBERS}/b.xlsx"].outcome.rows_read == 2
    assert taken[f"{MEMBERS}/c.csv"].outcome.reason == "empty"
    assert taken["financial_outcomes/same.csv"].outcome.reason == "missing_column"
    received, _ = intake.night()
    assert received.new == ()
    intake.put(f"{MEMBERS}/again.csv", as_csv(MEMBERS_OF))  # the first file's bytes
    received, _ = intake.night()
    assert received.duplicates == ((f"{MEMBERS}/again.csv", f"{MEMBERS}/a.csv"),)
    assert left_of(intake) == []
    lift(home_of(intake), PERSON, None, None)
    intake.put(f"{MEMBERS}/d.csv", as_csv([*MEMBERS_OF, member(natural_id(5), "นายใหม่")]))
    _, taken = intake.night()
    assert taken[f"{MEMBERS}/d.csv"].outcome.rows_accepted == 4
    with pytest.raises(SettingsError, match="Nobody"):
        lift(home_of(intake), PERSON, None, None)


def test_the_archive_can_be_judged_again_and_backed_up_and_restored(
    intake: Intake, tmp_path: Path
) -> None:
    for name in ("a.xlsx", "a.csv"):
        intake.put(f"{MEMBERS}/{name}", FORMATS[name](MEMBERS_OF))
    intake.night()
    home = home_of(intake)
    forgotten(intake)
    contract = dataclasses.replace(intake.contracts[MEMBERS], version="2-test")
    contracts = {**intake.contracts, MEMBERS: contract}
    again = Rejudging(dataclasses.replace(intake.intake(), contracts=contracts), contract)
    changes = again.judge()
    assert (changes.files_judged, changes.any) == (2, False)
    assert again.take_over() == 2
    refuse_incomplete(home, intake.ledger)
    done = back_up(home, tmp_path / "backup", keep=2)
    assert (done.missing, BackupFolder(tmp_path / "backup").damaged()) == ([], {})
    new = home_at(tmp_path / "new")
    restore(new, tmp_path / "backup", None)
    restored = Intake.__new__(Intake)
    restored.root = new.root
    assert left_of(restored) == []
    redacted = next(intake.archive.root.glob("*/*.redacted"))
    redacted.write_bytes(redacted.read_bytes()[:-9] + b"123456789")
    damaged = back_up(home, tmp_path / "backup2", keep=2)
    assert [text for text in damaged.missing if "damaged" in text]


def test_the_record_says_when_by_whom_and_how_much_and_not_who(intake: Intake) -> None:
    intake.put(f"{MEMBERS}/a.csv", as_csv(MEMBERS_OF))
    intake.night()
    forgotten(intake, note=f"{DASHED} โทร 081-234-5678 ขอเอง")
    with intake.ledger.engine.connect() as connection:
        (event,) = connection.execute(forgetting_event.select()).mappings().all()
    assert event["decided_by"] == "ผู้ดูแล"
    assert event["note"] == "• โทร • ขอเอง"
    assert (event["files_changed"], event["rows_removed"]) == (1, 1)
    assert event["person_hash"] == person_hash(SECRET, PERSON)


def test_who_looks_only_changes_nothing_and_a_disk_that_fails_neither(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake.put(f"{MEMBERS}/a.csv", as_csv(MEMBERS_OF))
    intake.night()
    home = home_of(intake)
    before = _bytes_of(intake)
    removal, done = forget(home, PERSON, None, None, lambda _: False)
    assert (removal.any, done, _bytes_of(intake)) == (True, False, before)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(forgetting.Store, "write", full)
        with pytest.raises(OSError, match="No space"):
            forget(home, PERSON, None, None, lambda _: True)
    assert (_bytes_of(intake), forgotten_hashes(intake.ledger)) == (before, [])


def _bytes_of(intake: Intake) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for folder in ("archive", "store", "forgetting")
        for path in (intake.root / folder).rglob("*")
        if path.is_file()
    }


# ── Killed ────────────────────────────────────────────────────────────────────────────────────


class Killed(BaseException):
    """The process is gone: nothing that it would have tidied up is."""


def _staged(intake: Intake) -> Forgetting:
    intake.put(f"{MEMBERS}/a.csv", as_csv(MEMBERS_OF))
    intake.put(f"{MEMBERS}/b.csv", as_csv(MEMBERS_OF[1:]))
    intake.night()
    one = Forgetting(
        root=intake.root,
        archive=intake.archive,
        store=intake.store,
        ledger=intake.ledger,
        contracts=intake.contracts,
        secret=SECRET,
        person_id=PERSON,
        token=secrets.token_hex(16),
    )
    one.stage()
    return one


def test_killed_before_it_is_recorded_nothing_has_happened(intake: Intake) -> None:
    before = {k: v for k, v in _bytes_of(intake).items() if "forgetting" not in k}
    _staged(intake)
    assert (
        settle(intake.archive, intake.store, intake.root, intake.ledger),
        folder_of(intake.archive).exists(),
    ) == (0, False)
    after = _bytes_of(intake)
    assert before.items() <= after.items()
    assert not [path for path in after if path.endswith(".redacted")]
    assert Scanner(TEXTS).in_folder(intake.root / "store")


@pytest.mark.parametrize("steps", [0, 3, 5])
def test_killed_after_it_is_recorded_the_next_who_writes_finishes_it(
    steps: int, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    _staged(intake).record(None, None)
    done = 0

    def then_killed(path: Path) -> None:
        nonlocal done
        done += 1
        if done > steps:
            raise Killed

    with monkeypatch.context() as killing:
        killing.setattr(forgetting, "make_durable", then_killed)
        with pytest.raises(Killed):  # four files are put in place, two are removed
            settle(intake.archive, intake.store, intake.root, intake.ledger)
    settle(intake.archive, intake.store, intake.root, intake.ledger)
    assert left_of(intake) == []
    assert len(accepted(intake)) == 3
    assert not folder_of(intake.archive).exists()
    assert isinstance(intake.ledger, Ledger)


def test_killed_while_it_tidies_up_the_next_who_writes_goes_on(intake: Intake) -> None:
    one = _staged(intake)
    one.record(None, None)
    settle(intake.archive, intake.store, intake.root, intake.ledger)
    (folder_of(intake.archive) / one.token).mkdir(parents=True)  # emptied, and not yet removed
    settle(intake.archive, intake.store, intake.root, intake.ledger)
    assert not folder_of(intake.archive).exists()
    assert left_of(intake) == []


def test_archive_and_store_may_lie_on_two_file_systems(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    _staged(intake).record(None, None)
    rename = os.rename

    def within_a_folder(source: str, target: str) -> None:
        if Path(source).parent != Path(target).parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        rename(source, target)

    with monkeypatch.context() as mounted:
        mounted.setattr(os, "replace", within_a_folder)
        settle(intake.archive, intake.store, intake.root, intake.ledger)
    assert left_of(intake) == []
    assert len(accepted(intake)) == 3


def test_what_is_staged_lies_where_the_archive_does_and_for_its_owner_alone(
    intake: Intake,
) -> None:
    one = _staged(intake)
    staged = folder_of(intake.archive) / one.token
    assert staged.is_relative_to(home_at(intake.root).archive)
    assert {path.stat().st_mode & 0o077 for path in [staged, *staged.iterdir()]} == {0}


def test_a_closed_quarter_loses_the_persons_part_and_what_nobody_else_reported(
    intake: Intake,
) -> None:
    keys = {
        person: hmac.new(SECRET, person.encode(), hashlib.sha256).hexdigest()
        for person in (PERSON, OTHER)
    }
    rows = [
        (keys[PERSON], "sales_increase", 100),
        (keys[OTHER], "sales_increase", 40),
        (keys[PERSON], "cost_reduction", 7),
    ]
    values = ", ".join(f"('{key}', '{measure}', {amount})" for key, measure, amount in rows)
    with duckdb.connect() as db:
        snapshot = Snapshots(intake.store.root).write(
            db,
            f"select 'q' as snapshot_id, 'C01' as cluster_code, * from (values {values}) "
            "as row (enterprise_key, measure, amount)",
            "2558Q1-q",
        )
    now = utc_now()
    figure = {"cluster_code": "C01", "enterprises": 2, "measure": "sales_increase", "amount": 140}
    alone = {**figure, "enterprises": 1, "measure": "cost_reduction", "amount": 7}
    intake.ledger.record_quarter(
        {
            "event_kind": "closed",
            "fiscal_year_be": 2558,
            "fiscal_quarter": 1,
            "occurred_at": now,
            "decided_by": "ผู้ดูแล",
            "snapshot_id": "2558Q1-q",
        },
        [figure, alone],
    )
    intake.night()
    assert forgotten(intake).closed_quarters == ["2558Q1"]
    kept = duckdb.sql(f"select enterprise_key, amount from read_parquet('{snapshot}')").fetchall()
    assert kept == [(keys[OTHER], 40)]
    with intake.ledger.engine.connect() as connection:
        remaining = Remaining(connection)
        fixed = connection.execute(closed_figure.select()).mappings().all()
        left = [remaining.of_figure(dict(row)) for row in fixed]
    assert left[1] is None
    assert left[0] is not None
    assert (left[0]["amount"], left[0]["enterprises"]) == ("40.00", 1)

"""Landing zone, archive and store in an object store: a real S3 server on loopback."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from good_rows import GOOD_ROWS, as_csv
from intake_home import SECRET as KEY
from object_store import SECRET, ObjectStore, object_store
from personal_data import Scanner
from small_home import home_at, make_small_home
from typer.testing import CliRunner

from orchestration import doctor, settings
from orchestration.backup import back_up
from orchestration.backup_folder import BackupProblem
from orchestration.completeness import HomeIncomplete, refuse_incomplete
from orchestration.disk_space import needs
from orchestration.doctor import objects as doctor_of_objects
from orchestration.doctor import records
from orchestration.restore import restore
from orchestration.settings import SettingsError
from sources import forgetting, objects
from sources.arrivals import LandingWatch
from sources.closings import Snapshots
from sources.contracts import discover
from sources.forgetting import Forgetting, folder_of, settle
from sources.intake import Intake
from sources.landed import Remembered, fetch_unknown
from sources.landing import LandingMissing, survey
from sources.leases import Leases
from sources.ledger import Ledger
from sources.objects import (
    ObjectPath,
    ObjectStoreError,
    at_hand,
    drop_kept,
    kept,
    reach_objects,
    there,
)
from sources.rejudging import Rejudging
from sources.sampling.world import natural_id
from sources.store import Archive, FileChanged, Store, erase, written_whole

MEMBERS, CLUSTERS = "member_registrations", "cluster_registrations"
NAMES = [
    "ก ข/ค.csv", "a b (1).XLSX", "x/y/z/'q\".csv", "50%20.csv", "[1]*.csv", "q?x=1#y.csv",
    "a+b.csv",
]  # fmt: skip
PERSON, OTHER = natural_id(4_711), natural_id(4_712)


@pytest.fixture(scope="module")
def server() -> Iterator[ObjectStore]:
    """A store for all tests here; each has a bucket of its own."""
    with object_store() as store:
        yield store


@pytest.fixture
def new_place(
    server: ObjectStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., ObjectPath]:
    """Makes a place in a bucket of its own."""
    import s3fs

    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()

    def make(*, versioned: bool = False) -> ObjectPath:
        url = server.bucket(f"b-{secrets.token_hex(6)}", versioned=versioned)
        return ObjectPath(f"{url}/คลัง/เก็บ", tmp_path / "scratch", "WAREHOUSE_TEST")

    return make


@pytest.fixture
def place(new_place: Callable[..., ObjectPath]) -> ObjectPath:
    """An empty place in a bucket of its own."""
    return new_place()


def put(place: ObjectPath, content: bytes | str) -> ObjectPath:
    """Has an object hold these bytes."""
    with written_whole(place) as file:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return place


def text_of(place: ObjectPath) -> str:
    with at_hand(place) as file:
        return file.read_text()


# ── Names, bytes, listings ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", NAMES)
def test_any_name_holds_its_bytes(place: ObjectPath, name: str) -> None:
    assert not (place / name).exists()
    put(place / name, name)
    assert (place / name).exists()
    assert text_of(place / name) == name
    assert [listed.path for listed in place.listing()] == [name]
    (place / name).unlink()
    assert place.listing() == []


def test_a_place_speaks_as_a_path_does(tmp_path: Path) -> None:
    place = ObjectPath("s3://bucket/a", tmp_path) / "b" / "c.parquet"
    assert (str(place), place.name, place.suffix) == (
        "s3://bucket/a/b/c.parquet", "c.parquet", ".parquet",
    )  # fmt: skip
    assert place.relative_to("s3://bucket/a").as_posix() == "b/c.parquet"
    assert not place.is_relative_to("s3://bucket/a/b/c")
    assert place.parent == ObjectPath("s3://bucket/a/b", tmp_path / "elsewhere")
    with pytest.raises(ValueError, match="not below"):
        place.relative_to("s3://other")


def test_a_listing_goes_on_beyond_a_thousand_and_asks_nothing_a_file(
    place: ObjectPath, server: ObjectStore
) -> None:
    bucket, _, prefix = place.url.removeprefix("s3://").partition("/")
    for number in range(1_050):
        server.client.put_object(Bucket=bucket, Key=f"{prefix}/apples/{number}", Body=b"x")
    with server.counting() as asked:
        found = survey(place, ["apples"])
    assert len(found.files) == 1_050
    assert asked == {"LIST": 2}


def test_the_size_and_the_version_of_an_object_are_in_its_listing(place: ObjectPath) -> None:
    put(place / "a", "one")
    (before,) = place.listing()
    assert (before.size, before.path) == (3, "a")
    put(place / "a", "two")
    (after,) = place.listing()
    assert after.version != before.version


def test_a_folder_that_a_console_makes_is_no_file(place: ObjectPath, server: ObjectStore) -> None:
    bucket, _, prefix = place.url.removeprefix("s3://").partition("/")
    server.client.put_object(Bucket=bucket, Key=f"{prefix}/apples/", Body=b"")
    assert survey(place, ["apples"]).files == ()


def test_what_is_there_is_asked_once_a_folder(
    place: ObjectPath, server: ObjectStore, tmp_path: Path
) -> None:
    here = tmp_path / "here"
    here.write_bytes(b"1234")
    for name in ("x/a", "x/b", "y/c"):
        put(place / name, name)
    wanted = [place / name for name in ("x/a", "x/b", "x/gone", "y/c", "z/gone")]
    with server.counting() as asked:
        found = there([*wanted, here, tmp_path / "gone"])
    assert found == {place / "x/a": 3, place / "x/b": 3, place / "y/c": 3, here: 4}
    assert set(asked) <= {"LIST", "HEAD"}
    assert asked["HEAD"] <= 1  # of the folder in which there is nothing
    assert asked["LIST"] <= 4


# ── Copies that are kept ──────────────────────────────────────────────────────────────────────


def test_a_file_is_fetched_once_and_kept(place: ObjectPath, server: ObjectStore) -> None:
    places = [put(place / f"{name}.parquet", name) for name in "abc"]
    first = kept(places)
    with server.counting() as asked:
        assert kept(places) == first
    assert asked == {"LIST": 1}
    assert [path.read_text() for path in first.values()] == ["a", "b", "c"]
    assert [path.suffix for path in first.values()] == [".parquet"] * 3
    assert first[places[0]].parent.stat().st_mode & 0o077 == 0


def test_a_copy_of_an_earlier_version_is_none(place: ObjectPath) -> None:
    (old,) = kept([put(place / "a.parquet", "one")]).values()
    (new,) = kept([put(place / "a.parquet", "two")]).values()
    assert new.read_text() == "two"
    assert not old.exists()


def test_a_copy_of_what_the_store_has_no_more_is_removed(place: ObjectPath) -> None:
    copies = kept([put(place / "a.parquet", "a"), put(place / "b.parquet", "b")])
    (place / "b.parquet").unlink()
    kept([place / "a.parquet"])
    assert [path.exists() for path in copies.values()] == [True, False]
    drop_kept(place / "a.parquet")
    assert not copies[place / "a.parquet"].exists()


def test_what_the_store_does_not_have_is_not_kept(place: ObjectPath) -> None:
    put(place / "a.parquet", "a")
    with pytest.raises(FileNotFoundError):
        kept([place / "a.parquet", place / "gone.parquet"])


def test_files_of_a_folder_are_their_own_copies(tmp_path: Path) -> None:
    paths = [tmp_path / "b", tmp_path / "a"]
    assert list(kept(paths).items()) == [(path, path) for path in paths]


# ── Whole or not at all ───────────────────────────────────────────────────────────────────────


def test_an_object_is_written_whole_or_not_at_all(place: ObjectPath) -> None:
    def fail_half_way() -> None:
        with written_whole(place / "a") as temporary:
            temporary.write_bytes(b"half")
            raise RuntimeError("the power goes")

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert place.listing() == []
    put(place / "a", "old")
    with pytest.raises(RuntimeError):
        fail_half_way()
    assert text_of(place / "a") == "old"
    assert list(place.scratch.iterdir()) == []


def test_an_upload_that_is_cut_short_leaves_nothing_that_counts(
    place: ObjectPath, server: ObjectStore
) -> None:
    server.relay.cut_at = b"the middle of it"
    content = b"x" * 300_000 + b"the middle of it" + b"y" * 300_000
    try:
        with pytest.raises(ObjectStoreError, match="does not answer"):
            put(place / "a", content)
    finally:
        server.relay.cut()
        server.relay.mend()
    assert place.listing() == []
    assert list(place.scratch.iterdir()) == []
    put(place / "a", content)
    assert [listed.size for listed in place.listing()] == [600_016]


def test_a_large_object_is_cut_short_in_its_second_part(
    place: ObjectPath, server: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    import s3fs.core

    monkeypatch.setattr(s3fs.core, "calculate_chunksize", lambda _size, chunksize=None: 5 * 2**20)
    content = secrets.token_bytes(11 * 2**20)
    server.relay.cut_at = b"partNumber=2"
    try:
        with pytest.raises(ObjectStoreError):
            put(place / "a", content)
    finally:
        server.relay.cut()
        server.relay.mend()
    assert place.listing() == []
    put(place / "a", content)
    with at_hand(place / "a") as file:
        assert file.read_bytes() == content


# ── Said when it fails ────────────────────────────────────────────────────────────────────────


def test_a_store_that_does_not_answer_is_told_with_the_setting(
    place: ObjectPath, server: ObjectStore
) -> None:
    server.relay.cut()
    try:
        for ask in (place.listing, (place / "a").exists, lambda: put(place / "a", "x")):
            with pytest.raises(ObjectStoreError, match=r"(?s)does not answer.*WAREHOUSE_TEST"):
                ask()
    finally:
        server.relay.mend()
    assert place.listing() == []


def test_a_store_that_takes_a_request_and_says_nothing_is_given_up_after_six(
    place: ObjectPath, server: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(place / "a", "x")
    told = {**objects._S3_OPTIONS["config_kwargs"], "read_timeout": 1}
    monkeypatch.setattr(objects, "_S3_OPTIONS", {"config_kwargs": told})
    server.relay.fall_silent()
    began = time.monotonic()
    try:
        with pytest.raises(ObjectStoreError, match=r"does not answer at .*WAREHOUSE_TEST"):
            kept([place / "a"])
    finally:
        server.relay.mend()
    # Six times a second, and the pauses of botocore between them.
    assert 6 <= time.monotonic() - began < 30
    assert kept([place / "a"])[place / "a"].read_text() == "x"


def test_a_bucket_that_is_missing_is_told(place: ObjectPath) -> None:
    gone = ObjectPath("s3://no-such-bucket-here/store", place.scratch, "WAREHOUSE_STORE")
    for ask in (gone.listing, lambda: put(gone / "a", "x")):
        with pytest.raises(ObjectStoreError) as raised:
            ask()
        assert str(raised.value) == (
            "There is no bucket no-such-bucket-here in the object store (WAREHOUSE_STORE). Make "
            "it, or correct the setting."
        )
    with pytest.raises(LandingMissing, match="no bucket"):
        survey(gone, ["apples"])


def test_who_may_not_is_told_which_credentials_are_asked(
    place: ObjectPath, server: ObjectStore
) -> None:
    bucket = place.url.removeprefix("s3://").partition("/")[0]
    denied = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [
        f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*",
    ]}  # fmt: skip
    server.client.put_bucket_policy(
        Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [denied]})
    )
    with pytest.raises(ObjectStoreError, match=r"refuses .*WAREHOUSE_TEST.*AWS_ACCESS_KEY_ID"):
        place.listing()
    with pytest.raises(ObjectStoreError, match="refuses"):
        put(place / "a", "x")


def test_missing_credentials_are_told(
    place: ObjectPath, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import s3fs

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    s3fs.S3FileSystem.clear_instance_cache()
    with pytest.raises(ObjectStoreError, match=r"No credentials for .*AWS_ACCESS_KEY_ID"):
        place.listing()
    with duckdb.connect() as db, pytest.raises(ObjectStoreError, match="No credentials"):
        reach_objects(db, place)
    s3fs.S3FileSystem.clear_instance_cache()


# ── DuckDB ────────────────────────────────────────────────────────────────────────────────────


def test_duckdb_reads_and_writes_objects_without_showing_the_secret(place: ObjectPath) -> None:
    with duckdb.connect() as db:
        reach_objects(db, Path("folder"), place)
        db.execute(f"copy (select 42 as a) to '{place}/a.parquet' (format parquet)")
        assert db.execute(f"from read_parquet('{place}/*.parquet')").fetchall() == [(42,)]
        said = repr(db.execute("from duckdb_secrets()").fetchall())
        assert "persistent=True" not in said
        assert SECRET not in said


def test_duckdb_is_left_alone_where_nothing_is_in_an_object_store(tmp_path: Path) -> None:
    with duckdb.connect() as db:
        reach_objects(db, tmp_path, "a/b.parquet")
        loaded = "select count(*) from duckdb_extensions() where loaded and extension_name = ?"
        assert db.execute(loaded, ["httpfs"]).fetchone() == (0,)


# ── Archive and store ─────────────────────────────────────────────────────────────────────────


def test_bytes_are_kept_under_their_sha_256(place: ObjectPath, tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes(b"first")
    file_id = hashlib.sha256(b"first").hexdigest()
    archive = Archive(place)
    assert not archive.holds_files()
    stored = archive.keep(source, file_id)
    assert archive.readable("apples", file_id) == stored == archive.path(file_id)
    assert archive.holds_files()
    assert not archive.is_redacted(file_id)
    put(place / file_id[:2] / f"{file_id}.apples.redacted", "left")
    assert archive.is_redacted(file_id)
    assert archive.readable("apples", file_id) == archive.redacted("apples", file_id)
    source.write_bytes(b"second")
    with pytest.raises(FileChanged):
        archive.keep(source, file_id)


def test_rows_and_snapshots_are_written_and_read(place: ObjectPath) -> None:
    store = Store(place)
    path = store.path("apples", "accepted", "abc", "1")
    with duckdb.connect() as db:
        store.write(db, "select 1 as a", path)
        with pytest.raises(duckdb.Error):
            store.write(db, "select error('no')", store.path("apples", "accepted", "bad", "1"))
        snapshot = Snapshots(place).write(db, "select 2 as a", "2558Q1")
        for place_of_rows, row in ((path, 1), (snapshot, 2)):
            with at_hand(place_of_rows) as file:
                assert db.execute("from read_parquet(?)", [str(file)]).fetchall() == [(row,)]
    assert {listed.path for listed in place.listing()} == {
        "apples/accepted/abc.1.parquet", "closed/2558Q1.parquet",
    }  # fmt: skip


@pytest.mark.parametrize("versioned", [False, True])
def test_what_is_erased_is_gone_in_every_version(
    new_place: Callable[..., ObjectPath], server: ObjectStore, versioned: bool
) -> None:
    place = new_place(versioned=versioned)
    bucket = place.url.removeprefix("s3://").partition("/")[0]
    for content in ("one", "two", "three"):
        put(place / "a", content)
    put(place / "ab", "another")
    key = place.url.removeprefix(f"s3://{bucket}/")
    (place / "a").erase(but_the_last=True)
    assert server.contents(bucket) == {f"{key}/a": [b"three"], f"{key}/ab": [b"another"]}
    erase(place / "a")
    assert server.contents(bucket) == {f"{key}/ab": [b"another"]}


# ── The landing zone ──────────────────────────────────────────────────────────────────────────


def test_what_is_no_submission_is_told_apart(place: ObjectPath) -> None:
    for name in (
        "apples/ก ข/a.csv",
        "apples/~$a.xlsx",
        "apples/b.part",
        "plums/c",
        "stray",
        ".x/d",
    ):
        put(place / name, "x")
    found = survey(place, ["apples", "pears"])
    assert [file.path for file in found.files] == ["apples/ก ข/a.csv"]
    assert found.unknown == ("plums/", "stray")
    assert found.passed_over == ("apples/b.part", "apples/~$a.xlsx")
    assert found.being_written == ()


def test_the_sensor_hashes_an_object_once(place: ObjectPath, server: ObjectStore) -> None:
    put(place / "apples/a.csv", "one")
    watch = LandingWatch()
    sha256 = hashlib.sha256(b"one").hexdigest()
    assert watch.look(place, ["apples"], {}).waiting == {"apples/a.csv": sha256}
    with server.counting() as asked:
        assert watch.look(place, ["apples"], {("apples", "apples/a.csv"): sha256}).waiting == {}
    assert asked == {"LIST": 1}
    put(place / "apples/a.csv", "two")
    assert list(watch.look(place, ["apples"], {("apples", "apples/a.csv"): sha256}).waiting) == [
        "apples/a.csv"
    ]


def test_an_object_that_vanished_since_it_was_listed_is_told(
    place: ObjectPath, tmp_path: Path
) -> None:
    for name in "abc":
        put(place / "apples" / name, name)
    files = survey(place, ["apples"]).files
    (place / "apples/b").unlink()
    remembered = Remembered(tmp_path / "known.json")
    fetched, vanished = fetch_unknown(files, remembered, tmp_path / "fetched")
    assert vanished == ["apples/b"]
    assert sorted(path.read_text() for path in fetched.values()) == ["a", "c"]
    assert [remembered.sha256(file) is None for file in files] == [False, True, False]


def test_a_memory_that_is_damaged_is_begun_anew(place: ObjectPath, tmp_path: Path) -> None:
    put(place / "apples/a", "a")
    (file,) = survey(place, ["apples"]).files
    memory = tmp_path / "known.json"
    remembered = Remembered(memory)
    remembered.note(file, "a" * 64)
    remembered.keep([file])
    assert memory.stat().st_mode & 0o077 == 0
    assert Remembered(memory).sha256(file) == "a" * 64
    memory.write_text(memory.read_text()[:-5])
    assert Remembered(memory).sha256(file) is None
    remembered.keep([])
    assert json.loads(memory.read_text()) == {}


# ── The intake, and what comes after ──────────────────────────────────────────────────────────


class ObjectHome:
    """An intake whose three places are in one bucket."""

    def __init__(self, place: ObjectPath, root: Path) -> None:
        self.place, self.root = place, root
        root.mkdir()
        self.landing = place / "landing"
        self.archive, self.store = Archive(place / "archive"), Store(place / "store")
        self.ledger = Ledger(f"sqlite:///{root / 'ledger.sqlite'}")
        self.asked: list[int] = []

    def intake(self) -> Intake:
        return Intake(
            contracts=discover(),
            landing=self.landing,
            archive=self.archive,
            store=self.store,
            ledger=self.ledger,
            secret=KEY,
            run_id="night",
            scratch=self.root / "scratch",
            make_sure=self.asked.append,
            remembered=self.root / "landed.json",
        )

    def night(self) -> dict[str, str]:
        """Path → what became of it."""
        leases = Leases(self.ledger, "night")
        intake = replace(self.intake(), leases=leases)
        with leases.renewed():
            received = intake.receive()
            became = dict.fromkeys((path for path, _ in received.duplicates), "duplicate")
            for dataset in intake.contracts:
                new = [receipt for receipt in received.new if receipt.dataset == dataset]
                outcomes = intake.load(dataset, new).outcomes if new else ()
                became |= {outcome.path: outcome.status for outcome in outcomes}
        return became


@pytest.fixture
def home(new_place: Callable[..., ObjectPath], tmp_path: Path) -> Iterator[ObjectHome]:
    """An intake in a bucket that keeps earlier versions."""
    made = ObjectHome(new_place(versioned=True), tmp_path / "home")
    yield made
    made.ledger.close()


def member(person: str, name: str) -> dict[str, str]:
    return {**GOOD_ROWS[MEMBERS], "juristic_id": person, "enterprise_name": name}


def fill(home: ObjectHome) -> None:
    put(home.landing / CLUSTERS / "a.csv", as_csv([GOOD_ROWS[CLUSTERS]]))
    put(
        home.landing / MEMBERS / "ก ข.csv",
        as_csv([member(PERSON, "นางลืม"), member(OTHER, "นายอื่น")]),
    )


def rows_of(home: ObjectHome, dataset: str) -> list[Any]:
    copies = kept([
        home.store.root / dataset / "accepted" / listed.path
        for listed in (home.store.root / dataset / "accepted").listing()
    ])  # fmt: skip
    with duckdb.connect() as db:
        listed = [str(path) for path in copies.values()]
        return db.execute(
            "select juristic_id from read_parquet(?, union_by_name = true) order by all", [listed]
        ).fetchall()


def test_files_are_taken_in_once_each_fetched_once(home: ObjectHome, server: ObjectStore) -> None:
    fill(home)
    put(home.landing / CLUSTERS / "again.csv", as_csv([GOOD_ROWS[CLUSTERS]]))
    with server.counting() as asked:
        assert home.night() == {
            f"{CLUSTERS}/a.csv": "loaded",
            f"{CLUSTERS}/again.csv": "duplicate",
            f"{MEMBERS}/ก ข.csv": "loaded",
        }
    assert asked["GET"] == 3
    assert asked["HEAD"] == 0
    assert sum(home.asked) == sum(listed.size for listed in home.landing.listing())
    assert list((home.root / "scratch" / "fetched").iterdir()) == []
    with server.counting() as asked:
        assert home.intake().receive().unchanged == 3
    assert asked["GET"] == 0


def test_a_night_without_its_memory_fetches_again_and_takes_nothing_twice(
    home: ObjectHome, server: ObjectStore
) -> None:
    fill(home)
    home.night()
    (home.root / "landed.json").unlink()
    with server.counting() as asked:
        assert home.night() == {}
    assert asked["GET"] == 2
    assert asked["PUT"] == 0


def test_a_correction_has_its_own_bytes_in_the_archive(home: ObjectHome) -> None:
    fill(home)
    home.night()
    put(home.landing / MEMBERS / "ก ข.csv", as_csv([member(OTHER, "นายอื่น")]))
    assert home.night() == {f"{MEMBERS}/ก ข.csv": "loaded"}
    assert len(home.archive.root.listing()) == 3


def test_a_store_that_is_cut_off_while_a_file_is_taken_in_has_it_taken_in_again(
    home: ObjectHome, server: ObjectStore
) -> None:
    fill(home)
    server.relay.cut_at = b"/store/" + MEMBERS.encode()
    try:
        with pytest.raises(ObjectStoreError, match="does not answer"):
            home.night()
    finally:
        server.relay.cut()
        server.relay.mend()
    assert set(home.ledger.known_files()) == {
        (CLUSTERS, hashlib.sha256(as_csv([GOOD_ROWS[CLUSTERS]]).encode()).hexdigest())
    }
    assert home.night() == {f"{MEMBERS}/ก ข.csv": "loaded"}
    assert len(rows_of(home, MEMBERS)) == 2
    assert home.night() == {}


def test_files_are_judged_again_out_of_the_archive(home: ObjectHome) -> None:
    import dataclasses

    fill(home)
    home.night()
    contract = dataclasses.replace(discover()[MEMBERS], version="2.0.0-test")
    rejudging = Rejudging(
        dataclasses.replace(home.intake(), contracts={MEMBERS: contract}), contract
    )
    changes = rejudging.judge()
    assert (changes.files_judged, changes.any) == (1, False)
    rejudging.discard()
    assert not [
        p for p in home.store.root.listing() if "2.0.0-test" in p.path and "empty" not in p.path
    ]


def _forgetting(home: ObjectHome) -> Forgetting:
    return Forgetting(
        root=home.root, archive=home.archive, store=home.store, ledger=home.ledger,
        contracts=discover(), secret=KEY, person_id=PERSON, token=secrets.token_hex(16),
    )  # fmt: skip


def _objects_without_the_landing_zone(home: ObjectHome, server: ObjectStore) -> bytes:
    bucket = home.place.url.removeprefix("s3://").partition("/")[0]
    return b"".join(
        b"".join(versions)
        for key, versions in server.contents(bucket).items()
        if "/landing/" not in key
    )


def test_a_person_is_forgotten_in_every_version_and_copy(
    home: ObjectHome, server: ObjectStore
) -> None:
    fill(home)
    home.night()
    assert rows_of(home, MEMBERS) == sorted([(PERSON,), (OTHER,)])
    one = _forgetting(home)
    assert one.stage().rows == 1
    one.record("ผู้ดูแล", None)
    assert settle(home.archive, home.store, home.root, home.ledger) == 1
    assert rows_of(home, MEMBERS) == [(OTHER,)]
    assert folder_of(home.archive).listing() == []  # type: ignore[union-attr]
    scanner = Scanner([PERSON, "นางลืม"])
    bucket = home.place.url.removeprefix("s3://").partition("/")[0]
    for key, versions in server.contents(bucket).items():
        if "/landing/" not in key:
            assert [scanner.in_bytes(content, key) for content in versions] == [[]] * len(versions)
    assert scanner.in_folder(home.place.scratch) == []


def test_a_forgetting_that_was_cut_off_is_settled_by_the_next(
    home: ObjectHome, server: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home)
    home.night()
    one = _forgetting(home)
    one.stage()
    one.record("ผู้ดูแล", None)

    def cut_off(*_: object) -> None:
        raise ObjectStoreError(113, "cut off")

    with monkeypatch.context() as cutting:
        cutting.setattr(forgetting, "drop_kept", cut_off)
        with pytest.raises(ObjectStoreError):
            settle(home.archive, home.store, home.root, home.ledger)
    assert settle(home.archive, home.store, home.root, home.ledger) == 1
    assert rows_of(home, MEMBERS) == [(OTHER,)]
    assert folder_of(home.archive).listing() == []  # type: ignore[union-attr]


def test_a_forgetting_that_is_not_on_record_is_thrown_away(home: ObjectHome) -> None:
    fill(home)
    home.night()
    _forgetting(home).stage()
    assert folder_of(home.archive).listing()  # type: ignore[union-attr]
    assert settle(home.archive, home.store, home.root, home.ledger) == 0
    assert folder_of(home.archive).listing() == []  # type: ignore[union-attr]
    assert len(rows_of(home, MEMBERS)) == 2


def test_files_that_come_later_are_looked_through_for_the_forgotten(home: ObjectHome) -> None:
    fill(home)
    home.night()
    one = _forgetting(home)
    one.stage()
    one.record("ผู้ดูแล", None)
    settle(home.archive, home.store, home.root, home.ledger)
    put(
        home.landing / MEMBERS / "later.csv",
        as_csv([member(PERSON, "นางลืม"), member(OTHER, "นายอื่น")]) + "\n",
    )
    assert home.night()[f"{MEMBERS}/later.csv"] == "loaded"
    assert (PERSON,) not in rows_of(home, MEMBERS)


def test_a_home_moves_into_an_object_store_by_copying_its_folders(
    place: ObjectPath, tmp_path: Path
) -> None:
    make_small_home(tmp_path / "home")
    here = home_at(tmp_path / "home")
    for part in ("archive", "store"):
        for path in (here.root / part).rglob("*"):
            if path.is_file():
                put(place / path.relative_to(here.root).as_posix(), path.read_bytes())
        shutil.rmtree(here.root / part)
    there_now = home_at(here.root, archive_at=place / "archive", store_at=place / "store")
    ledger = Ledger(here.ledger_url)
    refuse_incomplete(there_now, ledger)
    ledger.close()
    assert [one.status for one in records.store(there_now)] == ["ok"]
    assert [one.status for one in records.key(there_now)] == ["ok"]


def test_a_home_whose_objects_are_gone_is_refused(home: ObjectHome) -> None:
    fill(home)
    home.night()
    of = home_at(
        home.root, key_secret=KEY, landing=home.landing,
        archive_at=home.place / "archive", store_at=home.place / "store",
    )  # fmt: skip
    refuse_incomplete(of, home.ledger)
    gone = next(p for p in (home.place / "store").listing() if "empty" not in p.path)
    (home.place / "store" / gone.path).unlink()
    with pytest.raises(HomeIncomplete, match=r"store lacks 1 of the 2 files"):
        refuse_incomplete(of, home.ledger)
    empty = Ledger(f"sqlite:///{home.root / 'new.sqlite'}")
    with pytest.raises(HomeIncomplete, match="the ledger is new"):
        refuse_incomplete(of, empty)
    empty.close()


# ── Settings, doctor, back-up, sample ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("gopher://bucket/x", "begins with gopher://"),
        ("s3://", "names no bucket"),
        ("s3://KEY:" + SECRET[-8:] + "@bucket/x", "has credentials in it"),
    ],
)
def test_a_url_that_is_none_is_refused_with_the_setting(
    said: str, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path))
    monkeypatch.setenv("WAREHOUSE_STORE", said)
    with pytest.raises(SettingsError, match=f"WAREHOUSE_STORE.*{told}") as raised:
        settings.load()
    assert SECRET[-8:] not in str(raised.value)


def test_a_url_without_its_library_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "find_spec", lambda _name: None)
    with pytest.raises(SettingsError, match=r"WAREHOUSE_LANDING.*make cluster"):
        settings.place_of("s3://bucket/x", tmp_path, "WAREHOUSE_LANDING")


def test_archive_and_store_may_be_folders_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WAREHOUSE_ARCHIVE", "elsewhere/archive")
    monkeypatch.setenv("WAREHOUSE_STORE", "s3://bucket/store/")
    home = settings.load()
    assert home.archive == tmp_path / "elsewhere/archive"
    assert str(home.store) == "s3://bucket/store"
    assert home.landing == tmp_path / "home" / "landing"
    assert set(home.in_objects) == {"WAREHOUSE_STORE"}
    home.prepare()
    assert home.archive.is_dir()
    assert home.archive.stat().st_mode & 0o077 == 0
    assert not (home.root / "store").exists()


def test_credentials_of_the_dot_env_file_reach_the_store(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import os

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of the environment")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "to be put back")
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    (tmp_path / ".env").write_text(
        "AWS_ENDPOINT_URL=http://127.0.0.1:9\nAWS_SECRET_ACCESS_KEY=of the file\n"
    )
    settings.place_of("s3://bucket/x", tmp_path)
    assert os.environ["AWS_ENDPOINT_URL"] == "http://127.0.0.1:9"
    assert os.environ["AWS_SECRET_ACCESS_KEY"] == "of the environment"


def test_the_doctor_tells_which_place_does_not_answer(
    place: ObjectPath, server: ObjectStore, tmp_path: Path
) -> None:
    home = home_at(tmp_path, landing=place / "landing", store_at=place / "store")
    well = list(doctor_of_objects.stores(home))
    assert [(one.about, one.status) for one in well] == [("landing", "ok"), ("store", "ok")]
    assert place.listing() == []  # what it tried is gone
    server.relay.cut()
    try:
        ill = list(doctor_of_objects.stores(home))
    finally:
        server.relay.mend()
    assert [(one.about, one.status) for one in ill] == [
        ("landing", "problem"),
        ("store", "problem"),
    ]
    assert doctor.Diagnosis(ill).well is False


def test_room_is_asked_for_what_is_fetched(place: ObjectPath, tmp_path: Path) -> None:
    folders = home_at(tmp_path / "a")
    objects = home_at(
        tmp_path / "b", landing=place, archive_at=place / "archive", store_at=place / "store"
    )
    before, after = needs(folders, 1_000_000), needs(objects, 1_000_000)
    assert after[objects.build] - before[folders.build] == 1_000_000
    assert after[objects.fetched] == before[tmp_path / "a" / "store"]
    assert place / "archive" not in after


def test_a_back_up_of_folders_is_not_restored_over_objects(
    place: ObjectPath, tmp_path: Path
) -> None:
    make_small_home(tmp_path / "first")
    back_up(home_at(tmp_path / "first"), tmp_path / "backup", keep=3)
    with pytest.raises(BackupProblem, match=r"WAREHOUSE_STORE is s3://.* Unset it"):
        restore(home_at(tmp_path / "second", store_at=place / "store"), tmp_path / "backup", None)


def test_a_back_up_is_restored_into_folders_elsewhere(tmp_path: Path) -> None:
    make_small_home(tmp_path / "first")
    first = home_at(tmp_path / "first")
    back_up(first, tmp_path / "backup", keep=3)
    second = home_at(
        tmp_path / "second", archive_at=tmp_path / "disk/archive", store_at=tmp_path / "disk/store"
    )
    restore(second, tmp_path / "backup", None)
    ledger = Ledger(second.ledger_url)
    refuse_incomplete(second, ledger)
    ledger.close()
    assert not (second.root / "archive").exists()
    again = tmp_path / "again"
    assert not back_up(second, again, keep=1).missing
    with pytest.raises(BackupProblem, match="not empty"):
        restore(home_at(tmp_path / "third", archive_at=tmp_path / "disk/archive"), again, None)


def test_the_sample_is_written_where_a_url_says(place: ObjectPath) -> None:
    from orchestration.cli import app

    url = f"{place}/landing"
    done = CliRunner().invoke(app, ["sample", "--out", url, "--scale", "0.01", "--json"])
    assert done.exit_code == 0, done.output
    written = json.loads(done.output)
    assert sorted(written) == sorted(f"{url}/{p.path}" for p in (place / "landing").listing())
    again = CliRunner().invoke(app, ["sample", "--out", url, "--if-empty"])
    assert "has files already" in again.output

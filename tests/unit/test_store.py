"""The archive and the store: whole files, for their owner alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pytest

from sources.store import Archive, FileChanged, Store, sha256_of, written_whole


def test_a_file_is_known_by_the_sha_256_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"\x00" * 5_000_000)
    assert sha256_of(path) == hashlib.sha256(b"\x00" * 5_000_000).hexdigest()


def test_bytes_are_kept_once_and_stay_as_they_came(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes(b"first\r\n")
    archive, file_id = Archive(tmp_path / "archive"), sha256_of(source)
    kept = archive.keep(source, file_id)
    inode = kept.stat().st_ino
    source.write_bytes(b"second")
    assert archive.keep(source, file_id) == kept
    assert (kept.read_bytes(), kept.stat().st_ino) == (b"first\r\n", inode)


def test_only_the_owner_can_read_what_is_kept(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes(b"x")
    kept = Archive(tmp_path / "archive").keep(source, sha256_of(source))
    for path in (kept, kept.parent):
        assert path.stat().st_mode & 0o077 == 0, path


def test_bytes_that_changed_since_they_were_hashed_are_not_kept(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes(b"x")
    file_id = sha256_of(source)
    source.write_bytes(b"y")
    archive = Archive(tmp_path / "archive")
    with pytest.raises(FileChanged):
        archive.keep(source, file_id)
    assert [path for path in archive.root.rglob("*") if path.is_file()] == []


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "folder" / "a"

    def fail_half_way() -> None:
        with written_whole(target) as temporary:
            temporary.write_bytes(b"half")
            raise RuntimeError("the power goes")

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert list(target.parent.iterdir()) == []
    with written_whole(target) as temporary:
        temporary.write_bytes(b"old")
    with pytest.raises(RuntimeError):
        fail_half_way()
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


def test_rows_are_written_to_one_file_a_verdict_and_contract_version(tmp_path: Path) -> None:
    store, db = Store(tmp_path), duckdb.connect()
    path = store.path("apples", "accepted", "abc", "1.0.0-x")
    store.write(db, "select 1 as a, 'ก' as b", path)
    assert duckdb.sql(f"from read_parquet('{path}')").fetchall() == [(1, "ก")]
    assert path.stat().st_mode & 0o077 == 0
    assert len({store.path("apples", v, "abc", c) for v in ("a", "b") for c in ("1", "2")}) == 4


def test_a_query_that_fails_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    store, db = Store(tmp_path), duckdb.connect()
    path = store.path("apples", "accepted", "abc", "1")
    with pytest.raises(duckdb.Error):
        store.write(db, "select error('no')", path)
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []

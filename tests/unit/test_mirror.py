"""The mirror's pieces that need no server: types, keys of a manifest, what is behind, settings."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import pytest
from small_home import home_at

from orchestration import settings
from orchestration.mirror import server
from orchestration.mirror.columns import NoExactType, column_of
from orchestration.mirror.keys import Key, Keys, Reference, keys_of
from orchestration.mirror.shape import fitting, tables_of
from orchestration.mirror.standing import GRACE, Behind, behind, keep_failed, keep_mirrored
from orchestration.settings import Home, SettingsError

URL = "postgresql+psycopg2://me:hunter2@db.example.org:5433/mirror"
FIRST = dt.datetime(2015, 1, 20, 18, 30)


# ── Types ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("duckdb_type", "kind"),
    [
        ("DECIMAL(18,2)", "numeric(18,2)"),
        ("TIMESTAMP", "timestamp with time zone"),
        ("HUGEINT", "numeric(39,0)"),
        ("UINTEGER", "bigint"),
        ("ENUM('a', 'b')", "text"),
        ("DECIMAL(9,3)[]", "numeric(9,3)[]"),
        ("VARCHAR[3]", "text[]"),
        ("STRUCT(a INTEGER, b VARCHAR[])", "jsonb"),
        ("STRUCT(a INTEGER)[]", "jsonb"),
        ("MAP(VARCHAR, INTEGER)", "jsonb"),
        ("INTEGER[][]", "jsonb"),
    ],
)
def test_a_type_becomes_the_one_that_holds_all_its_values(duckdb_type: str, kind: str) -> None:
    assert column_of("one", duckdb_type, True, None).kind == kind


@pytest.mark.parametrize("duckdb_type", ["TIMESTAMP_NS", "UNION(a INTEGER)", "BLOB[]", "BIT"])
def test_a_type_that_would_lose_something_is_refused(duckdb_type: str) -> None:
    with pytest.raises(NoExactType, match="the_column"):
        column_of("the_column", duckdb_type, False, None)


def test_names_too_long_for_postgresql_stay_different() -> None:
    long = "rpt_" + "ก" * 40
    assert fitting("short") == "short"
    assert fitting(f"{long}_a")[-16:] != fitting(f"{long}_b")[-16:]


# ── Keys ──────────────────────────────────────────────────────────────────────────────────────


def manifest(*tests: dict[str, Any]) -> dict[str, Any]:
    """A manifest of two published models, one that is not, and these tests."""
    models = {
        f"model.p.{name}": {"resource_type": "model", "schema": schema, "alias": name}
        for name, schema in (("fct_a", "marts"), ("dim_b", "marts"), ("int_c", "intermediate"))
    }
    return {"nodes": {**models, **{f"test.p.{n}": test for n, test in enumerate(tests)}}}


def proof(model: str, name: str, config: dict[str, Any] | None = None, **said: Any) -> Any:
    return {
        "resource_type": "test",
        "attached_node": f"model.p.{model}",
        "test_metadata": {"name": name, "kwargs": said},
        "config": {"severity": "error", "where": None, "limit": None, **(config or {})},
    }


def test_keys_are_those_that_a_blocking_test_of_every_row_proves() -> None:
    keys = keys_of(
        manifest(
            proof("fct_a", "primary_key", columns=["a", "b"], nullable=["b"]),
            proof("dim_b", "primary_key", columns=["b"]),
            proof("fct_a", "refers_to", columns=["b"], to="ref('dim_b')"),
            proof("fct_a", "refers_to", columns=["c"], to="ref('int_c')"),
            proof("int_c", "primary_key", columns=["c"]),
        )
    )
    assert keys.keys == {
        ("marts", "fct_a"): Key(("a", "b"), ("b",)),
        ("marts", "dim_b"): Key(("b",)),
    }
    assert keys.references == {("marts", "fct_a"): (Reference(("b",), "marts", "dim_b"),)}


@pytest.mark.parametrize("config", [{"severity": "warn"}, {"where": "b > 1"}, {"limit": 3}])
def test_a_test_that_lets_rows_through_proves_no_key(config: dict[str, Any]) -> None:
    assert not keys_of(manifest(proof("dim_b", "primary_key", config, columns=["b"]))).keys


def test_a_key_whose_columns_an_older_file_lacks_is_left_out() -> None:
    keys = Keys(
        {("marts", "dim_b"): Key(("newer",)), ("marts", "fct_a"): Key(("a",))},
        {("marts", "fct_a"): (Reference(("newer",), "marts", "dim_b"),)},
    )
    with duckdb.connect() as db:
        db.execute(
            "create schema marts; create table marts.fct_a (a integer not null, newer text); "
            "create table marts.dim_b (b integer)"
        )
        dimension, fact = tables_of(db, keys)
    assert (dimension.key, fact.references) == (None, ())
    assert fact.key == Key(("a",))


# ── Behind ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a mirror that has published two runs, a day apart."""
    made = home_at(tmp_path / "home", publish_postgres=URL)
    made.published.mkdir(parents=True)
    with duckdb.connect(str(made.warehouse)) as db:
        db.execute("create schema audit")
        db.execute(
            "create table audit.published_run as select * from (values "
            "('one', timestamp '2015-01-20 18:30'), ('two', timestamp '2015-01-21 18:30')) "
            "as t(run_id, published_at)"
        )
    return made


def test_a_mirror_of_the_last_run_is_not_behind(home: Home) -> None:
    keep_mirrored(home, URL, "two")
    assert behind(home) is None


def test_a_mirror_is_behind_since_the_first_run_it_lacks(home: Home) -> None:
    keep_mirrored(home, URL, "one")
    assert behind(home) == Behind("two", FIRST + dt.timedelta(days=1), "one", None)


def test_why_the_last_try_failed_is_kept_until_one_succeeds(home: Home) -> None:
    keep_mirrored(home, URL, "one")
    keep_failed(home, URL, "no room")
    late = behind(home)
    assert late is not None
    assert (late.mirrored_run, late.reason) == ("one", "no room")
    assert "no room" in late.in_words()
    keep_mirrored(home, URL, "two")
    assert behind(home) is None


def test_what_was_mirrored_into_another_database_does_not_count(home: Home) -> None:
    keep_mirrored(home, URL.replace("/mirror", "/another"), "two")
    late = behind(home)
    assert late is not None
    assert late.mirrored_run is None


def test_a_later_run_that_is_no_longer_published_leaves_the_mirror_behind(home: Home) -> None:
    keep_mirrored(home, URL, "three, taken back")
    late = behind(home)
    assert late is not None
    assert late.since_run == "two"


def test_a_night_has_time_to_mirror_what_it_published_unless_it_tried_and_failed(
    home: Home,
) -> None:
    keep_mirrored(home, URL, "one")
    published = FIRST + dt.timedelta(days=1)
    assert behind(home, published + GRACE / 2) is None
    assert behind(home, published + GRACE * 2) is not None
    keep_failed(home, URL, "no room")
    assert behind(home, published + GRACE / 2) is not None


def test_a_home_without_a_mirror_is_never_behind(home: Home) -> None:
    assert behind(home_at(home.root)) is None


def test_what_is_kept_names_no_user_and_no_password(home: Home) -> None:
    keep_mirrored(home, URL, "one")
    said = (home.root / "mirror.json").read_text(encoding="utf-8")
    assert "db.example.org:5433/mirror" in said
    assert "hunter2" not in said
    assert "me:" not in said


# ── Settings and errors ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("url", ["sqlite:///hunter2.db", "mysql://me:hunter2@host/db", "hunter2"])
def test_a_url_of_something_else_is_refused_without_its_value(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WAREHOUSE_PUBLISH_POSTGRES", url)
    with pytest.raises(SettingsError, match="WAREHOUSE_PUBLISH_POSTGRES") as refused:
        settings.load()
    assert "hunter2" not in str(refused.value)


def test_the_url_is_shown_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WAREHOUSE_PUBLISH_POSTGRES", URL)
    assert settings.told()["WAREHOUSE_PUBLISH_POSTGRES"] == "set (secret)"
    assert "hunter2" not in repr(home_at(tmp_path, publish_postgres=URL))


@pytest.mark.parametrize(
    ("said", "passes"),
    [
        ("connection to server failed: Connection refused", True),
        ("server closed the connection unexpectedly", True),
        ("FATAL:  the database system is starting up", True),
        ("FATAL:  sorry, too many clients already", True),
        ('FATAL:  password authentication failed for user "me"', False),
        ('FATAL:  database "mirror" does not exist', False),
    ],
)
def test_a_server_that_may_answer_later_is_tried_again_and_one_that_refuses_is_not(
    said: str, passes: bool
) -> None:
    assert server.can_pass(psycopg2.OperationalError(said)) is passes


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    said = server.in_words(psycopg2.OperationalError("Connection refused"), URL)
    assert "db.example.org:5433/mirror" in said
    assert "warehouse mirror" in said
    assert "hunter2" not in said

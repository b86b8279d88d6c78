"""dbt does less around each node of a build, and the same comes of it."""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import agate
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper
from dbt.cli.main import dbtRunner
from dbt.clients.jinja import MacroGenerator
from dbt_common.clients import agate_helper
from dbt_common.clients.jinja import MacroFuzzEnvironment
from dbt_common.dataclass_schema import dbtClassMixin
from dbt_common.events.event_manager import EventManager

from orchestration.dbt_pace import without_needless_work
from orchestration.dbt_templates import kept_compiled
from orchestration.settings import DBT_PROJECT

#: How statements begin that make or change a table or a view.
CHANGING = ("create table", "create view", "alter", "drop", "insert")
#: A macro of the project's takes the place of dbt's own, one is dispatched, one of dbt's is called.
MODELS = {
    "models/first.sql": "select {{ number() }} as n, {{ dbt.length(\"'abc'\") }} as length_of_it",
    "models/second.sql": (
        "{{ config(materialized='view') }}\n"
        "select n, '{{ generate_schema_name('here', model) }}' as place,\n"
        "    {{ adapter.dispatch('told')() }} as told from {{ ref('first') }}"
    ),
    "macros/own.sql": (
        "{% macro number() %}{{ 40 + 2 }}{% endmacro %}\n"
        "{% macro generate_schema_name(name, node) %}main{% endmacro %}\n"
        "{% macro default__told() %}'not this'{% endmacro %}\n"
        "{% macro duckdb__told() %}'{{ dbt_utils_less() }}'{% endmacro %}\n"
        "{% macro dbt_utils_less() %}of DuckDB{% endmacro %}"
    ),
    "tests/claim.sql": "select * from {{ ref('second') }} where n <> {{ number() }}",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small dbt project with the materializations of ours."""
    ours = DBT_PROJECT / "macros" / "materializations"
    for name, text in MODELS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "dbt_project.yml").write_text(
        "name: small\nversion: '1.0'\nprofile: small\n"
        f"macro-paths: [macros, '{ours}']\n"
        "flags: {send_anonymous_usage_stats: false, version_check: false, populate_cache: false}\n"
        "models: {+materialized: table}\n",
        encoding="utf-8",
    )
    (tmp_path / "profiles.yml").write_text(
        "small: {target: duckdb, outputs: {duckdb: {type: duckdb, threads: 1, "
        f"disable_transactions: true, path: '{tmp_path / 'small.duckdb'}'}}}}}}\n",
        encoding="utf-8",
    )
    return tmp_path


def built(project: Path) -> dict[str, str]:
    """Builds the project; node → what its SQL was compiled to."""
    places = ["--project-dir", str(project), "--profiles-dir", str(project)]
    try:
        done = dbtRunner().invoke(["--quiet", "--no-write-json", "build", *places])
    finally:
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    assert done.success, done.exception
    results: Any = done.result
    return {result.node.unique_id: result.node.compiled_code for result in results}


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What DuckDB is asked to do."""
    asked: list[str] = []
    execute = DuckDBCursorWrapper.execute

    def told(cursor: Any, sql: str, *rest: Any) -> Any:
        asked.append(" ".join(sql.rpartition("*/")[2].split()))
        return execute(cursor, sql, *rest)

    monkeypatch.setattr(DuckDBCursorWrapper, "execute", told)
    yield asked


def test_what_is_built_is_the_same(project: Path) -> None:
    before = built(project)
    with without_needless_work(set()):
        assert built(project) == before
    assert "42" in before["model.small.first"]
    assert "of DuckDB" in before["model.small.second"]


def test_generators_of_all_macros_are_made_once(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    begin = MacroGenerator.__init__

    def counted(generator: MacroGenerator, *args: Any, **kwargs: Any) -> None:
        made.append(1)
        begin(generator, *args, **kwargs)

    built(project)  # parsed now
    monkeypatch.setattr(MacroGenerator, "__init__", counted)
    count = {}
    for name, way in (("dbt's", nullcontext()), ("ours", without_needless_work(set()))):
        made.clear()
        with way:
            built(project)
        count[name] = len(made)
    assert count["dbt's"] > 5 * count["ours"]


def test_parsers_of_answers_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    begin = agate.data_types.Date.__init__

    def counted(date: Any, *args: Any, **kwargs: Any) -> None:
        made.append(1)
        begin(date, *args, **kwargs)

    monkeypatch.setattr(agate.data_types.Date, "__init__", counted)
    count, answers = {}, {}
    for name, way in (("dbt's", nullcontext()), ("ours", without_needless_work(set()))):
        made.clear()
        with way:
            tables = [
                agate_helper.table_from_data_flat(
                    [{"failures": n, "said": "a"}], ["failures", "said"]
                )
                for n in range(3)
            ]
        count[name] = len(made)
        answers[name] = [[dict(row) for row in table.rows] for table in tables]
    assert count == {"dbt's": 3, "ours": 1}
    assert answers["ours"] == answers["dbt's"]


def test_a_debug_message_reaches_only_who_asks_for_it(project: Path) -> None:
    heard: list[str] = []
    places = ["--project-dir", str(project), "--profiles-dir", str(project)]
    with without_needless_work({"NodeStart"}):
        runner = dbtRunner(callbacks=[lambda event: heard.append(event.info.name)])
        done = runner.invoke(["--quiet", "--no-write-json", "build", *places])
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    assert done.success
    assert heard.count("NodeStart") == 3
    assert "LogTestResult" in heard
    assert not {"NodeExecuting", "SQLQuery", "NodeFinished"} & set(heard)


def test_dbt_is_itself_again_after_a_build_that_broke() -> None:
    owners = (EventManager.fire_event, dbtClassMixin.__dict__["validate"])
    with pytest.raises(RuntimeError), without_needless_work(set()):
        assert EventManager.fire_event is not owners[0]
        raise RuntimeError
    assert (EventManager.fire_event, dbtClassMixin.__dict__["validate"]) == owners


def test_a_table_and_a_view_are_made_by_a_statement_each(
    project: Path, statements: list[str]
) -> None:
    built(project)
    of_models = [sql for sql in statements if sql.startswith(CHANGING)]
    assert [sql.split('"')[0].strip() for sql in of_models] == ["create table", "create view"]


def test_what_is_built_again_takes_the_place_of_what_was_there(project: Path) -> None:
    built(project)
    (project / "models" / "first.sql").write_text("select 7 as n")
    (project / "tests" / "claim.sql").write_text("select * from {{ ref('second') }} where n <> 7")
    assert "7" in built(project)["model.small.first"]


def test_a_template_is_compiled_once_and_kept(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    compile_anew = MacroFuzzEnvironment.compile

    def counted(environment: Any, source: Any, *args: Any, **kwargs: Any) -> Any:
        compiled.append(str(source))
        return compile_anew(environment, source, *args, **kwargs)

    built(project)  # parsed now
    monkeypatch.setattr(MacroFuzzEnvironment, "compile", counted)
    kept = tmp_path / "kept"
    with kept_compiled(kept, "a"):
        first = built(project)
    assert compiled
    compiled.clear()
    with kept_compiled(kept, "a"):
        assert built(project) == first
    assert compiled == []


def test_what_was_compiled_for_another_project_goes(project: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    for name in ("one", "another"):
        with kept_compiled(kept, name):
            built(project)
    (file,) = kept.iterdir()
    assert "-another." in file.name


def test_a_file_of_templates_that_is_cut_short_is_made_again(project: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    with kept_compiled(kept, "a"):
        built(project)
    (file,) = kept.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with kept_compiled(kept, "a"):
        built(project)
    assert marshal.loads(file.read_bytes())

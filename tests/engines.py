"""DuckDB and Spark, asked the same: what a macro of the dbt project says of a few values.

A macro is rendered from the project's own files, dispatched by the engine's name as dbt does it
(`duckdb__…`, else `default__…`), and its SQL is run by the engine over a table of the values:

    macros/**/*.sql ─▶ expression ─▶ `select … from given` ─▶ values of Python
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest
from jinja2 import Environment, Template

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MACROS = Path(__file__).parents[1] / "dbt_project" / "macros"


class Engine(ABC):
    """An engine that computes what macros say.

    Attributes:
        name: as dbt knows it.
    """

    name: str

    @abstractmethod
    def rows(self, given: pa.Table, query: str) -> list[Any]:
        """The values of the column `said` of a query over the table `given`."""

    def of_each(self, given: pa.Table, expression: str) -> list[Any]:
        """What an expression of Jinja says of each row, in their order.

        Args:
            given: the values by column.
            expression: SQL with calls of macros; may make several rows of one, which are sorted.
        """
        placed = given.append_column("place", pa.array(range(given.num_rows), pa.int32()))
        said = f"select place, {self.rendered(expression)} as said from given"
        return self.rows(placed, f"select said from ({said}) as told order by place, said")

    def of_all(self, given: pa.Table, expression: str) -> Any:
        """What an aggregate says of all rows together."""
        (said,) = self.rows(given, f"select {self.rendered(expression)} as said from given")
        return said

    def rendered(self, expression: str) -> str:
        """The expression in the engine's dialect."""
        return _template(self.name, expression).render()


class DuckDB(Engine):
    """DuckDB, in memory."""

    name = "duckdb"

    def __init__(self) -> None:
        """Opens a database."""
        self._db = duckdb.connect()

    def rows(self, given: pa.Table, query: str) -> list[Any]:
        """See `Engine`."""
        self._db.register("given", given)
        said: list[Any] = self._db.execute(query).to_arrow_table()["said"].to_pylist()
        return said


class Spark(Engine):
    """Spark, in the session of the tests."""

    name = "spark"

    def __init__(self, session: SparkSession) -> None:
        """Asks in this session."""
        self._session = session

    def rows(self, given: pa.Table, query: str) -> list[Any]:
        """See `Engine`."""
        self._session.createDataFrame(given).createOrReplaceTempView("given")
        said: list[Any] = self._session.sql(query).toArrow()["said"].to_pylist()
        return said


@pytest.fixture(scope="module", params=["duckdb", "spark"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each of the two engines in turn."""
    yield DuckDB() if request.param == "duckdb" else Spark(request.getfixturevalue("spark"))


def table(kind: pa.DataType, *values: Any, name: str = "x") -> pa.Table:
    """A table of one column."""
    return pa.table({name: pa.array(values, kind)})


def columns(**of_kind: tuple[pa.DataType, Sequence[Any]]) -> pa.Table:
    """A table of several columns, each of a type and its values."""
    return pa.table({name: pa.array(values, kind) for name, (kind, values) in of_kind.items()})


def _template(adapter: str, expression: str) -> Template:
    """A template that knows the project's macros, dispatched for an adapter."""
    environment = Environment(extensions=["jinja2.ext.do"])
    written = [path.read_text(encoding="utf-8") for path in sorted(MACROS.glob("*.sql"))]
    written += [path.read_text(encoding="utf-8") for path in sorted(MACROS.glob("dialect/*.sql"))]
    macros = environment.from_string("".join(written))

    class Adapter:
        """What macros ask of dbt's adapter."""

        @staticmethod
        def dispatch(name: str) -> Callable[..., str]:
            for prefix in (adapter, "default"):
                if hasattr(known, f"{prefix}__{name}"):
                    dispatched: Callable[..., str] = getattr(known, f"{prefix}__{name}")
                    return dispatched
            raise LookupError(f"No macro {name} for {adapter}")

    environment.globals["adapter"] = Adapter
    known = macros.make_module()
    environment.globals |= {
        name: getattr(known, name) for name in dir(known) if callable(getattr(known, name))
    }
    return environment.from_string(expression)

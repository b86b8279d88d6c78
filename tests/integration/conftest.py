"""Whole nights as a user has them: the console script in a home of its own, then what it published.

A night costs seconds, so a module tells one story over few nights: a fixture lets them pass and
keeps what each left behind (`Night`), and the tests look at that. Nothing of the project runs in
this process while a night does; a test that must look inside a home says why.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter
from forked_nights import Nights, nights
from object_store import Relay
from postgres import NEEDED, PROGRAMS, Postgres, postgres_server

from sources.sampling import expected, sample_world
from sources.sampling.world import World
from sources.sampling.writers import Expectation

WAREHOUSE = Path(sys.executable).with_name("warehouse")
#: A night takes some twenty seconds; on a busy machine several times that.
NIGHT_SECONDS = 400

Record = dict[str, Any]
Tables = dict[str, list[Record]]


@dataclass(frozen=True)
class Done:
    """What a command said, and how it ended."""

    exit_code: int
    stdout: str
    stderr: str
    seconds: float

    @property
    def said(self) -> str:
        """All that a person saw, its line breaks gone: a message may wrap anywhere."""
        return " ".join((self.stdout + self.stderr).split())

    def json(self) -> Any:
        """The JSON it printed, for programs: nothing else may stand on standard output."""
        return json.loads(self.stdout)


@dataclass(frozen=True)
class Night(Done):
    """A night and what was published after it, whether by it or by one before."""

    digest: str | None = None
    tables: Tables = field(default_factory=dict, repr=False)

    @property
    def report(self) -> Record:
        """The night's report, also where other lines stand before it on standard output."""
        start = 0 if self.stdout.startswith("{") else self.stdout.find("\n{\n") + 1
        with contextlib.suppress(ValueError):
            return dict(json.loads(self.stdout[start:]))
        return {}

    def where(self, table: str, **equal: Any) -> list[Record]:
        """The rows of a table in which these columns have these values."""
        return [
            row
            for row in self.tables.get(table, [])
            if all(row[name] == value for name, value in equal.items())
        ]

    def files(self, path: str) -> list[tuple[str, str | None]]:
        """Status and reason of every version that came at a path, in the order received."""
        rows = sorted(self.where("audit.load_file", path=path), key=lambda row: row["received_at"])
        return [(row["status"], row["reason"]) for row in rows]

    def amounts(self) -> dict[tuple[str, int, str], float]:
        """Outcomes by (juristic id, quarter, measure); an outcome of a natural person has no id."""
        ids = {
            row["enterprise_key"]: row["juristic_id"]
            for row in self.tables.get("marts.dim_enterprise", [])
        }
        return {
            (ids.get(row["enterprise_key"]), row["fiscal_quarter"], row["measure"]): row["amount"]
            for row in self.tables.get("marts.fct_financial_outcome", [])
        }

    def quarantined(self, path: str) -> set[tuple[int, str, str, bool]]:
        """(row number, column, reason, held) of a file's rows in quarantine."""
        return {
            (row["row_number"], row["column_name"], row["reason"], row["held"])
            for row in self.where("audit.quarantined_row", path=path)
        }


@dataclass
class Home:
    """A warehouse of its own in a temporary folder, used by its command line."""

    root: Path
    landing: Path
    landing_is_default: bool = False

    @property
    def published(self) -> Path:
        """The published warehouse."""
        return self.root / "published" / "warehouse.duckdb"

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a user who has set these two variables and nothing else of ours."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("WAREHOUSE_", "DAGSTER_HOME", "DBT_"))
        }
        kept["WAREHOUSE_HOME"] = str(self.root)
        if not self.landing_is_default:
            kept["WAREHOUSE_LANDING"] = str(self.landing)
        return {**kept, **more}

    # ── What coordinators do ──────────────────────────────────────────────────────────────────

    def write(self, path: str, content: bytes) -> Path:
        """Puts bytes into the landing zone."""
        full = self.landing / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(content)
        return full

    def csv(
        self,
        path: str,
        rows: Sequence[Mapping[str, Any]],
        *,
        encoding: str = "utf-8",
        delimiter: str = ",",
        labels: Mapping[str, str] | None = None,
    ) -> Path:
        """Puts a text table into the landing zone.

        Args:
            path: below the landing zone.
            rows: values by English column name; the columns are those of the first row.
            encoding: a Python codec.
            delimiter: between cells.
            labels: what the header says instead of a column's name.
        """
        return self.write(path, text_table(rows, encoding, delimiter, labels or {}))

    def xlsx(self, path: str, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
        """Puts a workbook into the landing zone; dates become date cells, None an empty one."""
        buffer = io.BytesIO()
        book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if cell is not None:
                        page.write(number, column, cell)
        book.close()
        return self.write(path, buffer.getvalue())

    # ── What operators do ─────────────────────────────────────────────────────────────────────

    def run(self, *arguments: str, **environment: str) -> Done:
        """Runs the console script and waits for it; in a folder that has no `.env`."""
        self.root.parent.mkdir(parents=True, exist_ok=True)
        started = time.monotonic()
        done = subprocess.run(
            [WAREHOUSE, *arguments],
            env=self.environment(**environment),
            cwd=self.landing.parent,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=NIGHT_SECONDS,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr, time.monotonic() - started)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """Starts the console script in a process group of its own and does not wait."""
        return subprocess.Popen(
            [WAREHOUSE, *arguments],
            env=self.environment(**environment),
            cwd=self.landing.parent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def night(self, *arguments: str, **environment: str) -> Night:
        """Lets a night pass, by `warehouse run --json` unless told otherwise."""
        done = self.run("run", *(arguments or ("--json",)), **environment)
        return Night(
            done.exit_code, done.stdout, done.stderr, done.seconds, self.digest(), self.tables()
        )

    # ── What analysts do ──────────────────────────────────────────────────────────────────────

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Asks the published warehouse, opened read-only as anyone may."""
        with duckdb.connect(str(self.published), read_only=True) as db:
            return db.execute(sql, parameters).fetchall()

    def digest(self) -> str | None:
        """The SHA-256 of the published file; None where there is none."""
        if not self.published.exists():
            return None
        return hashlib.sha256(self.published.read_bytes()).hexdigest()

    def tables(self) -> Tables:
        """Everything that is published, each table's rows in an order of their own."""
        if not self.published.exists():
            return {}
        with duckdb.connect(str(self.published), read_only=True) as db:
            names = db.execute(
                "select table_schema || '.' || table_name from information_schema.tables"
            ).fetchall()
            found: Tables = {}
            for (name,) in names:
                answer = db.execute(f"from {name} order by all")
                columns = [column[0] for column in answer.description or []]
                found[name] = [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]
            return found


def text_table(
    rows: Sequence[Mapping[str, Any]],
    encoding: str = "utf-8",
    delimiter: str = ",",
    labels: Mapping[str, str] | None = None,
) -> bytes:
    """The bytes of a table as a spreadsheet program saves it; see `Home.csv`."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    columns = list(rows[0])
    writer.writerow([(labels or {}).get(column, column) for column in columns])
    writer.writerows([[row.get(column, "") for column in columns] for row in rows])
    return text.getvalue().encode(encoding)


# ── Rows with nothing wrong, for a story to change ────────────────────────────────────────────


@pytest.fixture(scope="session")
def cluster() -> Callable[..., Record]:
    """Makes a cluster registration."""

    def make(code: str, **changed: Any) -> Record:
        return {
            "cluster_code": code,
            "cluster_name_th": f"คลัสเตอร์ตัวอย่าง {code}",
            "cluster_name_en": f"Sample cluster {code}",
            "branch": "fashion",
            "provinces": "เชียงใหม่;ลำพูน",
            "coordinator_name": "ผู้ประสานงานสมมติ",
            "registered_on": "2014-10-15",
            "submitted_on": "2014-10-20",
            "status": "active",
            **changed,
        }

    return make


@pytest.fixture(scope="session")
def member() -> Callable[..., Record]:
    """Makes a member registration."""

    def make(code: str, enterprise: str, **changed: Any) -> Record:
        return {
            "cluster_code": code,
            "juristic_id": enterprise,
            "enterprise_name": f"บริษัท ตัวอย่าง {enterprise[-4:]} จำกัด",
            "legal_form": "limited_company",
            "province": "เชียงใหม่",
            "business_type": "manufacturing",
            "tsic_code": "13110",
            "role": "member",
            "employees": "12",
            "annual_revenue_baht": "1,200,000",
            "fixed_assets_baht": "500000",
            "registered_on": "2014-11-01",
            "submitted_on": "2014-11-05",
            "status": "active",
            "contact_name": "ผู้ติดต่อสมมติ",
            "contact_phone": "000-000-0000",
            "contact_email": "member@example.com",
            **changed,
        }

    return make


@pytest.fixture(scope="session")
def activity() -> Callable[..., Record]:
    """Makes an activity report."""

    def make(activity_id: str, code: str, **changed: Any) -> Record:
        return {
            "activity_id": activity_id,
            "cluster_code": code,
            "activity_type": "linkage",
            "title": "กิจกรรมตัวอย่าง",
            "start_date": "2015-01-20",
            "end_date": "2015-01-21",
            "province": "เชียงใหม่",
            "participant_ids": "",
            "participants_people": "20",
            "partner_name": "สถาบันวิจัยตัวอย่าง",
            "partner_type": "research",
            "budget_baht": "100000",
            "spent_baht": "90000",
            "submitted_on": "2015-02-01",
            **changed,
        }

    return make


@pytest.fixture(scope="session")
def outcome() -> Callable[..., Record]:
    """Makes a financial outcome of the programme's first quarter."""

    def make(code: str, enterprise: str, amount: Any, **changed: Any) -> Record:
        return {
            "cluster_code": code,
            "juristic_id": enterprise,
            "fiscal_year": "2558",
            "quarter": "1",
            "measure": "sales_increase",
            "amount": str(amount),
            "evidence_ref": "ตัวอย่าง",
            "submitted_on": "2015-01-10",
            **changed,
        }

    return make


# ── Homes ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Home]:
    """Makes an empty home beside an empty landing zone."""

    def make(name: str) -> Home:
        folder = tmp_path_factory.mktemp(name)
        home = Home(folder / "home", folder / "landing")
        home.landing.mkdir()
        return home

    return make


@dataclass(frozen=True)
class Sample:
    """The bundled sample over two nights, the second of which brought nothing."""

    home: Home
    world: World
    answer: Expectation
    first: Night
    second: Night


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """Two nights over the bundled sample, in a home whose landing zone is the default one."""
    root = tmp_path_factory.mktemp("sample") / "บ้าน ของคลัง"
    home = Home(root, root / "landing", landing_is_default=True)
    root.mkdir()
    home.landing.mkdir()
    written = home.run("sample")
    assert written.exit_code == 0, written.said
    world = sample_world()
    first = home.night()
    return Sample(home, world, expected(world), first, home.night())


# ── Servers ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server; a story makes databases of its own in it and does not stop it."""
    if PROGRAMS is None:
        pytest.skip(NEEDED)
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="module")
def mortal() -> Iterator[Postgres]:
    """A PostgreSQL server of the module's own, which may be stopped or killed."""
    if PROGRAMS is None:
        pytest.skip(NEEDED)
    with postgres_server() as server:
        yield server


@pytest.fixture
def relay(mortal: Postgres) -> Iterator[Relay]:
    """The network between a home and `mortal`."""
    relay = Relay(mortal.port)
    relay.mend()
    yield relay
    relay.cut()


@pytest.fixture(scope="session")
def night_server(
    new_home: Callable[[str], Home], cluster: Callable[..., Record]
) -> Iterator[Nights]:
    """Forks nights from a process that has imported everything, for stories of many nights."""
    warm = new_home("warm")
    warm.csv("cluster_registrations/clusters.csv", [cluster("C01")])
    with nights(warm.environment()) as server:
        yield server


# ── Another version of the software ───────────────────────────────────────────────────────────


@dataclass(frozen=True)
class OtherSoftware:
    """A home under a copy of the software in which something was changed.

    Attributes:
        home: the home's copy.
        folder: the software's.
        settings: what the operator has set besides.
    """

    home: Home
    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs the copy's command on the home."""
        return subprocess.run(
            [sys.executable, "-c", "from orchestration.cli import main; main()", *arguments],
            env=self.home.environment(PYTHONPATH=str(self.folder), **self.settings),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=NIGHT_SECONDS,
            check=False,
        )


def changed_software(home: Home, folder: Path, file: str, old: str, new: str) -> OtherSoftware:
    """Copies a home, and the software with one passage of one file changed.

    Args:
        home: whose landing zone is the default one.
        folder: where to.
        file: of the software, relative to the project.
        old: the passage, which stands in it once.
        new: what stands there instead.
    """
    shutil.copytree(home.root, folder / "home")
    project = Path(__file__).parents[2]
    for room in ("sources", "orchestration", "dbt_project"):
        shutil.copytree(
            project / room,
            folder / "software" / room,
            ignore=shutil.ignore_patterns("__pycache__", "target", "logs"),
        )
    changed = folder / "software" / file
    text = changed.read_text(encoding="utf-8")
    assert text.count(old) == 1
    changed.write_text(text.replace(old, new), encoding="utf-8")
    copied = Home(folder / "home", folder / "home" / "landing", landing_is_default=True)
    return OtherSoftware(copied, folder / "software")

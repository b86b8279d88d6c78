"""Settings: what the environment (or a `.env` file) says, and where things lie in the home.

The only module that looks at the environment.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from sources import log
from sources.objects import ObjectPath, Place

PROJECT = Path(__file__).resolve().parent.parent
#: Characters of a token of `warehouse serve`.
SHORTEST_TOKEN = 16
DBT_PROJECT = PROJECT / "dbt_project"
TIME_ZONE = "Asia/Bangkok"
#: Variables that processes of ours set for one another.
_OUR_OWN = ("WAREHOUSE_BUILD",)


class SettingsError(RuntimeError):
    """A setting cannot be acted on; the message says which and what to do."""


class Target(StrEnum):
    """What a night builds with and publishes as."""

    duckdb = "duckdb"
    ducklake = "ducklake"
    spark = "spark"


class Settings(BaseSettings):
    """The warehouse's settings, each from `WAREHOUSE_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix="WAREHOUSE_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    home: Path = Field(Path("var"), description="All state: archive, store, ledger, published.")
    landing: str | None = Field(
        None,
        description="The landing zone, a folder or an object store's URL (s3://bucket/prefix); "
        "<home>/landing when unset.",
    )
    archive: str | None = Field(
        None,
        description="The bytes of every file that came, a folder or an object store's URL; "
        "<home>/archive when unset.",
    )
    store: str | None = Field(
        None,
        description="The typed rows of every file, a folder or an object store's URL; "
        "<home>/store when unset.",
    )
    target: Target = Field(
        Target.duckdb,
        description="What the night builds with and publishes as: duckdb, a file in the home; "
        "ducklake, a lakehouse that machines anywhere read, too; spark, the file, built by Spark.",
    )
    lake_catalog: SecretStr | None = Field(
        None, description="PostgreSQL URL of the lakehouse's catalog, where the target is ducklake."
    )
    lake_data: str | None = Field(
        None,
        description="Folder or s3:// URL of the lakehouse's files; on a machine that only reads, "
        "where the catalog says when unset.",
    )
    lake_keep_days: int = Field(
        365, ge=1, description="How long earlier nights of the lakehouse can be read."
    )
    key_secret: SecretStr | None = Field(
        None, description="Key of the enterprise hash; made and kept in the home when unset."
    )
    ledger_url: str | None = Field(
        None, description="SQLAlchemy URL of the ledger; SQLite in the home when unset."
    )
    keep_versions: int = Field(
        7, ge=1, description="How many published versions are kept, the current one included."
    )
    report_due_days: int = Field(
        15, ge=0, description="Days after a quarter's end until which a report is on time."
    )
    approval_share: float | None = Field(
        None,
        ge=0,
        description="A night whose headline figures move by more than this share of what was "
        "published waits for `warehouse approve`; 0.2 is a fifth. None waits when unset.",
    )
    dagster_url: SecretStr | None = Field(
        None,
        description="PostgreSQL URL of Dagster's instance (runs, events, schedules); SQLite in the "
        "home when unset.",
    )
    publish_postgres: SecretStr | None = Field(
        None,
        description="PostgreSQL URL of a database into which all that is published is mirrored; "
        "nowhere when unset.",
    )
    ui_url: str | None = Field(
        None, description="Where people open Dagster's UI, for links in alerts; e.g. https://host."
    )
    alerts: SecretStr | None = Field(
        None,
        description="Where alerts go: apprise URLs (mailto://…, json://…), a space between two. "
        "Nobody is told when unset.",
    )
    alert_held_days: int = Field(
        30, ge=1, description="A row held for longer than so many days is told once."
    )
    publish_by: dt.time = Field(
        dt.time(6), description="When the night is to have published (Bangkok time)."
    )
    keep_runs_days: int = Field(
        365, ge=1, description="How long Dagster's runs, their events and output are kept."
    )
    keep_logs_days: int = Field(90, ge=1, description="How long the log's files are kept.")
    min_free_mb: int = Field(
        512,
        ge=0,
        description="Free space (MB) that a night must leave to begin at all; 0: it is not asked.",
    )
    lease_seconds: float = Field(
        120,
        ge=1,
        description="A machine that loads files and gave no sign of life for so many seconds is "
        "taken for dead; others take its files over.",
    )
    celery_broker: SecretStr | None = Field(
        None,
        description="URL of the Redis through which `load_submissions` hands its batches to Celery "
        "workers; this machine loads them itself when unset.",
    )
    git_sha: str | None = Field(
        None,
        description="The commit this software is, where it runs outside a checkout (an image).",
    )
    port: int = Field(3000, description="Port of Dagster's webserver on 127.0.0.1.")
    serve_token: SecretStr | None = Field(
        None,
        min_length=SHORTEST_TOKEN,
        description="Token that clients of `warehouse serve` must bring, 16 characters or more; "
        "made and kept in the home when unset.",
    )
    serve_port: int = Field(
        9494, ge=0, le=65535, description="Port of `warehouse serve` on 127.0.0.1."
    )
    serve_memory_mb: int = Field(
        1024, ge=64, description="Memory (MB) that statements sent to `warehouse serve` share."
    )
    spark_master: str = Field(
        "local[*]", description="Spark's master, where the target is spark; e.g. spark://host:7077."
    )
    spark_tables: str | None = Field(
        None,
        description="Folder or s3:// URL, reached by every machine of the cluster, in which Spark "
        "builds; the home's build folder when unset.",
    )


@dataclass(frozen=True)
class Home:
    """Where everything lies."""

    root: Path
    landing: Place
    landing_is_set: bool
    ledger_url: str = field(repr=False)
    keep_versions: int
    report_due_days: int
    key_secret: bytes | None = field(repr=False)
    approval_share: float | None = None
    dagster_url: str | None = field(default=None, repr=False)
    ui_url: str | None = None
    alerts: tuple[str, ...] = field(default=(), repr=False)
    alert_held_days: int = 30
    publish_by: dt.time = dt.time(6)
    keep_runs_days: int = 365
    keep_logs_days: int = 90
    min_free_mb: int = 512
    publish_postgres: str | None = field(default=None, repr=False)
    serve_token: str | None = field(default=None, repr=False)
    serve_port: int = 9494
    serve_memory_mb: int = 1024
    archive_at: Place | None = None
    store_at: Place | None = None
    lease_seconds: float = 120
    celery_broker: str | None = field(default=None, repr=False)
    target: Target = Target.duckdb
    spark_master: str = "local[*]"
    spark_tables: str | None = None
    lake_catalog: str | None = field(default=None, repr=False)
    lake_data: str | None = None
    lake_keep_days: int = 365

    @property
    def archive(self) -> Place:
        """The bytes of every file that came (personal data: owner only)."""
        return self.archive_at or self.root / "archive"

    @property
    def store(self) -> Place:
        """The typed rows of every file (personal data: owner only)."""
        return self.store_at or self.root / "store"

    @property
    def in_objects(self) -> dict[str, ObjectPath]:
        """Setting → the place that it puts into an object store."""
        places = {
            "WAREHOUSE_LANDING": self.landing,
            "WAREHOUSE_ARCHIVE": self.archive,
            "WAREHOUSE_STORE": self.store,
        }
        return {name: place for name, place in places.items() if isinstance(place, ObjectPath)}

    @property
    def fetched(self) -> Path:
        """Files of an object store on this machine (personal data: owner only)."""
        return _fetched(self.root)

    @property
    def landed_objects(self) -> Path:
        """What objects of the landing zone hashed to; may be removed at any time."""
        return self.fetched / "landed.json"

    @property
    def build(self) -> Path:
        """Where a night builds; emptied by the next."""
        return self.root / "build"

    @property
    def night(self) -> Path:
        """The build of the night that runs."""
        return self.build / "night"

    @property
    def published(self) -> Path:
        """The published warehouse and its kept versions."""
        return self.root / "published"

    @property
    def warehouse(self) -> Path:
        """The published warehouse itself."""
        return self.published / "warehouse.duckdb"

    @property
    def waiting(self) -> Path:
        """A built warehouse that waits for approval, in a folder named by its run."""
        return self.root / "waiting"

    @property
    def quarantine(self) -> Path:
        """Workbooks to send back to coordinators (personal data: owner only)."""
        return self.root / "quarantine"

    @property
    def cache(self) -> Path:
        """What is slow to make and the same every night; may be removed at any time."""
        return self.root / "cache"

    @property
    def rebuilt(self) -> Path:
        """Warehouses of earlier days, built again; a folder a day."""
        return self.root / "rebuilt"

    @property
    def lock(self) -> Path:
        """The lock of the one writer."""
        return self.root / "night.lock"

    @property
    def key_file(self) -> Path:
        """The key of the enterprise hash that was made for this home, where none is set."""
        return self.root / "key_secret"

    @property
    def serve_token_file(self) -> Path:
        """The token of `warehouse serve` that was made for this home, where none is set."""
        return self.root / "serve_token"

    @property
    def dagster(self) -> Path:
        """Dagster's instance: runs, events, schedules."""
        return self.root / "dagster"

    @property
    def logs(self) -> Path:
        """The structured log, a file a day."""
        return self.root / "logs"

    @property
    def dbt_target(self) -> Path:
        """Dbt's artefacts of this home, its parsed project among them."""
        return self.root / "dbt"

    @property
    def dbt_variables(self) -> dict[str, int]:
        """The variables of the dbt project that a setting decides."""
        return {"report_due_days": self.report_due_days}

    def prepare(self) -> None:
        """Makes the home's folders, and the default landing zone of a home that is new.

        Raises:
            SettingsError: the home cannot be made or written.
        """
        fresh = not any((self.root / name).exists() for name in ("store", "dagster"))
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            for private in (self.archive, self.store, self.build, self.dagster, self.logs):
                if isinstance(private, Path):
                    private.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self.published.exists():
                # Analysts read it, whatever the umask of a service; an operator may close it.
                self.published.mkdir(exist_ok=True)
                self.published.chmod(0o755)
            probe = self.root / f".probe.{secrets.token_hex(8)}"
            probe.write_bytes(b"")
            probe.unlink(missing_ok=True)  # a night may have tidied it away
            if fresh and not self.landing_is_set and isinstance(self.landing, Path):
                self.landing.mkdir(exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"The warehouse's home {self.root} cannot be written ({error.strerror or error}). "
                "Give this user write permission and free space there, or set WAREHOUSE_HOME to "
                "another folder."
            ) from error
        log.write_to(self.logs)

    def known_secret(self) -> bytes | None:
        """The key of the enterprise hash; None where none is set and none was made yet."""
        if self.key_secret:
            return self.key_secret
        return self.key_file.read_text().strip().encode() if self.key_file.exists() else None

    def secret(self) -> bytes:
        """The key of the enterprise hash, made once for this home where none is set.

        For the intake alone, once it is sure that the home is whole: another key in the place of
        one that was lost would part enterprises from themselves.
        """
        if self.key_secret:
            return self.key_secret
        return _made_once(self.key_file).encode()

    def serve_secret(self) -> str:
        """The token of `warehouse serve`, made once for this home where none is set.

        Raises:
            SettingsError: the file has none that could not be guessed, as after a power cut.
        """
        token = self.serve_token or _made_once(self.serve_token_file)
        if len(token) < SHORTEST_TOKEN:
            raise SettingsError(
                f"The token in {self.serve_token_file} is shorter than {SHORTEST_TOKEN} "
                "characters. Delete the file: the next start makes another."
            )
        return token


def _made_once(path: Path) -> str:
    """A secret in a file of its owner's alone; made where there is none."""
    if not path.exists():
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    return path.read_text().strip()


def _read() -> Settings:
    """The settings as the environment and `.env` say them.

    Raises:
        SettingsError: one cannot be; its value is not repeated, for it may be a secret.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"WAREHOUSE_{'.'.join(map(str, one['loc'])).upper()}: {one['msg']}"
            for one in error.errors(include_input=False, include_url=False)
        )
        raise SettingsError(
            f"A setting cannot be read ({wrong}). Correct it in the environment or in `.env`."
        ) from None


def unknown_variables() -> dict[str, str | None]:
    """Variables that look like settings and are none → the setting that was meant, if one is near.

    Raises:
        OSError: `.env` cannot be read.
    """
    known = [f"WAREHOUSE_{name.upper()}" for name in Settings.model_fields]
    said = {**dotenv_values(".env"), **os.environ}
    unknown = [
        name.upper()
        for name in said
        if name.upper().startswith("WAREHOUSE_") and name.upper() not in (*known, *_OUR_OWN)
    ]
    return {name: next(iter(get_close_matches(name, known, 1)), None) for name in sorted(unknown)}


def _database(variable: str, url: str | None) -> str | None:
    """A database URL that names the driver which is installed, where it names none.

    Args:
        variable: the setting, to be named.
        url: as it is set.

    Raises:
        SettingsError: it is none. Nothing of it is repeated: what a library says of it quotes a
            piece of the password.
    """
    if url is None:
        return None
    from sqlalchemy import make_url  # not for every command: it is slow
    from sqlalchemy.exc import ArgumentError

    scheme, separator, rest = url.partition("://")
    named = "postgresql+psycopg2" if scheme in ("postgres", "postgresql") else scheme
    whole = f"{named}{separator}{rest}"
    try:
        # An unescaped @ ends the password early: the rest of it is taken for the host's name.
        is_understood = "@" not in (make_url(whole).host or "")
    except (ArgumentError, ValueError):
        is_understood = False
    if not is_understood:
        raise SettingsError(
            f"{variable} is no database URL that can be used. Write "
            "postgresql://USER:PASSWORD@HOST:5432/DATABASE, special letters of the password as %XX."
        ) from None
    return whole


def _postgres(variable: str, url: str | None) -> str | None:
    """A URL of a PostgreSQL database; see `_database`.

    Raises:
        SettingsError: it is none, or one of another kind of database.
    """
    whole = _database(variable, url)
    if whole is not None and not whole.startswith("postgresql+psycopg2://"):
        raise SettingsError(
            f"{variable} is no URL of a PostgreSQL database. Write "
            "postgresql://USER:PASSWORD@HOST:5432/DATABASE, special letters of the password as %XX."
        )
    return whole


def place_of(said: str, home_root: Path, setting: str = "") -> Place:
    """A folder, or a place in an object store where it is said as a URL.

    Args:
        said: as somebody typed it.
        home_root: the home, below which files of an object store are fetched.
        setting: what says it, to be told where it fails.

    Raises:
        SettingsError: it is a URL that nothing here can use.
    """
    scheme, separator, rest = said.partition("://")
    if not separator:
        return Path(said).expanduser().absolute()
    named = setting or "The URL"
    if "@" in rest.partition("/")[0]:
        raise SettingsError(
            f"{named} has credentials in it. Take them out, and set AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY instead."
        )
    if not rest.strip("/"):
        raise SettingsError(f"{named} names no bucket. Write s3://BUCKET/PREFIX.")
    if scheme not in _schemes():
        raise SettingsError(
            f"{named} begins with {scheme}://, which is no object store that is known here. Write "
            "a folder, or s3://BUCKET/PREFIX."
        )
    if scheme == "s3" and find_spec("s3fs") is None:
        raise SettingsError(
            f"{named} is in an object store, and what speaks to it is not installed. Type: make "
            "cluster"
        )
    _hand_on_credentials()
    return ObjectPath(said.rstrip("/"), _fetched(home_root), setting)


def _place(setting: str, said: str | None, home_root: Path) -> Place | None:
    return None if said is None else place_of(said, home_root, setting)


def _schemes() -> list[str]:
    """What fsspec knows to be a store of objects, by its name in a URL."""
    from fsspec import available_protocols

    return [name for name in available_protocols() if name not in ("file", "local")]


def _fetched(home_root: Path) -> Path:
    return home_root / "objects"


def _hand_on_credentials() -> None:
    """Puts what `.env` says to clients of object stores where they look for it."""
    for name, value in dotenv_values(".env").items():
        if name.startswith("AWS_") and value:
            os.environ.setdefault(name, value)


def _folder_or_url(said: str | None) -> str | None:
    """A URL as it is set, a folder as an absolute path; neither ends with a slash."""
    if said is None:
        return None
    return said.rstrip("/") if "://" in said else str(Path(said).expanduser().absolute())


def load() -> Home:
    """The home that the environment names, with the environment of child processes set to fit.

    Raises:
        SettingsError: a setting cannot be read.
    """
    settings = _read()
    root = settings.home.expanduser().absolute()
    landing, archive, store = (
        _place(f"WAREHOUSE_{name.upper()}", said, root)
        for name, said in (
            ("landing", settings.landing), ("archive", settings.archive), ("store", settings.store)
        )
    )  # fmt: skip
    home = Home(
        root=root,
        landing=landing or root / "landing",
        landing_is_set=settings.landing is not None,
        ledger_url=_database("WAREHOUSE_LEDGER_URL", settings.ledger_url)
        or f"sqlite:///{root / 'ledger.sqlite'}",
        keep_versions=settings.keep_versions,
        report_due_days=settings.report_due_days,
        key_secret=settings.key_secret.get_secret_value().encode() if settings.key_secret else None,
        approval_share=settings.approval_share,
        dagster_url=_database(
            "WAREHOUSE_DAGSTER_URL",
            settings.dagster_url.get_secret_value() if settings.dagster_url else None,
        ),
        ui_url=settings.ui_url.rstrip("/") if settings.ui_url else None,
        alerts=tuple(settings.alerts.get_secret_value().split()) if settings.alerts else (),
        alert_held_days=settings.alert_held_days,
        publish_by=settings.publish_by,
        keep_runs_days=settings.keep_runs_days,
        keep_logs_days=settings.keep_logs_days,
        min_free_mb=settings.min_free_mb,
        publish_postgres=_postgres(
            "WAREHOUSE_PUBLISH_POSTGRES",
            settings.publish_postgres.get_secret_value() if settings.publish_postgres else None,
        ),
        serve_token=settings.serve_token.get_secret_value() if settings.serve_token else None,
        serve_port=settings.serve_port,
        serve_memory_mb=settings.serve_memory_mb,
        archive_at=archive,
        store_at=store,
        lease_seconds=settings.lease_seconds,
        celery_broker=settings.celery_broker.get_secret_value() if settings.celery_broker else None,
        target=settings.target,
        spark_master=settings.spark_master,
        spark_tables=_folder_or_url(settings.spark_tables),
        lake_catalog=_postgres(
            "WAREHOUSE_LAKE_CATALOG",
            settings.lake_catalog.get_secret_value() if settings.lake_catalog else None,
        ),
        lake_data=_folder_or_url(settings.lake_data),
        lake_keep_days=settings.lake_keep_days,
    )
    if home.logs.is_dir():
        log.write_to(home.logs)
    if home.dagster_url:  # dagster.yaml refers to it
        os.environ["WAREHOUSE_DAGSTER_URL"] = home.dagster_url
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    os.environ["WAREHOUSE_HOME"] = str(home.root)
    os.environ["WAREHOUSE_BUILD"] = str(home.night)
    for name in ("DAGSTER_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        os.environ.setdefault(name, "yes")
    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
    # What a run intends to do is hundreds of events, written at once: `orchestration.event_log`.
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "1000")
    return home


def export() -> None:
    """Puts every setting into the environment, for a process that starts in another folder.

    Such a process would read another `.env`, or none.
    """
    for name, value in _read().model_dump(exclude_none=True).items():
        if name != "home":
            said = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            os.environ[f"WAREHOUSE_{name.upper()}"] = said
    home = load()
    for name, place in (
        ("LANDING", home.landing if home.landing_is_set else None),
        ("ARCHIVE", home.archive_at),
        ("STORE", home.store_at),
    ):
        if place is not None:
            os.environ[f"WAREHOUSE_{name}"] = str(place)
    for name, folder in (("LAKE_DATA", home.lake_data), ("SPARK_TABLES", home.spark_tables)):
        if folder is not None:
            os.environ[f"WAREHOUSE_{name}"] = folder


def environment_of_others() -> dict[str, str]:
    """The environment without anything of the warehouse, for a process that needs no setting."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("WAREHOUSE_", "DAGSTER_"))
    }


def told() -> dict[str, str]:
    """Every setting that is set, by its variable; of a secret only that it is."""
    said = {}
    for name, value in _read().model_dump(exclude_unset=True, exclude_none=True).items():
        # The ledger's URL may hold a password.
        secret = isinstance(value, SecretStr) or name == "ledger_url"
        said[f"WAREHOUSE_{name.upper()}"] = "set (secret)" if secret else str(value)
    return said


def port() -> int:
    """The webserver's port."""
    return _read().port


@contextmanager
def building_in(folder: Path) -> Generator[None, None, None]:
    """Has dbt's profile build in `folder` while the block runs."""
    before = os.environ.get("WAREHOUSE_BUILD")
    os.environ["WAREHOUSE_BUILD"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["WAREHOUSE_BUILD"]
        else:
            os.environ["WAREHOUSE_BUILD"] = before


@cache
def git_sha() -> str:
    """The commit this software is; `unknown` where it runs outside a checkout and none is set."""
    if said := Settings().git_sha:
        return said
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            # Git would not look into a checkout of another user, as that of a server is (root's).
            ["git", "-c", f"safe.directory={PROJECT}", "-C", str(PROJECT), "rev-parse", "HEAD"],  # noqa: S607
            capture_output=True, text=True, check=True, timeout=10,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return done.stdout.strip()

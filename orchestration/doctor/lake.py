"""The lakehouse: whether its catalog is reached, its files can be written, and what it shows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

from orchestration.doctor.finding import Finding, ok, problem, warning
from orchestration.settings import Home, Target

if TYPE_CHECKING:
    import duckdb

_AGAIN = "Then type: warehouse run"
_FORMAT_SQL = "select value from ducklake_options('lake') where option_name = 'version'"


def lake(home: Home) -> Iterator[Finding]:
    """Whether a night can publish into the lake, where that is the target."""
    if home.target is not Target.ducklake:
        return
    from orchestration.lake.attaching import (
        EXTENSIONS,
        LakeFailed,
        NoLake,
        attached,
        extension_file,
        place,
    )
    from orchestration.lake.committing import only_writer
    from sources.objects import ObjectStoreError

    try:
        for name in EXTENSIONS:
            extension_file(name)
        with only_writer(home) as session:
            version = session.server_version // 10000
        yield ok("lakehouse", f"The catalog {place(home)} is PostgreSQL {version}.")
        yield from _writable(home)
        with attached(home) as db:
            yield from _standing(db, home)
    except NoLake as error:
        yield warning("lakehouse", str(error), "Type: warehouse run")
    except (LakeFailed, ObjectStoreError) as error:
        yield problem("lakehouse", str(error), _AGAIN)


def _writable(home: Home) -> Iterator[Finding]:
    """Writes a file beside the lake's and removes it, as a night would."""
    import fsspec

    from orchestration.lake.attaching import LakeFailed

    if home.lake_data is None:
        yield problem(
            "lakehouse",
            "WAREHOUSE_LAKE_DATA is not set: nights have no place for the lakehouse's files.",
            "Set it to a folder or an s3:// URL that every reader reaches.",
        )
        return
    probe = f"{home.lake_data.rstrip('/')}/probe.{uuid.uuid4().hex}"
    try:
        files, path = fsspec.core.url_to_fs(probe)
        with files.open(path, "wb") as file:
            file.write(b"")
        files.rm_file(path)
    except Exception as error:  # whatever a store's library raises
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise LakeFailed(
            f"{home.lake_data} (WAREHOUSE_LAKE_DATA) cannot be written: {said}. Make the folder or "
            "bucket, and give this user the right to write there."
        ) from error
    yield ok("lakehouse", f"Its files lie in {home.lake_data}, which can be written.")


def _standing(db: duckdb.DuckDBPyConnection, home: Home) -> Iterator[Finding]:
    from orchestration.lake.committing import warehouse_of
    from orchestration.lake.snapshots import publications

    (version,) = db.execute(_FORMAT_SQL).fetchone() or ("unknown",)
    found = publications(db)
    if not found:
        yield warning("lakehouse", "Nothing is published in it yet.", "Type: warehouse run")
        return
    last = found[-1]
    yield ok(
        "lakehouse",
        f"It has {len(found):,} nights, the last of {last.published_at:%Y-%m-%d %H:%M} UTC (run "
        f"{last.run_id[:8]}, snapshot {last.snapshot}); its format is DuckLake {version}.",
    )
    if last.warehouse != warehouse_of(home):
        yield problem(
            "lakehouse",
            "It belongs to another warehouse, whose enterprises have other keys.",
            "Give this home a catalog and data of its own, or that one's WAREHOUSE_KEY_SECRET.",
        )

"""dbt's manifest: the project as dbt parsed it, made anew where a file of the project changed.

    dbt_project/ ── dbt parse, once ──▶ target/manifest.json, partial_parse.msgpack
                                        target/spark/…, where Spark builds

What Dagster and the commands read is always the first: the assets, checks and words of the project
are the same whatever builds it. What differs for an engine is which database a model is in and what
its macros compile to, so each engine's dbt starts from a project that was parsed for it.

Nothing here needs Dagster or imports dbt, so that a command which only reads what the project says
answers at once.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from filelock import FileLock

from orchestration.settings import DBT_PROJECT, Target, load

_MANIFEST = "manifest.json"
#: What dbt itself starts from, beside the manifest.
PARSED = "partial_parse.msgpack"
#: The project that was parsed, as `project_fingerprint` says it.
FINGERPRINT = "manifest.sha256"
_PARSED_SUFFIXES = {".sql", ".py", ".yml", ".csv", ".md"}


class BuildFailed(RuntimeError):
    """dbt could not build the warehouse, or one of its tests failed; the message says which."""


def dbt_executable() -> str:
    """The dbt of this environment."""
    beside = Path(sys.executable).with_name("dbt")
    return str(beside) if beside.exists() else shutil.which("dbt") or "dbt"


def project_fingerprint() -> str:
    """A hash of every file that dbt parses."""
    digest = hashlib.sha256()
    skipped = {"target", "logs"}
    for path in sorted(DBT_PROJECT.rglob("*")):
        relative = path.relative_to(DBT_PROJECT)
        if path.suffix in _PARSED_SUFFIXES and not skipped & set(relative.parts):
            digest.update(relative.as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def prepare_manifest(target: Target = Target.duckdb) -> Path:
    """Has dbt parse the project where it changed since the manifest was made.

    The manifest lies in the project; in the home where the project cannot be written, as on a
    server whose software belongs to root, and was not parsed when it was installed.

    Args:
        target: the output of dbt's profile to parse it for.

    Returns:
        The manifest; what else was parsed lies beside it.

    Raises:
        BuildFailed: dbt cannot parse it; the message is dbt's.
    """
    wanted = project_fingerprint()
    of_target = "" if target is Target.duckdb else target.value
    folder = DBT_PROJECT / "target" / of_target
    if not _is_parsed(folder, wanted):
        folder = writable_folder() / of_target
        folder.mkdir(exist_ok=True, parents=True)
        # Two commands of a new checkout would write over each other.
        with FileLock(folder / ".parse.lock"):
            if not _is_parsed(folder, wanted):
                _parse(folder, target)
                (folder / FINGERPRINT).write_text(wanted)
    return folder / _MANIFEST


def load_manifest() -> dict[str, Any]:
    """The manifest of the project as it is now; the same one to all who ask, to be read only.

    Raises:
        BuildFailed: dbt cannot parse it.
    """
    prepared = prepare_manifest()
    return _read(prepared, prepared.with_name(FINGERPRINT).read_text())


@lru_cache(maxsize=1)
def _read(path: Path, _fingerprint: str) -> dict[str, Any]:
    """A manifest; read once as long as it is of the same project."""
    manifest: dict[str, Any] = json.loads(path.read_bytes())
    return manifest


def writable_folder() -> Path:
    """Where dbt's artefacts are written: in the project, or in the home where that cannot be."""
    folder = DBT_PROJECT / "target"
    return (
        folder
        if os.access(folder if folder.exists() else DBT_PROJECT, os.W_OK)
        else load().dbt_target
    )


def _is_parsed(folder: Path, fingerprint: str) -> bool:
    made = [folder / name for name in (_MANIFEST, PARSED, FINGERPRINT)]
    return all(path.exists() for path in made) and made[-1].read_text() == fingerprint


def _parse(folder: Path, target: Target) -> None:
    places = ["--target-path", str(folder), "--log-path", str(folder), "--target", target.value]
    done = subprocess.run(  # noqa: S603 - a fixed command
        [dbt_executable(), "--no-use-colors", "parse", *places],
        cwd=DBT_PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildFailed(f"dbt cannot parse its project:\n{done.stdout}{done.stderr}")

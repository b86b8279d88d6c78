"""Where the tables of a build on Spark lie: in the home, or where all machines of a cluster reach.

    <tables>/<schema>.db/<table>/part-….parquet

One folder a build, emptied before it begins: that of the night is always the same one.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.settings import Home

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem


def spark_url(place: str) -> str:
    """A place as Spark names it: Hadoop calls what speaks S3 `s3a`, and files have a scheme.

    Spaces and Thai letters stay as they are: Hadoop takes `%20` for three letters of a name.
    """
    if place.startswith("s3://"):
        return f"s3a://{place.removeprefix('s3://')}"
    return place if "://" in place else f"file://{Path(place).absolute()}"


@dataclass(frozen=True)
class Tables:
    """The folder of a build's tables.

    Attributes:
        root: folder or URL.
    """

    root: str

    @cached_property
    def files(self) -> AbstractFileSystem:
        """What the folder lies on."""
        import fsspec

        return fsspec.core.url_to_fs(self.root)[0]

    @property
    def is_local(self) -> bool:
        """Whether it is a folder of this machine, its own or mounted."""
        return "://" not in self.root

    def table(self, schema: str, name: str) -> str:
        """The folder of a table."""
        return f"{self.root}/{schema}.db/{name}"

    def parts(self, schema: str, name: str) -> list[str]:
        """A table's files, in the order of their rows; none where it was not written."""
        folder = self.table(schema, name)
        if not self.files.exists(folder):
            return []
        found = [str(path) for path in self.files.ls(folder, detail=False)]
        return sorted(path for path in found if path.endswith(".parquet"))

    def put(self, file: str, schema: str, name: str) -> str:
        """Makes a table of one file of this machine; returns its folder as Spark names it."""
        folder = self.table(schema, name)
        self.files.makedirs(folder, exist_ok=True)
        self.files.put_file(file, f"{folder}/part-00000.parquet")
        return spark_url(folder)

    def fetched(self, schema: str, name: str, to: Path) -> list[Path]:
        """A table's files on this machine, in the order of their rows.

        Args:
            schema: of the table.
            name: of the table.
            to: where they are copied to if they lie elsewhere.
        """
        parts = self.parts(schema, name)
        if self.is_local:
            return [Path(part) for part in parts]
        folder = to / schema / name
        folder.mkdir(parents=True, exist_ok=True)
        here = [folder / Path(part).name for part in parts]
        for part, path in zip(parts, here, strict=True):
            self.files.get_file(part, str(path))
        return here

    def remove(self) -> None:
        """Removes everything, as before a build."""
        if self.is_local:
            shutil.rmtree(self.root, ignore_errors=True)
        elif self.files.exists(self.root):
            self.files.rm(self.root, recursive=True)


def tables_of(home: Home, folder: Path) -> Tables:
    """Where the build in `folder` has its tables."""
    if home.spark_tables is None:
        return Tables(str(folder / "tables"))
    return Tables(f"{home.spark_tables}/{folder.name}")

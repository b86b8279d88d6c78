"""Small file systems for tests: mounted, filled, made read-only."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path


def mount_small(folder: Path, megabytes: int) -> bool:
    """Makes a folder a file system of its own in memory; False where this may not be done."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):
        return not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(folder)],
            capture_output=True,
            check=False,
        ).returncode
    return False


def unmount(folder: Path) -> None:
    """Takes a small file system away again."""
    subprocess.run(["umount", "--lazy", str(folder)], check=False)


@contextlib.contextmanager
def full_disk(folder: Path, left: int) -> Iterator[None]:
    """Has a file system full but for some bytes while the block runs."""
    filler = folder / "filler"
    try:
        with filler.open("wb") as file:
            size = shutil.disk_usage(folder).free - left
            os.posix_fallocate(file.fileno(), 0, size)
        yield
    finally:
        filler.unlink()


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Has a small file system mounted read-only while the block runs."""
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)

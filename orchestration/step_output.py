"""What the steps of a night print: in the files of Dagster's that its UI shows, and nowhere else.

Dagster also shows it on the terminal while it is written: by a `tail` for each of the two files,
and for each of these by a Python process that looks whether the night still lives. `warehouse run`
tells its progress itself.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any


@contextmanager
def kept_in_files_alone() -> Generator[None, None, None]:
    """Has Dagster's steps write into their files without anybody following them meanwhile."""
    from dagster._core.execution.compute_logs import redirect_to_file
    from dagster._core.storage import local_compute_log_manager as manager
    from dagster._utils import ensure_file

    @contextmanager
    def keep(stream: Any, path: str) -> Generator[None, None, None]:
        ensure_file(path)
        with redirect_to_file(stream, path):
            yield

    mirror = manager.mirror_stream_to_file
    manager.mirror_stream_to_file = keep
    try:
        yield
    finally:
        manager.mirror_stream_to_file = mirror

"""dbt's templates, compiled once and kept for the next night.

dbt makes Python of every macro and every model that it renders, some 400 a night, and forgets it.
What a template compiles to follows from its text, from Jinja, from dbt's tags and from Python; the
file is named by these and by the project, and in it a template by its text. So nothing in it can be
out of date.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from types import CodeType
from typing import Any


@contextmanager
def kept_compiled(folder: Path, project: str) -> Generator[None, None, None]:
    """Has dbt take compiled templates from those kept, and keeps the ones it made besides.

    Args:
        folder: where they are kept: one file, of the project and of what compiles it as they are.
        project: a hash of the project, so that what was left out of it goes.
    """
    from dbt_common.clients.jinja import MacroFuzzEnvironment

    made_by = "-".join([version("jinja2"), version("dbt-common"), sys.implementation.cache_tag])
    kept = folder / f"templates-{made_by}-{project[:16]}.compiled"
    before = _read(kept)
    asked: dict[str, CodeType] = {}
    environments: Any = MacroFuzzEnvironment
    compile_anew = environments.compile

    def compile_once(environment: Any, source: Any, *args: Any, **kwargs: Any) -> Any:
        if args or kwargs or not isinstance(source, str):
            return compile_anew(environment, source, *args, **kwargs)
        name = f"{type(environment).__name__} {hashlib.sha256(source.encode()).hexdigest()}"
        if name not in asked:
            asked[name] = before.get(name) or compile_anew(environment, source)
        return asked[name]

    environments.compile = compile_once
    try:
        yield
    finally:
        environments.compile = compile_anew
    if not asked.keys() <= before.keys():
        folder.mkdir(parents=True, exist_ok=True)
        temporary = kept.with_name(f".{kept.name}.{os.getpid()}.part")
        temporary.write_bytes(marshal.dumps({**before, **asked}))
        temporary.replace(kept)
        for older in set(folder.glob("templates-*.compiled")) - {kept}:
            older.unlink(missing_ok=True)


def _read(kept: Path) -> dict[str, CodeType]:
    """What was kept; nothing where a disk lost some of it, for it can be made anew."""
    if not kept.exists():
        return {}
    try:
        templates: dict[str, CodeType] = marshal.loads(kept.read_bytes())  # noqa: S302 - our own
    except (EOFError, TypeError, ValueError):
        return {}
    return templates

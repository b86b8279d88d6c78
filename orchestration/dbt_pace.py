"""dbt's own work around a node, without what a night has no use for.

A small night's models are SQL of milliseconds; most of its time went to what dbt does around each
of the 160 nodes. What is changed here changes no result:

- For each node dbt makes a generator of every macro, 590 of them, twice. Here they are copied from
  ones that were made once; what differs from node to node is in a class of theirs.
- dbt makes a message of everything it does, for a log of the level `debug` that nobody keeps. Here
  such an event is dropped unread, but for those that a callback asks for.

- dbt checks its project and profile against a schema that it first derives from its own classes.
  Both were checked when they were parsed, and `orchestration.manifest` parses what has changed.
- For each answer of a test dbt makes parsers of all types and dates. Here they are made once.

dbt has no settings for these, so five of its functions are replaced while a build runs.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable
from contextlib import contextmanager
from functools import cache
from typing import Any

#: Where dbt's classes are that hold what a project and a profile say.
_CHECKED_WHEN_PARSED = ("dbt.contracts.", "dbt.adapters.", "dbt_common.contracts.")


@contextmanager
def without_needless_work(heard: Collection[str]) -> Generator[None, None, None]:
    """Has dbt do less around each node while the block runs.

    Args:
        heard: names of dbt's events of the level `debug` that a callback asks for.
    """
    from dbt.context.manifest import ManifestContext
    from dbt_common.clients import agate_helper
    from dbt_common.dataclass_schema import dbtClassMixin
    from dbt_common.events import base_types
    from dbt_common.events.event_manager import EventManager

    first_made: dict[str, Any] = {}
    build, fire, init = (
        ManifestContext._build_namespace,
        EventManager.fire_event,
        base_types.BaseEvent.__init__,
    )

    def build_namespace(context: Any) -> Any:
        package = context.search_package
        if package not in first_made:
            first_made[package] = build(context)
        return _with_context(first_made[package], context)

    def begin_event(event: Any, *args: Any, **kwargs: Any) -> None:
        if _is_unheard(event, heard):
            event.pb_msg = None
        else:
            init(event, *args, **kwargs)

    def fire_event(manager: Any, event: Any, *args: Any, **kwargs: Any) -> None:
        if not _is_unheard(event, heard):
            fire(manager, event, *args, **kwargs)

    validate = dbtClassMixin.__dict__["validate"]

    def validate_what_is_new(cls: type, data: Any) -> None:
        if not cls.__module__.startswith(_CHECKED_WHEN_PARSED):
            validate.__func__(cls, data)

    tester = agate_helper.build_type_tester
    made_once = cache(tester)

    def type_tester(text_columns: Iterable[str], *null_values: Any, **named: Any) -> Any:
        found = made_once if not null_values and not named else tester
        return found(tuple(text_columns), *null_values, **named)

    replaced: list[tuple[Any, str, Any, Any]] = [
        (agate_helper, "build_type_tester", type_tester, tester),
        (dbtClassMixin, "validate", classmethod(validate_what_is_new), validate),
        (ManifestContext, "_build_namespace", build_namespace, build),
        (base_types.BaseEvent, "__init__", begin_event, init),
        (EventManager, "fire_event", fire_event, fire),
    ]
    for owner, name, ours, _ in replaced:
        setattr(owner, name, ours)
    try:
        yield
    finally:
        for owner, name, _, theirs in replaced:
            setattr(owner, name, theirs)


def _is_unheard(event: Any, heard: Collection[str]) -> bool:
    """Whether an event is of the level `debug` by its class and no callback asks for it."""
    from dbt_common.events.base_types import DebugLevel

    return isinstance(event, DebugLevel) and type(event).__name__ not in heard


def _with_context(made: Any, context: Any) -> Any:
    """The macros of another context of the same package, as generators for this one."""
    from dbt.clients.jinja import MacroGenerator
    from dbt.include.global_project import PROJECT_NAME

    of_this = {
        "context": context._ctx,
        "node": getattr(context, "model", None),
        "stack": context.macro_stack,
    }
    generator_of_this: Any = type(MacroGenerator.__name__, (MacroGenerator,), of_this)
    new = MacroGenerator.__new__

    def renewed(generators: dict[str, Any]) -> dict[str, Any]:
        found = {}
        for name, generator in generators.items():
            found[name] = copied = new(generator_of_this)
            copied.macro = generator.macro
        return found

    packages = {name: renewed(generators) for name, generators in made.packages.items()}
    # A macro is looked for in its own package, then in the root's, then among dbt's own.
    inner = renewed(made.global_project_namespace)
    own = {name: packages[g.macro.package_name][name] for name, g in made.local_namespace.items()}
    root = {name: packages[g.macro.package_name][name] for name, g in made.global_namespace.items()}
    return _flat_namespace_class()(
        root, own, inner, packages, {**inner, PROJECT_NAME: inner, **packages, **root, **own}
    )


@cache
def _flat_namespace_class() -> Any:
    """A namespace of macros that was searched through once, for every name."""
    from dbt.context.macros import MacroNamespace

    class FlatNamespace(MacroNamespace):
        def __init__(self, root: Any, own: Any, inner: Any, packages: Any, flat: Any) -> None:
            super().__init__(root, own, inner, packages)
            self.keys = flat.keys  # type: ignore[method-assign]
            self._flat = flat

        def _keys(self) -> Any:
            return self._flat.keys()

        def __getitem__(self, key: str) -> Any:
            return self._flat[key]

    return FlatNamespace

"""Stands in for dbt's `adapter` while sqlfluff renders a model without a database.

A dispatched macro is rendered as a plain function call of the same name, which parses in any
dialect; what the macro becomes in an engine is tested by building the models.
"""

from collections.abc import Callable


def dispatch(name: str, *_: str) -> Callable[..., str]:
    """Give a stand-in for the dispatched macro `name`: a function that renders its call."""

    def call(*arguments: object) -> str:
        return f"{name}({', '.join(str(argument) for argument in arguments)})"

    return call

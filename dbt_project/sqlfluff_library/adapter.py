"""Stands in for dbt's `adapter` while sqlfluff renders a model without a database.

A dispatched macro is rendered as a plain function call of the same name, which parses in any
dialect; what the macro becomes in an engine is tested by building the models. One that is no
expression is rendered as most engines write it.
"""

from collections.abc import Callable

_NO_EXPRESSIONS: dict[str, Callable[..., str]] = {"inlined": "{} as".format}


def dispatch(name: str, *_: str) -> Callable[..., str]:
    """Give a stand-in for the dispatched macro `name`: a function that renders its call."""

    def call(*arguments: object) -> str:
        return f"{name}({', '.join(str(argument) for argument in arguments)})"

    return _NO_EXPRESSIONS.get(name, call)

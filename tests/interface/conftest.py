"""What the tests of the interface page share: homes and rows as in tests/integration, a story."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.integration.conftest import activity, cluster, member, new_home, outcome
from tests.interface.story import Story, tell

if TYPE_CHECKING:
    from tests.integration.conftest import Home, Record

__all__ = ["activity", "cluster", "member", "new_home", "outcome"]


@pytest.fixture(scope="session")
def story(
    new_home: Callable[[str], Home],
    cluster: Callable[..., Record],
    member: Callable[..., Record],
    activity: Callable[..., Record],
    outcome: Callable[..., Record],
) -> Story:
    """The nights of sections 2 and 4."""
    return tell(new_home("rules"), cluster, member, activity, outcome)

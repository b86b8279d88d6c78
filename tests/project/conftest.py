"""What the tests of the project share: the engines that its macros are asked on."""

from __future__ import annotations

from engines import engine  # noqa: F401 - a fixture of all tests

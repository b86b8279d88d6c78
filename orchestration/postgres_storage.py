"""Dagster's storage in PostgreSQL."""

from __future__ import annotations

from dagster_postgres import DagsterPostgresStorage


class PooledPostgresStorage(DagsterPostgresStorage):
    """Unchanged."""

"""Dagster's storage in PostgreSQL, whose connections are kept between events.

Dagster's own storage connects anew for every event it writes or reads. A server that has fallen
silent is given up (`sources.silence`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from dagster._serdes import ConfigurableClassData
from dagster_postgres import DagsterPostgresStorage
from dagster_postgres.utils import pg_url_from_config

from sources.silence import noticed_by, watched


class PooledPostgresStorage(DagsterPostgresStorage):
    """Storage of runs, events and schedules over one small pool of connections."""

    def __init__(self, postgres_url: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(postgres_url, inst_data=inst_data)
        self._pool = sa.create_engine(
            postgres_url,
            isolation_level="AUTOCOMMIT",
            pool_pre_ping=True,
            pool_size=2,
            connect_args=noticed_by(sa.make_url(postgres_url)),
        )
        watched(self._pool)
        for storage in (self._run_storage, self._event_log_storage, self._schedule_storage):
            storage._engine = self._pool

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> PooledPostgresStorage:
        """Makes the storage from `dagster.yaml`."""
        return cls(pg_url_from_config(config_value), inst_data)

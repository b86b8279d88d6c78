"""A tiny published warehouse, with the comments a night writes, for tests that only ask it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.settings import Home


def home_in(folder: Path) -> Home:
    """A home with nothing in it but the folder of what is published."""
    home = Home(folder, folder / "landing", False, "sqlite://", 7, 15, None)
    home.published.mkdir(parents=True)
    return home


def publish(home: Home, night: str, rows: int = 3) -> Path:
    """Publishes a version as a night does: a new file, and one rename that swaps it in.

    Args:
        home: where to.
        night: names the version; it stands in `audit.published_run`.
        rows: of `reports.rpt_example`.
    """
    file = home.published / "versions" / night / "warehouse.duckdb"
    file.parent.mkdir(parents=True)
    with duckdb.connect(str(file)) as db:
        db.execute(
            f"""
            create schema reports; create schema marts; create schema audit;
            create table audit.published_run as select '{night}' as run_id;
            create table marts.dim_cluster (cluster_code varchar primary key, name_th varchar);
            insert into marts.dim_cluster values ('C01', 'ผ้าทอน้ำพอง');
            create table reports.rpt_example as
                select range::integer as number, '{night}' as night, 1.5::decimal(18, 2) as sum_baht
                from range({rows});
            create table reports.metric_definition as
                select 'example_sum' as name, 'sum(amount)' as formula;
            create table reports.metric_column as
                select 'reports.rpt_example' as table_name, 'sum_baht' as column_name,
                    'example_sum' as metric_name, 'number' as grain;
            comment on table reports.rpt_example is
                'One row per number. The rest is padding.\nหนึ่งแถวต่อหนึ่งจำนวน';
            comment on column reports.rpt_example.sum_baht is 'What it sums up to.\nยอดรวม'
            """
        )
    link = home.published / f".warehouse.{night}"
    link.symlink_to(file.relative_to(home.published))
    link.replace(home.warehouse)
    return file

"""What nights found to follow up and changed, closed quarters, and checks found by their name.

Software between the first release and this revision made some of it by itself, so every step
makes only what is not there. Software that knows no revisions looks at `schema_version` and refuses
a ledger that says more than 1.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MONEY = sa.Numeric(38, 2).with_variant(sa.String(45), "sqlite")


def upgrade() -> None:
    """Makes the tables and indexes."""
    op.create_index("check_result_by_run", "check_result", ["run_id", "tool"], if_not_exists=True)
    op.create_index(
        "check_result_by_check",
        "check_result",
        ["tool", "dataset_or_model", "check_name", "passed", "result_id"],
        if_not_exists=True,
    )
    _follow_up()
    _night_differences()
    _closings()
    schema_version = sa.table("schema_version", sa.column("version", sa.Integer))
    op.execute(schema_version.delete())
    op.execute(schema_version.insert().values(version=2))


def _follow_up() -> None:
    op.create_table(
        "matter_event",
        sa.Column("event_id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("matter_id", sa.String(32), nullable=False),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("occurred_at", sa.DateTime, nullable=False),
        sa.Column("event_kind", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("cluster_code", sa.Text),
        sa.Column("sender", sa.Text),
        sa.Column("dataset", sa.String(100)),
        sa.Column("path", sa.Text),
        sa.Column("column_name", sa.String(100)),
        sa.Column("reason", sa.String(100)),
        sa.Column("waits_for", sa.Text),
        sa.Column("fiscal_year_be", sa.Integer),
        sa.Column("fiscal_quarter", sa.Integer),
        sa.Column("row_count", _BIG),
        sa.Column("amount_baht", _MONEY),
        sa.Column("what_th", sa.Text),
        sa.Column("what_en", sa.Text),
        sa.Column("action_th", sa.Text),
        sa.Column("action_en", sa.Text),
        if_not_exists=True,
    )


def _night_differences() -> None:
    op.create_table(
        "night_difference",
        sa.Column("difference_id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("difference_number", sa.Integer, nullable=False),
        sa.Column("previous_run_id", sa.String(64)),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("line", sa.String(20), nullable=False),
        sa.Column("table_name", sa.String(200), nullable=False),
        sa.Column("figure_key", sa.Text),
        sa.Column("file_id", sa.String(64)),
        sa.Column("path", sa.Text),
        sa.Column("files", _BIG),
        sa.Column("rows_before", _BIG),
        sa.Column("rows_after", _BIG),
        sa.Column("rows_added", _BIG),
        sa.Column("rows_changed", _BIG),
        sa.Column("rows_removed", _BIG),
        sa.Column("figure_before_baht", _MONEY),
        sa.Column("figure_after_baht", _MONEY),
        sa.Column("figure_change_baht", _MONEY),
        sa.Column("remark", sa.Text),
        if_not_exists=True,
    )


def _closings() -> None:
    op.create_table(
        "quarter_event",
        sa.Column("event_id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("event_kind", sa.String(20), nullable=False),
        sa.Column("fiscal_year_be", sa.Integer, nullable=False),
        sa.Column("fiscal_quarter", sa.Integer, nullable=False),
        sa.Column("occurred_at", sa.DateTime, nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("run_id", sa.String(64)),
        sa.Column("published_at", sa.DateTime),
        sa.Column("snapshot_id", sa.String(64)),
        if_not_exists=True,
    )
    op.create_table(
        "closed_figure",
        sa.Column("figure_id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("event_id", _BIG, sa.ForeignKey("quarter_event.event_id"), nullable=False),
        sa.Column("cluster_code", sa.String(20), nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("amount", _MONEY, nullable=False),
        sa.Column("enterprises", _BIG, nullable=False),
        if_not_exists=True,
    )

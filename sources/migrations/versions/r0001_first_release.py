"""The ledger of the first release: files, what rules and checks found, runs.

Every step makes only what is not there: a ledger that is older than revisions has these tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MONEY = sa.Numeric(38, 2).with_variant(sa.String(45), "sqlite")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "schema_version", sa.Column("version", sa.Integer, nullable=False), if_not_exists=True
    )
    op.create_table(
        "file_event",
        sa.Column("event_id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("event_kind", sa.String(20), nullable=False),
        sa.Column("dataset", sa.String(100), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("file_id", sa.String(64), nullable=False),
        sa.Column("contract_version", sa.String(40), nullable=False),
        sa.Column("occurred_at", sa.DateTime, nullable=False),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("message", sa.Text),
        sa.Column("rows_read", _BIG, nullable=False),
        sa.Column("rows_accepted", _BIG, nullable=False),
        sa.Column("rows_quarantined", _BIG, nullable=False),
        sa.Column("control_total", _MONEY, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        if_not_exists=True,
    )
    op.create_index("file_event_by_file", "file_event", ["dataset", "file_id"], if_not_exists=True)
    op.create_index("file_event_by_path", "file_event", ["dataset", "path"], if_not_exists=True)
    op.create_table(
        "rule_result",
        sa.Column("result_id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("dataset", sa.String(100), nullable=False),
        sa.Column("file_id", sa.String(64), nullable=False),
        sa.Column("contract_version", sa.String(40), nullable=False),
        sa.Column("rule", sa.String(120), nullable=False),
        sa.Column("rows_evaluated", _BIG, nullable=False),
        sa.Column("unexpected_count", _BIG, nullable=False),
        if_not_exists=True,
    )
    op.create_index(
        "rule_result_by_file", "rule_result", ["dataset", "file_id"], if_not_exists=True
    )
    op.create_table(
        "check_result",
        sa.Column("result_id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("checked_at", sa.DateTime, nullable=False),
        sa.Column("tool", sa.String(40), nullable=False),
        sa.Column("dataset_or_model", sa.String(200), nullable=False),
        sa.Column("check_name", sa.String(200), nullable=False),
        sa.Column("severity", sa.String(20), nullable=False),
        sa.Column("passed", sa.Boolean, nullable=False),
        sa.Column("observed", sa.Text),
        sa.Column("unexpected_count", _BIG),
        if_not_exists=True,
    )
    op.create_table(
        "run_event",
        sa.Column("event_id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("event_kind", sa.String(20), nullable=False),
        sa.Column("occurred_at", sa.DateTime, nullable=False),
        sa.Column("git_sha", sa.String(64)),
        sa.Column("reason", sa.Text),
        sa.Column("files_loaded", _BIG),
        sa.Column("rows_loaded", _BIG),
        sa.Column("details", sa.JSON, nullable=False),
        if_not_exists=True,
    )

"""Natural persons who are forgotten, and what that took out of files and closed figures."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MONEY = sa.Numeric(38, 2).with_variant(sa.String(45), "sqlite")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "forgetting_event",
        sa.Column("event_id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("event_kind", sa.String(20), nullable=False),
        sa.Column("person_hash", sa.String(64), nullable=False),
        sa.Column("token", sa.String(32)),
        sa.Column("occurred_at", sa.DateTime, nullable=False),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("note", sa.Text),
        sa.Column("files_changed", _BIG, nullable=False),
        sa.Column("rows_removed", _BIG, nullable=False),
    )
    op.create_table(
        "forgotten_row",
        sa.Column("result_id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("event_id", _BIG, sa.ForeignKey("forgetting_event.event_id"), nullable=False),
        sa.Column("last_file_event_id", _BIG, nullable=False),
        sa.Column("dataset", sa.String(100), nullable=False),
        sa.Column("file_id", sa.String(64), nullable=False),
        sa.Column("contract_version", sa.String(40), nullable=False),
        sa.Column("rows_accepted", _BIG, nullable=False),
        sa.Column("rows_quarantined", _BIG, nullable=False),
        sa.Column("control_total", _MONEY, nullable=False),
    )
    op.create_table(
        "forgotten_figure",
        sa.Column("result_id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("event_id", _BIG, sa.ForeignKey("forgetting_event.event_id"), nullable=False),
        sa.Column(
            "quarter_event_id", _BIG, sa.ForeignKey("quarter_event.event_id"), nullable=False
        ),
        sa.Column("cluster_code", sa.String(20), nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("amount", _MONEY, nullable=False),
        sa.Column("enterprises", _BIG, nullable=False),
    )
    op.create_table(
        "redacted_file",
        sa.Column("result_id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("redacted_at", sa.DateTime, nullable=False),
        sa.Column("dataset", sa.String(100), nullable=False),
        sa.Column("file_id", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )

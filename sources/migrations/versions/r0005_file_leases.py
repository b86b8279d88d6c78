"""Leases: the place of a file in the order of receipt, and who works on it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "file_lease",
        sa.Column("dataset", sa.String(100), primary_key=True),
        sa.Column("file_id", sa.String(64), primary_key=True),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("receipt_id", _BIG, nullable=False),
        sa.Column("enlisted_at", sa.DateTime, nullable=False),
        sa.Column("holder", sa.String(200)),
        sa.Column("run_id", sa.String(64)),
        sa.Column("taken_at", sa.DateTime),
        sa.Column("expires_at", sa.DateTime),
    )

"""The tables of the ledger: what `sources.ledger` appends to and what others read.

A table here is made by a step of `sources.migrations`, and a test holds the two equal.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MONEY = sa.Numeric(38, 2).with_variant(sa.String(45), "sqlite")

schema_version = sa.Table(
    "schema_version", metadata, sa.Column("version", sa.Integer, nullable=False)
)

file_event = sa.Table(
    "file_event",
    metadata,
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
    sa.Column("rows_read", _BIG, nullable=False, default=0),
    sa.Column("rows_accepted", _BIG, nullable=False, default=0),
    sa.Column("rows_quarantined", _BIG, nullable=False, default=0),
    sa.Column("control_total", _MONEY, nullable=False),
    sa.Column("details", sa.JSON, nullable=False, default=dict),
    sa.Index("file_event_by_file", "dataset", "file_id"),
    sa.Index("file_event_by_path", "dataset", "path"),
)

rule_result = sa.Table(
    "rule_result",
    metadata,
    sa.Column("result_id", _BIG, primary_key=True, autoincrement=True),
    sa.Column("dataset", sa.String(100), nullable=False),
    sa.Column("file_id", sa.String(64), nullable=False),
    sa.Column("contract_version", sa.String(40), nullable=False),
    sa.Column("rule", sa.String(120), nullable=False),
    sa.Column("rows_evaluated", _BIG, nullable=False),
    sa.Column("unexpected_count", _BIG, nullable=False),
    sa.Index("rule_result_by_file", "dataset", "file_id"),
)

check_result = sa.Table(
    "check_result",
    metadata,
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
    sa.Index("check_result_by_run", "run_id", "tool"),
    sa.Index(
        "check_result_by_check",
        "tool", "dataset_or_model", "check_name", "passed", "result_id",
    ),
)  # fmt: skip

run_event = sa.Table(
    "run_event",
    metadata,
    sa.Column("event_id", _BIG, primary_key=True, autoincrement=True),
    sa.Column("run_id", sa.String(64), nullable=False),
    # started, published, not_published, waiting, cut_short
    sa.Column("event_kind", sa.String(20), nullable=False),
    sa.Column("occurred_at", sa.DateTime, nullable=False),
    sa.Column("git_sha", sa.String(64)),
    sa.Column("reason", sa.Text),
    sa.Column("files_loaded", _BIG),
    sa.Column("rows_loaded", _BIG),
    sa.Column("details", sa.JSON, nullable=False, default=dict),
)

matter_event = sa.Table(
    "matter_event",
    metadata,
    sa.Column("event_id", _BIG, primary_key=True, autoincrement=True),
    sa.Column("matter_id", sa.String(32), nullable=False),
    sa.Column("run_id", sa.String(64), nullable=False),
    sa.Column("occurred_at", sa.DateTime, nullable=False),
    sa.Column("event_kind", sa.String(20), nullable=False),  # opened, resolved
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("cluster_code", sa.Text),
    # What the matter was when it was opened; null when it was resolved.
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
)

night_difference = sa.Table(
    "night_difference",
    metadata,
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
)

quarter_event = sa.Table(
    "quarter_event",
    metadata,
    sa.Column("event_id", _BIG, primary_key=True, autoincrement=True),
    sa.Column("event_kind", sa.String(20), nullable=False),  # closed, reopened
    sa.Column("fiscal_year_be", sa.Integer, nullable=False),
    sa.Column("fiscal_quarter", sa.Integer, nullable=False),
    sa.Column("occurred_at", sa.DateTime, nullable=False),
    sa.Column("decided_by", sa.String(200), nullable=False),
    sa.Column("note", sa.Text),
    # The published warehouse whose figures are fixed, and the rows that counted in it.
    sa.Column("run_id", sa.String(64)),
    sa.Column("published_at", sa.DateTime),
    sa.Column("snapshot_id", sa.String(64)),
)

closed_figure = sa.Table(
    "closed_figure",
    metadata,
    sa.Column("figure_id", _BIG, primary_key=True, autoincrement=True),
    sa.Column("event_id", _BIG, sa.ForeignKey(quarter_event.c.event_id), nullable=False),
    sa.Column("cluster_code", sa.String(20), nullable=False),
    sa.Column("measure", sa.String(40), nullable=False),
    sa.Column("amount", _MONEY, nullable=False),
    sa.Column("enterprises", _BIG, nullable=False),
)

alert_event = sa.Table(
    "alert_event",
    metadata,
    sa.Column("event_id", _BIG, primary_key=True, autoincrement=True),
    sa.Column("alert_key", sa.Text, nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("event_kind", sa.String(20), nullable=False),  # opened, changed, resolved, told
    sa.Column("is_open", sa.Boolean, nullable=False),
    # What would have to differ for the same alert to be told again.
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("headline", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("occurred_at", sa.DateTime, nullable=False),
    # Whom it was told, as a keyed hash of the address; null of what happened.
    sa.Column("channel", sa.String(32)),
    sa.Index("alert_event_by_key", "alert_key", "channel", "event_id"),
)

forgetting_event = sa.Table(
    "forgetting_event",
    metadata,
    sa.Column("event_id", _BIG, primary_key=True, autoincrement=True),
    sa.Column("event_kind", sa.String(20), nullable=False),  # forgotten, lifted
    # Who, as a keyed hash for this purpose alone (`sources.forgotten`).
    sa.Column("person_hash", sa.String(64), nullable=False),
    # What the files that wait to be put in place are called by; null of what needs none.
    sa.Column("token", sa.String(32)),
    sa.Column("occurred_at", sa.DateTime, nullable=False),
    sa.Column("decided_by", sa.String(200)),
    sa.Column("note", sa.Text),
    sa.Column("files_changed", _BIG, nullable=False),
    sa.Column("rows_removed", _BIG, nullable=False),
)

# Rows that left a judgement of a file: what its events up to one counted too much.
forgotten_row = sa.Table(
    "forgotten_row",
    metadata,
    sa.Column("result_id", _BIG, primary_key=True, autoincrement=True),
    sa.Column("event_id", _BIG, sa.ForeignKey(forgetting_event.c.event_id), nullable=False),
    sa.Column("last_file_event_id", _BIG, nullable=False),
    sa.Column("dataset", sa.String(100), nullable=False),
    sa.Column("file_id", sa.String(64), nullable=False),
    sa.Column("contract_version", sa.String(40), nullable=False),
    sa.Column("rows_accepted", _BIG, nullable=False),
    sa.Column("rows_quarantined", _BIG, nullable=False),
    sa.Column("control_total", _MONEY, nullable=False),
)

# What left a figure that a closing had fixed.
forgotten_figure = sa.Table(
    "forgotten_figure",
    metadata,
    sa.Column("result_id", _BIG, primary_key=True, autoincrement=True),
    sa.Column("event_id", _BIG, sa.ForeignKey(forgetting_event.c.event_id), nullable=False),
    sa.Column("quarter_event_id", _BIG, sa.ForeignKey(quarter_event.c.event_id), nullable=False),
    sa.Column("cluster_code", sa.String(20), nullable=False),
    sa.Column("measure", sa.String(40), nullable=False),
    sa.Column("amount", _MONEY, nullable=False),
    sa.Column("enterprises", _BIG, nullable=False),
)

# Archived files that are kept in a redacted form, and the SHA-256 of that form.
redacted_file = sa.Table(
    "redacted_file",
    metadata,
    sa.Column("result_id", _BIG, primary_key=True, autoincrement=True),
    sa.Column("redacted_at", sa.DateTime, nullable=False),
    sa.Column("dataset", sa.String(100), nullable=False),
    sa.Column("file_id", sa.String(64), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
)

# No record of what happened: the files that wait or are worked on now, a row each, gone with the
# file's event. The only table whose rows are changed and deleted; no back-up needs it.
file_lease = sa.Table(
    "file_lease",
    metadata,
    sa.Column("dataset", sa.String(100), primary_key=True),
    sa.Column("file_id", sa.String(64), primary_key=True),
    sa.Column("path", sa.Text, nullable=False),
    # Its place in the order of receipt: the event of its first judgement will have this id.
    sa.Column("receipt_id", _BIG, nullable=False),
    # By the database's clock, as are the other two; null of a file that nobody works on.
    sa.Column("enlisted_at", sa.DateTime, nullable=False),
    sa.Column("holder", sa.String(200)),
    sa.Column("run_id", sa.String(64)),
    sa.Column("taken_at", sa.DateTime),
    sa.Column("expires_at", sa.DateTime),
    info={"is_record": False},
)

"""Alembic's environment: runs revisions on the connection that `sources.ledger_schema` holds."""

from alembic import context

from sources.ledger_schema import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
context.run_migrations()

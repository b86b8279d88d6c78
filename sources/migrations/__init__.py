"""The ledger's schema, step by step (alembic): a revision a module in `versions/`.

A revision that was released is never edited: what it made is in ledgers already. The next change
of the tables in `sources.ledger_tables` is a new module, and `sources.ledger_schema.HEAD` its
revision. `sources.ledger_schema` runs them.
"""

"""The PostgreSQL mirror: every published table again, in a database that programs can ask.

    published/warehouse.duckdb ─ shape ──▶ what the tables are to be, and their keys
                               ─ loading ▶ temporary tables of one session, by COPY
    PostgreSQL ◀── renewal ─── one transaction: what differs, and nothing else

Whoever reads meanwhile is not held up and sees the earlier warehouse or the new one, whole: what
differs is deleted and inserted, and neither locks readers out nor changes what they see before
the commit. The tables stay the same tables from night to night, so analysts' views on them live
on. (Swapping renamed schemas would leave every view on the old tables, and show a transaction
that began before the swap empty ones.) Nothing outlives a process that is killed: temporary
tables go with their session.
"""

"""The lakehouse: every published night as a snapshot that machines anywhere attach and read.

    published/versions/<version>/warehouse.duckdb ─ committing ▶ one transaction, one snapshot
    PostgreSQL (catalog) and Parquet (folder or s3://) ◀── attaching ── whoever reads or writes
                                                       ◀── upkeep ───── what is old goes

DuckLake keeps what tables there are in a PostgreSQL database and their rows in Parquet files that
never change. A snapshot is all of it at once: a reader sees the one it began with, whole, however
long a night commits. `snapshots` tells which night is which, `reading` opens the lake for people,
`questions` is what they may ask of it.
"""

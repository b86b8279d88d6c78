"""When and how the night runs: a module a Dagster concept, over whatever datasets there are.

loads       landing zone → store (assets and their Great Expectations checks)
transform   store → build database (the dbt models as assets, dbt tests as asset checks)
checks      what must hold before anything is published
publish     build database → published warehouse
automation  the job `nightly`, its schedule
resources   what steps share: home, ledger, the lock of the one writer
settings    the environment, read here and nowhere else
cli         the console script `warehouse`
"""

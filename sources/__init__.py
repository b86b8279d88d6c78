"""What arrives: a folder a dataset, and the few modules that take in any dataset by its contract.

A submission passes through here once::

    survey ──▶ archive ──▶ identify ──▶ read ──▶ type ──▶ judge ──▶ store + ledger
    landing    bytes       format       text     SQL      reasons   Parquet, event

Nothing in this package knows of the orchestrator or of the transformations that follow, and no
shared module names a dataset: folders with a contract are discovered (`sources.contracts`).
"""

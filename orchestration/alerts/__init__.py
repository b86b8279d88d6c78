"""Alerts: who must get up is told, once a matter and not once a night.

    facts ──▶ matters that are so now ──▶ book: new, changed or over ──▶ message ──▶ delivery
    (ledger, published warehouse,         (a table of the ledger)        (a digest)   (apprise)
     Dagster's storage)

What an alert tells follows from facts that stand elsewhere; here is kept only who was told what.
So it does not matter who looks (the end of a night, Dagster's sensor, the heartbeat) nor how
often, and what could not be delivered is told by the next who looks.
"""

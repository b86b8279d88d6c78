"""What the page of data quality tells, asked of the warehouse: a query a section.

No query reads a value of a row; rows are counted by why, whose and since when.
"""

from __future__ import annotations

from typing import Any

import duckdb

from orchestration.report.asking import ask

#: Lists that grow with the data are cut at so many lines; nights of the trend.
LISTED, NIGHTS = 100, 90

_QUARTERS = """
select * from reports.rpt_programme_completeness
where fiscal_year_be = $year order by fiscal_quarter
"""
_COMPLETENESS = """
select
    report.cluster_code, clusters.cluster_name_th, clusters.cluster_name_en,
    report.fiscal_quarter, report.members_expected, report.members_reported,
    report.members_on_time, report.members_missing, report.completeness_ratio,
    report.on_time_ratio, report.is_due,
    report.is_due and report.members_expected > 0 and report.members_reported = 0 as is_silent
from reports.rpt_reporting_completeness as report
left join marts.dim_cluster as clusters using (cluster_code)
where report.fiscal_year_be = $year
order by report.cluster_code, report.fiscal_quarter
"""
#: Rows of files that count, told by reason; a row with two faults stands in two lines. What was
#: sent again in another file is done with.
_PROBLEMS = """
from audit.quarantined_row as problems
left join audit.load_file as files using (receipt_id)
where problems.file_status = 'loaded' and not problems.is_sent_again
"""
_ROWS = "count(distinct (problems.receipt_id, problems.row_sequence))"
_QUARANTINE_TOTAL = f"""
select
    {_ROWS} filter (where not problems.held) as quarantined,
    {_ROWS} filter (where problems.held) as held
{_PROBLEMS}
"""
_BY_REASON = f"""
select
    problems.reason, problems.held, problems.dataset, {_ROWS} as row_count,
    count(distinct problems.path) as files, min(files.received_at) as since_at
{_PROBLEMS}
group by all order by row_count desc, problems.reason, problems.dataset
"""
_MATTERS = """
select
    coalesce(sender, cluster_code) as sender, kind, count(*) as matters,
    sum(row_count) as row_count, min(opened_on) as opened_on, max(nights_open) as nights_open
from reports.rpt_follow_up
where state <> 'resolved'
group by all order by matters desc, sender, kind
"""
_REJECTED = """
select path, dataset, reason, opened_on, nights_open
from reports.rpt_follow_up
where kind = 'rejected' and state <> 'resolved'
order by opened_on, path
"""
_SUSPICIONS = f"""
select
    report.rule, report.cluster_code, clusters.cluster_name_th, clusters.cluster_name_en,
    report.fiscal_year_be, report.fiscal_quarter, report.baht_at_stake,
    report.evidence_th, report.evidence_en, report.action_th, report.action_en,
    report.figure_measure, report.figure_without_baht - report.figure_baht as effect_baht,
    count(*) over () as suspicions
from reports.rpt_suspicions as report
left join marts.dim_cluster as clusters using (cluster_code)
order by abs(report.baht_at_stake) desc, report.rule, report.suspicion_id
limit {LISTED}
"""
_EFFECT = """
select measure, actual_baht, suspicious_baht, actual_without_suspicions_baht
from reports.rpt_programme_progress
where fiscal_year_be = $year order by measure desc
"""
_TREND = f"""
select night_number, began_on, kind, matters_opened, matters_resolved, matters_open
from reports.rpt_follow_up_trend
where night_number > (select max(night_number) from reports.rpt_follow_up_trend) - {NIGHTS}
order by night_number, kind
"""
_OPEN = """
select count(*) as matters from reports.rpt_follow_up where state <> 'resolved'
"""
_CHECKS = """
select
    tool, dataset_or_model, check_name, effect, failing_since_at, nights_failing,
    unexpected_count, action_th, action_en
from audit.check_history
where not passed and is_checked_still
order by effect, failing_since_at, dataset_or_model, check_name
"""
_CHECK_TOTAL = """
select
    count(*) as checks, count(*) filter (where not passed) as failing,
    count(*) filter (where not passed and effect = 'blocks publication') as blocking
from audit.check_history where is_checked_still
"""
_RECONCILED = """
select
    dataset, count(*) filter (where rows_read > 0) as files,
    sum(rows_read) as rows_read, sum(rows_current) as rows_current,
    sum(rows_superseded) as rows_superseded, sum(rows_quarantined) as rows_quarantined,
    sum(rows_read - rows_current - rows_superseded - rows_quarantined) as rows_rest,
    sum(control_total_read) as baht_read, sum(control_total_current) as baht_current,
    sum(control_total_superseded) as baht_superseded,
    sum(control_total_quarantined) as baht_quarantined,
    sum(control_total_read - control_total_current - control_total_superseded
        - control_total_quarantined) as baht_rest
from audit.load_file group by dataset order by dataset
"""


def quality_of(db: duckdb.DuckDBPyConnection, year: int | None) -> dict[str, Any]:
    """The rows of every section, by its name.

    Args:
        db: the open warehouse.
        year: the fiscal year (BE) of what is missing and of the programme's figures; None has none.
    """
    known = {"year": year if year is not None else 0}
    return {
        "quarters": ask(db, _QUARTERS, **known),
        "completeness": ask(db, _COMPLETENESS, **known),
        "quarantine": ask(db, _QUARANTINE_TOTAL)[0],
        "by_reason": ask(db, _BY_REASON),
        "matters": ask(db, _MATTERS),
        "open": ask(db, _OPEN)[0],
        "rejected": ask(db, _REJECTED),
        "effect": ask(db, _EFFECT, **known),
        "suspicions": ask(db, _SUSPICIONS),
        "trend": ask(db, _TREND),
        "checks": ask(db, _CHECKS),
        "check_total": ask(db, _CHECK_TOTAL)[0],
        "reconciled": ask(db, _RECONCILED),
    }

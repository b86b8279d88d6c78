{%- set shown = [
    'matter_id', 'kind', 'cluster_code', 'sender', 'dataset', 'path', 'column_name', 'reason',
    'waits_for', 'fiscal_year_be', 'fiscal_quarter', 'row_count', 'amount_baht', 'what_th',
    'what_en', 'action_th', 'action_en',
] -%}
{%- set of_files_only = ['sender', 'dataset', 'path', 'column_name', 'reason', 'waits_for'] -%}
with file_matters as (
    select * from {{ ref('fct_file_matter') }}
),

clusters as (
    select * from {{ ref('dim_cluster') }}
),

completeness as (
    select * from {{ ref('rpt_reporting_completeness') }}
),

quarters as (
    select * from {{ ref('dim_fiscal_quarter') }}
),

suspicions as (
    select * from {{ ref('fct_suspicion') }}
),

suspicion_rules as (
    select * from {{ ref('suspicion_rule') }}
),

nights as (
    select * from {{ ref('dim_night') }}
),

events as (
    select * from {{ ref('fct_matter_event') }}
),

reason_codes as (
    select * from {{ ref('reason_code') }}
),

of_files as (
    select
        file_matters.*,
        cast(null as integer) as fiscal_year_be,
        cast(null as integer) as fiscal_quarter,
        coalesce(file_matters.column_name || ': ', '')
        || coalesce(reason_codes.meaning_th, file_matters.reason)
        || coalesce(' (' || file_matters.waits_for || ')', '') as what_th,
        coalesce(file_matters.column_name || ': ', '')
        || coalesce(reason_codes.meaning_en, file_matters.reason)
        || coalesce(' (' || file_matters.waits_for || ')', '') as what_en,
        reason_codes.action_th,
        reason_codes.action_en
    from file_matters
    left join reason_codes
        on
            file_matters.reason = reason_codes.code
            and reason_codes.level
            = case file_matters.kind when 'rejected' then 'file' else 'row' end
),

-- A cluster that has left the programme owes no report; one owes none of a time before it joined.
missing_reports as (
    select
        {{ matter_id(
            "'missing_report'",
            [
                'completeness.cluster_code', 'completeness.fiscal_year_be',
                'completeness.fiscal_quarter',
            ],
        ) }} as matter_id,
        'missing_report' as kind,
        completeness.cluster_code,
        completeness.fiscal_year_be,
        completeness.fiscal_quarter,
        completeness.members_expected - completeness.members_reported as row_count,
        'สมาชิก ' || cast(completeness.members_expected - completeness.members_reported as string)
        || ' จาก ' || cast(completeness.members_expected as string)
        || ' รายยังไม่ได้รายงานผลไตรมาส ' || cast(completeness.fiscal_quarter as string)
        || ' ปีงบประมาณ ' || cast(completeness.fiscal_year_be as string) as what_th,
        cast(completeness.members_expected - completeness.members_reported as string)
        || ' of ' || cast(completeness.members_expected as string)
        || ' members have not reported for quarter ' || cast(completeness.fiscal_quarter as string)
        || ' of fiscal year ' || cast(completeness.fiscal_year_be as string) || '.' as what_en,
        'ขอรายงานผลจากสมาชิกที่ขาดแล้วส่งเข้ามา '
        || 'หากสมาชิกรายใดออกจากคลัสเตอร์แล้ว ให้ส่งสถานะถอนตัว' as action_th,
        'Ask the missing members for their report and send it in; register as withdrawn whoever '
        || 'has left the cluster.' as action_en
    from completeness
    inner join clusters
        on completeness.cluster_code = clusters.cluster_code
    inner join quarters
        on
            completeness.fiscal_year_be = quarters.fiscal_year_be
            and completeness.fiscal_quarter = quarters.fiscal_quarter
    where
        quarters.is_due
        and quarters.ends_on >= clusters.registered_on
        and clusters.status = 'active'
        and completeness.members_reported < completeness.members_expected
),

doubts as (
    select
        {{ matter_id("'suspicious'", ['suspicions.suspicion_id']) }} as matter_id,
        'suspicious' as kind,
        suspicions.cluster_code,
        suspicions.dataset,
        suspicions.path,
        suspicions.rule as reason,
        suspicions.fiscal_year_be,
        suspicions.fiscal_quarter,
        cast(1 as bigint) as row_count,
        suspicions.baht_at_stake as amount_baht,
        suspicion_rules.label_th || ': ' || suspicions.evidence_th as what_th,
        suspicion_rules.label_en || ': ' || suspicions.evidence_en as what_en,
        suspicion_rules.action_th,
        suspicion_rules.action_en
    from suspicions
    left join suspicion_rules
        on suspicions.rule = suspicion_rules.rule
),

-- What is the matter in this build: one branch a source of matters.
matters as (
    select {{ shown | join(', ') }}
    from of_files

    union all

    select
        matter_id,
        kind,
        cluster_code,
        {% for column in of_files_only -%}
        cast(null as string) as {{ column }},
        {% endfor -%}
        fiscal_year_be,
        fiscal_quarter,
        row_count,
        cast(null as decimal(38, 2)) as amount_baht,
        what_th,
        what_en,
        action_th,
        action_en
    from missing_reports

    union all

    select
        matter_id,
        kind,
        cluster_code,
        cast(null as string) as sender,
        dataset,
        path,
        cast(null as string) as column_name,
        reason,
        cast(null as string) as waits_for,
        fiscal_year_be,
        fiscal_quarter,
        row_count,
        amount_baht,
        what_th,
        what_en,
        action_th,
        action_en
    from doubts
),

openings as (
    select
        *,
        row_number() over (partition by matter_id order by event_id desc) as newest_first
    from events
    where event_kind = 'opened'
),

histories as (
    select
        matter_id,
        sum(case when event_kind = 'opened' then 1 else 0 end) as times_opened,
        min(case when event_kind = 'opened' then night_number end) as first_opened_in,
        max(case when event_kind = 'opened' then night_number end) as last_opened_in,
        max(case when event_kind = 'resolved' then night_number end) as last_resolved_in
    from events
    group by matter_id
),

known as (
    select
        true as is_in_build,
        {{ shown | join(', ') }}
    from matters

    union all

    select
        false as is_in_build,
        {{ shown | join(', ') }}
    from openings
    where
        newest_first = 1
        and matter_id not in (select matters.matter_id from matters)
),

-- A matter stands when earlier nights opened it and none has found it resolved since.
judged as (
    select
        known.*,
        this_night.night_number as this_night_number,
        coalesce(histories.times_opened, 0) as times_opened_before,
        coalesce(histories.last_opened_in > coalesce(histories.last_resolved_in, 0), false)
            as is_standing,
        histories.first_opened_in,
        histories.last_opened_in,
        histories.last_resolved_in
    from known
    cross join nights as this_night
    left join histories
        on known.matter_id = histories.matter_id
    where this_night.is_this_night
),

dated as (
    select
        *,
        case
            when not is_in_build then 'resolved'
            when is_standing then 'open'
            else 'new'
        end as state,
        coalesce(first_opened_in, this_night_number) as first_seen_in,
        case when is_in_build and not is_standing then this_night_number else last_opened_in end
            as opened_in,
        case
            when is_in_build then null
            when is_standing then this_night_number
            else last_resolved_in
        end as resolved_in
    from judged
),

final as (
    select
        dated.matter_id,
        dated.kind,
        dated.state,
        dated.cluster_code,
        dated.sender,
        dated.dataset,
        dated.path,
        dated.column_name,
        dated.reason,
        dated.waits_for,
        dated.fiscal_year_be,
        dated.fiscal_quarter,
        first_nights.began_on as first_seen_on,
        opening_nights.began_on as opened_on,
        resolving_nights.began_on as resolved_on,
        case
            when dated.is_in_build then dated.this_night_number - dated.opened_in + 1
            else dated.resolved_in - dated.opened_in
        end as nights_open,
        cast(
            dated.times_opened_before + case dated.state when 'new' then 1 else 0 end as integer
        ) as times_opened,
        coalesce(dated.resolved_in = dated.this_night_number, false) as is_resolved_tonight,
        dated.row_count,
        dated.amount_baht,
        dated.what_th,
        dated.what_en,
        dated.action_th,
        dated.action_en
    from dated
    inner join nights as first_nights
        on dated.first_seen_in = first_nights.night_number
    inner join nights as opening_nights
        on dated.opened_in = opening_nights.night_number
    left join nights as resolving_nights
        on dated.resolved_in = resolving_nights.night_number
)

select * from final
order by cluster_code, kind, path, fiscal_year_be, fiscal_quarter, matter_id

{%- set measures = ['economic_expansion', 'cost_reduction'] -%}
with expected_reports as (
    select * from {{ ref('fct_expected_report') }}
),

fiscal_quarters as (
    select * from {{ ref('dim_fiscal_quarter') }}
),

activities as (
    select * from {{ ref('fct_activity') }}
),

participations as (
    select * from {{ ref('fct_activity_participation') }}
),

-- An enterprise that is in several clusters is one enterprise here.
members as (
    select
        enterprise_key,
        fiscal_year_be,
        fiscal_quarter,
        sum(economic_expansion_baht) as economic_expansion_baht,
        sum(cost_reduction_baht) as cost_reduction_baht
    from expected_reports
    group by enterprise_key, fiscal_year_be, fiscal_quarter
),

-- From which day of the year on an enterprise counts as one that took part.
first_participations as (
    select
        participations.enterprise_key,
        activities.fiscal_year_be,
        {%- for activity_type in activity_types() %}
        min(
            case
                when activities.activity_type = '{{ activity_type }}' then activities.start_date
            end
        ) as {{ activity_type }}_on,
        {%- endfor %}
        min(activities.start_date) as any_on
    from participations
    inner join activities
        on participations.activity_id = activities.activity_id
    group by participations.enterprise_key, activities.fiscal_year_be
),

member_quarters as (
    select
        members.fiscal_year_be,
        members.fiscal_quarter,
        {%- for activity_type in activity_types() + ['any'] %}
        coalesce(first_participations.{{ activity_type }}_on <= fiscal_quarters.ends_on, false)
            as took_part_in_{{ activity_type }},
        {%- endfor %}
        members.economic_expansion_baht,
        members.cost_reduction_baht
    from members
    inner join fiscal_quarters
        on
            members.fiscal_year_be = fiscal_quarters.fiscal_year_be
            and members.fiscal_quarter = fiscal_quarters.fiscal_quarter
    left join first_participations
        on
            members.enterprise_key = first_participations.enterprise_key
            and members.fiscal_year_be = first_participations.fiscal_year_be
),

activity_types as (
    {% for activity_type in activity_types() + ['any'] -%}
    select '{{ activity_type }}' as activity_type
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

compared as (
    select
        activity_types.activity_type,
        member_quarters.fiscal_year_be,
        member_quarters.fiscal_quarter,
        case activity_types.activity_type
            {%- for activity_type in activity_types() + ['any'] %}
            when '{{ activity_type }}' then member_quarters.took_part_in_{{ activity_type }}
            {%- endfor %}
        end as took_part,
        member_quarters.economic_expansion_baht,
        member_quarters.cost_reduction_baht
    from member_quarters
    cross join activity_types
),

-- Both measures in one pass; each gets its rows when only groups are left.
groups_of_both as (
    select
        activity_type,
        fiscal_year_be,
        fiscal_quarter,
        took_part,
        {%- for measure in measures %}
        count({{ measure }}_baht) as {{ measure }}_members,
        sum({{ measure }}_baht) as {{ measure }}_total_baht,
        {{ median_baht(measure ~ '_baht') }} as {{ measure }}_median_baht,
        {%- endfor %}
        count(*) as members
    from compared
    group by activity_type, fiscal_year_be, fiscal_quarter, took_part
),

measures as (
    {% for measure in measures -%}
    select '{{ measure }}' as measure
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

groups as (
    select
        groups_of_both.activity_type,
        groups_of_both.fiscal_year_be,
        groups_of_both.fiscal_quarter,
        measures.measure,
        groups_of_both.took_part,
        {%- for column, figure in [
            ('members', 'members_reporting'),
            ('total_baht', 'total_baht'),
            ('median_baht', 'median_baht'),
        ] %}
        case measures.measure
            {%- for measure in measures %}
            when '{{ measure }}' then groups_of_both.{{ measure }}_{{ column }}
            {%- endfor %}
        end as {{ figure }},
        {%- endfor %}
        groups_of_both.members
    from groups_of_both
    cross join measures
),

sides as (
    select
        activity_type,
        fiscal_year_be,
        fiscal_quarter,
        measure,
        coalesce(max(case when took_part then members end), 0) as members_took_part,
        coalesce(max(case when took_part then members_reporting end), 0)
            as members_reporting_took_part,
        max(case when took_part then total_baht end) as total_took_part_baht,
        max(case when took_part then median_baht end) as median_took_part_baht,
        coalesce(max(case when not took_part then members end), 0) as members_did_not,
        coalesce(max(case when not took_part then members_reporting end), 0)
            as members_reporting_did_not,
        max(case when not took_part then total_baht end) as total_did_not_baht,
        max(case when not took_part then median_baht end) as median_did_not_baht
    from groups
    group by activity_type, fiscal_year_be, fiscal_quarter, measure
),

means as (
    select
        *,
        {{ mean_baht('total_took_part_baht', 'members_reporting_took_part') }}
            as mean_took_part_baht,
        {{ mean_baht('total_did_not_baht', 'members_reporting_did_not') }} as mean_did_not_baht
    from sides
),

final as (
    select
        activity_type,
        fiscal_year_be,
        fiscal_quarter,
        measure,
        members_took_part,
        members_did_not,
        members_reporting_took_part,
        members_reporting_did_not,
        cast(total_took_part_baht as decimal(38, 2)) as total_took_part_baht,
        cast(total_did_not_baht as decimal(38, 2)) as total_did_not_baht,
        mean_took_part_baht,
        mean_did_not_baht,
        cast(mean_took_part_baht - mean_did_not_baht as decimal(38, 2)) as mean_difference_baht,
        cast(median_took_part_baht as decimal(38, 2)) as median_took_part_baht,
        cast(median_did_not_baht as decimal(38, 2)) as median_did_not_baht,
        cast(median_took_part_baht - median_did_not_baht as decimal(38, 2))
            as median_difference_baht,
        'ผู้ที่เข้าร่วมกิจกรรมต่างจากผู้ที่ไม่เข้าร่วมอยู่แล้ว '
        || 'ผลต่างนี้จึงไม่ได้แสดงว่ากิจกรรมเป็นสาเหตุ' as warning_th,
        'Those who take part differ from those who do not, so this difference does not show '
        || 'that the activities are its cause.' as warning_en
    from means
)

select * from final
order by activity_type, fiscal_year_be, fiscal_quarter, measure

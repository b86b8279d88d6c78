{% set of_outcome = [
    'cluster_code', 'enterprise_key', 'fiscal_year_be', 'fiscal_quarter', 'measure',
] %}
{% set not_of_activity = [
    'other_cluster_code', 'enterprise_key', 'other_enterprise_key', 'measure', 'likely_amount',
] %}

with suspicions as (
    {{ suspicions_of(
        'unit_slip', 'int_unit_slips', thing=of_outcome,
        lacks=['other_cluster_code', 'other_enterprise_key', 'activity_id'],
    ) }}
    union all
    {{ suspicions_of(
        'amount_out_of_line', 'int_amounts_out_of_line', thing=of_outcome,
        lacks=['other_cluster_code', 'other_enterprise_key', 'activity_id'],
    ) }}
    union all
    {{ suspicions_of(
        'counted_twice', 'int_outcomes_counted_twice', thing=of_outcome,
        lacks=['other_enterprise_key', 'activity_id', 'likely_amount'],
    ) }}
    union all
    {{ suspicions_of(
        'registered_twice', 'int_enterprises_registered_twice', thing=['one_key', 'another_key'],
        lacks=[
            'activity_id', 'fiscal_year_be', 'fiscal_quarter', 'measure', 'amount',
            'likely_amount',
        ],
    ) }}
    union all
    {{ suspicions_of(
        'activity_outside_fiscal_year', 'int_activities_outside_fiscal_years',
        thing=['activity_id'], lacks=not_of_activity,
    ) }}
    union all
    {{ suspicions_of(
        'more_participants_than_people', 'int_activities_with_more_participants_than_people',
        thing=['activity_id'], lacks=not_of_activity + ['amount'],
    ) }}
    union all
    {{ suspicions_of(
        'spent_above_budget', 'int_activities_spent_above_budget',
        thing=['activity_id'], lacks=not_of_activity,
    ) }}
    union all
    {{ suspicions_of(
        'load_size_unusual', 'int_loads_of_unusual_size', thing=['dataset', 'path'],
        lacks=not_of_activity + [
            'activity_id', 'fiscal_year_be', 'fiscal_quarter', 'amount', 'sheet_name',
            'row_number',
        ],
    ) }}
),

-- An outcome is left out once, however many rules speak of it.
numbered as (
    select
        *,
        rule in ('unit_slip', 'amount_out_of_line', 'counted_twice')
        and measure != 'jobs_created' as speaks_of_an_amount,
        row_number() over (
            partition by
                case when rule in ('unit_slip', 'amount_out_of_line', 'counted_twice') then 1 end,
                cluster_code, enterprise_key, fiscal_year_be, fiscal_quarter, measure
            order by rule
        ) as mention
    from suspicions
),

versions as (
    select
        receipt_id,
        dataset,
        file_id,
        path
    from {{ ref('int_file_versions') }}
),

final as (
    select
        numbered.*,
        cast(
            case
                when numbered.speaks_of_an_amount and numbered.mention = 1 then numbered.amount
                else 0
            end as decimal(18, 2)
        ) as left_out_baht,
        versions.dataset,
        versions.file_id,
        versions.path
    from numbered
    inner join versions
        on numbered.receipt_id = versions.receipt_id
)

select * from final

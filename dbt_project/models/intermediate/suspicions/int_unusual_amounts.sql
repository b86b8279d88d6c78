{%- set places = {
    'lower_middle': whole_part('other_quarters + 1', 2),
    'upper_middle': whole_part('other_quarters', 2) ~ ' + 1',
    'bottom': whole_part('other_quarters + 3', 4),
    'top': 'other_quarters + 1 - ' ~ whole_part('other_quarters + 3', 4),
} -%}
-- On a log scale, for amounts are skewed: a few are many times the usual one, and a standard
-- deviation of baht would take these for all there is to see. What is usual is said by rises alone:
-- a fall is mostly small beside them, so that it is doubted only where it is too large.
with {{ inlined('outcomes') }} (
    select
        receipt_id,
        row_sequence,
        cluster_code,
        enterprise_key,
        membership_number,
        measure,
        amount > 0 as is_rise,
        {{ log_of('abs(amount)') }} as log_amount
    from {{ ref('int_financial_outcomes') }}
    where row_status = 'current' and amount != 0
),

enterprises as (
    select
        enterprise_key,
        size_class
    from {{ ref('int_enterprises') }}
),

reported as (
    select
        cluster_code,
        enterprise_key,
        membership_number,
        measure,
        {{ sorted_list('log_amount', where='is_rise') }} as log_amounts,
        sum(case when is_rise then 1 else 0 end) as rises,
        count(*) as amounts
    from outcomes
    group by cluster_code, enterprise_key, membership_number, measure
),

-- Measures and groups of peers as numbers: each of millions of rows carries these, not texts.
histories as (
    select
        reported.membership_number,
        reported.measure,
        reported.log_amounts,
        reported.rises,
        reported.amounts,
        enterprises.size_class is not null as has_size_class,
        cast(dense_rank() over (order by reported.measure) as integer) as measure_number,
        cast(
            dense_rank() over (
                order by reported.measure, reported.cluster_code, enterprises.size_class
            ) as integer
        ) as peer_group
    from reported
    left join enterprises
        on reported.enterprise_key = enterprises.enterprise_key
),

directions as (
    select true as is_rise
    union all
    select false as is_rise
),

-- What a rise is compared with is its history without itself, a fall with all of it.
others as (
    select
        histories.membership_number,
        histories.measure,
        histories.measure_number,
        histories.peer_group,
        histories.has_size_class,
        directions.is_rise,
        cast(
            nullif(histories.rises - case when directions.is_rise then 1 else 0 end, 0) as integer
        ) as other_quarters,
        histories.log_amounts
    from histories
    inner join directions
        on
            (directions.is_rise and histories.rises > 0)
            or (not directions.is_rise and histories.amounts > histories.rises)
),

-- The elements that say what is usual, and each one's next, which stands for it where the row's own
-- value is among those before: one of four quarters would hide itself. Rows get these, not lists.
usual as (
    select
        membership_number,
        measure,
        measure_number,
        peer_group,
        has_size_class,
        is_rise,
        {%- for name, place in places.items() %}
        {{ list_element('log_amounts', place) }} as {{ name }},
        {{ list_element('log_amounts', place ~ ' + 1') }} as after_{{ name }},
        {%- endfor %}
        other_quarters
    from others
),

compared as (
    select
        outcomes.receipt_id,
        outcomes.row_sequence,
        usual.measure_number,
        usual.peer_group,
        usual.has_size_class,
        outcomes.measure = 'jobs_created' as is_of_people,
        outcomes.is_rise,
        outcomes.log_amount,
        {%- for name in places %}
        case
            when outcomes.is_rise and outcomes.log_amount <= usual.{{ name }}
                then usual.after_{{ name }}
            else usual.{{ name }}
        end as {{ name }},
        {%- endfor %}
        usual.other_quarters
    from outcomes
    inner join usual
        on
            outcomes.membership_number = usual.membership_number
            and outcomes.measure = usual.measure
            and outcomes.is_rise = usual.is_rise
),

-- The one step that is kept for all that follow: numbers alone.
with_own as (
    select
        receipt_id,
        row_sequence,
        measure_number,
        peer_group,
        has_size_class,
        is_of_people,
        is_rise,
        log_amount,
        other_quarters,
        (lower_middle + upper_middle) / 2 as own_usual,
        -- What the middle half of the other quarters spans; of four or fewer, what all span.
        top - bottom as own_span
    from compared
),

-- How far an amount strays is asked of rows with as long and as steady a history: three quarters
-- that happen to agree say little where amounts vary, and much where they do not.
{{ inlined('with_history') }} (
    select
        *,
        log_amount - own_usual as own_deviation,
        least(floor(own_span / 0.25), 8) as steadiness,
        least(other_quarters, 4) as length_of_history
    from with_own
),

own_scales as (
    select
        measure_number,
        length_of_history,
        steadiness,
        own_deviation >= 0 as is_above,
        {{ robust_scale('own_deviation') }} as scale
    from with_history
    where is_rise and own_deviation is not null
    group by measure_number, length_of_history, steadiness, own_deviation >= 0
    having count(*) >= {{ var('suspicion_min_rows') }}
),

own_scales_of_measures as (
    select
        measure_number,
        own_deviation >= 0 as is_above,
        {{ robust_scale('own_deviation') }} as scale
    from with_history
    where is_rise and own_deviation is not null
    group by measure_number, own_deviation >= 0
    having count(*) >= {{ var('suspicion_min_rows') }}
),

-- With a scale on either side no row asks for one of both together.
measured_both_ways as (
    select measure_number
    from own_scales_of_measures
    group by measure_number
    having count(*) = 2
),

own_scales_of_few as (
    select
        with_history.measure_number,
        {{ robust_scale('with_history.own_deviation') }} as scale
    from with_history
    left join measured_both_ways
        on with_history.measure_number = measured_both_ways.measure_number
    where
        with_history.is_rise
        and with_history.own_deviation is not null
        and measured_both_ways.measure_number is null
    group by with_history.measure_number
    having count(*) >= {{ var('suspicion_few_rows') }}
),

peer_groups as (
    select
        peer_group,
        {{ log_rounded(quantile_of('log_amount', 0.5)) }} as peer_usual,
        count(*) as peers
    from with_history
    where is_rise and has_size_class
    group by peer_group
    having count(*) >= 2 * {{ var('suspicion_min_rows') }}
),

peers_of_measures as (
    select
        measure_number,
        {{ log_rounded(quantile_of('log_amount', 0.5)) }} as peer_usual,
        count(*) as peers
    from with_history
    where is_rise
    group by measure_number
    having count(*) >= 2 * {{ var('suspicion_min_rows') }}
),

{{ inlined('with_peers') }} (
    select
        with_history.*,
        peer_groups.peers is not null as has_close_peers,
        coalesce(peer_groups.peers, peers_of_measures.peers) as peers,
        coalesce(peer_groups.peer_usual, peers_of_measures.peer_usual) as peer_usual,
        with_history.log_amount
        - coalesce(peer_groups.peer_usual, peers_of_measures.peer_usual) as peer_deviation
    from with_history
    left join peer_groups
        on with_history.peer_group = peer_groups.peer_group
    left join peers_of_measures
        on with_history.measure_number = peers_of_measures.measure_number
),

close_peer_scales as (
    select
        peer_group,
        peer_deviation >= 0 as is_above,
        {{ robust_scale('peer_deviation') }} as scale
    from with_peers
    where is_rise and has_close_peers
    group by peer_group, peer_deviation >= 0
    having count(*) >= {{ var('suspicion_min_rows') }}
),

peer_scales_of_measures as (
    select
        measure_number,
        peer_deviation >= 0 as is_above,
        {{ robust_scale('peer_deviation') }} as scale
    from with_peers
    where is_rise and peer_deviation is not null
    group by measure_number, peer_deviation >= 0
    having count(*) >= {{ var('suspicion_min_rows') }}
),

-- Most rows are near to one of the two and are looked at no further.
far as (
    select
        *,
        case
            when is_of_people then {{ var('suspicion_scale_floor_people') }}
            else {{ var('suspicion_scale_floor_baht') }}
        end as scale_floor
    from with_peers
    where
        (
            own_deviation is null
            or abs(own_deviation) >= {{ log_of(var('out_of_line_min_factor_baht')) }}
        )
        and (
            own_deviation is not null
            or abs(peer_deviation) >= {{ log_of(var('out_of_line_min_factor_baht')) }}
        )
),

scaled as (
    select
        far.*,
        -- No narrower than its own quarters differ.
        greatest(
            coalesce(
                own_scales.scale,
                own_scales_of_measures.scale,
                own_scales_of_few.scale,
                {{ var('suspicion_scale_unmeasured') }}
            ),
            far.own_span / 2,
            far.scale_floor
        ) as own_scale,
        greatest(
            coalesce(close_peer_scales.scale, peer_scales_of_measures.scale), far.scale_floor
        ) as peer_scale,
        (
            coalesce(own_scales.scale, own_scales_of_measures.scale, own_scales_of_few.scale)
            is not null
            or far.other_quarters >= {{ var('suspicion_least_quarters') }}
        )
        -- Of two quarters either may be the odd one; it is the one that is farther from its peers.
        and (
            far.other_quarters > 1
            or abs(far.peer_deviation) > abs(far.own_usual - far.peer_usual)
        ) as has_own_scale,
        coalesce(close_peer_scales.scale, peer_scales_of_measures.scale) is not null
            as has_peer_scale
    from far
    left join own_scales
        on
            far.measure_number = own_scales.measure_number
            and far.length_of_history = own_scales.length_of_history
            and far.steadiness = own_scales.steadiness
            and (far.own_deviation >= 0) = own_scales.is_above
    left join own_scales_of_measures
        on
            far.measure_number = own_scales_of_measures.measure_number
            and (far.own_deviation >= 0) = own_scales_of_measures.is_above
    left join own_scales_of_few
        on far.measure_number = own_scales_of_few.measure_number
    left join close_peer_scales
        on
            far.has_close_peers
            and far.peer_group = close_peer_scales.peer_group
            and (far.peer_deviation >= 0) = close_peer_scales.is_above
    left join peer_scales_of_measures
        on
            far.measure_number = peer_scales_of_measures.measure_number
            and (far.peer_deviation >= 0) = peer_scales_of_measures.is_above
),

-- Compared with whichever says more: own quarters where they are steadier than peers are alike.
judged_by as (
    select
        *,
        has_own_scale and (not has_peer_scale or own_scale <= peer_scale) as is_by_own
    from scaled
    where has_own_scale or has_peer_scale
),

deviating as (
    select
        receipt_id,
        row_sequence,
        is_by_own,
        other_quarters,
        peers,
        case when is_by_own then own_usual else peer_usual end as log_usual,
        case when is_by_own then own_deviation else peer_deviation end as deviation,
        case when is_by_own then own_scale else peer_scale end as scale
    from judged_by
),

unusual_amounts as (
    select
        outcomes.receipt_id,
        outcomes.row_sequence,
        outcomes.cluster_code,
        outcomes.enterprise_key,
        outcomes.fiscal_year_be,
        outcomes.fiscal_quarter,
        outcomes.measure,
        outcomes.amount,
        outcomes.sheet_name,
        outcomes.row_number,
        deviating.is_by_own,
        deviating.other_quarters,
        deviating.peers,
        cast(
            case
                when outcomes.measure = 'jobs_created' then round(exp(deviating.log_usual))
                else round(exp(deviating.log_usual), 2)
            end as decimal(18, 2)
        ) as usual_amount,
        deviating.deviation,
        deviating.scale
    from deviating
    inner join {{ ref('int_financial_outcomes') }} as outcomes
        on
            deviating.receipt_id = outcomes.receipt_id
            and deviating.row_sequence = outcomes.row_sequence
    where
        abs(deviating.deviation) >= {{ log_of(var('out_of_line_min_factor_baht')) }}
        and (outcomes.amount > 0 or deviating.deviation > 0)
)

select * from unusual_amounts

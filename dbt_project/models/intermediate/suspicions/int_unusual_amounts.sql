-- On a log scale, for amounts are skewed: a few are many times the usual one, and a standard
-- deviation of baht would take these for all there is to see. What is usual is said by rises alone:
-- a fall is mostly small beside them, so that it is doubted only where it is too large.
with outcomes as (
    select
        *,
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

histories as (
    select
        enterprise_key,
        cluster_code,
        measure,
        {{ sorted_list('log_amount') }} as log_amounts,
        count(*) as quarters
    from outcomes
    where is_rise
    group by enterprise_key, cluster_code, measure
),

with_others as (
    select
        outcomes.receipt_id,
        outcomes.row_sequence,
        outcomes.cluster_code,
        outcomes.enterprise_key,
        outcomes.measure,
        outcomes.is_rise,
        outcomes.log_amount,
        histories.log_amounts,
        histories.quarters - case when outcomes.is_rise then 1 else 0 end as other_quarters
    from outcomes
    left join histories
        on
            outcomes.enterprise_key = histories.enterprise_key
            and outcomes.cluster_code = histories.cluster_code
            and outcomes.measure = histories.measure
            and histories.quarters > case when outcomes.is_rise then 1 else 0 end
),

-- The row's own value is not among those it is compared with: one of four would hide itself.
compared as (
    select
        with_others.receipt_id,
        with_others.row_sequence,
        with_others.cluster_code,
        enterprises.size_class,
        with_others.measure,
        with_others.is_rise,
        with_others.log_amount,
        with_others.other_quarters,
        (
            {{ element_among_others(
                'log_amounts', 'log_amount', whole_part('other_quarters + 1', 2), 'is_rise'
            ) }}
            + {{ element_among_others(
                'log_amounts', 'log_amount', whole_part('other_quarters', 2) ~ ' + 1', 'is_rise'
            ) }}
        ) / 2 as own_usual,
        -- What the middle half of the other quarters spans; of four or fewer, what all span.
        {{ element_among_others(
            'log_amounts', 'log_amount',
            'other_quarters + 1 - ' ~ whole_part('other_quarters + 3', 4), 'is_rise'
        ) }}
        - {{ element_among_others(
            'log_amounts', 'log_amount', whole_part('other_quarters + 3', 4), 'is_rise'
        ) }} as own_span
    from with_others
    left join enterprises
        on with_others.enterprise_key = enterprises.enterprise_key
),

-- How far an amount strays is asked of rows with as long and as steady a history: three quarters
-- that happen to agree say little where amounts vary, and much where they do not.
with_history as (
    select
        *,
        log_amount - own_usual as own_deviation,
        least(floor(own_span / 0.25), 8) as steadiness,
        least(other_quarters, 4) as length_of_history
    from compared
),

own_scales as (
    select
        measure,
        length_of_history,
        steadiness,
        own_deviation >= 0 as is_above,
        {{ robust_scale('own_deviation') }} as scale
    from with_history
    where is_rise and own_deviation is not null
    group by measure, length_of_history, steadiness, own_deviation >= 0
    having count(*) >= {{ var('suspicion_min_rows') }}
),

own_scales_of_measures as (
    select
        measure,
        own_deviation >= 0 as is_above,
        {{ robust_scale('own_deviation') }} as scale
    from with_history
    where is_rise and own_deviation is not null
    group by measure, own_deviation >= 0
    having count(*) >= {{ var('suspicion_min_rows') }}
),

own_scales_of_few as (
    select
        measure,
        {{ robust_scale('own_deviation') }} as scale
    from with_history
    where is_rise and own_deviation is not null
    group by measure
    having count(*) >= {{ var('suspicion_few_rows') }}
),

peer_groups as (
    select
        measure,
        cluster_code,
        size_class,
        {{ log_rounded(quantile_of('log_amount', 0.5)) }} as peer_usual,
        count(*) as peers
    from with_history
    where is_rise
    group by measure, cluster_code, size_class
    having count(*) >= 2 * {{ var('suspicion_min_rows') }}
),

peers_of_measures as (
    select
        measure,
        {{ log_rounded(quantile_of('log_amount', 0.5)) }} as peer_usual,
        count(*) as peers
    from with_history
    where is_rise
    group by measure
    having count(*) >= 2 * {{ var('suspicion_min_rows') }}
),

with_peers as (
    select
        with_history.*,
        peer_groups.peers is not null as has_close_peers,
        coalesce(peer_groups.peers, peers_of_measures.peers) as peers,
        coalesce(peer_groups.peer_usual, peers_of_measures.peer_usual) as peer_usual,
        with_history.log_amount
        - coalesce(peer_groups.peer_usual, peers_of_measures.peer_usual) as peer_deviation
    from with_history
    left join peer_groups
        on
            with_history.measure = peer_groups.measure
            and with_history.cluster_code = peer_groups.cluster_code
            and with_history.size_class = peer_groups.size_class
    left join peers_of_measures
        on with_history.measure = peers_of_measures.measure
),

close_peer_scales as (
    select
        measure,
        cluster_code,
        size_class,
        peer_deviation >= 0 as is_above,
        {{ robust_scale('peer_deviation') }} as scale
    from with_peers
    where is_rise and has_close_peers
    group by measure, cluster_code, size_class, peer_deviation >= 0
    having count(*) >= {{ var('suspicion_min_rows') }}
),

peer_scales_of_measures as (
    select
        measure,
        peer_deviation >= 0 as is_above,
        {{ robust_scale('peer_deviation') }} as scale
    from with_peers
    where is_rise and peer_deviation is not null
    group by measure, peer_deviation >= 0
    having count(*) >= {{ var('suspicion_min_rows') }}
),

-- Most rows are near to one of the two and are looked at no further.
far as (
    select
        *,
        case
            when measure = 'jobs_created' then {{ var('suspicion_scale_floor_people') }}
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
            far.measure = own_scales.measure
            and far.length_of_history = own_scales.length_of_history
            and far.steadiness = own_scales.steadiness
            and (far.own_deviation >= 0) = own_scales.is_above
    left join own_scales_of_measures
        on
            far.measure = own_scales_of_measures.measure
            and (far.own_deviation >= 0) = own_scales_of_measures.is_above
    left join own_scales_of_few
        on far.measure = own_scales_of_few.measure
    left join close_peer_scales
        on
            far.has_close_peers
            and far.measure = close_peer_scales.measure
            and far.cluster_code = close_peer_scales.cluster_code
            and far.size_class = close_peer_scales.size_class
            and (far.peer_deviation >= 0) = close_peer_scales.is_above
    left join peer_scales_of_measures
        on
            far.measure = peer_scales_of_measures.measure
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
    inner join outcomes
        on
            deviating.receipt_id = outcomes.receipt_id
            and deviating.row_sequence = outcomes.row_sequence
    where
        abs(deviating.deviation) >= {{ log_of(var('out_of_line_min_factor_baht')) }}
        and (outcomes.amount > 0 or deviating.deviation > 0)
)

select * from unusual_amounts

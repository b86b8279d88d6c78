{#
What the models of suspicions share: the columns of one, how one is united with the others, and the
words and numbers their sentences are made of.
#}
{% macro suspicion_columns() -%}
    {{ return({
        'cluster_code': 'string',
        'other_cluster_code': 'string',
        'enterprise_key': 'string',
        'other_enterprise_key': 'string',
        'activity_id': 'string',
        'fiscal_year_be': 'integer',
        'fiscal_quarter': 'integer',
        'measure': 'string',
        'amount': 'decimal(18, 2)',
        'likely_amount': 'decimal(18, 2)',
        'baht_at_stake': 'decimal(38, 2)',
        'evidence_th': 'string',
        'evidence_en': 'string',
        'receipt_id': 'bigint',
        'sheet_name': 'string',
        'row_number': 'integer',
    }) }}
{%- endmacro %}

{#
Selects the suspicions of one rule. `thing` names the columns that say what it is about, by which
it is the same suspicion every night; `lacks` the columns of a suspicion that the rule cannot fill.
#}
{% macro suspicions_of(rule, model, thing, lacks=[]) -%}
    select
        '{{ rule }}' as rule,
        md5(
            '{{ rule }}'
            {%- for column in thing %} || '|' || cast({{ column }} as string){% endfor %}
        ) as suspicion_id,
        {%- for column, type in suspicion_columns().items() %}
        cast({{ 'null' if column in lacks else column }} as {{ type }}) as {{ column }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from {{ ref(model) }}
{%- endmacro %}

{# A measure's name in a Thai sentence, as the contract labels it. #}
{% macro measure_name_th(measure) -%}
    case {{ measure }}
        when 'sales_increase' then 'ยอดขายเพิ่ม'
        when 'new_investment' then 'การลงทุนเพิ่ม'
        when 'cost_reduction' then 'ลดต้นทุน'
        when 'jobs_created' then 'การจ้างงานเพิ่ม'
    end
{%- endmacro %}

{# An amount with its unit, in one of the two languages: 12,000.00 baht, 30 people. #}
{% macro amount_text(amount, measure, language) -%}
    case
        when {{ measure }} = 'jobs_created'
            then {{ number_text(amount, 0) }} || '{{ " people" if language == "en" else " คน" }}'
        else {{ number_text(amount) }} || '{{ " baht" if language == "en" else " บาท" }}'
    end
{%- endmacro %}

{# The whole part of a quotient of whole numbers; both above 0. #}
{% macro whole_part(dividend, divisor) -%}
    cast(floor(({{ dividend }}) / {{ divisor }}.0) as bigint)
{%- endmacro %}

{#
The place-th (from 1) of a sorted list's elements once `value`, where it is one of them, is taken
out. Spares sorting every row's others anew: a million rows cost a third of a CPU second.
#}
{% macro element_among_others(list_column, value, place, is_one='true') -%}
    case
        when {{ is_one }} and {{ value }} <= {{ list_element(list_column, place) }}
            then {{ list_element(list_column, place ~ ' + 1') }}
        else {{ list_element(list_column, place) }}
    end
{%- endmacro %}

{#
A logarithm to 12 decimals: those behind differ between engines, and an amount of exactly five times
the usual one must be as far on each. Of ten billion baht they are half a satang.
#}
{% macro log_of(number) -%}
    {{ log_rounded('ln(cast(' ~ number ~ ' as double))') }}
{%- endmacro %}

{% macro log_rounded(expression) -%}
    round({{ expression }}, 12)
{%- endmacro %}

{#
A scale of deviations on a log scale that a few wild ones do not move: the larger of their median
(as MAD, times 1.4826) and of a high quantile, each as the standard deviation of a normal
distribution that has it. The median alone takes data with heavy tails for narrower than it is. Of
few rows the quantile is the 90th hundredth, so that two or three slips in a small cluster do not
hide themselves; of many the 95th, which sees more of the tail.
#}
{% macro robust_scale(deviation) -%}
    {%- set quantiles = quantiles_of('abs(' ~ deviation ~ ')', [0.5, 0.9, 0.95]) -%}
    greatest(
        1.4826 * {{ log_rounded(list_element(quantiles, 1)) }},
        case
            when count(*) < {{ var('suspicion_many_rows') }}
                then {{ log_rounded(list_element(quantiles, 2)) }} / 1.645
            else {{ log_rounded(list_element(quantiles, 3)) }} / 1.96
        end
    )
{%- endmacro %}

{# What an amount is compared with, as the end of a sentence; columns of int_unusual_amounts. #}
{% macro usual_text(language) -%}
    case
        {%- if language == 'en' %}
        when is_by_own then
            ' what this enterprise usually reports for ' || measure
            || ' (median ' || {{ number_text('usual_amount') }}
            || ' of ' || cast(other_quarters as string)
            || case when other_quarters = 1 then ' other quarter)' else ' other quarters)' end
        else
            ' what peers report for ' || measure
            || ' (median ' || {{ number_text('usual_amount') }}
            || ' of ' || {{ number_text('peers', 0) }} || ' amounts)'
        {%- else %}
        when is_by_own then
            ' ของที่วิสาหกิจนี้รายงานตามปกติสำหรับ' || {{ measure_name_th('measure') }}
            || ' (มัธยฐาน ' || {{ number_text('usual_amount') }}
            || ' จากไตรมาสอื่น ' || cast(other_quarters as string) || ' ไตรมาส)'
        else
            ' ของที่วิสาหกิจอื่นรายงานสำหรับ' || {{ measure_name_th('measure') }}
            || ' (มัธยฐาน ' || {{ number_text('usual_amount') }}
            || ' จาก ' || {{ number_text('peers', 0) }} || ' จำนวน)'
        {%- endif %}
    end
{%- endmacro %}

{#
How many times a deviation on a log scale is, to two figures and at least 2. The logarithms of an
engine differ from another's in their last places: they are rounded off before a half is rounded up.
#}
{% macro factor_text(deviation) -%}
    {{ number_text(
        'round(round(' ~ factor(deviation) ~ ', 6) / ' ~ magnitude(deviation) ~ ', 1) * '
        ~ magnitude(deviation),
        0
    ) }}
{%- endmacro %}

{% macro factor(deviation) -%}
    exp(abs({{ deviation }}))
{%- endmacro %}

{# The power of ten that is a factor's first figure's. #}
{% macro magnitude(deviation) -%}
    power(10, floor(log10(round({{ factor(deviation) }}, 6))))
{%- endmacro %}

{#
An amount without the factor by which it was mistyped: of what is too large that part, of what is too
small so many times. Exact: a quotient of decimals is a double on one engine, a decimal on another.
#}
{% macro put_right(amount, times, deviation) -%}
    cast(
        {{ amount }} * case
            when {{ deviation }} < 0 then {{ times }}
            when {{ times }} = 10 then 0.1
            when {{ times }} = 100 then 0.01
            when {{ times }} = 1000 then 0.001
            when {{ times }} = 1000000 then 0.000001
        end as decimal(18, 2)
    )
{%- endmacro %}

{# How far from ten or a hundred times an amount may be to look like a misplaced decimal point. #}
{% macro point_tolerance() -%}
    least(3 * scale, ln(2))
{%- endmacro %}

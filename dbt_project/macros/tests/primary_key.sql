{#
Passes where the columns together tell the rows apart and none of them is null, in one query.
`nullable` names key columns in which null is a value of its own.
#}
{% test primary_key(model, columns, nullable=[]) %}

select
    {{ columns | join(',\n    ') }},
    count(*) as rows_found
from {{ model }}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {%- for column in columns if column not in nullable %}
    or {{ column }} is null
    {%- endfor %}

{% endtest %}

{#
Passes where the columns together tell the rows apart and none of them is null, in one query.
`nullable` names key columns in which null is a value of its own. Keys are long: rows that share
the hash of their key with another row are found first, and only their keys are compared.
#}
{% test primary_key(model, columns, nullable=[]) %}
{{ config(
    meta={
        'action_th': 'แจ้งผู้ดูแลระบบ: แบบจำลองให้แถวซ้ำหรือไม่มีกุญแจ คืนนี้ไม่เผยแพร่ ' ~
            'ข้อมูลของคืนก่อนยังใช้ได้',
        'action_en': 'Report it to whoever looks after the models: rows repeat or have no key. Last ' ~
            'night stays published meanwhile.',
    }
) }}

with suspected_hashes as (
    select {{ row_hash(columns) }} as key_hash
    from {{ model }}
    group by {{ row_hash(columns) }}
    having count(*) > 1
),

suspected as (
    select {{ columns | join(', ') }}
    from {{ model }}
    where
        {{ row_hash(columns) }} in (select key_hash from suspected_hashes)
        {%- for column in columns if column not in nullable %}
        or {{ column }} is null
        {%- endfor %}
)

select
    {{ columns | join(',\n    ') }},
    count(*) as rows_found
from suspected
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {%- for column in columns if column not in nullable %}
    or {{ column }} is null
    {%- endfor %}

{% endtest %}

{#
Passes where every row finds its counterpart: the columns, taken together, occur in the same
columns of another model. Rows in which one of them is null refer to nothing and pass.
#}
{% test refers_to(model, to, columns) %}
{{ config(
    meta={
        'action_th': 'แจ้งผู้ดูแลระบบ: มีแถวที่อ้างถึงรายการซึ่งไม่มีอยู่ คืนนี้ไม่เผยแพร่ ' ~
            'ข้อมูลของคืนก่อนยังใช้ได้',
        'action_en': 'Report it to whoever looks after the models: rows refer to a record that is not ' ~
            'there. Last night stays published meanwhile.',
    }
) }}

select distinct
    {%- for column in columns %}
    child.{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ model }} as child
where
    {%- for column in columns %}
    child.{{ column }} is not null and
    {%- endfor %}
    not exists (
        select 1
        from {{ to }} as parent
        where
            {%- for column in columns %}
            parent.{{ column }} = child.{{ column }}{{ ' and' if not loop.last }}
            {%- endfor %}
    )

{% endtest %}

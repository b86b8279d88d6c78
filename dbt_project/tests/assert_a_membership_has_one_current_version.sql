-- Harmed when this fails: analysts who count members: an enterprise would count twice or not at
-- all, or have no status on some day since it joined.
{{ config(
    meta={
        'action_th': 'ดูทะเบียนสมาชิกของวิสาหกิจที่แสดง แล้วแจ้งผู้ดูแลระบบ',
        'action_en': 'Look at the registrations of the enterprises it lists and report it to ' ~
            'whoever looks after the models.',
    }
) }}

with versions as (
    select
        *,
        lead(valid_from) over (partition by cluster_code, enterprise_key order by version_number)
            as next_valid_from
    from {{ ref('fct_membership') }}
)

select
    cluster_code,
    enterprise_key,
    version_number
from versions
where
    is_current != (valid_to is null)
    or valid_to is distinct from next_valid_from
    or valid_to < valid_from

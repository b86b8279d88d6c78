-- Harmed when this fails: the members who are natural persons, whose national id (thirteen digits
-- that do not begin with 0) or name everybody with the warehouse could read.
{{ config(
    meta={
        'dagster': {'ref': {'name': 'dim_enterprise'}},
        'action_th': 'อย่าเผยแพร่ไฟล์นี้ แจ้งผู้ดูแลข้อมูลส่วนบุคคลและผู้ดูแลระบบทันที',
        'action_en': 'Let nobody publish this build; tell whoever answers for personal data, and ' ~
            'whoever looks after the models, at once.',
    }
) }}

select
    'dim_enterprise' as found_in,
    enterprise_key as found_at
from {{ ref('dim_enterprise') }}
where
    (
        is_natural_person
        and coalesce(juristic_id, enterprise_name, enterprise_core_name, legal_form_in_name)
        is not null
    )
    or (length(juristic_id) = 13 and juristic_id between '1' and '9')

union all

select
    'quarantined_row' as found_in,
    file_id as found_at
from {{ ref('quarantined_row') }}
where
    column_name in ('juristic_id', 'participant_ids')
    and length(raw_value) = 13
    and try_cast(raw_value as bigint) >= 1000000000000

union all

select
    'rpt_follow_up' as found_in,
    matter_id as found_at
from {{ ref('rpt_follow_up') }}
where
    length(waits_for) = 13
    and try_cast(waits_for as bigint) >= 1000000000000

with enterprises as (
    select * from {{ ref('int_enterprises') }}
),

final as (
    select
        enterprise_key,
        juristic_id,
        enterprise_name,
        enterprise_core_name,
        legal_form,
        legal_form_in_name,
        business_type,
        tsic_code,
        province_code,
        size_class,
        size_class_2002,
        is_natural_person,
        submitted_on
    from enterprises
)

select * from final
order by enterprise_key

with source as (
    select * from {{ source('store', 'member_registrations') }}
),

renamed as (
    select
        -- ids
        file_id,
        contract_version,
        sheet_name,
        row_number,
        row_sequence,
        cluster_code,
        enterprise_key,
        juristic_id,

        -- text
        enterprise_name,
        enterprise_name_core as enterprise_core_name,
        enterprise_name_legal_form as legal_form_in_name,
        legal_form,
        province as province_code,
        business_type,
        tsic_code,
        role,
        status,

        -- numbers
        employees,
        annual_revenue_baht,
        fixed_assets_baht,
        control_total,

        -- booleans
        is_natural_person,

        -- dates
        registered_on,
        submitted_on
    from source
)

select * from renamed

with source as (
    select * from {{ source('store', 'activity_reports') }}
),

renamed as (
    select
        -- ids
        file_id,
        contract_version,
        sheet_name,
        row_number,
        row_sequence,
        activity_id,
        cluster_code,
        participant_ids as participants,

        -- text
        activity_type,
        province as province_code,
        partner_name,
        partner_type,

        -- numbers
        participants_people,
        budget_baht,
        spent_baht,
        control_total,

        -- dates
        start_date,
        end_date,
        submitted_on
    from source
)

select * from renamed

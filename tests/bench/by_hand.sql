-- The landing zone of the bench, read, typed and joined by hand: what an engineer would write for
-- these very files. It knows how they are laid out, the order of their columns and the forms that
-- stand in them, and nothing else; it keeps no bytes, no reasons, no bad row and no history.
--
-- Runs in an empty in-memory database. by_hand.py sets, for each dataset, the variables
-- <dataset>_comma, _semicolon and _tab: lists of UTF-8 files, by what parts their columns; and
-- `provinces` and `province_aliases`, two files of reference data.

-- How values are typed --------------------------------------------------------------------------

create macro digits(x) as translate(x, '๐๑๒๓๔๕๖๗๘๙', '0123456789');

create macro is_empty(x) as x is null or trim(x) in ('', '-', 'n/a', 'ไม่มี');

-- A code is its own name in any case, or its Thai label.
create macro code_of(x, codes, labels) as
    coalesce(
        codes[list_position(codes, lower(trim(x)))],
        codes[list_position(labels, trim(x))]
    );

create macro branch_of(x) as
    code_of(
        x,
        ['fashion', 'household_decor', 'agro_processing', 'other'],
        ['แฟชั่น', 'เครื่องใช้และของตกแต่งบ้าน', 'เกษตรแปรรูป', 'อื่น ๆ']
    );

create macro status_of(x) as
    code_of(
        x,
        ['active', 'withdrawn'],
        ['ปกติ', 'ถอนตัว']
    );

create macro legal_form_of(x) as
    code_of(
        x,
        ['limited_company', 'public_company', 'partnership', 'community_enterprise',
        'cooperative', 'sole_proprietor'],
        ['บริษัทจำกัด', 'บริษัทมหาชนจำกัด', 'ห้างหุ้นส่วน', 'วิสาหกิจชุมชน', 'สหกรณ์', 'บุคคลธรรมดา']
    );

create macro business_type_of(x) as
    code_of(
        x,
        ['manufacturing', 'trade', 'service'],
        ['ผลิต', 'ค้า', 'บริการ']
    );

create macro role_of(x) as
    code_of(
        x,
        ['lead', 'member', 'supporting'],
        ['แกนนำ', 'สมาชิก', 'สนับสนุน']
    );

create macro activity_type_of(x) as
    code_of(
        x,
        ['capability_building', 'market_promotion', 'market_innovation', 'business_matching',
        'study_visit', 'linkage'],
        ['พัฒนาศักยภาพ', 'ส่งเสริมการตลาด', 'นวัตกรรมการตลาด', 'จับคู่ธุรกิจ', 'ศึกษาดูงาน',
        'เชื่อมโยงเครือข่าย']
    );

create macro partner_type_of(x) as
    code_of(
        x,
        ['research', 'education', 'marketing', 'government', 'finance', 'none'],
        ['วิจัย', 'การศึกษา', 'การตลาด', 'ราชการ', 'การเงิน', 'ไม่มี']
    );

create macro measure_of(x) as
    code_of(
        x,
        ['sales_increase', 'new_investment', 'cost_reduction', 'jobs_created'],
        ['ยอดขายเพิ่ม', 'การลงทุนเพิ่ม', 'ลดต้นทุน', 'การจ้างงานเพิ่ม']
    );

create macro count_of(x) as
    coalesce(try_cast(x as integer), try_cast(replace(digits(trim(x)), ',', '') as integer));

create macro fiscal_year_of(x) as
    case when count_of(x) < 2400 then count_of(x) + 543 else count_of(x) end;

-- Twelve digits have lost their leading zero; the thirteenth checks the others, modulo 11.
create macro undashed(x) as replace(replace(trim(x), '-', ''), ' ', '');

create macro thirteen_digits(x) as
    case when length(undashed(x)) = 12 then '0' || undashed(x) else undashed(x) end;

create macro has_check_digit(n) as
    n % 10 = (11 - (
        n // 1000000000000 * 13 + n // 100000000000 % 10 * 12 + n // 10000000000 % 10 * 11
        + n // 1000000000 % 10 * 10 + n // 100000000 % 10 * 9 + n // 10000000 % 10 * 8
        + n // 1000000 % 10 * 7 + n // 100000 % 10 * 6 + n // 10000 % 10 * 5
        + n // 1000 % 10 * 4 + n // 100 % 10 * 3 + n // 10 % 10 * 2
    ) % 11) % 10;

create macro enterprise_of(x) as
    case
        when regexp_full_match(trim(x), '\d-\d\d-\d\d-\d\d/\d-\d{4}') then trim(x)
        when
            regexp_full_match(thirteen_digits(x), '[0-8]\d{12}')
            and has_check_digit(try_cast(thirteen_digits(x) as bigint))
            then thirteen_digits(x)
    end;

-- '21450.75' is read at once; what is grouped, in words or in parentheses, by its parts.
create macro money_of_parts(part) as
    cast(
        try_cast(part.number as decimal(18, 5))
        * case part.unit when '' then 1 when 'พัน' then 1000 else 1000000 end
        * case part.opening when '(' then -1 else 1 end
        as decimal(18, 2)
    );

create macro money_of(x) as
    coalesce(
        try_cast(x as decimal(18, 2)),
        money_of_parts(regexp_extract(
            replace(digits(trim(x)), ',', ''),
            '^(\()?฿?(-?\d+(?:\.\d+)?) ?(ล้าน|ลบ\.|M|พัน)? ?(?:บาท)?\)?$',
            ['opening', 'number', 'unit']
        ))
    );

create macro month_of(m) as
    coalesce(
        try_cast(m as integer),
        list_position(
            ['ม.ค.', 'ก.พ.', 'มี.ค.', 'เม.ย.', 'พ.ค.', 'มิ.ย.',
             'ก.ค.', 'ส.ค.', 'ก.ย.', 'ต.ค.', 'พ.ย.', 'ธ.ค.'], m
        ),
        list_position(
            ['มกราคม', 'กุมภาพันธ์', 'มีนาคม', 'เมษายน', 'พฤษภาคม', 'มิถุนายน',
             'กรกฎาคม', 'สิงหาคม', 'กันยายน', 'ตุลาคม', 'พฤศจิกายน', 'ธันวาคม'], m
        ),
        list_position(
            ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun',
             'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'], m
        )
    );

-- A year of two digits is Buddhist era, and so is one from 2400 on.
create macro christian(y) as
    case when y < 100 then y + 1957 when y >= 2400 then y - 543 else y end;

create macro date_of_parts(part) as
    try_cast(
        christian(try_cast(part.y as integer)) || '-' || month_of(part.m) || '-' || part.d as date
    );

-- Year, month, day; a spreadsheet's count of days; day, month, year in any of their forms.
create macro date_of(x) as
    case
        when regexp_matches(x, '^\d{4}-')
            then date_of_parts(regexp_extract(x, '^(\d{4})-(\d\d)-(\d\d)', ['y', 'm', 'd']))
        when regexp_full_match(x, '\d{5}') then date '1899-12-30' + cast(x as integer)
        else date_of_parts(regexp_extract(
            digits(x),
            '^(\d{1,2})[-/. ]([^-/ ]+?)[-/. ](?:พ\.ศ\. )?(\d{4}|\d\d)(?: .*)?$',
            ['d', 'm', 'y']
        ))
    end;

create macro province_name_of(x) as lower(regexp_replace(trim(x), '^(จังหวัด|จ\. ?)', ''));

-- What stands in the files ----------------------------------------------------------------------

create macro parted_by(mark, files, fields) as table
    from read_csv(
        files, delim = mark, quote = '"', header = true, auto_detect = false, columns = fields
    );

create macro text_of(commas, semicolons, tabs, fields) as table
    from parted_by(',', commas, fields)
    union all
    from parted_by(';', semicolons, fields)
    union all
    from parted_by('\t', tabs, fields);

create table cluster_text as
from parted_by(
    ',',
    getvariable('cluster_registrations_comma'),
    {
        cluster_code: 'varchar', cluster_name_th: 'varchar', cluster_name_en: 'varchar',
        branch: 'varchar', provinces: 'varchar', coordinator_name: 'varchar',
        registered_on: 'varchar', submitted_on: 'varchar', status: 'varchar'
    }
);

create table member_text as
from text_of(
    getvariable('member_registrations_comma'),
    getvariable('member_registrations_semicolon'),
    getvariable('member_registrations_tab'),
    {
        cluster_code: 'varchar', juristic_id: 'varchar', enterprise_name: 'varchar',
        legal_form: 'varchar', province: 'varchar', business_type: 'varchar',
        tsic_code: 'varchar', role: 'varchar', employees: 'varchar',
        annual_revenue_baht: 'varchar', fixed_assets_baht: 'varchar',
        registered_on: 'varchar', submitted_on: 'varchar', status: 'varchar',
        contact_name: 'varchar', contact_phone: 'varchar', contact_email: 'varchar'
    }
);

create table activity_text as
from text_of(
    getvariable('activity_reports_comma'),
    getvariable('activity_reports_semicolon'),
    getvariable('activity_reports_tab'),
    {
        activity_id: 'varchar', cluster_code: 'varchar', activity_type: 'varchar',
        title: 'varchar', start_date: 'varchar', end_date: 'varchar', province: 'varchar',
        participant_ids: 'varchar', participants_people: 'varchar', partner_name: 'varchar',
        partner_type: 'varchar', budget_baht: 'varchar', spent_baht: 'varchar',
        submitted_on: 'varchar'
    }
);

create table outcome_text as
from text_of(
    getvariable('financial_outcomes_comma'),
    getvariable('financial_outcomes_semicolon'),
    getvariable('financial_outcomes_tab'),
    {
        cluster_code: 'varchar', juristic_id: 'varchar', fiscal_year: 'varchar',
        quarter: 'varchar', measure: 'varchar', amount: 'varchar', evidence_ref: 'varchar',
        submitted_on: 'varchar'
    }
);

-- Dates, money, ids and provinces repeat: each text is typed once, for all the files (measured:
-- typing the outcomes' cells in place costs seven times the CPU for ids, three for money).

create table date_typed as
with written as (
    select registered_on as text from cluster_text
    union
    select submitted_on from cluster_text
    union
    select registered_on from member_text
    union
    select submitted_on from member_text
    union
    select start_date from activity_text
    union
    select end_date from activity_text
    union
    select submitted_on from activity_text
    union
    select submitted_on from outcome_text
)

select text, date_of(text) as value from written where text is not null;

create table money_typed as
with written as (
    select annual_revenue_baht as text from member_text
    union
    select fixed_assets_baht from member_text
    union
    select budget_baht from activity_text
    union
    select spent_baht from activity_text
    union
    select amount from outcome_text
)

select text, money_of(text) as value from written where not is_empty(text);

-- One row a participant named by an activity, in the text of its id.
create table participant_text as
select activity_id, trim(unnest(string_split(participant_ids, ';'))) as juristic_id
from activity_text;

create table enterprise_typed as
with written as (
    select juristic_id as text from member_text
    union
    select juristic_id from participant_text
    union
    select juristic_id from outcome_text
)

select text, enterprise_of(text) as value from written where text is not null;

create table province_typed as
with written as (
    select province as text from member_text
    union
    select province from activity_text
    union
    select unnest(string_split(provinces, ';')) from cluster_text
),

province as (
    from read_csv(getvariable('provinces'), header = true, all_varchar = true)
),

alias as (
    from read_csv(getvariable('province_aliases'), header = true, all_varchar = true)
),

known as (
    select province_code as name, province_code from province
    union
    select name_th, province_code from province
    union
    select lower(name_en), province_code from province
    union
    select lower(alias), province_code from alias
)

select written.text, known.province_code as value
from written
left join known on province_name_of(written.text) = known.name
where written.text is not null;

-- Good rows, typed ------------------------------------------------------------------------------

create table cluster as
with typed as (
    select
        trim(c.cluster_code) as cluster_code,
        trim(c.cluster_name_th) as cluster_name_th,
        trim(c.cluster_name_en) as cluster_name_en,
        branch_of(c.branch) as branch,
        (
            select list(p.value)
            from unnest(string_split(c.provinces, ';')) as named(province)
            inner join province_typed as p on named.province = p.text
        ) as province_codes,
        trim(c.coordinator_name) as coordinator_name,
        registered.value as registered_on,
        submitted.value as submitted_on,
        coalesce(status_of(c.status), 'active') as status,
    from cluster_text as c
    left join date_typed as registered on c.registered_on = registered.text
    left join date_typed as submitted on c.submitted_on = submitted.text
)

from typed
where cluster_code is not null
    and cluster_name_th is not null
    and branch is not null
    and registered_on is not null
    and submitted_on is not null;

create table member as
with typed as (
    select
        m.rowid as place,
        trim(m.cluster_code) as cluster_code,
        enterprise.value as enterprise_id,
        nullif(trim(m.enterprise_name), '') as enterprise_name,
        legal_form_of(m.legal_form) as legal_form,
        province.value as province_code,
        business_type_of(m.business_type) as business_type,
        lpad(m.tsic_code, 5, '0') as tsic_code,
        coalesce(
            role_of(m.role),
            'member'
        ) as role,
        count_of(m.employees) as employees,
        revenue.value as annual_revenue_baht,
        assets.value as fixed_assets_baht,
        registered.value as registered_on,
        submitted.value as submitted_on,
        coalesce(status_of(m.status), 'active') as status,
        trim(m.contact_name) as contact_name,
        trim(m.contact_phone) as contact_phone,
        trim(m.contact_email) as contact_email,
        (is_empty(m.legal_form) or legal_form_of(m.legal_form) is not null)
        and (is_empty(m.business_type) or business_type_of(m.business_type) is not null)
        and (is_empty(m.employees) or coalesce(count_of(m.employees) >= 0, false))
        and (is_empty(m.annual_revenue_baht) or coalesce(revenue.value >= 0, false))
        and (is_empty(m.fixed_assets_baht) or coalesce(assets.value >= 0, false)) as is_fit,
    from member_text as m
    left join enterprise_typed as enterprise on m.juristic_id = enterprise.text
    left join province_typed as province on m.province = province.text
    left join money_typed as revenue on m.annual_revenue_baht = revenue.text
    left join money_typed as assets on m.fixed_assets_baht = assets.text
    left join date_typed as registered on m.registered_on = registered.text
    left join date_typed as submitted on m.submitted_on = submitted.text
)

select typed.* exclude (is_fit)
from typed
inner join cluster on typed.cluster_code = cluster.cluster_code
where typed.is_fit
    and typed.enterprise_id is not null
    and typed.enterprise_name is not null
    and typed.province_code is not null
    and typed.registered_on is not null
    and typed.submitted_on is not null
qualify row_number() over (
    partition by typed.cluster_code, typed.enterprise_id
    order by typed.submitted_on desc, typed.place desc
) = 1;

create table activity as
with typed as (
    select
        a.rowid as place,
        trim(a.activity_id) as activity_id,
        trim(a.cluster_code) as cluster_code,
        activity_type_of(a.activity_type) as activity_type,
        trim(a.title) as title,
        starts.value as start_date,
        coalesce(ends.value, starts.value) as end_date,
        province.value as province_code,
        count_of(a.participants_people) as participants_people,
        trim(a.partner_name) as partner_name,
        partner_type_of(a.partner_type) as partner_type,
        budget.value as budget_baht,
        spent.value as spent_baht,
        submitted.value as submitted_on,
        (is_empty(a.end_date) or coalesce(ends.value >= starts.value, false))
        and (is_empty(a.province) or province.value is not null)
        and (is_empty(a.participants_people) or coalesce(count_of(a.participants_people) >= 0, false))
        and (is_empty(a.partner_type) or partner_type_of(a.partner_type) is not null)
        and (is_empty(a.budget_baht) or coalesce(budget.value >= 0, false))
        and (is_empty(a.spent_baht) or coalesce(spent.value >= 0, false)) as is_fit,
    from activity_text as a
    left join date_typed as starts on a.start_date = starts.text
    left join date_typed as ends on a.end_date = ends.text
    left join province_typed as province on a.province = province.text
    left join money_typed as budget on a.budget_baht = budget.text
    left join money_typed as spent on a.spent_baht = spent.text
    left join date_typed as submitted on a.submitted_on = submitted.text
)

select typed.* exclude (is_fit)
from typed
inner join cluster on typed.cluster_code = cluster.cluster_code
where typed.is_fit
    and typed.activity_id is not null
    and typed.activity_type is not null
    and typed.start_date is not null
    and typed.submitted_on is not null
qualify row_number() over (
    partition by typed.activity_id order by typed.submitted_on desc, typed.place desc
) = 1;

create table participation as
with enterprise as (
    select distinct enterprise_id from member
)

select distinct
    activity.activity_id,
    enterprise.enterprise_id,
from participant_text as p
inner join enterprise_typed as e on p.juristic_id = e.text
inner join enterprise on e.value = enterprise.enterprise_id
inner join activity on trim(p.activity_id) = activity.activity_id;

create table outcome as
with typed as (
    select
        o.rowid as place,
        trim(o.cluster_code) as cluster_code,
        enterprise.value as enterprise_id,
        fiscal_year_of(o.fiscal_year) as fiscal_year_be,
        count_of(o.quarter) as fiscal_quarter,
        measure_of(o.measure) as measure,
        money.value as amount,
        trim(o.evidence_ref) as evidence_ref,
        submitted.value as submitted_on,
    from outcome_text as o
    left join enterprise_typed as enterprise on o.juristic_id = enterprise.text
    left join money_typed as money on o.amount = money.text
    left join date_typed as submitted on o.submitted_on = submitted.text
)

from typed
where enterprise_id is not null
    and fiscal_year_be between 2550 and 2600
    and fiscal_quarter between 1 and 4
    and measure is not null
    and amount is not null
    and (measure <> 'jobs_created' or amount = floor(amount))
    and submitted_on is not null;

-- Of rows with one key the latest counts. Few keys come twice: only their rows are put in order.
create table outdated_outcome as
with contested as (
    select cluster_code, enterprise_id, fiscal_year_be, fiscal_quarter, measure
    from outcome
    group by all
    having count(*) > 1
)

select o.place
from outcome as o
inner join contested using (cluster_code, enterprise_id, fiscal_year_be, fiscal_quarter, measure)
qualify row_number() over (
    partition by cluster_code, enterprise_id, fiscal_year_be, fiscal_quarter, measure
    order by o.submitted_on desc, o.place desc
) > 1;

-- Outcomes of members of clusters: what the warehouse calls current.
create table current_outcome as
select o.*, m.role, m.province_code, c.branch
from outcome as o
inner join member as m on o.cluster_code = m.cluster_code and o.enterprise_id = m.enterprise_id
inner join cluster as c on o.cluster_code = c.cluster_code
anti join outdated_outcome as outdated on o.place = outdated.place;

-- What came of it -------------------------------------------------------------------------------

create table total as
select fiscal_year_be, measure, sum(amount) as amount
from current_outcome
group by fiscal_year_be, measure;

create table row_count as
select 'cluster_registrations' as dataset, count(*) as rows_read,
    (select count(*) from cluster) as rows_current
from cluster_text
union all
select 'member_registrations', count(*), (select count(*) from member) from member_text
union all
select 'activity_reports', count(*), (select count(*) from activity) from activity_text
union all
select 'financial_outcomes', count(*), (select count(*) from current_outcome) from outcome_text;

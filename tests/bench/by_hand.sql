-- The landing zone of the bench, read, typed and joined by hand: what an engineer would write for
-- these very files. It knows their three layouts, the order of their columns and the forms that
-- stand in them, and nothing else; it keeps no bytes, no reasons, no bad rows and no history.
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

-- Twelve digits have lost their leading zero; the thirteenth checks the others, modulo 11.
create macro plain_id(x) as lpad(replace(replace(trim(x), '-', ''), ' ', ''), 13, '0');

create macro has_check_digit(n) as
    n % 10 = (11 - (
        n // 1000000000000 * 13 + n // 100000000000 % 10 * 12 + n // 10000000000 % 10 * 11
        + n // 1000000000 % 10 * 10 + n // 100000000 % 10 * 9 + n // 10000000 % 10 * 8
        + n // 1000000 % 10 * 7 + n // 100000 % 10 * 6 + n // 10000 % 10 * 5
        + n // 1000 % 10 * 4 + n // 100 % 10 * 3 + n // 10 % 10 * 2
    ) % 11) % 10;

create macro enterprise_of(x) as
    case
        when contains(x, '/')
            then
                case
                    when regexp_full_match(trim(x), '\d-\d\d-\d\d-\d\d/\d-\d{4}') then trim(x)
                end
        when length(plain_id(x)) = 13 and has_check_digit(try_cast(plain_id(x) as bigint))
            then plain_id(x)
    end;

create macro count_of(x) as
    coalesce(try_cast(x as integer), try_cast(replace(digits(trim(x)), ',', '') as integer));

create macro fiscal_year_of(x) as
    case when count_of(x) < 2400 then count_of(x) + 543 else count_of(x) end;

-- '21450.75' is read at once; what is grouped, in baht, in words or in parentheses, by its parts.
create macro money_in_words(x) as
    regexp_extract(
        replace(digits(trim(x)), ',', ''),
        '^(\()?฿?(-?\d+(?:\.\d+)?) ?(ล้าน|ลบ\.|M|พัน)? ?(?:บาท)?(?:\))?$',
        ['opening', 'number', 'unit']
    );

create macro money_of_parts(part) as
    cast(
        try_cast(part.number as decimal(18, 5))
        * case part.unit when '' then 1 when 'พัน' then 1000 else 1000000 end
        * case part.opening when '(' then -1 else 1 end
        as decimal(18, 2)
    );

create macro money_of(x) as
    coalesce(try_cast(x as decimal(18, 2)), money_of_parts(money_in_words(x)));

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

create macro christian(y) as
    case when y < 100 then 1957 + y when y >= 2400 then y - 543 else y end;

create macro date_of_parts(part) as
    try_cast(
        christian(try_cast(part.y as integer)) || '-' || month_of(part.m) || '-' || part.d as date
    );

-- Day, month, year in any of their forms; year, month, day; a spreadsheet's count of days.
create macro date_typed_otherwise(x) as
    case
        when regexp_full_match(x, '\d{5}') then date '1899-12-30' + cast(x as integer)
        when x[5] = '-'
            then date_of_parts(regexp_extract(x, '^(\d{4})-(\d\d)-(\d\d)', ['y', 'm', 'd']))
        else
            date_of_parts(regexp_extract(
                digits(x),
                '^(\d{1,2})[-/. ]([^-/ ]+?)[-/. ](?:พ\.ศ\. )?(\d{4}|\d\d)(?: .*)?$',
                ['d', 'm', 'y']
            ))
    end;

create macro date_of(x) as
    case
        when length(x) = 10 and x[5] = '-' and x < '2400' then try_cast(x as date)
        else date_typed_otherwise(x)
    end;

-- What the files hold ---------------------------------------------------------------------------

-- Every name of a province, in small letters, and its code.
create table province_name as
    with province as (
        from read_csv(getvariable('provinces'), header = true, all_varchar = true)
    ),

    alias as (
        from read_csv(getvariable('province_aliases'), header = true, all_varchar = true)
    )

    select province_code as name, province_code from province
    union
    select name_th, province_code from province
    union
    select lower(name_en), province_code from province
    union
    select lower(alias), province_code from alias;

create macro province_name_of(x) as
    lower(regexp_replace(trim(x), '^(จังหวัด|จ\. ?)', ''));

create macro files_of(dataset, fields) as table
    from read_csv(
        getvariable(dataset || '_comma'), delim = ',', quote = '"', header = true,
        auto_detect = false, columns = fields
    )
    union all
    from read_csv(
        getvariable(dataset || '_semicolon'), delim = ';', quote = '"', header = true,
        auto_detect = false, columns = fields
    )
    union all
    from read_csv(
        getvariable(dataset || '_tab'), delim = '\t', quote = '"', header = true,
        auto_detect = false, columns = fields
    );

-- Clusters --------------------------------------------------------------------------------------

create table cluster as
    with typed as (
        select
            trim(cluster_code) as cluster_code,
            trim(cluster_name_th) as cluster_name_th,
            trim(cluster_name_en) as cluster_name_en,
            code_of(
                branch,
                ['fashion', 'household_decor', 'agro_processing', 'other'],
                ['แฟชั่น', 'เครื่องใช้และของตกแต่งบ้าน', 'เกษตรแปรรูป', 'อื่น ๆ']
            ) as branch,
            string_split(provinces, ';') as provinces,
            trim(coordinator_name) as coordinator_name,
            date_of(registered_on) as registered_on,
            date_of(submitted_on) as submitted_on,
            code_of(status, ['active', 'withdrawn'], ['ปกติ', 'ถอนตัว']) as status,
        from read_csv(
            getvariable('cluster_registrations_comma'), delim = ',', quote = '"', header = true,
            auto_detect = false,
            columns = {
                cluster_code: 'varchar', cluster_name_th: 'varchar', cluster_name_en: 'varchar',
                branch: 'varchar', provinces: 'varchar', coordinator_name: 'varchar',
                registered_on: 'varchar', submitted_on: 'varchar', status: 'varchar'
            }
        )
    )

    select * replace (coalesce(status, 'active') as status)
    from typed
    where cluster_code is not null and cluster_name_th is not null and branch is not null
        and registered_on is not null and submitted_on is not null;

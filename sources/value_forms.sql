-- How the texts that people type become values: one table macro a value form.
--
-- Each macro takes the name of a relation with one column, `text` (distinct texts, none null), and
-- gives `text, value`: the value the text stands for, null where it stands for none. A text that
-- means "nothing" is told by is_missing() before these are asked. The forms are those of the
-- interface page, section 1; a rule that is a convention says so beside it.
--
-- Loaded once a connection by sources.typed. Needs the tables `month_spelling` and
-- `province_spelling` and the variables `key_inner` and `key_outer` (blobs) to exist.

-- Thai digits to Arabic ones.
create or replace macro arabic_digits(x) as translate(x, '๐๑๒๓๔๕๖๗๘๙', '0123456789');

-- Text as it was meant: no invisible characters, one kind of space, sara am and mae composed.
-- An explicit map, because Unicode's compatibility forms would take sara am apart again.
create or replace macro tidied(x) as
    case
        when not regexp_matches(
            x,
            '^ | $|  |เเ|\x{0E4D}|[\t-\r\x{001C}-\x{001F}\x{0085}\x{00A0}\x{00AD}\x{1680}\x{2000}-\x{200F}\x{2028}-\x{202F}\x{205F}\x{2060}\x{3000}\x{FEFF}]'
        ) then x
        else trim(regexp_replace(
            replace(
                regexp_replace(
                    regexp_replace(x, '[\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}\x{FEFF}\x{00AD}]', '', 'g'),
                    '\x{0E4D}([\x{0E48}-\x{0E4B}]?)\x{0E32}', '\1' || chr(3635), 'g'
                ),
                'เเ', 'แ'
            ),
            '[\t-\r\x{001C}-\x{0020}\x{0085}\x{00A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]+', ' ', 'g'
        ))
    end;

create or replace macro tidy(x) as tidied(trim(x));

-- What codes, provinces and headers are compared by: tidy, in one case, without any space. Only the
-- letters A to Z have a case here: what else has one differs between Unicode's versions.
create or replace macro spelling_key(x) as
    replace(translate(tidy(x), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'), ' ', '');

create or replace macro is_missing(x) as
    x is null or x = '' or lower(tidy(x)) in ('', '-', '–', '—', '--', 'n/a', 'ไม่มี');

create or replace macro read_text(source) as table
    select
        s.text,
        tidy(s.text) as value,
    from query_table(source) as s;

-- Identifiers are compared letter for letter, so they get one case, Arabic digits and no space; a
-- code of digits that a spreadsheet made a number is given back its leading zeros.
create or replace macro read_identifier(source, pad_to) as table
    with plain as (
        select
            s.text,
            upper(replace(arabic_digits(tidy(s.text)), ' ', '')) as code,
        from query_table(source) as s
    ),

    unfloated as (
        select
            text,
            case
                when pad_to > 0 then regexp_replace(code, '^([0-9]+)[.]0+$', '\1')
                else code
            end as code,
        from plain
    )

    select
        text,
        case
            when pad_to > 0 and regexp_matches(code, '^[0-9]+$') and length(code) < pad_to
                then lpad(code, pad_to, '0')
            else code
        end as value,
    from unfloated;

-- Dates: day before month; a year from 2400 on is Buddhist era; two digits are Buddhist era too,
-- unless an English month or an explicit Christian era says otherwise. A number is a spreadsheet's
-- day count (1 is 1 January 1900, with its 29 February 1900 that never was).
create or replace macro read_date(source) as table
    with plain as (
        select
            s.text,
            regexp_replace(
                regexp_replace(
                    lower(arabic_digits(tidy(s.text))),
                    '^(วันที่|วัน)? *((จันทร์|อังคาร|พุธ|พฤหัสบดี|ศุกร์|เสาร์|อาทิตย์)(ที่)?)? *', ''
                ),
                '(t| +(เวลา)? *)[0-9]{1,2}[:.][0-9]{2}([:.][0-9]{2}([.][0-9]+)?)? *(น[.]?|z|[ap]m|[+-][0-9]{2}:?[0-9]{2})?$',
                ''
            ) as said,
        from query_table(source) as s
    ),

    parts as (
        select
            text,
            said,
            regexp_extract(said, '^([0-9]{4})([-/.])([0-9]{1,2})([-/.])([0-9]{1,2})$', ['y', 'a', 'm', 'b', 'd']) as ymd,
            regexp_extract(said, '^([0-9]{1,2}) ?([-/.]) ?([0-9]{1,2}) ?([-/.]) ?((?:[0-9]{2}){1,2})$', ['d', 'a', 'm', 'b', 'y']) as dmy,
            regexp_extract(
                said,
                '^([0-9]{1,2})[ .,/-]*([^0-9 ,/-][^0-9 ,/-]*?)[ .,/-]*((?:พ[.]? ?ศ|ค[.]? ?ศ|b[.]?e|c[.]?e|a[.]?d)?)[. ]*((?:[0-9]{2}){1,2})$',
                ['d', 'm', 'era', 'y']
            ) as named,
            try_cast(regexp_extract(said, '^([0-9]{5,6})([.][0-9]+)?$', 1) as integer) as serial,
        from plain
    ),

    pieces as (
        select
            p.text,
            case
                when p.ymd.y <> '' and p.ymd.a = p.ymd.b then p.ymd.d
                when p.dmy.y <> '' and p.dmy.a = p.dmy.b then p.dmy.d
                when p.named.y <> '' then p.named.d
            end as day,
            case
                when p.ymd.y <> '' and p.ymd.a = p.ymd.b then p.ymd.m
                when p.dmy.y <> '' and p.dmy.a = p.dmy.b then p.dmy.m
                when p.named.y <> '' then cast(m.month as varchar)
            end as month,
            case
                when p.ymd.y <> '' and p.ymd.a = p.ymd.b then p.ymd.y
                when p.dmy.y <> '' and p.dmy.a = p.dmy.b then p.dmy.y
                when p.named.y <> '' then p.named.y
            end as year,
            case
                when p.named.era <> '' and regexp_matches(p.named.era, '^(พ|b)') then 'be'
                when p.named.era <> '' then 'ce'
                when p.named.y <> '' and m.language = 'en' and length(p.named.y) = 2 then 'ce'
            end as era,
            p.serial,
        from parts as p
        left join month_spelling as m on replace(p.named.m, '.', '') = m.spelling
    ),

    dated as (
        select
            text,
            try_cast(year as integer) as year_said,
            length(year) as year_digits,
            try_cast(month as integer) as month,
            try_cast(day as integer) as day,
            era,
            date '1899-12-30' + serial as serial_date,
        from pieces
    ),

    placed as (
        select
            text,
            case
                when serial_date is not null then year(serial_date)
                when year_digits = 2 and era is distinct from 'ce' then 2500 + year_said
                when year_digits = 2 then 2000 + year_said
                else year_said
            end as year_any,
            coalesce(month, month(serial_date)) as month,
            coalesce(day, day(serial_date)) as day,
            era,
        from dated
    ),

    christian as (
        select
            text,
            case
                -- 2942 is 2399: beyond it a year is a slip of the pen in either era.
                when year_any between 2400 and 2942 and era is distinct from 'ce' then year_any - 543
                when year_any between 1800 and 2399 and era is distinct from 'be' then year_any
            end as year,
            month,
            day,
        from placed
    )

    select
        text,
        try_cast(printf('%04d-%02d-%02d', year, month, day) as date) as value,
    from christian;

-- A number's text without its spaces, but for those between two digits: '10 20' is not 1020, and
-- the mark that stands there instead fits no number.
create or replace macro without_spaces(x) as
    replace(regexp_replace(x, '([0-9]) ([0-9])', '\1_\2', 'g'), ' ', '');

-- Money: exact decimals from text. Thousands are marked rightly or not at all, a fraction has a
-- point; anything else is refused, because a guess could be a thousand times off.
create or replace macro read_money(source) as table
    with plain as (
        select
            s.text,
            -- (0.5) ล้านบาท is (0.5 ล้านบาท): so a header's unit is read after a number in brackets.
            regexp_replace(
                without_spaces(replace(lower(arabic_digits(tidy(s.text))), '−', '-')),
                '^(\(.*)\)(ล้าน|ลบ[.]?|แสน|หมื่น|พัน)', '\1\2)'
            ) as said,
        from query_table(source) as s
    ),

    bare as (
        select
            text,
            regexp_extract(
                said,
                '^(\(?)([-+]?)(?:฿|thb|บาท)?([-+]?)(\d+|\d{1,3}(?:,\d{3})+)((?:[.]\d+)?)(หมื่นล้าน|พันล้าน|แสนล้าน|ร้อยล้าน|สิบล้าน|ล้าน|ลบ[.]?|แสน|หมื่น|พัน|million|mb|m|thousand|k)?(?:บาท|บ[.]?|baht|thb|฿)?(?:ถ้วน|[.]-)?(\)?)(?:บาท|baht)?$',
                ['opening', 'sign', 'inner_sign', 'whole', 'fraction', 'unit', 'closing']
            ) as part,
        from plain
    ),

    scaled as (
        select
            text,
            part.opening as opening,
            part.closing as closing,
            part.sign as outer_sign,
            part.inner_sign as inner_sign,
            try_cast(replace(part.whole, ',', '') || part.fraction as decimal(28, 10)) as number,
            case
                when part.unit = '' then 1
                when part.unit = 'แสนล้าน' then 100000000000
                when part.unit = 'หมื่นล้าน' then 10000000000
                when part.unit = 'พันล้าน' then 1000000000
                when part.unit = 'ร้อยล้าน' then 100000000
                when part.unit = 'สิบล้าน' then 10000000
                when part.unit in ('ล้าน', 'ลบ', 'ลบ.', 'million', 'mb', 'm') then 1000000
                when part.unit = 'แสน' then 100000
                when part.unit = 'หมื่น' then 10000
                else 1000
            end as times,
        from bare
        where part.whole <> ''
    )

    select
        p.text,
        case
            when s.opening = '(' and s.closing = ')' and s.outer_sign = '' and s.inner_sign = ''
                then -try_cast(try_cast(s.number as decimal(24, 10)) * cast(s.times as decimal(12, 0)) as decimal(18, 2))
            when s.opening = '' and s.closing = '' and (s.outer_sign = '' or s.inner_sign = '')
                then
                    case when s.outer_sign || s.inner_sign = '-' then -1 else 1 end
                    * try_cast(try_cast(s.number as decimal(24, 10)) * cast(s.times as decimal(12, 0)) as decimal(18, 2))
        end as value,
    from plain as p
    left join scaled as s on p.text = s.text;

-- Counted things: a whole number, with the word for what is counted or without.
create or replace macro read_integer(source) as table
    with plain as (
        select
            s.text,
            regexp_extract(
                without_spaces(replace(lower(arabic_digits(tidy(s.text))), '−', '-')),
                '^([-+]?(?:\d+|\d{1,3}(?:,\d{3})+))(?:[.]0*)?(?:คน|ราย|แห่ง|กิจการ|persons?|people)?$', 1
            ) as number,
        from query_table(source) as s
    )

    select
        text,
        try_cast(replace(number, ',', '') as integer) as value,
    from plain;

-- A fiscal year, in the Buddhist era whichever way it was said; two digits are Buddhist era.
create or replace macro read_fiscal_year(source) as table
    with plain as (
        select
            s.text,
            try_cast(regexp_extract(
                replace(lower(arabic_digits(tidy(s.text))), ' ', ''),
                '^(?:ปีงบประมาณ|ปีงบ|ปี|fy)?[.]?(?:พ[.]?ศ[.]?|ค[.]?ศ[.]?)?(\d{4}|\d{2})(?:[.]0*)?$', 1
            ) as integer) as year,
        from query_table(source) as s
    )

    select
        text,
        case
            when year < 100 then 2500 + year
            when year < 2400 then year + 543
            else year
        end as value,
    from plain;

-- A quarter of the fiscal year: its number, alone or after the word.
create or replace macro read_quarter(source) as table
    select
        s.text,
        try_cast(regexp_extract(
            replace(lower(arabic_digits(tidy(s.text))), ' ', ''),
            '^(?:ไตรมาสที่|ไตรมาส|quarter|qtr|q)?[.]?([-+]?\d{1,6})(?:[.]0*)?$', 1
        ) as integer) as value,
    from query_table(source) as s;

-- A province, by code, Thai or English name or a listed variant, with or without the word for it.
create or replace macro read_province(source) as table
    with plain as (
        select
            s.text,
            regexp_replace(arabic_digits(spelling_key(s.text)), '^(จังหวัด|จ[.]|จ(?:[.])?:)', '') as spelling,
        from query_table(source) as s
    ),

    unfloated as (
        select
            text,
            regexp_replace(regexp_replace(spelling, '^([0-9]{2})[.]0+$', '\1'), '[-.ฯ]|province$', '', 'g') as spelling,
        from plain
    )

    select
        u.text,
        p.province_code as value,
    from unfloated as u
    left join province_spelling as p on u.spelling = p.spelling;

-- The modulo-11 check of a 13-digit Thai id (the rule of the Department of Provincial
-- Administration for national ids, shared by juristic ids): digits 1 to 12 weigh 13 down to 2.
create or replace macro has_check_digit(id) as
    cast(id[13] as integer) = (
        11 - (
            cast(id[1] as integer) * 13 + cast(id[2] as integer) * 12 + cast(id[3] as integer) * 11
            + cast(id[4] as integer) * 10 + cast(id[5] as integer) * 9 + cast(id[6] as integer) * 8
            + cast(id[7] as integer) * 7 + cast(id[8] as integer) * 6 + cast(id[9] as integer) * 5
            + cast(id[10] as integer) * 4 + cast(id[11] as integer) * 3 + cast(id[12] as integer) * 2
        ) % 11
    ) % 10;

-- Who an enterprise is: 13 digits that check (twelve whose check fits behind a lost leading zero
-- are completed), or a community enterprise's registration code.
create or replace macro read_enterprise_id(source) as table
    with plain as (
        select
            s.text,
            regexp_replace(arabic_digits(tidy(s.text)), '[ \x{2010}-\x{2015}\x{2212}]', '', 'g') as said,
            regexp_replace(arabic_digits(tidy(s.text)), '[\x{2010}-\x{2015}\x{2212}]', '-', 'g') as dashed,
        from query_table(source) as s
    ),

    digits as (
        select
            text,
            regexp_replace(dashed, ' ', '', 'g') as dashed,
            lpad(regexp_replace(regexp_replace(said, '[.]0+$', ''), '-', '', 'g'), 13, '0') as id,
            length(regexp_replace(regexp_replace(said, '[.]0+$', ''), '-', '', 'g')) as given,
        from plain
    )

    select
        text,
        case
            when regexp_matches(dashed, '^[0-9]-[0-9]{2}-[0-9]{2}-[0-9]{2}/[0-9]-[0-9]{4}$') then dashed
            when given in (12, 13) and regexp_matches(id, '^[0-8][0-9]{12}$') and has_check_digit(id) then id
        end as value,
    from digits;

create or replace macro is_natural_person_id(id) as regexp_matches(id, '^[1-8][0-9]{12}$');

-- HMAC-SHA-256 (RFC 2104) of an id under the warehouse's secret, in hex: the key that enterprises
-- join on, made here so that the secret never leaves this connection.
create or replace macro keyed_hash(id) as
    sha256(getvariable('key_outer') || unhex(sha256(getvariable('key_inner') || encode(id))));

-- What may be shown of a text that can be personal: its shape.
create or replace macro masked(x) as regexp_replace(x, '[\p{L}\p{M}\p{N}]', '•', 'g');

-- A mistyped id is shown only where it is plainly a juristic person's (0 and the number of a
-- province, which no telephone number of that length begins with) or a community enterprise's.
create or replace macro masked_unless_juristic(x) as
    case
        when regexp_matches(regexp_replace(arabic_digits(tidy(x)), '[ -]', '', 'g'), '^0[1-9][0-9]{10,12}$')
            or regexp_matches(arabic_digits(tidy(x)), '^[0-9]-[0-9]{2}-[0-9]{2}-[0-9]{2}/[0-9-]{0,9}$')
            then tidy(x)
        else masked(x)
    end;

-- A telephone number (mobile or landline, also with the country's code) or a natural person's id
-- among other text. What stands before and after takes part in a match, so of two side by side one
-- pass sees only the first: hence scrubbed() asks twice.
create or replace macro without_personal_numbers(x) as
    regexp_replace(
        regexp_replace(
            x,
            '(^|[^0-9])(?:0|[+]?66[-. ]?(?:0|[(]0[)])?)(?:'
            || '[689][-. ]?[0-9]{4}[-. ]?[0-9]{4}|[689][0-9][-. ]?[0-9]{3}[-. ]?[0-9]{4}'
            || '|2[-. ]?[0-9]{3}[-. ]?[0-9]{4}|[3-7][0-9][-. ]?[0-9]{3}[-. ]?[0-9]{3,4}'
            || ')($|[^0-9])',
            '\1•\2', 'g'
        ),
        '(^|[^0-9])[1-8](?:[- ]?[0-9]){12}($|[^0-9])', '\1•\2', 'g'
    );

-- Other texts are shown as they came, but for what looks like an e-mail address, a telephone number
-- or a natural person's id in the wrong column.
create or replace macro without_personal_parts(x) as
    without_personal_numbers(
        without_personal_numbers(regexp_replace(x, '[^\s;,]+@[^\s;,]+', '•@•', 'g'))
    );

create or replace macro scrubbed(x) as
    case
        when without_personal_parts(arabic_digits(x)) = arabic_digits(x) then x
        else without_personal_parts(arabic_digits(x))
    end;

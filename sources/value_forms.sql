-- How the texts that people type become values: one table macro a value form.
--
-- Each macro takes the name of a relation with one column, `text` (distinct texts, none null), and
-- gives `text, value`: the value the text stands for, null where it stands for none. A text that
-- means "nothing" is told by is_missing() before these are asked. The forms are those of the
-- interface page, section 1; a rule that is a convention says so beside it.
--
-- Loaded once a connection by sources.typed. Needs the tables `month_spelling`, `province_spelling`
-- and `legal_form_word` to exist, and the variables `key_inner` and `key_outer` (blobs),
-- `firm_name_front`, `firm_name_back` and `firm_name_back_apart` (patterns).

-- Thai digits to Arabic ones.
create or replace macro arabic_digits(x) as translate(x, '๐๑๒๓๔๕๖๗๘๙', '0123456789');

-- Thai as it is written: two sara e are a mae, nikhahit and aa are a sara am, in whichever order a
-- tone stands with them; the marks over and under a consonant stand once each, vowel before tone (in
-- the order of their code points), and a vowel beside it that is typed twice stands once. Consonants
-- are left alone: Thai does double them (กรรม).
create or replace macro thai_in_order(x) as
    case
        when not regexp_matches(
            x,
            'เเ|ะะ|แแ|โโ|ใใ|ไไ|[าำ][าำ\x{0E48}-\x{0E4B}]|\x{0E4D}'
            || '|[\x{0E31}\x{0E34}-\x{0E3A}][\x{0E31}\x{0E34}-\x{0E3A}]'
            || '|[\x{0E47}-\x{0E4E}][\x{0E31}\x{0E34}-\x{0E3A}\x{0E47}-\x{0E4E}]'
        ) then x
        else replace(
            array_to_string(list_transform(
                regexp_extract_all(
                    replace(replace(x, 'เเ', 'แ'), 'ำ', chr(3661) || 'า'),
                    '[\x{0E31}\x{0E34}-\x{0E3A}\x{0E47}-\x{0E4E}]*า[า\x{0E48}-\x{0E4B}\x{0E4D}]*'
                    || '|[\x{0E31}\x{0E34}-\x{0E3A}\x{0E47}-\x{0E4E}]+|ะ+|แ+|โ+|ใ+|ไ+'
                    || '|[^\x{0E31}\x{0E34}-\x{0E3A}\x{0E47}-\x{0E4E}าะแโใไ]+'
                ),
                lambda part: case
                    when regexp_matches(part, '^[\x{0E31}\x{0E34}-\x{0E3A}\x{0E47}-\x{0E4E}าะแโใไ]')
                        then regexp_replace(
                            array_to_string(list_sort(list_distinct(string_split(part, ''))), ''),
                            'า(.+)$', '\1า'
                        )
                    else part
                end
            ), ''),
            chr(3661) || 'า', 'ำ'
        )
    end;

-- Text as it was meant: Thai in order, no invisible characters, one kind of space, and without the
-- apostrophe by which a spreadsheet is told that a number or a formula is text. An explicit map,
-- because Unicode's compatibility forms would take sara am apart again. A text in which nothing of
-- this can be is given back after one look (the first pattern).
create or replace macro tidied(x) as
    case
        when not regexp_matches(
            x,
            '^ | $|  |^[''’]|เเ|ะะ|แแ|โโ|ใใ|ไไ|[าำ][าำ\x{0E48}-\x{0E4B}]|\x{0E4D}'
            || '|[\x{0E31}\x{0E34}-\x{0E3A}][\x{0E31}\x{0E34}-\x{0E3A}]'
            || '|[\x{0E47}-\x{0E4E}][\x{0E31}\x{0E34}-\x{0E3A}\x{0E47}-\x{0E4E}]'
            || '|[\x{0000}-\x{001F}\x{007F}\x{0085}\x{00A0}\x{00AD}\x{061C}\x{1680}\x{180E}\x{2000}-\x{200F}\x{2028}-\x{202F}\x{205F}-\x{206F}\x{3000}\x{FE00}-\x{FE0F}\x{FEFF}]'
        ) then x
        else regexp_replace(
            trim(regexp_replace(
                thai_in_order(
                    regexp_replace(x, '[\x{0000}-\x{0008}\x{000E}-\x{001B}\x{007F}\x{00AD}\x{061C}\x{180E}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}\x{FE00}-\x{FE0F}\x{FEFF}]', '', 'g')
                ),
                '[\t-\r\x{001C}-\x{0020}\x{0085}\x{00A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]+', ' ', 'g'
            ), ' '),
            '^[''’][ ''’]*([-0-9๐-๙=+@])', '\1'
        )
    end;

create or replace macro tidy(x) as tidied(trim(x));

-- What codes, provinces and headers are compared by: tidy, in one case, without any space. Only the
-- letters A to Z have a case here: what else has one differs between Unicode's versions.
create or replace macro spelling_key(x) as
    replace(translate(tidy(x), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'), ' ', '');

-- A number's text without its spaces, but for those between two digits: '10 20' is not 1020, and
-- the mark that stands there instead fits no number.
create or replace macro without_spaces(x) as
    replace(regexp_replace(x, '([0-9]) ([0-9])', '\1_\2', 'g'), ' ', '');

-- Text in lower case, with Arabic digits and one kind of dash: what all but names is read from.
create or replace macro simplified(x) as translate(
    lower(tidy(x)), '๐๑๒๓๔๕๖๗๘๙‐‑‒–—―−', '0123456789-------'
);

create or replace macro is_missing(x) as
    x is null or x = '' or lower(tidy(x)) in ('', '-', '–', '—', '--', 'n/a', 'ไม่มี');

create or replace macro read_text(source) as table
    select
        s.text,
        tidy(s.text) as value,
    from query_table(source) as s;

-- A word for a legal form without what may stand between its parts.
create or replace macro firm_word(x) as regexp_replace(x, '[ .,()-]', '', 'g');

-- What firms' names are compared by: capitals, no quotation marks, no dots, and a space only between
-- two Latin words: Thai does without, so that its spaces say nothing.
create or replace macro firm_core(x) as
    regexp_replace(
        regexp_replace(
            trim(regexp_replace(replace(replace(x, ',', ' '), '.', ''), ' +', ' ', 'g'), ' -'),
            '([^A-Z0-9]) ', '\1', 'g'
        ),
        ' ([^A-Z0-9])', '\1', 'g'
    );

-- The name of a firm, as it was reported, and beside it what the firm is called without the words
-- for its legal form, and the legal form that these words say. Words are taken from the ends of a
-- name alone; where nothing would be left, the name is its own core.
create or replace macro read_firm_name(source) as table
    with plain as (
        select
            s.text,
            tidy(s.text) as value,
            translate(
                arabic_digits(tidy(s.text)),
                'abcdefghijklmnopqrstuvwxyz"“”„''‘’`´', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
            ) as said,
        from query_table(source) as s
    ),

    fronted as (
        select
            *,
            -- Whole matches and no groups: those of a pattern of so many words are slow.
            regexp_extract(said, getvariable('firm_name_front')) as front,
            substr(said, length(regexp_extract(said, getvariable('firm_name_front'))) + 1) as rest,
        from plain
    ),

    backed as (
        select
            *,
            case
                when front = '' then regexp_extract(rest, getvariable('firm_name_back_apart'))
                else regexp_extract(rest, getvariable('firm_name_back'))
            end as back,
        from fronted
    ),

    named as (
        select
            text,
            value,
            said,
            firm_core(substr(rest, 1, length(rest) - length(back))) as core,
            front,
            back,
        from backed
    ),

    judged as (
        select
            n.*,
            regexp_matches(n.core, '[\p{L}\p{N}]')
            and firm_word(n.core) not in (select w.word from legal_form_word as w)
            and firm_word(n.said) not in (select w.word from legal_form_word as w) as is_parted,
        from named as n
    )

    select
        j.text,
        j.value,
        case when j.is_parted then j.core else j.value end as core,
        case when j.is_parted then coalesce(b.legal_form, f.legal_form) end as legal_form,
    from judged as j
    left join legal_form_word as f on f.place = 'front' and firm_word(j.front) = f.word
    left join legal_form_word as b on b.place = 'back' and firm_word(j.back) = b.word;

-- Identifiers are compared letter for letter, so they get one case, Arabic digits and no space; a
-- code of digits that a spreadsheet made a number is given back its leading zeros.
create or replace macro read_identifier(source, pad_to) as table
    with plain as (
        select
            s.text,
            upper(regexp_replace(arabic_digits(tidy(s.text)), '^[''’]+| ', '', 'g')) as code,
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
                    regexp_replace(simplified(s.text), '[''’]', '', 'g'),
                    '^(?:วันที่|วัน)? *(?:(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัสฯ?|ศุกร์|เสาร์|อาทิตย์|(?:พฤ|อา|จ|อ|พ|ศ|ส)[.]|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[.]?)[ ,]*(?:วันที่|ที่)?)? *',
                    ''
                ),
                '(?:t|[ ,]+|[ ,]*(?:เวลา|at) *)[0-9]{1,2}(?:[:.][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]+)?)? *(?:น[.]?|นาฬิกา|z|[ap][.]?m[.]?|(?:utc|gmt|ict)?(?:[+-][0-9]{2}(?::?[0-9]{2})?)?)?| *(?:น[.]?|นาฬิกา))$',
                ''
            ) as said,
        from query_table(source) as s
    ),

    parts as (
        select
            text,
            regexp_extract(said, '^([0-9]{4}) ?([-/.]) ?([0-9]{1,2}) ?([-/.]) ?([0-9]{1,2})$', ['y', 'a', 'm', 'b', 'd']) as ymd,
            regexp_extract(said, '^([0-9]{1,2}) ?([-/.]) ?([0-9]{1,2}) ?([-/.]) ?((?:[0-9]{2}){1,2})$', ['d', 'a', 'm', 'b', 'y']) as dmy,
            regexp_extract(
                without_spaces(said),
                '^([0-9]{1,2})(?:st|nd|rd|th)?[.,/-]*(?:เดือน|of)?([^0-9,/-][^0-9,/-]*?)[.,/-]*(?:ปี)?((?:พ[.]?ศ|ค[.]?ศ|b[.]?e|c[.]?e|a[.]?d)?)[.]*((?:[0-9]{2}){1,2})$',
                ['d', 'm', 'era', 'y']
            ) as day_first,
            -- January 20, 2015: the month is named, so that nothing is taken for another.
            regexp_extract(
                without_spaces(said), '^([a-z]+)[.]?([0-9]{1,2})(?:(?:st|nd|rd|th)[,_]*|[,_]+)([0-9]{4})$', ['m', 'd', 'y']
            ) as month_first,
            try_cast(regexp_extract(said, '^([0-9]{5,6})([.][0-9]+)?$', 1) as integer) as serial,
        from plain
    ),

    named as (
        select
            *,
            {
                'd': coalesce(nullif(day_first.d, ''), month_first.d),
                'm': coalesce(nullif(day_first.m, ''), month_first.m),
                'era': day_first.era,
                'y': coalesce(nullif(day_first.y, ''), month_first.y),
            } as named,
        from parts
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
        from named as p
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

-- Money: exact decimals from text. Thousands are marked rightly or not at all, a fraction has a
-- point; anything else is refused, because a guess could be a thousand times off.
-- An amount finer than a satang is rounded to the satang, half away from zero: a workbook's cell may
-- hold the result of a division. The unit moves the decimal point in the text, so that nothing is
-- rounded twice and nothing passes through binary floating point. A minus behind the number is
-- refused: '1,200-' may be a debit or the Thai '1,200.-', which is positive.
create or replace macro read_money(source) as table
    with plain as (
        select
            s.text,
            -- (0.5) ล้านบาท is (0.5 ล้านบาท): so a header's unit is read after a number in brackets.
            regexp_replace(
                regexp_replace(without_spaces(simplified(s.text)), '^[''’]+', ''),
                '^([^()]*\([^()]*)\)([^0-9()]+)$', '\1\2)'
            ) as said,
        from query_table(source) as s
    ),

    bare as (
        select
            text,
            regexp_extract(
                said,
                '^(?:฿|thb|บาท|baht)?(\(?)([-+]?)(?:฿|thb|บาท|baht)?([-+]?)(\d+|\d{1,3}(?:,\d{3})+|)((?:[.]\d*)?)(หมื่นล้าน|พันล้าน|แสนล้าน|ร้อยล้าน|สิบล้าน|ล้าน|ล[.]?บ[.]?|แสน|หมื่น|พัน|million|mb|m|thousand|k)?(?:บาท|บ[.]?|baht|thb|฿)?(?:ถ้วน|[.]-)?(\)?)(?:บาท|baht)?$',
                ['opening', 'sign', 'inner_sign', 'whole', 'fraction', 'unit', 'closing']
            ) as part,
        from plain
    ),

    moved as (
        select
            text,
            part.opening || part.closing as brackets,
            part.sign || part.inner_sign as sign,
            replace(part.whole, ',', '') as whole,
            substr(part.fraction, 2) || '00000000000' as fraction,
            case
                when part.unit = '' then 0
                when part.unit = 'แสนล้าน' then 11
                when part.unit = 'หมื่นล้าน' then 10
                when part.unit = 'พันล้าน' then 9
                when part.unit = 'ร้อยล้าน' then 8
                when part.unit = 'สิบล้าน' then 7
                when part.unit in ('ล้าน', 'million', 'mb', 'm') or part.unit like 'ล%บ%' then 6
                when part.unit = 'แสน' then 5
                when part.unit = 'หมื่น' then 4
                else 3
            end as places,
        from bare
        where regexp_matches(part.whole || part.fraction, '[0-9]')
    )

    select
        p.text,
        case
            when m.brackets || m.sign in ('', '+', '-', '()')
                then
                    case when m.brackets = '()' or m.sign = '-' then -1 else 1 end
                    * try_cast(
                        m.whole || substr(m.fraction, 1, m.places) || '.' || substr(m.fraction, m.places + 1)
                        as decimal(18, 2)
                    )
        end as value,
    from plain as p
    left join moved as m on p.text = m.text;

-- Counted things: a whole number, with the word for what is counted or without.
create or replace macro read_integer(source) as table
    with plain as (
        select
            s.text,
            regexp_extract(
                without_spaces(simplified(s.text)),
                '^([-+]?(?:\d+|\d{1,3}(?:,\d{3})+))(?:[.]0*)?(?:คน|ราย|ท่าน|อัตรา|ตำแหน่ง|แห่ง|กิจการ|persons?|people|jobs?)?$', 1
            ) as number,
        from query_table(source) as s
    )

    select
        text,
        try_cast(replace(number, ',', '') as integer) as value,
    from plain;

-- A fiscal year, in the Buddhist era whichever way it was said; two digits are Buddhist era. A year
-- of one era that is said to be of the other is refused.
create or replace macro read_fiscal_year(source) as table
    with plain as (
        select
            s.text,
            regexp_extract(
                regexp_replace(simplified(s.text), '[ ''’]', '', 'g'),
                '^(?:ปีงบประมาณ|ปีงบ|ปี|fy)?[.]?((?:พ[.]?ศ|ค[.]?ศ|b[.]?e|c[.]?e|a[.]?d)?)[.]?(\d{4}|\d{2})(?:[.]0*)?$',
                ['era', 'year']
            ) as part,
        from query_table(source) as s
    ),

    said as (
        select
            text,
            part.era as era,
            length(part.year) as digits,
            try_cast(part.year as integer) as year,
        from plain
    )

    select
        text,
        case
            when digits = 2 and regexp_matches(era, '^[คca]') then 2543 + year
            when digits = 2 then 2500 + year
            when year < 2400 and not regexp_matches(era, '^[พb]') then year + 543
            when year >= 2400 and not regexp_matches(era, '^[คca]') then year
        end as value,
    from said;

-- A quarter of the fiscal year: its number, alone or after the word.
create or replace macro read_quarter(source) as table
    select
        s.text,
        try_cast(regexp_extract(
            replace(simplified(s.text), ' ', ''),
            '^(?:ไตรมาสที่|ไตรมาส|quarter|qtr|q)?[.]?([-+]?\d{1,6})(?:[.]0*)?$', 1
        ) as integer) as value,
    from query_table(source) as s;

-- What a province's spelling is looked up by: without the word for province, spaces, dots and dashes.
create or replace macro province_key(x) as
    regexp_replace(
        regexp_replace(
            regexp_replace(x, '^([0-9]{2})[.]0+$', '\1'),
            '^(?:จังหวัด|จว[.]?|จ[.:]|จ |changwat )[ .:]*|[ ,]*province$', '', 'g'
        ),
        '[ .ฯ-]', '', 'g'
    );

-- A province, by code, Thai or English name or a listed variant, with or without the word for it;
-- said twice ('เชียงใหม่ (Chiang Mai)', '50 เชียงใหม่') where both mean the same one; and at the end of
-- an address that names a district, behind the word for province. A near miss is none: names of
-- provinces are one letter apart (ตรัง, ตราด).
create or replace macro read_province(source) as table
    with plain as (
        select
            s.text,
            simplified(s.text) as said,
        from query_table(source) as s
    ),

    direct as (
        select
            p.text,
            p.said,
            -- จ.บ. is an abbreviation of its own, and no province บ.
            coalesce(named.province_code, whole.province_code) as province_code,
        from plain as p
        left join province_spelling as named on province_key(p.said) = named.spelling
        left join province_spelling as whole on regexp_replace(p.said, '[ .ฯ-]', '', 'g') = whole.spelling
    ),

    parted as (
        select
            text,
            unnest(string_split_regex(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(said, '([ก-๛.]) *-? *([a-z0-9])', '\1/\2', 'g'),
                        '([a-z0-9.]) *-? *([ก-๛])', '\1/\2', 'g'
                    ),
                    '^([0-9]{2}) *[-.:]? *([a-z])', '\1/\2'
                ),
                '[][()/|=:,]'
            )) as part,
        from direct
        where province_code is null
    ),

    agreed as (
        select
            p.text,
            min(s.province_code) as province_code,
        from parted as p
        left join province_spelling as s on province_key(trim(p.part)) = s.spelling
        where trim(p.part) <> ''
        group by p.text
        having count(*) = count(s.province_code) and min(s.province_code) = max(s.province_code)
    ),

    addressed as (
        select
            text,
            regexp_extract(said, '^(.*[ ,])(?:จังหวัด|จว[.]|จ[.]) *(.+)$', ['before', 'place']) as part,
        from direct
        where province_code is null
    )

    select
        d.text,
        coalesce(d.province_code, a.province_code, s.province_code) as value,
    from direct as d
    left join agreed as a on d.text = a.text
    left join addressed as at_end on d.text = at_end.text
    left join province_spelling as s
        on
            province_key(at_end.part.place) = s.spelling
            and regexp_matches(at_end.part.before, '(?:^|[ ,])(?:อำเภอ|อ[.]|เขต|ตำบล|ต[.]|แขวง)')
            and not regexp_matches(at_end.part.before, 'จังหวัด|(?:^|[ ,])(?:จว?[.])');

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

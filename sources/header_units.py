"""SQL of amounts whose unit stands in the header: จำนวน (ล้านบาท) over 1.25.

Such a number is kept as `1.25␟ล้านบาท`: what the person typed, a unit separator (chr 31, which the
value forms read as a space), the unit of the header. So it is read with its unit, shown without.

    bare number under a unit ─▶ with_unit ─▶ read by its value form ─▶ refused where it contradicts
                                         └─▶ as_typed, wherever a person sees it

A unit can be wrong: somebody types 1,250,000 for baht under 'ล้านบาท'. A contract says from which
amount on that is likelier than the amount (`contradictsUnitFrom`). Such a number is refused, not
guessed; where at least half of a table's are such, every bare number of that column is.
"""

from __future__ import annotations

from sources.contracts import Column, Contract

_MARK = "chr(31)"
#: A number without a unit of its own, once its digits are Arabic and its signs plain.
_BARE_NUMBER = "^[-+(฿ ''’]*[0-9.][0-9., ]*[) ]*$"


def with_unit(cell: str, unit: str) -> str:
    """SQL of a cell's text, with the header's unit where the cell states none of its own."""
    bare = f"regexp_matches(simplified({cell}), '{_BARE_NUMBER}')"
    return f"case when {bare} then {cell} || {_MARK} || '{unit}' else nullif({cell}, '') end"


def has_unit(text: str) -> str:
    """SQL of whether a text was given its unit by the header."""
    return f"contains({text}, {_MARK})"


def as_typed(text: str) -> str:
    """SQL of what the person typed."""
    return f"regexp_replace({text}, {_MARK} || '[^' || {_MARK} || ']*$', '')"


def unit_of(text: str) -> str:
    """SQL of the unit that the header gave."""
    return f"string_split({text}, {_MARK})[-1]"


def counted(column: Column, contract: Contract) -> str | None:
    """SQL, over dictionaries d_…, of whether a row's number counts things, so has no unit of money.

    None where the column holds nothing but money.
    """
    if column.counted_where is None:
        return None
    other, equals = column.counted_where
    contract.column(other)
    return f"coalesce(\"d_{other}\".value = '{equals}', false)"


def doubted_tables_sql(column: Column, contract: Contract) -> str:
    """The query of tables (file_no, sheet_name) whose header's unit contradicts its numbers."""
    joins = f'join "dict_{column.name}" as d on r."{column.name}" = d.code'
    money = ""
    if column.counted_where is not None:
        other = column.counted_where[0]
        joins += f' left join "dict_{other}" as "d_{other}" on r."{other}" = "d_{other}".code'
        money = f" and not {counted(column, contract)}"
    return (
        f"select r.file_no, r.sheet_name from coded as r {joins} "
        f"where d.has_unit and d.value is not null{money} group by all "
        f"having 2 * count(*) filter (where {contradicts('d.value', column)}) >= count(*)"
    )


def contradicts(value: str, column: Column) -> str:
    """SQL of whether an amount is so large that its header's unit must be wrong."""
    return f"abs({value}) >= {column.contradicts_unit_from}"


def question(column: Column, unit: str) -> str:
    """What to ask the sender of numbers that contradict their unit, in Thai and in English."""
    limit = f"{column.contradicts_unit_from:,}"
    return (
        f"หัวตารางบอกว่า {column.label} มีหน่วยเป็น{unit} แต่ตัวเลขจะถึง {limit} บาทหรือมากกว่า: "
        f"ตัวเลขเป็นบาทหรือ{unit} กรุณาแก้หน่วยที่หัวตารางหรือแก้ตัวเลขแล้วส่งใหม่ในชื่อเดิม / "
        f"The header says that {column.name} is in {unit}, but its numbers would then come to "
        f"{limit} baht or more: are the amounts in baht or in {unit}? Correct the unit in the "
        "header, or the numbers, and send the file again under the same name."
    )

"""From text to typed, judged rows: SQL generated from a contract, run in DuckDB on whole batches.

A `Workbench` takes the tables of any number of files of one dataset into one relation of coded
text, reads each distinct text once by its value form (value_forms.sql), joins the values back and
marks for every row which rules it breaks. Rows are never touched one by one in Python.

Relations, all in the workbench's own database:
    coded        rows as they came (`sources.coded`): row_id, file_no, sheet_name, row_number,
                 row_sequence, overflow, extra, corrects (the row that it corrects, where it came
                 back in a workbook of ours), one column a contract column: its text's code
    texts_*      a column's distinct texts
    dict_*       the same texts and the values they stand for
    typed        the rows with values: broken (bit i: rule i of `sources.rules.derive`),
                 control_total, one column a contract column, for enterprise ids their keyed hash
    doubtful     the texts of rows that break a rule
    bad          rows that are not accepted, with their reasons and as they came
    no_row       rows that turned out to be none: totals, repeated headers, invisible text
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sources import header_units, reference, rules
from sources.coded import (
    IDENTITY,
    CodedRows,
    canonical,
    rows_with_text,
    texts_of,
    without_empty,
)
from sources.contracts import Column, Contract, RowRule
from sources.headers import Header, spellings_of
from sources.lists import SEPARATORS, read_lists
from sources.returned import REFERENCE
from sources.sql import identifier, quoted
from sources.text import FORMS_SQL, MAY_NAME_A_PERSON, TOTAL_WORD, spelling_key

#: Rows that Great Expectations looks at at a time. It bounds the memory, and there should be few:
#: whatever the rows, a look costs Great Expectations a quarter of a second of CPU for itself.
ROWS_A_CHUNK = 250_000

#: Times a text comes in the middle, from which on a column of texts is worth an enumeration.
REPEATED = 4
#: Total rows of a file that are named one by one; a file has a few, one a sheet.
TOTALS_NAMED = 50

_PLAIN_NUMBER = "^-?[0-9]{1,15}([.][0-9]{1,2})?$"


def key_parts(secret: bytes) -> tuple[bytes, bytes]:
    """The inner and outer padded keys of HMAC-SHA-256 for `secret` (RFC 2104)."""
    block = hashlib.sha256(secret).digest() if len(secret) > 64 else secret  # noqa: PLR2004
    block = block.ljust(64, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


class Workbench:
    """Types and judges rows of one dataset. Use as a context manager; holds nothing afterwards.

    Args:
        contract: the dataset's contract.
        secret: the key of the enterprise hash.
        scratch: a folder for what does not fit into memory; None keeps DuckDB's default.
        memory_limit: DuckDB's limit, e.g. ``1GB``.
    """

    def __init__(
        self,
        contract: Contract,
        secret: bytes,
        scratch: Path | None = None,
        memory_limit: str = "1GB",
    ) -> None:
        self.contract = contract
        self.rules = rules.derive(contract)
        if len(self.rules) > 63:  # noqa: PLR2004
            raise ValueError(f"{contract.dataset}: more than 63 rules do not fit into one integer")
        config: dict[str, Any] = {
            "memory_limit": memory_limit,
            "autoinstall_known_extensions": False,
            # One thread: over batches of this size a second one took half as much CPU again and
            # finished no sooner (measured on a million rows, two cores).
            "threads": 1,
        }
        if scratch is not None:
            config["temp_directory"] = str(scratch)
        self.db = duckdb.connect(":memory:", config=config)
        self._files = 0
        self._offset = 0
        self._last_row_id = 0
        self._rows = 0
        self._has_units = False
        self._is_in_order = False
        self._enums: dict[str, str] = {}
        self._load_reference(secret)
        self._coded = CodedRows(self.db, [column.name for column in contract.columns])

    def __enter__(self) -> Workbench:
        """The workbench itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Forgets everything."""
        self.db.close()
        pa.default_memory_pool().release_unused()  # the night goes on in this process

    # ── Set-up ────────────────────────────────────────────────────────────────────────────────

    def _load_reference(self, secret: bytes) -> None:
        db = self.db
        inner, outer = key_parts(secret)
        db.execute("set variable key_inner = ?::blob", [inner])
        db.execute("set variable key_outer = ?::blob", [outer])
        months = pa.table(
            dict(
                zip(
                    ("spelling", "month", "language"),
                    zip(*reference.month_spellings(), strict=True),
                    strict=True,
                )
            )
        )
        provinces = pa.table(
            dict(
                zip(
                    ("spelling", "province_code"),
                    zip(*reference.province_spellings(), strict=True),
                    strict=True,
                )
            )
        )
        legal_forms = pa.table(
            dict(
                zip(
                    ("place", "word", "legal_form"),
                    zip(*reference.legal_form_words(), strict=True),
                    strict=True,
                )
            )
        )
        for name, pattern in reference.firm_name_patterns().items():
            db.execute(f"set variable {name} = ?", [pattern])
        spelled = {
            (column.name, spelling_key(spelling)): code.value
            for column in self.contract.columns
            for code in column.codes
            for spelling in code.spellings
        }
        codes = pa.table(
            {
                "column_name": pa.array([name for name, _ in spelled], pa.string()),
                "spelling": pa.array([spelling for _, spelling in spelled], pa.string()),
                "value": pa.array(list(spelled.values()), pa.string()),
            }
        )
        for name, table in {
            "month_spelling": months,
            "province_spelling": provinces,
            "legal_form_word": legal_forms,
            "code_spelling": codes,
        }.items():
            db.register("incoming", table)
            db.execute(f"create table {name} as from incoming")
            db.unregister("incoming")
        db.execute(FORMS_SQL.read_text(encoding="utf-8"))

    # ── Text in ───────────────────────────────────────────────────────────────────────────────

    def add_file(self) -> int:
        """Begins a file; its rows are told apart by the number this returns."""
        self._files += 1
        self._offset = self._last_row_id
        return self._files

    def drop_file(self, file_no: int) -> None:
        """Takes a file's rows out again (it turned out unreadable half way)."""
        self._coded.drop(file_no)

    def add_rows(
        self, file_no: int, sheet_name: str | None, header: Header, batch: pa.RecordBatch, base: int
    ) -> None:
        """Adds one batch of a table's rows; blank rows are none.

        Args:
            file_no: from `add_file`.
            sheet_name: the sheet of a workbook.
            header: the table's header.
            batch: `row_number`, `overflow`, `c0 … cn` (see `sources.reading`).
            base: what to add to `row_number` so that it counts on over the file's sheets.
        """
        last = self._offset + base + batch.column(0)[-1].as_py()
        self._last_row_id = max(self._last_row_id, last)
        width = batch.num_columns - 2
        cells = {name: position for name, position in header.positions.items() if position < width}
        others = set(range(width)) - set(cells.values()) - set(header.ours.values())
        texts = {name: batch.column(f"c{p}").dictionary_encode() for name, p in cells.items()}
        columns = itertools.chain(
            texts.values(), (batch.column(f"c{p}").dictionary_encode() for p in sorted(others))
        )
        if (kept := rows_with_text(columns, batch.column("overflow"))) is not None:
            batch = batch.filter(kept)
            texts = {name: column.filter(kept) for name, column in texts.items()}
        self._has_units = self._has_units or bool(header.units)
        self._coded.add(
            file_no,
            self._identity_of(batch, file_no, sheet_name, header, base),
            {
                name: self._with_unit(without_empty(column), header.units.get(name))
                for name, column in texts.items()
            },
        )

    def _identity_of(
        self, batch: pa.RecordBatch, file_no: int, sheet_name: str | None, header: Header, base: int
    ) -> pa.Table:
        """The columns of `sources.coded.IDENTITY` of these rows."""
        numbers, rows = batch.column("row_number").to_numpy(), batch.num_rows
        further = self._further(batch, header)
        columns = {
            "row_id": pa.array(numbers.astype(np.int64) + (self._offset + base)),
            "file_no": pa.array(np.full(rows, file_no, np.int32)),
            "sheet_name": pa.array([sheet_name], pa.string()).take(
                pa.array(np.zeros(rows, np.int32))
            ),
            "row_number": batch.column("row_number"),
            "row_sequence": pa.array(numbers + np.int32(base)),
            "overflow": batch.column("overflow"),
            "extra": further["extra"],
            "corrects": further["corrects"],
        }
        return pa.table([columns[name] for name in IDENTITY], names=list(IDENTITY))

    def _further(self, batch: pa.RecordBatch, header: Header) -> pa.Table:
        """`extra`, the cells of columns unknown to the contract, and `corrects`, of these rows."""
        width = batch.num_columns - 2
        named = header.ours.get("reference", width)
        corrects = (
            f"nullif(regexp_extract(c{named}, {quoted(REFERENCE)}), '')"
            if named < width
            else "null"
        )
        extra = self._extra(header, set(header.positions.values()), width)
        if extra == corrects == "null":
            nothing = pa.nulls(batch.num_rows, pa.string())
            return pa.table({"extra": nothing, "corrects": nothing})
        self.db.register("incoming", batch)
        further = self.db.execute(
            f"select cast({extra} as varchar) as extra, cast({corrects} as varchar) as corrects "
            "from incoming"
        ).to_arrow_table()
        self.db.unregister("incoming")
        return further

    @staticmethod
    def _extra(header: Header, named: set[int], width: int) -> str:
        """SQL of the cells that belong to no column of the contract, as JSON by header."""
        positions = [
            position
            for position in range(min(width, len(header.cells)))
            if position not in named and position not in header.ours.values()
        ]
        texts = [header.cells[position] for position in positions]
        names = [
            text if text and texts.count(text) == 1 else f"{text} (column {position + 1})".strip()
            for text, position in zip(texts, positions, strict=True)
        ]
        if not positions:
            return "null"
        filled = " or ".join(f"c{position} <> ''" for position in positions)
        keys = ", ".join(quoted(name) for name in names)
        values = ", ".join(f"c{position}" for position in positions)
        return f"case when {filled} then to_json(map([{keys}], [{values}])) end"

    def _with_unit(self, cells: pa.DictionaryArray, unit: str | None) -> pa.DictionaryArray:
        """The cells, with the header's unit where they state none of their own."""
        if unit is None:
            return cells
        self.db.register("incoming", pa.table({"text": cells.dictionary}))
        texts = self.db.execute(
            f"select coalesce({header_units.with_unit('text', unit)}, '') as text from incoming"
        ).to_arrow_table()
        self.db.unregister("incoming")
        return pa.DictionaryArray.from_arrays(cells.indices, texts["text"].combine_chunks())

    # ── Values and verdicts ───────────────────────────────────────────────────────────────────

    def judge(self) -> None:
        """Types every row into `typed` and marks the rules it breaks."""
        self._coded.flush()
        (self._rows,) = self.db.execute("select count(*) from coded").fetchone() or (0,)
        for column in self.contract.columns:
            self._make_dictionary(column)
        for column in self._columns_under_units():
            self.db.execute(
                f"create or replace temp table {identifier('doubted_' + column.name)} as "
                + header_units.doubted_tables_sql(column, self.contract)
            )
        self.db.execute(self._typed_sql())
        self.db.execute(
            "create or replace table doubtful as "
            + self._text_of("select row_id from typed where broken <> 0")
        )
        self._set_apart_what_is_no_row()
        self._mark_duplicates()
        self.db.execute(
            "insert into doubtful "
            + self._text_of(f"select row_id from typed where broken = {self._duplicate_bit()}")
        )
        self._explain_what_is_bad()
        ids = self.db.execute("select row_id from typed").to_arrow_table()["row_id"].to_numpy()
        self._is_in_order = bool((ids[1:] > ids[:-1]).all())

    def _text_of(self, rows: str) -> str:
        """The query of rows as they came, in text.

        Args:
            rows: a query of their row_id.
        """
        columns = [identifier(column.name) for column in self.contract.columns]
        texts = ", ".join(f"t{i}.text as {column}" for i, column in enumerate(columns))
        joins = " ".join(
            f"left join {texts_of(column.name)} as t{i} on c.{identifier(column.name)} = t{i}.code"
            for i, column in enumerate(self.contract.columns)
        )
        return (
            f"select {', '.join(f'c.{name}' for name in IDENTITY)}, {texts} from (select coded.* "
            f"from coded semi join ({rows}) as wanted on coded.row_id = wanted.row_id) as c {joins}"
        )

    def _set_apart_what_is_no_row(self) -> None:
        """Takes out totals (no key, a word for a sum in a cell), headers said again and blank rows.

        Each breaks a rule, because something required is missing or no date, so only the doubtful
        rows are looked at.
        """
        word = quoted(TOTAL_WORD)
        keys = [f"d.{identifier(c.name)}" for c in self.contract.key]
        cells = [f"d.{identifier(c.name)}" for c in self.contract.columns]
        is_total = "regexp_matches(lower(tidy({})), {})".format
        no_key = " or ".join(f"is_missing({k}) or {is_total(k, word)}" for k in keys)
        said = " or ".join(f"coalesce({is_total(c, word)}, false)" for c in cells)
        extra = (
            "coalesce(len(list_filter(map_values(cast(d.extra::json as map(varchar, varchar))), "
            f"cell -> {is_total('cell', word)})) > 0, false)"
        )
        again = " and ".join(self._names_itself(column) for column in self.contract.key)
        blank = "tidy(concat(" + ", ".join([*cells, "d.extra", "d.overflow"]) + ")) = ''"
        self.db.execute(
            "create or replace table no_row as select d.row_id, d.file_no, case when "
            f"{again} then 'header' when {blank} then 'blank' else 'total' end "
            "as kind from doubtful as d "
            f"where ({again}) or {blank} or (({no_key}) and ({said} or {extra}))"
        )
        self.db.execute("delete from typed where row_id in (select row_id from no_row)")

    def _names_itself(self, column: Column) -> str:
        """SQL, over doubtful d, of a cell being a header's: any spelling of its own column."""
        spellings = ", ".join(quoted(s) for s in spellings_of(self.contract, column.name))
        key = f"rtrim(spelling_key(d.{identifier(column.name)}), '*:')"
        return f"coalesce({key} in ({spellings}), false)"

    def _columns_under_units(self) -> list[Column]:
        """Money columns whose numbers can contradict a header's unit, where a header has one."""
        limited = [c for c in self.contract.money if c.contradicts_unit_from is not None]
        return limited if self._has_units else []

    def _make_dictionary(self, column: Column) -> None:
        """Makes `dict_<column>`: what each text of the column stands for.

        code, text, missing, value (null where it is missing or cannot be read), and what the form
        of the column's values says besides.
        """
        if column.is_list:
            self._make_list_dictionary(column)
            return
        texts, source = texts_of(column.name), "t.text"
        value, missing = "r.value", f"is_missing({source})"
        if column.form == "code":
            # A code may be spelled with a word that elsewhere means "nothing" (ไม่มี).
            missing += " and r.value is null"
        self.db.execute(f"create or replace temp table texts as {self._texts_to_read(column)}")
        self.db.execute(f"create or replace temp table read as {self._read(column, 'texts')}")
        joins = f"left join read as r on {source} = r.text"
        besides = [(also.said, f"r.{also.said}") for also in column.also]
        if column.form == "money":
            plain = f"regexp_matches({source}, {quoted(_PLAIN_NUMBER)})"
            value = f"case when {plain} then cast({source} as decimal(18, 2)) else r.value end"
            missing = f"not {plain} and {missing}"
            besides.append(("has_unit", header_units.has_unit(source)))
            if self._has_units and column.counted_where is not None:
                joins += (
                    f" left join read as n on {header_units.has_unit(source)} "
                    f"and {header_units.as_typed(source)} = n.text"
                )
                besides.append(("counted", "n.value"))
        if column.is_free_text:
            value = self._publishable(value)
            besides = [(name, self._publishable(sql)) for name, sql in besides]
        if column.form == "enterprise_id":
            besides += [
                ("enterprise_key", f"keyed_hash({value})"),
                ("is_natural_person", f"is_natural_person_id({value})"),
            ]
        said = "".join(f", {sql} as {name}" for name, sql in besides)
        self.db.execute(
            f"create or replace temp table {identifier('dict_' + column.name)} as "
            "select * replace (case when not missing then value end as value) from "
            f"(select t.code, {source} as text, {missing} as missing, {value} as value{said} "
            f"from {texts} as t {joins})"
        )
        if column.sql_type == "varchar":
            self._enumerate(column, "value", column.name)
        if column.form == "enterprise_id":
            self._enumerate(column, "enterprise_key", "enterprise_key")

    def _enumerate(self, column: Column, value: str, name: str) -> None:
        """Makes a column of `typed` an enumeration where its values come again and again.

        A row then holds a number for a text: less to write, to compare and to hand on.

        Args:
            column: in whose dictionary the values are.
            value: their column in it.
            name: their column in `typed`.
        """
        table, kind = identifier(f"dict_{column.name}"), identifier(f"enum_{name}")
        counted = self.db.execute(f"select count(*), count({value}) from {table}").fetchone()
        texts, known = counted or (0, 0)
        if not known or texts * REPEATED > self._rows:
            return
        default = f" union select {quoted(column.default)}" if column.default is not None else ""
        self.db.execute(
            f"create or replace type {kind} as enum "
            f"(select {value} from {table} where {value} is not null{default or ' group by all'})"
        )
        self.db.execute(
            f"create or replace temp table {table} as "
            f"select * replace (cast({value} as {kind}) as {value}) from {table}"
        )
        self._enums[name] = kind

    def _texts_to_read(self, column: Column) -> str:
        """The query of a column's texts that its value form is to read."""
        texts = texts_of(column.name)
        if column.form != "money":
            return f"select text from {texts}"
        rest = f"select text from {texts} where not regexp_matches(text, {quoted(_PLAIN_NUMBER)})"
        if not self._has_units or column.counted_where is None:
            return rest
        under_unit = header_units.has_unit("text")
        return (
            f"{rest} union select {header_units.as_typed('text')} from {texts} where {under_unit}"
        )

    @staticmethod
    def _publishable(name: str) -> str:
        """SQL of a text without the persons' numbers that somebody wrote into it."""
        may = f"regexp_matches({name}, {quoted(MAY_NAME_A_PERSON)})"
        return f"case when {may} then scrubbed({name}) else {name} end"

    def _make_list_dictionary(self, column: Column) -> None:
        """Makes the dictionary of lists: code, text, missing, value."""
        table = identifier(f"dict_{column.name}")
        value, sql_type = "r.value", column.sql_type
        if column.form == "enterprise_id":
            value = (
                "case when r.value is not null then {'enterprise_key': keyed_hash(r.value), "
                "'juristic_id': case when not is_natural_person_id(r.value) then r.value end} end"
            )
            sql_type = "struct(enterprise_key varchar, juristic_id varchar)"
        self.db.execute(
            f"create or replace temp table {table} "
            f"(code integer, text varchar, missing boolean, value {sql_type}[])"
        )
        texts = self.db.execute(f"select code, text from {texts_of(column.name)}").to_arrow_table()

        def read(elements: pa.Array) -> pa.Table:
            places = pa.array(np.arange(len(elements), dtype=np.int32))
            self.db.register("incoming", pa.table({"text": elements, "place": places}))
            self.db.execute("create or replace temp table texts as from incoming")
            self.db.unregister("incoming")
            return self.db.execute(
                f"select is_missing(t.text) as missing, {value} as value from texts as t "
                f"left join ({self._read(column, 'texts')}) as r on t.text = r.text "
                "order by t.place"
            ).to_arrow_table()

        first = 0
        for lists in read_lists(texts["text"].combine_chunks(), read):
            here = texts.slice(first, lists.num_rows)
            for name in lists.column_names:
                here = here.append_column(name, lists[name])
            self.db.register("incoming", here)
            self.db.execute(f"insert into {table} from incoming")
            self.db.unregister("incoming")
            first += lists.num_rows

    def _read(self, column: Column, source: str) -> str:
        if column.form == "code":
            return (
                f"select t.text, c.value from {source} as t left join code_spelling as c "
                f"on c.column_name = {quoted(column.name)} and spelling_key(t.text) = c.spelling"
            )
        if column.form == "identifier":
            read = f"from read_identifier({quoted(source)}, {column.pad_to_length})"
        else:
            read = f"from read_{column.form}({quoted(source)})"
        if column.pattern:
            fits = f"regexp_matches(value, {quoted(column.pattern)})"
            return f"select * replace (case when {fits} then value end as value) {read}"
        return f"select * {read}"

    def _value(self, column: Column) -> str:
        """SQL of a column's value, over the dictionaries."""
        entry = identifier(f"d_{column.name}")
        value = f"{entry}.value"
        if column.form != "money" or not self._has_units:
            return value
        cases = []
        if (counts := header_units.counted(column, self.contract)) is not None:
            cases.append(f"when {entry}.has_unit and {counts} then {entry}.counted")
        if column.contradicts_unit_from is not None:
            doubted = f"{identifier('u_' + column.name)}.file_no is not null"
            too_large = header_units.contradicts(value, column)
            cases.append(f"when {entry}.has_unit and ({doubted} or {too_large}) then null")
        return f"case {' '.join(cases)} else {value} end" if cases else value

    def _joins_of_doubted_tables(self) -> list[str]:
        """SQL of what `_value` looks at besides the dictionaries."""
        joins = []
        for column in self._columns_under_units():
            table, alias = identifier("doubted_" + column.name), identifier("u_" + column.name)
            joins.append(
                f"left join {table} as {alias} on r.file_no = {alias}.file_no "
                f"and r.sheet_name is not distinct from {alias}.sheet_name"
            )
        return joins

    def _as_typed(self, column: Column, relation: str) -> str:
        """SQL of a cell as the person typed it, over rows of text."""
        text = f"{relation}.{identifier(column.name)}"
        under_unit = self._has_units and column.form == "money"
        return header_units.as_typed(text) if under_unit else text

    def _typed_sql(self) -> str:
        contract = self.contract
        joins, values, selected = [], [], []
        for column in contract.columns:
            name = identifier(column.name)
            entry = identifier(f"d_{column.name}")
            dictionary = identifier(f"dict_{column.name}")
            joins.append(f"left join {dictionary} as {entry} on r.{name} = {entry}.code")
            missing = f"coalesce({entry}.missing, true)"
            values += [
                f"{self._value(column)} as {name}",
                f"{missing} as {identifier('_m_' + column.name)}",
            ]
            if column.form == "enterprise_id" and not column.is_list:
                beside = ["enterprise_key", "is_natural_person"]
                values += [f"{entry}.{name_beside}" for name_beside in beside]
                selected += beside
            for also in column.also:
                values.append(
                    f"case when not {entry}.missing then {entry}.{also.said} end "
                    f"as {identifier(also.name)}"
                )
                selected.append(identifier(also.name))
            if column.default is not None:
                kind = self._enums.get(column.name, column.sql_type)
                selected.append(
                    f"case when {identifier('_m_' + column.name)} "
                    f"then cast({quoted(column.default)} as {kind}) else {name} end as {name}"
                )
            elif column.default_from is not None:
                selected.append(
                    f"case when {identifier('_m_' + column.name)} then "
                    f"{identifier(column.default_from)} else {name} end as {name}"
                )
            else:
                selected.append(name)
        joins += self._joins_of_doubted_tables()
        bits = [
            f"(case when {self._breaks(rule)} then {1 << i} else 0 end)"
            for i, rule in enumerate(self.rules)
            if rule.kind != "duplicate"
        ]
        total = " + ".join(f"coalesce({identifier(c.name)}, 0)" for c in contract.money) or "0"
        return (
            "create or replace table typed as with valued as (select r.row_id, r.file_no, "
            "r.sheet_name, r.row_number, r.row_sequence, r.overflow, r.corrects, "
            + ", ".join(values)
            + " from coded as r "
            + " ".join(joins)
            + ") select row_id, file_no, sheet_name, row_number, row_sequence, corrects, cast("
            + " + ".join(bits)
            + f" as bigint) as broken, cast({total} as decimal(38, 2)) as control_total, "
            + ", ".join(selected)
            + " from valued"
        )

    def _breaks(self, rule: rules.Rule) -> str:
        """SQL, over `valued`, of a row breaking the rule."""
        name = identifier(rule.column.name)
        missing = identifier("_m_" + rule.column.name)
        if rule.kind == "missing":
            return missing
        if rule.kind == "unread":
            return f"not {missing} and {name} is null"
        if rule.kind == "shape":
            return "overflow is not null"
        if rule.kind == "range":
            low, high = rule.column.minimum, rule.column.maximum
            bounds = [f"{name} < {low}"] if low is not None else []
            bounds += [f"{name} > {high}"] if high is not None else []
            return f"coalesce({' or '.join(bounds)}, false)"
        if rule.row_rule is None:
            raise ValueError(f"rule {rule.name} of kind {rule.kind} cannot be told from one row")
        return f"coalesce({self._breaks_row_rule(rule.row_rule)}, false)"

    def _plain(self, name: str) -> str:
        """SQL of a column's value: of a text, the text."""
        return f"cast({identifier(name)} as varchar)" if name in self._enums else identifier(name)

    def _breaks_row_rule(self, rule: RowRule) -> str:
        kwargs = rule.kwargs
        if rule.expectation == "expect_column_pair_values_a_to_be_greater_than_b":
            sign = "<" if kwargs.get("or_equal") else "<="
            broken = f"{self._plain(kwargs['column_A'])} {sign} {self._plain(kwargs['column_B'])}"
        elif rule.expectation == "expect_column_values_to_match_regex":
            broken = (
                f"not regexp_matches(cast({identifier(kwargs['column'])} as varchar), "
                f"{quoted(kwargs['regex'])})"
            )
        else:
            raise ValueError(f"rule {rule.name}: no SQL is known for {rule.expectation}")
        if rule.only_where:
            column, equals = rule.only_where
            broken = f"{self._plain(column)} = {quoted(equals)} and {broken}"
        return broken

    def _mark_duplicates(self) -> None:
        """Marks all but the last good row of a key in a file; bad rows compete with none."""
        key = ["file_no", *(identifier(c.name) for c in self.contract.key)]
        self.db.execute(
            f"create or replace temp table repeated as select {', '.join(key)}, "
            "max(row_sequence) as last from typed where broken = 0 "
            "group by all having count(*) > 1"
        )
        same = " and ".join(f"typed.{column} = repeated.{column}" for column in key)
        self.db.execute(
            f"update typed set broken = {self._duplicate_bit()} from repeated "
            f"where typed.broken = 0 and typed.row_sequence < repeated.last and {same}"
        )

    # ── What came of it ───────────────────────────────────────────────────────────────────────

    def file_counts(self) -> dict[int, dict[str, Any]]:
        """A file's figures: rows, rows good and bad, control total, rows that were none."""
        counted = self.db.execute(
            """
            select file_no, count(*), count(*) filter (where broken = 0), sum(control_total)
            from typed group by file_no
            """
        ).fetchall()
        passed_over = {
            (number, kind): count
            for number, kind, count in self.db.execute(
                "select file_no, kind, count(*) from no_row group by all"
            ).fetchall()
        }
        figures = {
            number: {"rows": rows, "good": good, "bad": rows - good, "control_total": total}
            for number, rows, good, total in counted
        }
        empty = {"rows": 0, "good": 0, "bad": 0, "control_total": 0}
        return {
            number: {
                **figures.get(number, empty),
                "total_rows": passed_over.get((number, "total"), 0),
                "header_rows": passed_over.get((number, "header"), 0),
            }
            for number in range(1, self._files + 1)
        }

    def total_row_numbers(self) -> dict[int, list[str]]:
        """Per file, where its total rows stand: the row's number, after its sheet's name if any.

        At most `TOTALS_NAMED` a file, in their order.
        """
        return dict(
            self.db.execute(
                f"""
                select file_no, list(place order by row_sequence)[:{TOTALS_NAMED}]
                from (
                    select r.file_no, r.row_sequence,
                        coalesce(r.sheet_name || ': ', '') || r.row_number as place
                    from coded as r semi join
                        (select row_id from no_row where kind = 'total') as t
                        on r.row_id = t.row_id
                ) as places group by file_no
                """
            ).fetchall()
        )

    def questions(self) -> dict[int, list[str]]:
        """Per file, what to ask its sender about units that contradict their numbers."""
        asked: dict[int, list[str]] = {}
        for column in self._columns_under_units():
            name = identifier(column.name)
            for number, unit in self.db.execute(
                f"select distinct t.file_no, {header_units.unit_of('d.text')} from typed as t "
                f"join coded as r using (row_id) join {identifier('dict_' + column.name)} as d "
                f"on r.{name} = d.code where d.has_unit "
                f"and t.{name} is null and d.value is not null order by all"
            ).fetchall():
                asked.setdefault(number, []).append(header_units.question(column, unit))
        return asked

    def rule_counts(self) -> dict[int, dict[str, int]]:
        """Per file, how many rows break each rule."""
        sums = ", ".join(
            f"count(*) filter (where broken & {1 << i} <> 0)" for i in range(len(self.rules))
        )
        names = [rule.name for rule in self.rules]
        # Few rows break any: the others are counted by nobody.
        broken = {
            row[0]: row[1:]
            for row in self.db.execute(
                f"select file_no, {sums} from typed where broken <> 0 group by file_no"
            ).fetchall()
        }
        none = (0,) * len(names)
        return {
            number: dict(zip(names, broken.get(number, none), strict=True))
            for (number,) in self.db.execute("select distinct file_no from typed").fetchall()
        }

    def chunks(self) -> Iterator[pa.Table]:
        """The typed rows for the second judge, in bounded chunks.

        A column holds its value in canonical text, or ``?`` and the text as it came where that
        could not be read. Beside it stand numbers with bounds as ``<column>__number`` (double) and
        what rules over several columns look at as ``<column>__value`` (missing where unread).
        """
        names = [column.name for column in self.contract.columns if column.unread_reason]
        # The text is looked up wherever a value is null, whatever the first judge said of it.
        nulls = "".join(f" or {identifier(name)} is null" for name in names)
        texts = self._text_of(
            "select row_id from coded where overflow is not null "
            f"union select row_id from typed where broken <> 0{nulls}"
        )
        unread = "".join(
            f", {self._unread(self.contract.column(name))} as {identifier(name)}" for name in names
        )
        self.db.execute(
            "create or replace temp table looked_up as "
            f"select row_id, overflow{unread} from ({texts}) as d"
        )
        selected = ["d.overflow"]
        selected += [f"d.{identifier(name)} as {identifier(name + '__unread')}" for name in names]
        for column in self.contract.columns:
            name = identifier(column.name)
            read = f"case when t.{name} is not null then 'read' end"
            selected.append(f"{read if column.is_list else 't.' + name} as {name}")
        query = (
            f"select {', '.join(selected)} from typed as t "
            "left join looked_up as d on t.row_id = d.row_id where t.row_id between ? and ?"
        )
        for start in range(1, self._last_row_id + 1, ROWS_A_CHUNK):
            rows = [start, start + ROWS_A_CHUNK - 1]
            # No name is given to what comes: the rows are judged while nothing else holds them.
            yield self._shown(self.db.execute(query, rows).to_arrow_table())

    def _unread(self, column: Column) -> str:
        """SQL of the mark ``?`` and the text of a cell that says something, over its text d."""
        text = self._as_typed(column, "d")
        given = f"not is_missing({text})"
        if column.is_list:  # of a list that is only separators every element is missing
            one = SEPARATORS[0]
            alike = f"translate({text}, {quoted(SEPARATORS)}, {quoted(one * len(SEPARATORS))})"
            parts = f"string_split({alike}, {quoted(one)})"
            given = f"len(list_filter({parts}, part -> not is_missing(trim(part)))) > 0"
        return f"case when {given} then '?' || {text} end"

    def _shown(self, typed: pa.Table) -> pa.Table:
        """A chunk as the second judge is to see it."""
        columns = {}
        of_rules = {name for rule in self.contract.row_rules for name in rule.columns}
        for column in self.contract.columns:
            value = canonical(typed[column.name])
            if column.unread_reason:
                unread = typed[f"{column.name}__unread"].combine_chunks()
                columns[column.name] = pc.coalesce(value, unread)
            elif column.required:
                columns[column.name] = value
            if column.minimum is not None or column.maximum is not None:
                columns[f"{column.name}__number"] = typed[column.name].cast(pa.float64())
            if column.name in of_rules:
                columns[f"{column.name}__value"] = value
        return pa.table({**columns, "overflow": typed["overflow"]})

    def key_hashes(self) -> Iterator[pa.Table]:
        """The hash of every competing row's key within its file, all at once, in `key_hash`."""
        key = ", ".join(identifier(c.name) for c in self.contract.key)
        duplicate = self._duplicate_bit()
        yield self.db.execute(
            f"select cast(hash(file_no, {key}) >> 1 as bigint) as key_hash from typed "
            f"where (broken & ~{duplicate}::bigint) = 0"
        ).to_arrow_table()

    def expected_counts(self) -> dict[str, int]:
        """Per rule, the count that another judge must come to over the whole batch.

        A judge of uniqueness counts every row of a repeated key, also the one that stays.
        """
        counts = {rule.name: 0 for rule in self.rules}
        for of_file in self.rule_counts().values():
            for rule, count in of_file.items():
                counts[rule] += count
        repeated = next(rule.name for rule in self.rules if rule.kind == "duplicate")
        groups = self.db.execute("select count(*) from repeated").fetchone()
        counts[repeated] += groups[0] if groups else 0
        return counts

    def _duplicate_bit(self) -> int:
        return 1 << next(i for i, rule in enumerate(self.rules) if rule.kind == "duplicate")

    def accepted_sql(self, file_no: int, file_id: str) -> str:
        """The query of a file's accepted rows, in the store's columns."""
        columns = []
        for column in self.contract.columns:
            if column.form == "enterprise_id" and not column.is_list:
                key = self._plain("enterprise_key")
                columns += [f"{key} as enterprise_key", "t.is_natural_person"]
            columns.append(f"{self._plain(column.name)} as {identifier(column.name)}")
            columns += [f"t.{identifier(also.name)}" for also in column.also]
        return (
            f"select {self._identity(file_id)}, t.control_total, {', '.join(columns)} "
            f"from typed as t where t.file_no = {file_no} and t.broken = 0"
            + ("" if self._is_in_order else " order by t.row_sequence")
        )

    def quarantined_sql(self, file_no: int, file_id: str, *, whole_file: str | None = None) -> str:
        """The query of a file's bad rows, with their reasons and the row as it came.

        Args:
            file_no: from `add_file`.
            file_id: the file's SHA-256.
            whole_file: a file-level reason: every row is listed, the good ones for this reason.
        """
        dataset = quoted(self.contract.dataset)
        columns = f"{self._identity(file_id)}, t.control_total"
        bad = (
            f"select {dataset} as dataset, {columns}, t.problems, t.original from bad as t "
            f"where t.file_no = {file_no}"
        )
        if whole_file is None:
            return f"{bad} order by t.row_sequence"
        rows = f"select row_id from typed where file_no = {file_no} and broken = 0"
        return (
            f"{bad} union all by name select {dataset} as dataset, {columns}, "
            "[{'column_name': null::varchar, "
            f"'reason': {quoted(whole_file)}, 'raw_value': null::varchar}}] as problems, "
            f"{self._original()} as original from typed as t join ({self._text_of(rows)}) as r "
            "on t.row_id = r.row_id order by row_sequence"
        )

    def _original(self) -> str:
        """SQL of the row as it came, as JSON, over its text r."""
        pairs = ", ".join(
            f"{quoted(c.name)}: {self._as_typed(c, 'r')}" for c in self.contract.columns
        )
        return f"to_json({{{pairs}, 'extra': r.extra::json, 'overflow': r.overflow}})::varchar"

    def _explain_what_is_bad(self) -> None:
        """Makes `bad`: every row that breaks a rule, with its reasons and the row as it came."""
        problems = ", ".join(self._problem_sql(i, rule) for i, rule in enumerate(self.rules))
        self.db.execute(
            "create or replace table bad as select t.row_id, t.file_no, t.sheet_name, "
            "t.row_number, t.row_sequence, t.corrects, t.control_total, "
            f"list_filter([{problems}], problem -> problem is not null) as problems, "
            f"{self._original()} as original "
            "from typed as t join doubtful as r on t.row_id = r.row_id where t.broken <> 0"
        )

    def _identity(self, file_id: str) -> str:
        return (
            f"{quoted(file_id)} as file_id, {quoted(self.contract.version)} as contract_version, "
            "t.sheet_name, t.row_number, t.row_sequence, t.corrects"
        )

    def _problem_sql(self, index: int, rule: rules.Rule) -> str:
        raw = self._as_typed(rule.column, "r")
        if rule.kind == "shape":
            raw, column = "r.overflow", "null::varchar"
            shown = raw
        elif rule.kind == "duplicate":
            shown = "null::varchar"
            column = quoted(rule.column.name)
        else:
            shown, column = raw, quoted(rule.column.name)
        if rule.column.is_personal or rule.column.personal_when_natural_in:
            shown = f"masked({shown})"
        elif rule.column.form == "enterprise_id":
            shown = f"masked_unless_juristic({shown})"
        else:
            shown = f"scrubbed({shown})"
        if any(c.is_personal or c.personal_when_natural_in for c in self.contract.columns):
            # In a row with a cell too many, anybody's name may stand anywhere.
            shown = f"case when r.overflow is null then {shown} else masked({raw}) end"
        return (
            f"case when t.broken & {1 << index} <> 0 then {{'column_name': {column}, "
            f"'reason': {quoted(rule.reason)}, 'raw_value': {shown}}} end"
        )

    def extra_headers(self, headers: Sequence[Header]) -> list[str]:
        """Texts in these headers that name no column, once each; persons' numbers are covered."""
        unknown = list(dict.fromkeys(name for header in headers for name in header.unknown))
        found = self.db.execute("select list_transform(?::varchar[], x -> scrubbed(x))", [unknown])
        return list((found.fetchone() or ([],))[0])

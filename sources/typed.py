"""From text to typed, judged rows: SQL generated from a contract, run in DuckDB on whole batches.

A `Workbench` takes the tables of any number of files of one dataset into one relation of text,
reads each distinct text once by its value form (value_forms.sql), joins the values back and marks
for every row which rules it breaks. Rows are never touched one by one in Python.

Relations, all in the workbench's own database:
    raw          text as it came: row_id, file_no, sheet_name, row_number, row_sequence, kind
                 ('row', 'total', 'header'), overflow, extra, one column a contract column
    dict_*       distinct texts of a value form and the values they stand for
    typed        row_id, file_no, broken (bit i: rule i of `sources.rules.derive`), control_total,
                 one column a contract column, and for enterprise ids their keyed hash
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from sources import reference, rules
from sources.contracts import Column, Contract
from sources.headers import Header
from sources.text import TOTAL_WORD, spelling_key

FORMS_SQL = Path(__file__).parent / "value_forms.sql"
#: People separate lists by semicolons as asked, by commas or by lines; no name or id has one.
LIST_SEPARATOR = "[;,\n]"
#: Rows of a batch that are worth a look by Great Expectations at a time (bounds its memory).
ROWS_A_CHUNK = 250_000

_PLAIN_NUMBER = "^-?[0-9]{1,15}([.][0-9]{1,2})?$"


def quoted(text: str) -> str:
    """The text as a SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """The name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


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
        }
        if scratch is not None:
            config["temp_directory"] = str(scratch)
        self.db = duckdb.connect(":memory:", config=config)
        self._files = 0
        self._load_reference(secret)
        self._create_raw()

    def __enter__(self) -> Workbench:
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

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
            "code_spelling": codes,
        }.items():
            db.register("incoming", table)
            db.execute(f"create table {name} as from incoming")
            db.unregister("incoming")
        db.execute(FORMS_SQL.read_text(encoding="utf-8"))

    def _create_raw(self) -> None:
        columns = "".join(f", {identifier(c.name)} varchar" for c in self.contract.columns)
        self.db.execute(
            "create sequence row_ids start 1; "
            "create table raw (row_id bigint default nextval('row_ids'), file_no integer, "
            "sheet_name varchar, row_number integer, row_sequence integer, kind varchar, "
            f"overflow varchar, extra varchar{columns})"
        )

    # ── Text in ───────────────────────────────────────────────────────────────────────────────

    def add_file(self) -> int:
        """Begins a file; its rows are told apart by the number this returns."""
        self._files += 1
        return self._files

    def drop_file(self, file_no: int) -> None:
        """Takes a file's rows out again (it turned out unreadable half way)."""
        self.db.execute("delete from raw where file_no = ?", [file_no])

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
        width = batch.num_columns - 2
        cells = {
            name: f"c{position}" for name, position in header.positions.items() if position < width
        }
        key_cells = [cells[c.name] for c in self.contract.key if c.name in cells]
        every = [f"c{position}" for position in range(width)]
        blank = " and ".join(f"trim({c}) = ''" for c in every)
        keyed = " and ".join(f"trim({c}) <> ''" for c in key_cells) or "false"
        total_word = quoted(TOTAL_WORD)
        # The cheap test first: the words are looked for only where their letters occur at all.
        word_in = "(contains({0}, 'วม') or contains(lower({0}), 'total')) and regexp_matches(lower(tidy({0})), {1})"
        key_is_total = " or ".join(word_in.format(c, total_word) for c in key_cells)
        any_total = " or ".join(word_in.format(c, total_word) for c in every)
        repeated = " and ".join(
            f"lower(trim({c})) = {quoted(header.cells[int(c[1:])].strip().lower())}"
            for c in key_cells
        )
        named = set(cells.values())
        extra = [
            (header.cells[position] or f"column {position + 1}", f"c{position}")
            for position in range(width)
            if f"c{position}" not in named and position < len(header.cells)
        ]
        extra_sql = (
            "to_json(map(["
            + ", ".join(quoted(name) for name, _ in extra)
            + "], ["
            + ", ".join(c for _, c in extra)
            + "]))"
            if extra
            else "null"
        )
        columns = "".join(
            ", " + self._with_unit(cells.get(c.name), header.units.get(c.name))
            for c in self.contract.columns
        )
        names = "".join(f", {identifier(c.name)}" for c in self.contract.columns)
        self.db.register("incoming", batch)
        self.db.execute(
            f"""
            insert into raw (file_no, sheet_name, row_number, row_sequence, kind, overflow, extra{names})
            select
                {file_no},
                {quoted(sheet_name) if sheet_name is not None else "null"},
                row_number,
                {base} + row_number,
                case
                    when {repeated} then 'header'
                    when {keyed} and not ({key_is_total}) then 'row'
                    when {any_total} then 'total'
                    else 'row'
                end,
                overflow,
                {extra_sql}{columns}
            from incoming
            where not ({blank}) or overflow is not null
            """
        )
        self.db.unregister("incoming")

    @staticmethod
    def _with_unit(cell: str | None, unit: str | None) -> str:
        if cell is None:
            return "null"
        if unit is None:
            return f"nullif({cell}, '')"
        # A header that states a unit states it for bare numbers; a cell with its own keeps it.
        bare = f"regexp_matches(arabic_digits({cell}), '^[-(฿ ]*[0-9][0-9., ]*[) ]*$')"
        return f"case when {bare} then {cell} || {quoted(' ' + unit)} else nullif({cell}, '') end"

    # ── Values and verdicts ───────────────────────────────────────────────────────────────────

    def judge(self) -> None:
        """Types every row of `raw` into `typed` and marks the rules it breaks."""
        for column in self.contract.columns:
            if column.form not in ("text",):
                self._make_dictionary(column)
        self.db.execute(self._typed_sql())
        self._mark_duplicates()

    def _make_dictionary(self, column: Column) -> None:
        name, db = identifier(column.name), self.db
        skip = (
            f" and not regexp_matches({name}, {quoted(_PLAIN_NUMBER)})"
            if column.form == "money"
            else ""
        )
        db.execute(
            f"create or replace temp table texts as "
            f"select distinct {name} as text from raw where kind = 'row' and {name} is not null{skip}"
        )
        table = identifier(f"dict_{column.name}")
        if column.is_list:
            db.execute(
                "create or replace temp table elements as "
                f"select text, position, trim(element) as element from (select text, "
                f"unnest(regexp_split_to_array(text, {quoted(LIST_SEPARATOR)})) as element, "
                f"generate_subscripts(regexp_split_to_array(text, {quoted(LIST_SEPARATOR)}), 1) as position "
                "from texts) where not is_missing(element)"
            )
            db.execute(
                "create or replace temp table texts_of_elements as "
                "select distinct element as text from elements"
            )
            value = "list(value order by position)"
            if column.form == "enterprise_id":
                value = (
                    "list({'enterprise_key': keyed_hash(value), 'juristic_id': case when not "
                    "is_natural_person_id(value) then value end} order by position)"
                )
            db.execute(
                f"create or replace temp table {table} as "
                f"with read as ({self._read(column, 'texts_of_elements')}), "
                "lists as (select e.text, case when count(*) = count(r.value) then "
                f"{value} end as value from elements as e join read as r on e.element = r.text "
                "group by e.text) "
                "select t.text, is_missing(t.text) or l.text is null as missing, l.value "
                "from texts as t left join lists as l on t.text = l.text"
            )
            return
        extra = ", keyed_hash(value) as enterprise_key" if column.form == "enterprise_id" else ""
        # A code may be spelled with a word that elsewhere means "nothing" (ไม่มี).
        missing = "is_missing(text)" + (" and value is null" if column.form == "code" else "")
        db.execute(
            f"create or replace temp table {table} as "
            f"select text, {missing} as missing, value{extra} from ({self._read(column, 'texts')})"
        )

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
            return f"select text, case when {fits} then value end as value {read}"
        return f"select text, value {read}"

    def _value(self, column: Column) -> tuple[str, str]:
        """SQL of a column's value and of whether it is missing, over raw r and dictionaries."""
        raw = f"r.{identifier(column.name)}"
        if column.form == "text":
            missing = (
                f"(length({raw}) < 8 and is_missing({raw})) or {raw} is null or trim({raw}) = ''"
            )
            value = f"case when {missing} then null else tidy({raw}) end"
        else:
            entry = identifier(f"d_{column.name}")
            missing = f"({raw} is null or coalesce({entry}.missing, false))"
            value = f"case when not {entry}.missing then {entry}.value end"
            if column.form == "money":
                plain = f"regexp_matches({raw}, {quoted(_PLAIN_NUMBER)})"
                value = f"case when {plain} then cast({raw} as decimal(18, 2)) else {value} end"
        return value, missing

    def _typed_sql(self) -> str:
        contract = self.contract
        joins, values, selected = [], [], []
        for column in contract.columns:
            name = identifier(column.name)
            if column.form != "text":
                entry = identifier(f"d_{column.name}")
                joins.append(
                    f"left join {identifier(f'dict_{column.name}')} as {entry} "
                    f"on r.{name} = {entry}.text"
                )
            value, missing = self._value(column)
            values += [f"{value} as {name}", f"({missing}) as {identifier('_m_' + column.name)}"]
            if column.form == "enterprise_id" and not column.is_list:
                values.append(f"{identifier('d_' + column.name)}.enterprise_key as enterprise_key")
                selected += ["enterprise_key", f"is_natural_person_id({name}) as is_natural_person"]
            if column.default is not None:
                selected.append(
                    f"case when {identifier('_m_' + column.name)} then {quoted(column.default)} "
                    f"else {name} end as {name}"
                )
            elif column.default_from is not None:
                selected.append(
                    f"case when {identifier('_m_' + column.name)} then "
                    f"{identifier(column.default_from)} else {name} end as {name}"
                )
            else:
                selected.append(name)
        bits = [
            f"(case when {self._breaks(rule)} then {1 << i} else 0 end)"
            for i, rule in enumerate(self.rules)
            if rule.kind != "duplicate"
        ]
        total = " + ".join(f"coalesce({identifier(c.name)}, 0)" for c in contract.money) or "0"
        return (
            "create or replace table typed as with valued as (select r.row_id, r.file_no, r.overflow, "
            + ", ".join(values)
            + " from raw as r "
            + " ".join(joins)
            + " where r.kind = 'row') select row_id, file_no, cast("
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

    @staticmethod
    def _breaks_row_rule(rule: rules.RowRule) -> str:
        kwargs = rule.kwargs
        if rule.expectation == "expect_column_pair_values_a_to_be_greater_than_b":
            sign = "<" if kwargs.get("or_equal") else "<="
            broken = f"{identifier(kwargs['column_A'])} {sign} {identifier(kwargs['column_B'])}"
        elif rule.expectation == "expect_column_values_to_match_regex":
            broken = (
                f"not regexp_matches(cast({identifier(kwargs['column'])} as varchar), "
                f"{quoted(kwargs['regex'])})"
            )
        else:
            raise ValueError(f"rule {rule.name}: no SQL is known for {rule.expectation}")
        if rule.only_where:
            column, equals = rule.only_where
            broken = f"{identifier(column)} = {quoted(equals)} and {broken}"
        return broken

    def _mark_duplicates(self) -> None:
        """Marks all but the last good row of a key in a file; bad rows compete with none."""
        bit = self._duplicate_bit()
        key = ", ".join(identifier(c.name) for c in self.contract.key)
        self.db.execute(
            "create or replace temp table repeated as "
            f"select file_no, {key} from typed where broken = 0 group by all having count(*) > 1"
        )
        self.db.execute(
            f"update typed set broken = broken + {bit} where row_id in ("
            f"select t.row_id from typed as t join repeated as k using (file_no, {key}) "
            "join raw as r using (row_id) where t.broken = 0 "
            f"qualify row_number() over (partition by t.file_no, {', '.join('t.' + identifier(c.name) for c in self.contract.key)} "
            "order by r.row_sequence desc) > 1)"
        )

    # ── What came of it ───────────────────────────────────────────────────────────────────────

    def file_counts(self) -> dict[int, dict[str, Any]]:
        """A file's figures: rows, rows good and bad, total rows passed over, control total."""
        counted = self.db.execute(
            """
            select file_no, count(*), count(*) filter (where broken = 0), sum(control_total)
            from typed group by file_no
            """
        ).fetchall()
        totals = dict(
            self.db.execute(
                "select file_no, count(*) from raw where kind = 'total' group by file_no"
            ).fetchall()
        )
        figures = {
            number: {"rows": rows, "good": good, "bad": rows - good, "control_total": total}
            for number, rows, good, total in counted
        }
        empty = {"rows": 0, "good": 0, "bad": 0, "control_total": 0}
        return {
            number: {**figures.get(number, empty), "total_rows": totals.get(number, 0)}
            for number in range(1, self._files + 1)
        }

    def rule_counts(self) -> dict[int, dict[str, int]]:
        """Per file, how many rows break each rule."""
        sums = ", ".join(
            f"count(*) filter (where broken & {1 << i} <> 0)" for i in range(len(self.rules))
        )
        return {
            row[0]: dict(zip((rule.name for rule in self.rules), row[1:], strict=True))
            for row in self.db.execute(
                f"select file_no, {sums} from typed group by file_no"
            ).fetchall()
        }

    def chunks(self) -> Iterator[pa.Table]:
        """The typed rows for the second judge, in bounded chunks.

        A column holds its value in canonical text, or ``?`` and the text as it came where that
        could not be read. Beside it stand numbers with bounds as ``<column>__number`` (double) and
        what rules over several columns look at as ``<column>__value`` (missing where unread).
        """
        selected = []
        for column in self.contract.columns:
            name = identifier(column.name)
            if (
                column.is_list
                or (column.form == "text"
                and not (column.required or column.key_position))
            ):
                if column.unread_reason:
                    selected.append(
                        f"case when t.{name} is not null then 'read' "
                        f"when r.{name} is not null and not is_missing(r.{name}) then '?' end as {name}"
                    )
                continue
            text = f"cast(t.{name} as varchar)"
            if column.form == "text":
                selected.append(f"{text} as {name}")
            else:
                said = f"r.{name} is not null and not is_missing(r.{name})"
                unread = f"case when {said} then '?' || r.{name} end"
                filled = column.default is not None or column.default_from is not None
                shown = (
                    f"case when {said} or r.{name} is not null then {text} end" if filled else text
                )
                selected.append(f"coalesce({shown}, {unread}) as {name}")
            if column.minimum is not None or column.maximum is not None:
                selected.append(
                    f"cast(t.{name} as double) as {identifier(column.name + '__number')}"
                )
        selected += [
            f"cast(t.{identifier(name)} as varchar) as {identifier(name + '__value')}"
            for name in dict.fromkeys(
                name for rule in self.contract.row_rules for name in rule.columns
            )
        ]
        query = (
            f"select {', '.join(selected)}, r.overflow "
            "from typed as t join raw as r using (row_id) where t.row_id between ? and ?"
        )
        low, high = self.db.execute("select min(row_id), max(row_id) from typed").fetchone() or (
            None,
            None,
        )
        if low is None:
            return
        for start in range(low, high + 1, ROWS_A_CHUNK):
            table = self.db.execute(query, [start, start + ROWS_A_CHUNK - 1]).to_arrow_table()
            if table.num_rows:
                yield table

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
                columns += ["t.enterprise_key", "t.is_natural_person"]
            columns.append(f"t.{identifier(column.name)}")
        return (
            f"select {self._identity(file_id)}, t.control_total, {', '.join(columns)} "
            f"from typed as t join raw as r using (row_id) where t.file_no = {file_no} "
            f"and r.file_no = {file_no} and t.broken = 0 order by r.row_sequence"
        )

    def quarantined_sql(self, file_no: int, file_id: str, *, whole_file: str | None = None) -> str:
        """The query of a file's bad rows, with their reasons and the row as it came.

        Args:
            file_no: from `add_file`.
            file_id: the file's SHA-256.
            whole_file: a file-level reason: every row is listed, the good ones for this reason.
        """
        problems = ", ".join(self._problem_sql(i, rule) for i, rule in enumerate(self.rules))
        listed = f"list_filter([{problems}], problem -> problem.reason is not null)"
        if whole_file:
            listed = (
                f"case when t.broken = 0 then [{{'column_name': null::varchar, 'reason': "
                f"{quoted(whole_file)}, 'raw_value': null::varchar}}] else {listed} end"
            )
        pairs = ", ".join(
            f"{quoted(c.name)}: r.{identifier(c.name)}" for c in self.contract.columns
        )
        which = "" if whole_file else "and t.broken <> 0 "
        return (
            f"select {quoted(self.contract.dataset)} as dataset, {self._identity(file_id)}, "
            f"t.control_total, {listed} as problems, "
            f"to_json({{{pairs}, 'extra': r.extra::json, 'overflow': r.overflow}})::varchar as original "
            f"from typed as t join raw as r using (row_id) where t.file_no = {file_no} "
            f"and r.file_no = {file_no} {which}order by r.row_sequence"
        )

    def _identity(self, file_id: str) -> str:
        return (
            f"{quoted(file_id)} as file_id, {quoted(self.contract.version)} as contract_version, "
            "r.sheet_name, r.row_number, r.row_sequence"
        )

    def _problem_sql(self, index: int, rule: rules.Rule) -> str:
        raw = f"r.{identifier(rule.column.name)}"
        if rule.kind == "shape":
            shown, column = "r.overflow", "null::varchar"
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
        return (
            f"{{'column_name': {column}, 'reason': case when t.broken & {1 << index} <> 0 then "
            f"{quoted(rule.reason)} end, 'raw_value': {shown}}}"
        )

    def extra_headers(self, headers: Sequence[Header]) -> list[str]:
        """Texts in these headers that name no column, once each."""
        return list(dict.fromkeys(name for header in headers for name in header.unknown))

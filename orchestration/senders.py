"""Whose a file is: the cluster that most of its rows name, and who answers for that cluster.

Which dataset registers clusters, and which column names the person who answers for them, is said
by the contracts (`answersForKey`). The person is personal data: used here to put clusters
together, and given to nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from orchestration.settings import Home
from sources.contracts import Column, Contract, discover
from sources.objects import kept, there
from sources.sql import identifier, quoted
from sources.store import Store
from sources.text import spelling_key

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


@dataclass(frozen=True)
class Version:
    """A version of a file as the published warehouse knows it."""

    receipt_id: int
    dataset: str
    path: str
    file_id: str
    contract_version: str
    status: str


@dataclass(frozen=True)
class Senders:
    """Who sent what.

    Attributes:
        code_of: (dataset, path) → the code that most rows of the file name, a registered one where
            any row names one; a file none of whose rows names a code is not there.
        together: registered code → all codes that the same person answers for, in their order.
    """

    code_of: Mapping[tuple[str, str], str]
    together: Mapping[str, tuple[str, ...]]

    def codes(self, dataset: str, path: str) -> tuple[str, ...]:
        """The codes of the one whose file it is; none where the file names no registered one."""
        return self.together.get(self.code_of.get((dataset, path), ""), ())


def look_up(home: Home, versions: Iterable[Version]) -> Senders:
    """Finds out whose the files at these paths are.

    Args:
        home: whose store to read.
        versions: every version of the files in question, and of the dataset that registers.
    """
    versions = list(versions)
    contracts = discover()
    register, person = _register(contracts)
    with duckdb.connect(":memory:") as db:
        together = _together(db, home, register, person, versions)
        votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for dataset, contract in contracts.items():
            column = _naming_column(contract, register)
            of_dataset = [version for version in versions if version.dataset == dataset]
            if column is None or not of_dataset:
                continue
            for file_id, code, rows in _named(db, home, column, of_dataset):
                for version in of_dataset:
                    if version.file_id == file_id:
                        votes[dataset, version.path][code] += rows
    code_of = {
        place: min(counted, key=lambda code: (code not in together, -counted[code], code))
        for place, counted in votes.items()
    }
    return Senders(code_of, together)


def _register(contracts: Mapping[str, Contract]) -> tuple[Contract, Column]:
    """The dataset that registers whom others belong to, and its column of who answers for it."""
    found = [
        (contract, column)
        for contract in contracts.values()
        for column in contract.columns
        if column.answers_for_key
    ]
    if len(found) != 1 or len(found[0][0].key) != 1:
        raise ValueError(
            "exactly one column of all contracts says answersForKey, in a dataset with a key of "
            "one column"
        )
    return found[0]


def _naming_column(contract: Contract, register: Contract) -> str | None:
    """The column whose values are keys of the register."""
    key = register.key[0].name
    if contract is register:
        return key
    for reference in contract.references:
        if (reference.to_dataset, reference.to_columns) == (register.dataset, (key,)):
            return reference.columns[0]
    return None


def _stored(home: Home, verdict: str, versions: Sequence[Version]) -> str:
    """SQL of the stored rows of these versions; null columns where there are none."""
    store = Store(home.store)
    paths = {store.path(v.dataset, verdict, v.file_id, v.contract_version) for v in versions}
    files = kept(there(paths))
    listed = ", ".join(quoted(str(path)) for path in sorted(files.values()))
    return f"read_parquet([{listed}], union_by_name = true)" if listed else ""


def _named(
    db: duckdb.DuckDBPyConnection, home: Home, column: str, versions: Sequence[Version]
) -> list[tuple[str, str, int]]:
    """(file id, code, rows) over the accepted and the quarantined rows of these versions."""
    parts = []
    if accepted := _stored(home, "accepted", versions):
        parts.append(f"select file_id, {identifier(column)} as said from {accepted}")
    if bad := _stored(home, "quarantined", versions):
        said = f"json_extract_string(original, {quoted('$.' + identifier(column))})"
        parts.append(f"select file_id, {said} as said from {bad}")
    if not parts:
        return []
    counted = db.execute(
        f"select file_id, said, count(*) from ({' union all '.join(parts)}) "
        "where said is not null group by all"
    ).fetchall()
    return [(file_id, _code(said), rows) for file_id, said, rows in counted if _code(said)]


def _code(said: str) -> str:
    return spelling_key(said).translate(_THAI_DIGITS).upper()


def _together(
    db: duckdb.DuckDBPyConnection,
    home: Home,
    register: Contract,
    person: Column,
    versions: Sequence[Version],
) -> dict[str, tuple[str, ...]]:
    current = [v for v in versions if (v.dataset, v.status) == (register.dataset, "loaded")]
    stored = _stored(home, "accepted", current)
    if not stored:
        return {}
    receipts = ", ".join(f"({quoted(v.file_id)}, {v.receipt_id})" for v in current)
    key = identifier(register.key[0].name)
    answering = db.execute(
        f"select {key}, {identifier(person.name)} from {stored} as r join "
        f"(values {receipts}) as v (file_id, receipt_id) using (file_id) "
        f"qualify row_number() over (partition by {key} "
        "order by submitted_on desc, receipt_id desc, row_sequence desc) = 1 order by 1"
    ).fetchall()
    by_person: dict[str, list[str]] = defaultdict(list)
    for code, name in answering:
        # A code that nobody answers for stands alone.
        by_person[spelling_key(name) if name else f"\0{code}"].append(code)
    return {code: tuple(codes) for codes in by_person.values() for code in codes}

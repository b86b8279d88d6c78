"""From the landing zone to the store: what came, and each dataset's load with its checks.

    landing/submissions ──▶ store/<dataset> ──▶ store/quarantined, ledger/*
                            every rule of the contract is an asset check here

Assets are made for whatever datasets have a contract; none is named.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from dagster import (
    AssetCheckResult,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetIn,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    Failure,
    MaterializeResult,
    MetadataValue,
    Output,
    TableColumn,
    TableRecord,
    TableSchema,
    asset,
    multi_asset,
)

from orchestration import progress
from orchestration.check_standing import dagster_severity, described, standing
from orchestration.descriptions import asset_description
from orchestration.disk_space import NotEnoughRoom
from orchestration.garbage import give_back
from orchestration.layout import LEDGER_RELATIONS, lay_out
from orchestration.leasing import waited_for
from orchestration.resources import ONE_WRITER_POOL, Warehouse
from orchestration.settings import git_sha
from sources.clock import utc_now
from sources.contracts import Contract, discover
from sources.expectations import expectation_of
from sources.failing_checks import Failing, failing_since
from sources.intake import Loaded, Received
from sources.leases import live_leases
from sources.ledger import Ledger
from sources.ledger_relations import ThisNight
from sources.rules import RECORDED_AS, Rule, derive
from sources.sentences import check_instructions, what_to_do

SUBMISSIONS = AssetKey(["landing", "submissions"])
OWNERS = ["team:data-engineering"]
#: How long a night waits for files that others load, at most (seconds); then it goes on without.
ELSEWHERE_SECONDS = 15 * 60
#: Remarks of a night that are told one by one, a dataset; each file's stand in audit.load_file.
REMARKS_TOLD = 50
#: Files named in a check's result, the worst first; all stand in audit.quarantined_row.
FILES_TOLD = 20
JUDGES_AGREE = "judges_agree"
_JUDGES_INSTRUCTION = check_instructions()["great_expectations", JUDGES_AGREE]
#: Rows judged by a rule, rows breaking it, files with such rows.
Counts: TypeAlias = tuple[int, int, int]
_NOTHING: Counts = (0, 0, 0)
_UNREAD = (
    "The store or the ledger could not be read, and the night did not publish. The step "
    "`build_inputs` of the run names the file. Is the home's disk mounted and whole? What is "
    "missing from the store must come back from the back-up."
)


def store_key(dataset: str) -> AssetKey:
    """The asset key of a dataset's rows in the store; dbt's source of that name has the same."""
    return AssetKey(["store", dataset])


def table_metadata(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> MetadataValue:
    """Rows as a table in Dagster's UI, the first hundred of them.

    Args:
        columns: column name → type, as shown.
        rows: the records, by column name.
    """
    return MetadataValue.table(
        records=[TableRecord(dict(row)) for row in rows[:100]],
        schema=TableSchema([TableColumn(name, kind) for name, kind in columns.items()]),
    )


@asset(
    key=SUBMISSIONS,
    pool=ONE_WRITER_POOL,
    group_name="landing",
    kinds={"file"},
    owners=OWNERS,
    description=asset_description(
        "What coordinators sent: every file in the landing zone. New bytes are archived, the same "
        "bytes again are recorded as duplicates, a file still being written waits for the next "
        "night, a file that another machine loads is waited for.",
        "The landing zone could not be read or the archive not be written: is it mounted, may this "
        "user read it, is there space in the home? Nothing was taken in; the next night takes "
        "everything. `warehouse status` has the sentence.",
    ),
)
def submissions(context: AssetExecutionContext, warehouse: Warehouse) -> Output[Received]:
    """Looks through the landing zone and archives what is new."""
    taken_over = [cut.in_words() for cut in warehouse.taken_over]
    for sentence in taken_over:
        context.log.warning(sentence)
    warehouse.ledger.record_run(context.run.run_id, "started", git_sha=git_sha())
    intake = warehouse.intake(context.run.run_id)
    try:
        received = intake.receive()
    except NotEnoughRoom as error:
        raise Failure(str(error), allow_retries=False) from error
    received = waited_for(intake, received, ELSEWHERE_SECONDS, _tell_waiting)
    elsewhere = _left_to_others(warehouse.ledger, received)
    for sentence in elsewhere:
        context.log.warning(sentence)
    for path in (
        *received.unknown, *received.being_written, *received.vanished, *received.unreadable
    ):  # fmt: skip
        context.log.warning("not taken in: %s", path)
    for path, first in received.duplicates:
        progress.notify("duplicate", f"{path} (the same bytes as {first})")
    return Output(
        received,
        metadata={
            "new files": len(received.new),
            "duplicates": len(received.duplicates),
            "back to earlier bytes": MetadataValue.json(
                [path for path, first in received.duplicates if path == first]
            ),
            "unchanged files": received.unchanged,
            "still being written": MetadataValue.json(list(received.being_written)),
            "vanished while looking": MetadataValue.json(list(received.vanished)),
            "not readable": MetadataValue.json(list(received.unreadable)),
            "folders of no dataset": MetadataValue.json(list(received.unknown)),
            "passed over": MetadataValue.json(list(received.passed_over)),
            "loaded ahead": warehouse.ledger.files_loaded_ahead(),
            "loaded elsewhere": MetadataValue.json(elsewhere),
            **({"took over": MetadataValue.json(taken_over)} if taken_over else {}),
        },
    )


def _tell_waiting(files: int) -> None:
    progress.notify("waiting", f"for {files:,} files that are loaded elsewhere")


def _left_to_others(ledger: Ledger, received: Received) -> list[str]:
    """What others still load, so that this night goes without it: a sentence each."""
    leases = {(lease.dataset, lease.file_id): lease.in_words() for lease in live_leases(ledger)}
    return [
        f"{leases.get((one.dataset, one.file_id), f'{one.path} is loaded elsewhere')}; "
        "it counts in the next night."
        for one in received.elsewhere
    ]


def _check_description(rule: Rule) -> str:
    kind, _ = expectation_of(rule)
    severity = RECORDED_AS[rule.severity]
    return (
        f"{rule.description} A row that breaks this is quarantined as {rule.reason}. ({kind})\n\n"
        f"{described(severity, what_to_do(rule.reason))}"
    )


def load_asset(contract: Contract) -> AssetsDefinition:
    """The asset of a dataset's rows in the store, with a check for every rule of its contract."""
    rules = derive(contract)
    key = store_key(contract.dataset)

    @asset(
        key=key,
        ins={"received": AssetIn(key=SUBMISSIONS)},
        pool=ONE_WRITER_POOL,
        group_name="store",
        kinds={"parquet", "duckdb", "greatexpectations"},
        owners=OWNERS,
        description=asset_description(
            f"{contract.description} {contract.grain}",
            "Failed: the store could not be written, or the two judges counted apart; the run says "
            "which, nothing of tonight's files of this dataset was taken. A check that warns names "
            "a rule that rows break: they are in quarantine with their reasons, the rest loaded. "
            f"`warehouse quarantine --dataset {contract.dataset}` lists them; the asset "
            "`quarantine/workbooks` has them ready to send back.",
        ),
        metadata={"contract": contract.version, "label": contract.label},
        check_specs=[
            AssetCheckSpec(
                JUDGES_AGREE,
                asset=key,
                blocking=True,
                description=(
                    "Great Expectations and the SQL that gave every row its verdict count the "
                    "same by every rule. Where they do not, tonight's files of this dataset are "
                    "refused and nothing is published.\n\n"
                    f"{described('error', _JUDGES_INSTRUCTION)}"
                ),
            ),
            *(
                AssetCheckSpec(
                    rule.name,
                    asset=key,
                    description=_check_description(rule),
                    blocking=rule.severity == "error",
                )
                for rule in rules
            ),
        ],
        op_tags={"dataset": contract.dataset},
    )
    def load(
        context: AssetExecutionContext, received: Received, warehouse: Warehouse
    ) -> Iterator[AssetCheckResult | Output[Loaded]]:
        new = [receipt for receipt in received.new if receipt.dataset == contract.dataset]
        loaded = warehouse.intake(context.run.run_id).load(contract.dataset, new)
        if new:
            give_back()
        fates = Counter(outcome.status for outcome in loaded.outcomes)
        yield Output(
            loaded,
            metadata={
                "files new": len(new),
                "files loaded": fates["loaded"],
                "files rejected": fates["rejected"],
                "files refused": fates["refused"],
                "rows read": sum(o.rows_read for o in loaded.outcomes),
                "rows accepted": sum(o.rows_accepted for o in loaded.outcomes),
                "rows quarantined": sum(o.rows_quarantined for o in loaded.outcomes),
                "files": table_metadata(
                    {"path": "string", "fate": "string", "reason": "string", "rows": "int",
                     "accepted": "int", "quarantined": "int", "message": "string"},
                    [
                        {"path": o.path, "fate": o.status, "reason": o.reason or "",
                         "rows": o.rows_read, "accepted": o.rows_accepted,
                         "quarantined": o.rows_quarantined, "message": o.message or ""}
                        for o in loaded.outcomes
                    ],
                ),
                "remarks": MetadataValue.json(_remarks(loaded)),
            },
        )  # fmt: skip
        counts = warehouse.ledger.active_rule_counts(contract.dataset)
        failing = _record(context, contract, rules, loaded, counts, warehouse.ledger)
        yield AssetCheckResult(
            check_name=JUDGES_AGREE,
            asset_key=key,
            passed=not loaded.disagreements,
            metadata={
                "rules compared": len(rules) if new else 0,
                "disagreements": table_metadata(
                    {"rule": "string", "sql counted": "int", "great expectations counted": "int"},
                    [
                        {"rule": d.rule, "sql counted": d.ours,
                         "great expectations counted": d.great_expectations}
                        for d in loaded.disagreements
                    ],
                ),
                **standing("error", _JUDGES_INSTRUCTION, failing.get(JUDGES_AGREE)),
            },
        )  # fmt: skip
        files = warehouse.ledger.files_breaking_rules(contract.dataset, FILES_TOLD)
        yield from _rule_checks(contract, rules, counts, files, failing)
        if (why := _why_not_published(contract, rules, counts)) is not None:
            raise Failure(why, allow_retries=False)

    return load


def _remarks(loaded: Loaded) -> list[str]:
    """What files said that is no fault and should be known, a sentence each."""
    said = [f"{o.path}: {remark}" for o in loaded.outcomes for remark in o.remarks]
    more = len(said) - REMARKS_TOLD
    if more > 0:
        said[REMARKS_TOLD:] = [f"{more:,} more such remarks stand in audit.load_file."]
    return said


def _record(
    context: AssetExecutionContext,
    contract: Contract,
    rules: Sequence[Rule],
    loaded: Loaded,
    counts: Mapping[str, Counts],
    ledger: Ledger,
) -> dict[str, Failing]:
    """Puts what every check found into the ledger, and says since when those that fail do."""
    run = {
        "run_id": context.run.run_id,
        "tool": "great_expectations",
        "dataset_or_model": contract.dataset,
    }
    judges = {
        **run,
        "checked_at": utc_now(),
        "check_name": JUDGES_AGREE,
        "severity": "error",
        "passed": not loaded.disagreements,
        "observed": f"{len(loaded.disagreements)} of {len(rules)} rules counted apart",
        "unexpected_count": len(loaded.disagreements),
    }
    of_rules = []
    for rule in rules:
        rows, broken, files = counts.get(rule.name, _NOTHING)
        of_rules.append(
            {
                **run,
                "checked_at": utc_now(),
                "check_name": rule.name,
                "severity": RECORDED_AS[rule.severity],
                "passed": broken == 0,
                "observed": f"{broken} of {rows} rows in {files} files",
                "unexpected_count": broken,
            }
        )
    ledger.record_checks([judges, *of_rules])
    failing = failing_since(ledger, context.run.run_id, "great_expectations")
    return {check: since for (about, check), since in failing.items() if about == contract.dataset}


def _rule_checks(
    contract: Contract,
    rules: Sequence[Rule],
    counts: Mapping[str, Counts],
    files_breaking: Mapping[str, Sequence[tuple[str, int]]],
    failing: Mapping[str, Failing],
) -> Iterator[AssetCheckResult]:
    """One result a rule over all files that count, so that it stays red until somebody mends it."""
    for rule in rules:
        rows, broken, files = counts.get(rule.name, _NOTHING)
        severity = RECORDED_AS[rule.severity]
        yield AssetCheckResult(
            check_name=rule.name,
            asset_key=store_key(contract.dataset),
            passed=broken == 0,
            severity=dagster_severity(severity),
            metadata={
                "rows judged": rows,
                "rows failing": broken,
                "files with failing rows": files,
                "reason code": rule.reason,
                "expectation": expectation_of(rule)[0],
                "where": table_metadata(
                    {"file": "string", "rows failing": "int"},
                    [
                        {"file": path, "rows failing": rows_broken}
                        for path, rows_broken in files_breaking.get(rule.name, ())
                    ],
                ),
                **standing(severity, what_to_do(rule.reason), failing.get(rule.name)),
            },
        )


def _why_not_published(
    contract: Contract, rules: Sequence[Rule], counts: Mapping[str, Counts]
) -> str | None:
    """Which broken rules keep the night from publishing, and what to do; None where none does."""
    broken = [
        f"{contract.dataset}.{rule.name} is broken by {rows:,} rows in {files:,} files "
        f"({what_to_do(rule.reason).english})"
        for rule in rules
        if rule.severity == "error"
        for _, rows, files in [counts.get(rule.name, _NOTHING)]
        if rows
    ]
    if not broken:
        return None
    return (
        f"By the contract a broken rule of severity error blocks publication: {'; '.join(broken)}. "
        "Have these files corrected, or take them out with `warehouse withdraw`, and run again."
    )


def _refuse_what_came_since(ledger: Ledger, moment: sa.Connection) -> None:
    """Looks again at the rules that block: others may have recorded a file since they were checked.

    Raises:
        Failure: one is broken by a file that this night would publish.
    """
    for contract in discover().values():
        rules = [rule for rule in derive(contract) if rule.severity == "error"]
        if not rules:
            continue
        counts = ledger.active_rule_counts(contract.dataset, moment)
        if (why := _why_not_published(contract, rules, counts)) is not None:
            raise Failure(why, allow_retries=False)


def build_inputs_asset(datasets: Sequence[str]) -> AssetsDefinition:
    """The asset that lays the store and the ledger out as relations for the night's build."""

    @multi_asset(
        name="build_inputs",
        pool=ONE_WRITER_POOL,
        specs=[
            AssetSpec(
                store_key("quarantined"),
                deps=[store_key(dataset) for dataset in datasets],
                group_name="store",
                kinds={"parquet"},
                owners=OWNERS,
                description=asset_description(
                    "Rows that were not accepted, of every dataset, with their reasons.", _UNREAD
                ),
            ),
            AssetSpec(
                store_key("correction"),
                deps=[store_key(dataset) for dataset in datasets],
                group_name="store",
                kinds={"parquet"},
                owners=OWNERS,
                description=asset_description(
                    "Which rows came back in a workbook for coordinators.", _UNREAD
                ),
            ),
            AssetSpec(
                store_key("closed_outcome"),
                group_name="store",
                kinds={"parquet"},
                owners=OWNERS,
                description=asset_description(
                    "What counted in each quarter when `warehouse close` closed it.", _UNREAD
                ),
            ),
            *(
                AssetSpec(
                    AssetKey(["ledger", relation]),
                    deps=[store_key(dataset) for dataset in datasets],
                    group_name="ledger",
                    kinds={"parquet"},
                    owners=OWNERS,
                    description=asset_description(
                        f"The ledger's `{relation}` as of this run, as the build reads it.", _UNREAD
                    ),
                )
                for relation in LEDGER_RELATIONS
            ),
        ],
    )
    def build_inputs(
        context: AssetExecutionContext, warehouse: Warehouse
    ) -> Iterator[MaterializeResult[None]]:
        run_id = context.run.run_id
        night = ThisNight(run_id, warehouse.ledger.run_started_at(run_id) or utc_now())
        home, ledger = warehouse.home, warehouse.ledger
        with ledger.one_moment() as moment:
            counts = lay_out(home, ledger, home.night, night, within=moment)
            _refuse_what_came_since(ledger, moment)
        for key in sorted(context.selected_asset_keys):
            yield MaterializeResult(
                asset_key=key, metadata={"dagster/row_count": counts[".".join(key.path)]}
            )

    return build_inputs

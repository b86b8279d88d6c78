"""What is published: tables and columns as dbt's manifest and the Thai glossary describe them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orchestration.dictionary.thai import Glossary

SCHEMAS = ("marts", "reports", "audit")
#: How a column's name ends → its unit; a metric says its own.
_UNITS = {
    "_baht": "baht", "_people": "people", "_ratio": "ratio", "_be": "year BE",
    "_at": "UTC", "_on": "date", "_date": "date",
}  # fmt: skip


@dataclass(frozen=True)
class Described:
    """What something is, in both languages; the Thai is None where nobody has written it."""

    english: str
    thai: str | None

    @property
    def comment(self) -> str:
        """As a comment in the published file: English, and Thai on a line of its own."""
        return self.english if self.thai is None else f"{self.english}\n{self.thai}"


@dataclass(frozen=True)
class Column:
    """One published column.

    Attributes:
        name: its name.
        sql_type: its DuckDB type.
        description: what it is.
        required: whether it is never null.
        unit: of its values: baht, people, ratio, count, days, year BE, UTC, date; None where none.
        metric: name of its definition in reports.metric_definition; None where it holds no metric.
    """

    name: str
    sql_type: str
    description: Described
    required: bool
    unit: str | None
    metric: str | None


@dataclass(frozen=True)
class Origin:
    """Where rows of a table come from: one rule of `meta.trace`, see the macro trace_rules.

    Attributes:
        explains: the columns it speaks of; none for all.
        dataset: whose files' rows they are.
        dataset_in: the column that says the dataset.
        through: the published table, `schema.name`, whose rows make them up.
        where: the condition by which they do.
        reference: what is from no file.
    """

    explains: tuple[str, ...]
    dataset: str | None
    dataset_in: str | None
    through: str | None
    where: str | None
    reference: str | None


@dataclass(frozen=True)
class Claim:
    """What is tested of a table: a claim, and whether a night or the software's own tests hold it.

    Attributes:
        text: what it says.
        every_night: whether each night tests it over its data; else a unit test over a few rows.
    """

    text: str
    every_night: bool


@dataclass(frozen=True)
class Table:
    """One published table."""

    schema: str
    name: str
    description: Described
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    origins: tuple[Origin, ...]
    tests: tuple[Claim, ...]

    @property
    def full_name(self) -> str:
        """`schema.name`."""
        return f"{self.schema}.{self.name}"

    def origins_of(self, column: str) -> tuple[Origin, ...]:
        """The rules that say where a column comes from."""
        return tuple(
            origin for origin in self.origins if not origin.explains or column in origin.explains
        )


def published_tables(manifest: Mapping[str, Any], glossary: Glossary) -> tuple[Table, ...]:
    """Every published table: marts, then reports, then audit, each in order of names.

    Args:
        manifest: dbt's, of the whole project.
        glossary: the Thai.
    """
    models = {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] in SCHEMAS
    }
    metrics = {metric["name"]: metric for metric in manifest["metrics"].values()}
    tests = _tests(manifest)
    places = {name: f"{node['schema']}.{name}" for name, node in models.items()}
    return tuple(
        Table(
            schema=node["schema"],
            name=node["name"],
            description=Described(_one_line(node["description"]), glossary.of_table(node["name"])),
            grain=tuple(node["config"]["meta"].get("grain", ())),
            columns=tuple(
                _column(node["name"], raw, metrics, glossary) for raw in node["columns"].values()
            ),
            origins=tuple(
                _origin(rule, places) for rule in node["config"]["meta"].get("trace", ())
            ),
            tests=tuple(tests.get(node["name"], ())),
        )
        for node in sorted(models.values(), key=lambda m: (SCHEMAS.index(m["schema"]), m["name"]))
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _column(
    model: str, raw: Mapping[str, Any], metrics: Mapping[str, Any], glossary: Glossary
) -> Column:
    name = raw["name"]
    metric = raw["config"]["meta"].get("metric")
    if metric is None:
        thai = glossary.of_column(model, name)
        unit = next((unit for end, unit in _UNITS.items() if name.endswith(end)), None)
    else:
        said = metrics[metric]["config"]["meta"]
        thai = _one_line(f"{said['label_th']}: {said['text_th']}")
        unit = said["unit"]
    return Column(
        name=name,
        sql_type=raw["data_type"],
        description=Described(_one_line(raw["description"]), thai),
        required=any(rule["type"] == "not_null" for rule in raw["constraints"]),
        unit=unit,
        metric=metric,
    )


def _origin(rule: Mapping[str, Any], places: Mapping[str, str]) -> Origin:
    through = rule.get("through")
    texts = {key: _one_line(rule[key]) for key in ("where", "reference") if rule.get(key)}
    return Origin(
        explains=tuple(rule.get("explains", ())),
        dataset=rule.get("dataset"),
        dataset_in=rule.get("dataset_in"),
        through=places[through] if through else None,
        where=texts.get("where"),
        reference=texts.get("reference"),
    )


def _tests(manifest: Mapping[str, Any]) -> dict[str, list[Claim]]:
    """Model → what is tested of it, in order of the claims."""
    found: dict[str, list[Claim]] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and (model := _tested(node)) is not None:
            found.setdefault(model, []).append(Claim(_claim(node), every_night=True))
    for unit in manifest["unit_tests"].values():
        found.setdefault(unit["model"], []).append(
            Claim(_sentence(unit["name"]), every_night=False)
        )
    return {
        model: sorted(tests, key=lambda claim: (not claim.every_night, claim.text))
        for model, tests in found.items()
    }


def _tested(test: Mapping[str, Any]) -> str | None:
    """The model that a test is about, else the first that it reads."""
    if about := test["config"]["meta"].get("dagster", {}).get("ref", {}).get("name"):
        return str(about)
    model = test.get("attached_node") or next(iter(test["depends_on"]["nodes"]), None)
    return str(model).split(".")[2] if model else None


def _claim(test: Mapping[str, Any]) -> str:
    generic = test.get("test_metadata")
    if not generic:
        return _sentence(test["name"].removeprefix("assert_"))
    arguments = generic["kwargs"]
    columns = ", ".join(arguments.get("columns") or [arguments.get("column_name") or ""])
    to = next((f" in {ref['name']}" for ref in test["refs"] if _is_another(ref, test)), "")
    return f"{_sentence(generic['name'])}: {columns}{to}"


def _is_another(ref: Mapping[str, Any], test: Mapping[str, Any]) -> bool:
    return str(ref["name"]) != str(test.get("attached_node")).rsplit(".", 1)[-1]


def _sentence(name: str) -> str:
    return name.replace("_", " ")

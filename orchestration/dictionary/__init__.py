"""The data dictionary: what comes in and what is published, each column in both languages.

    sources/*/contract.odcs.yaml ──▶ incoming ─────────────┐
    dbt's manifest (English) ──┬──▶ published ─────────────┴─▶ files: dictionary.csv, .json
    dictionary_th.yml (Thai) ──┘         └──▶ orchestration.comments: the published file itself

Nothing is stated here: a fact of a dataset stands in its contract, one of a published column in the
yml beside its model, its Thai in `dbt_project/dictionary_th.yml`. Nothing here needs Dagster.
"""

from orchestration.dictionary.published import Table, published_tables
from orchestration.dictionary.thai import read_glossary
from orchestration.manifest import load_manifest


def tables_of_the_project() -> tuple[Table, ...]:
    """Every published table, as the project describes it now.

    Raises:
        orchestration.manifest.BuildFailed: dbt cannot parse the project.
    """
    return published_tables(load_manifest(), read_glossary())

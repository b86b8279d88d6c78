"""The mirror as Dagster sees it: the night's last step, which can fail without failing the night.

What is published is published by then. So a mirror that could not be renewed fails no step: the
asset is not materialized, its check is red and says why, and the next night mirrors what this one
could not.
"""

from collections.abc import Iterator

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
    multi_asset,
)

from orchestration import progress, settings
from orchestration.descriptions import asset_description
from orchestration.loads import OWNERS
from orchestration.mirror.mirroring import mirror_published
from orchestration.mirror.server import MirrorFailed
from orchestration.publish import WAREHOUSE

MIRROR = AssetKey(["published", "mirror"])
IS_RENEWED = "mirror_shows_what_is_published"


def mirror_asset() -> AssetsDefinition:
    """The PostgreSQL mirror, after what is published."""

    @multi_asset(
        name="published__mirror",
        specs=[
            AssetSpec(
                MIRROR,
                deps=[WAREHOUSE],
                skippable=True,
                group_name="published",
                kinds={"postgres"},
                owners=OWNERS,
                description=asset_description(
                    "All published tables in the PostgreSQL database of "
                    "WAREHOUSE_PUBLISH_POSTGRES, with keys and comments. A transaction changes "
                    "what differs; whoever reads is not held up.",
                    "The night is published all the same, and the mirror shows an earlier one, "
                    "whole. Its check says why. Once that is mended type `warehouse mirror`, or "
                    "let the next night do it.",
                ),
            )
        ],
        check_specs=[
            AssetCheckSpec(
                IS_RENEWED,
                asset=MIRROR,
                description=(
                    "The mirror shows the run that is published. Where it does not, the metadata "
                    "says why and what to do; `warehouse status` says it too."
                ),
            )
        ],
    )
    def published_mirror(
        context: AssetExecutionContext,
    ) -> Iterator[AssetCheckResult | MaterializeResult[None]]:
        progress.notify("publishing", "the PostgreSQL mirror")
        try:
            done = mirror_published(settings.load())
        except MirrorFailed as error:
            context.log.warning("Published, but not mirrored: %s", error)
            yield AssetCheckResult(
                asset_key=MIRROR,
                check_name=IS_RENEWED,
                passed=False,
                severity=AssetCheckSeverity.WARN,
                metadata={"why": str(error)},
            )
            return
        yield MaterializeResult(
            asset_key=MIRROR,
            metadata={
                "run": done.run_id,
                "tables": done.tables,
                "rows": done.rows,
                "tables that changed": done.tables_changed,
                "rows added": done.rows_added,
                "rows removed": done.rows_removed,
                "seconds": done.seconds,
                **({"to do": " ".join(done.notes)} if done.notes else {}),
            },
        )
        yield AssetCheckResult(asset_key=MIRROR, check_name=IS_RENEWED, passed=True)

    return published_mirror

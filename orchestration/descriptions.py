"""What Dagster's UI says of an asset: what it is, and what to do when it is red."""

from __future__ import annotations


def asset_description(what: str, when_red: str) -> str:
    """An asset's description, in Markdown.

    Args:
        what: it is.
        when_red: what its failure means and what to do then.
    """
    return f"{what.strip()}\n\n**When it is red:** {when_red}"

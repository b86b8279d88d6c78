"""The one script that draws charts: Vega, Vega-Lite and vega-embed as vl-convert brings them.

Made in a second and a half, so it is kept for the release of vl-convert that made it.
"""

from __future__ import annotations

import os
import shutil
from importlib.metadata import version
from pathlib import Path

#: What of the bundle the pages use.
_SNIPPET = "window.vegaEmbed = vegaEmbed;"


def put_bundle(place: Path, cache: Path | None) -> None:
    """Writes the bundle to a new file.

    Args:
        place: of the file.
        cache: a folder that keeps the bundle for the next time; None makes it anew.
    """
    import vl_convert

    if cache is None:
        place.write_text(vl_convert.javascript_bundle(_SNIPPET), encoding="utf-8")
        return
    kept = cache / f"charts-{version('vl-convert-python')}.js"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        half = kept.with_suffix(f".{os.getpid()}.half")
        half.write_text(vl_convert.javascript_bundle(_SNIPPET), encoding="utf-8")
        half.replace(kept)
        for older in cache.glob("charts-*.js"):
            if older != kept:
                older.unlink(missing_ok=True)
    shutil.copyfile(kept, place)

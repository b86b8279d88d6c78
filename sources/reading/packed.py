"""Packed files: gzip unpacked beside the archive, and how much any packed file may hold."""

from __future__ import annotations

import gzip
import tempfile
import zlib
from pathlib import Path
from tempfile import _TemporaryFileWrapper

from sources.reading.tables import BLOCK_BYTES, FileRejected, is_of_this_machine

#: A table of text packs 5 to 30 times, XML of a sheet up to a hundred; deflate cannot do more than
#: a thousand, and only a file made to fill a disk comes near it.
TIMES_THE_PACKED = 200
#: Small files may pack better than that: a sheet of blank formatted cells does, and is harmless.
ALWAYS_ALLOWED_BYTES = 256 * 1024 * 1024
#: Twenty times what a night of a million rows holds as text.
NEVER_ALLOWED_BYTES = 8 * 1024 * 1024 * 1024


def allowed_bytes(packed_bytes: int) -> int:
    """How many bytes a packed file of this size may hold."""
    return min(max(ALWAYS_ALLOWED_BYTES, packed_bytes * TIMES_THE_PACKED), NEVER_ALLOWED_BYTES)


def too_much(holds: int, packed_bytes: int) -> FileRejected:
    """The refusal of a file that holds more than it may."""
    return FileRejected(
        "unreadable",
        f"The file has {packed_bytes:,} bytes but unpacks to more than {holds:,}. Nothing that "
        "people type does. Save the table itself again and send it.",
    )


def unpacked(path: Path) -> _TemporaryFileWrapper[bytes]:
    """The content of a gzip file, as a file that goes when nobody holds it any more.

    Raises:
        FileRejected: it is damaged, empty or holds more than it may.
        OSError: there is no space for the content.
    """
    packed_bytes = path.stat().st_size
    allowed = allowed_bytes(packed_bytes)
    # Beside the archived bytes, so for its owner alone.
    content = tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".unpacked")  # noqa: SIM115
    try:
        with gzip.open(path, "rb") as packed:
            while block := packed.read(BLOCK_BYTES):
                if content.tell() + len(block) > allowed:
                    raise too_much(allowed, packed_bytes)
                content.write(block)
    except (OSError, EOFError, zlib.error) as error:
        if isinstance(error, OSError) and is_of_this_machine(error):
            raise
        raise FileRejected(
            "unreadable", f"The compressed file is damaged ({error}). Pack it again and send it."
        ) from error
    content.flush()
    if not content.tell():
        raise FileRejected("empty", "The compressed file has no content.")
    return content

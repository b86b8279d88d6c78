"""Landing zone, archive and store in an object store: whether it answers, gives and takes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from orchestration.doctor.finding import Finding, ok, problem
from orchestration.settings import Home
from sources.objects import ObjectPath, ObjectStoreError, scratch_of

#: What is written to see whether it can be: hidden, so that no night takes it for a submission.
_PROBE = ".probe."


def stores(home: Home) -> Iterator[Finding]:
    """Whether each place in an object store can be listed, written and read by this user."""
    for setting, place in home.in_objects.items():
        about = setting.removeprefix("WAREHOUSE_").lower()
        try:
            found = len(place.listing()) if about == "landing" else None
            if about != "landing":  # nothing is ever written to the landing zone, which is theirs
                _try_writing(place)
        except ObjectStoreError as error:
            yield problem(about, str(error), None)
            continue
        if found is None:
            yield ok(about, f"{place} can be read and written.")
        else:
            yield ok(about, f"{place} can be read; {found:,} objects lie there.")


def _try_writing(place: ObjectPath) -> None:
    probe = place / f"{_PROBE}{secrets.token_hex(8)}"
    with scratch_of(place) as folder:
        (folder / "probe").write_bytes(b"probe")
        probe.put(folder / "probe")
        probe.fetch(folder / "back")
    probe.unlink(missing_ok=True)

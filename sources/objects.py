"""Files that lie in an object store (`s3://bucket/prefix`) in the place of a folder.

    Place        a folder's `Path`, or an `ObjectPath`, which speaks as much of the same language
    listing      all below a prefix with size and version, in one listing, no question a file
    at_hand      a file as one of this machine, fetched for as long as a block lasts
    kept         files that never change, fetched once and kept on this machine

An object appears whole or not at all, whatever becomes of who writes it, so nothing here is renamed
into place. What the store says when it fails is told in a sentence that names the setting
(`ObjectStoreError`). Credentials are found by the store's own library, in the standard variables
of its kind, and are in nothing that is written here.
"""

from __future__ import annotations

import errno
import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeAlias

from sources.sql import quoted

if TYPE_CHECKING:
    import duckdb  # half of the commands need none

#: What s3fs is told: ask the store, not a memory of it (others write to it, too), and do not wait
#: for ever (seconds).
_S3_OPTIONS: Mapping[str, Any] = {
    "use_listings_cache": False,
    "config_kwargs": {
        "connect_timeout": 5,
        "read_timeout": 20,
        "retries": {"max_attempts": 2},  # after the first
    },
}
#: How often s3fs asks again what botocore has asked in vain, the first time included. A store that
#: takes every request and answers none is given up after so many times three requests: two minutes.
_S3_TRIES = 2
#: Whose errors say that a store was not reached or not understood.
_LIBRARIES = ("botocore", "aiobotocore", "aiohttp", "urllib3", "fsspec", "asyncio")
#: Files fetched at the same time.
_AT_ONCE = 16


class ObjectStoreError(OSError):
    """An object store did not do what it was asked; a sentence that says what to do."""

    def __init__(self, number: int, sentence: str) -> None:
        super().__init__(number, sentence)

    def __str__(self) -> str:
        """The sentence alone."""
        return str(self.strerror)


@dataclass(frozen=True)
class Listed:
    """An object as a listing has it.

    Attributes:
        path: below what was listed.
        size: bytes.
        changed_ns: when it was written (nanoseconds since 1970; stores tell seconds or better).
        version: changes whenever its bytes do.
    """

    path: str
    size: int
    changed_ns: int
    version: str


@dataclass(frozen=True)
class ObjectPath:
    """A name in an object store, or the beginning of names.

    Attributes:
        url: without a slash at its end.
        scratch: a folder of this machine into which files of it may be fetched.
        setting: what names the store, to be told where it fails.
    """

    url: str
    scratch: Path = field(compare=False)
    setting: str = field(default="", compare=False)

    def __str__(self) -> str:
        """The URL."""
        return self.url

    def __truediv__(self, name: str) -> ObjectPath:
        """A name below this one."""
        return ObjectPath(f"{self.url}/{name}", self.scratch, self.setting)

    @property
    def name(self) -> str:
        """The last part."""
        return self.url.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """The ending, with its dot."""
        return PurePosixPath(self.name).suffix

    @property
    def parent(self) -> ObjectPath:
        """Without the last part."""
        return ObjectPath(self.url.rpartition("/")[0], self.scratch, self.setting)

    def is_relative_to(self, other: object) -> bool:
        """Whether it lies below another."""
        return self.url == str(other) or self.url.startswith(f"{other}/")

    def relative_to(self, other: object) -> PurePosixPath:
        """What comes after another.

        Raises:
            ValueError: it does not lie below it.
        """
        if not self.is_relative_to(other):
            raise ValueError(f"{self.url} is not below {other}")
        return PurePosixPath(self.url[len(str(other)) + 1 :])

    # ── Asked of the store ────────────────────────────────────────────────────────────────────

    def exists(self) -> bool:
        """Whether there is an object of this name.

        Raises:
            ObjectStoreError: the store does not say.
        """
        with self._asked():
            try:
                return bool(self._store.info(self.url)["type"] == "file")
            except FileNotFoundError:
                return False

    def listing(self) -> list[Listed]:
        """All objects below this name; none where there are none.

        Raises:
            ObjectStoreError: there is no such bucket, or the store does not say.
        """
        with self._asked(), _needs_bucket(self):
            found = self._store.find(f"{self.url}/", detail=True)
        root = f"{self._store._strip_protocol(self.url)}/"
        return [
            _listed(name.removeprefix(root), info)
            for name, info in found.items()
            if name.startswith(root) and not name.endswith("/")  # consoles make "folders" so
        ]

    def fetch(self, to: Path) -> None:
        """Copies the object's bytes into a file of this machine.

        Raises:
            FileNotFoundError: there is none.
            ObjectStoreError: the store does not give it.
        """
        fetch({self: to})

    def put(self, source: Path) -> None:
        """Has the object's bytes be those of a file, all of them or none.

        Raises:
            ObjectStoreError: the store does not take it.
        """
        with self._asked(), _needs_bucket(self):
            self._store.put_file(str(source), self.url)

    def unlink(self, missing_ok: bool = False) -> None:
        """Removes the object.

        Args:
            missing_ok: of no account: a store does not mind.

        Raises:
            ObjectStoreError: the store does not remove it.
        """
        with self._asked():
            try:
                self._store.rm_file(self.url)
            except FileNotFoundError:
                if not missing_ok:
                    raise

    def erase(self, *, but_the_last: bool = False) -> None:
        """Removes the object and every earlier version that the store keeps under its name.

        Args:
            but_the_last: leave the version that is there now.

        Raises:
            ObjectStoreError: the store does not remove them.
        """
        if not hasattr(self._store, "object_version_info"):
            if not but_the_last:
                self.unlink(missing_ok=True)
            return
        bucket, key, _ = self._store.split_path(self.url)
        with self._asked():
            # The oldest first: what is there now is there until nothing is.
            for version in reversed(list(self._versions(bucket, key))):
                if not (but_the_last and version["IsLatest"]):
                    self._store.call_s3(
                        "delete_object", Bucket=bucket, Key=key, VersionId=version["VersionId"]
                    )

    def _versions(self, bucket: str, key: str) -> Iterator[Mapping[str, Any]]:
        """What the store keeps under a name, marks of removals among it."""
        begin: dict[str, str] = {}
        while True:
            page = self._store.call_s3("list_object_versions", Bucket=bucket, Prefix=key, **begin)
            for version in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                # Where nothing was ever versioned, what is there has the version "null".
                if version["Key"] == key:
                    yield version
            if not page.get("IsTruncated"):
                return
            begin = {
                "KeyMarker": page["NextKeyMarker"],
                "VersionIdMarker": page.get("NextVersionIdMarker", ""),
            }

    @property
    def _store(self) -> Any:
        import fsspec

        scheme = self.url.partition("://")[0]
        if scheme != "s3":
            return fsspec.filesystem(scheme)
        store = fsspec.filesystem(scheme, **_S3_OPTIONS)
        store.retries = _S3_TRIES
        return store

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Has what a store's library raises be told in a sentence."""
        where = f"{self.url} ({self.setting})" if self.setting else self.url
        try:
            yield
        except (FileNotFoundError, ObjectStoreError):
            raise
        except PermissionError as error:
            raise ObjectStoreError(
                errno.EACCES,
                f"The object store refuses {where}: {_why(error)}. See that AWS_ACCESS_KEY_ID and "
                "AWS_SECRET_ACCESS_KEY are those of somebody who may list, read, write and delete "
                "there, then run it again.",
            ) from error
        except Exception as error:
            kind = type(error)
            if kind.__name__ == "NoCredentialsError":
                raise ObjectStoreError(
                    errno.EACCES,
                    f"No credentials for {where}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
                    "in the environment or in `.env`.",
                ) from error
            ours = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
            if ours or not (isinstance(error, OSError) or kind.__module__.startswith(_LIBRARIES)):
                raise
            raise ObjectStoreError(
                errno.EHOSTUNREACH,
                f"The object store does not answer at {where}: {_why(error)}. See that it runs and "
                "that AWS_ENDPOINT_URL names it, then run it again; what was published is "
                "unchanged.",
            ) from error


#: Where files lie: in a folder, or in an object store.
Place: TypeAlias = Path | ObjectPath


@contextmanager
def _needs_bucket(place: ObjectPath) -> Iterator[None]:
    """Says what is missing where neither a listing nor a new object needs any other object."""
    try:
        yield
    except FileNotFoundError as error:
        bucket = place.url.partition("://")[2].partition("/")[0]
        raise ObjectStoreError(
            errno.ENOENT,
            f"There is no bucket {bucket} in the object store ({place.setting or place.url}). "
            "Make it, or correct the setting.",
        ) from error


def _why(error: BaseException) -> str:
    """What a library said, in a line; it names neither keys nor signatures."""
    said = str(error).strip().splitlines()
    return said[0].rstrip(".") if said else type(error).__name__


def _listed(path: str, info: Mapping[str, Any]) -> Listed:
    changed: Any = next(
        (info[name] for name in ("LastModified", "mtime", "created") if info.get(name)), 0
    )
    seconds = changed.timestamp() if hasattr(changed, "timestamp") else float(changed)
    size, changed_ns = int(info["size"]), round(seconds * 1e9)
    version = hashlib.sha256(f"{info.get('ETag', '')} {size} {changed_ns}".encode()).hexdigest()
    return Listed(path, size, changed_ns, version[:16])


# ── Files of a store on this machine ──────────────────────────────────────────────────────────


def fetch(wanted: Mapping[ObjectPath, Path]) -> None:
    """Copies objects into files of this machine, many at a time.

    Args:
        wanted: object → where to; the folder is there.

    Raises:
        FileNotFoundError: one is not there.
        ObjectStoreError: the store does not give one.
    """
    for first in list(wanted)[:1]:
        with first._asked():
            first._store.get(
                [place.url for place in wanted],
                [str(path) for path in wanted.values()],
                batch_size=_AT_ONCE,
            )


@contextmanager
def at_hand(place: Place) -> Iterator[Path]:
    """A file as one of this machine: itself, or fetched for as long as the block lasts.

    Raises:
        FileNotFoundError: there is none.
        ObjectStoreError: the store does not give it.
    """
    if isinstance(place, Path):
        yield place
        return
    with scratch_of(place) as folder:
        path = folder / place.name
        place.fetch(path)
        yield path


@contextmanager
def scratch_of(place: ObjectPath) -> Iterator[Path]:
    """A folder of this machine, its owner's alone, that goes when the block ends."""
    place.scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=place.scratch, prefix=FETCHED) as folder:
        yield Path(folder)


#: How folders of files that are fetched for a while begin.
FETCHED = ".fetched."


def there(places: Iterable[Place]) -> dict[Any, int]:
    """Those of the places at which there is a file → its size (bytes).

    In an object store it costs a listing a folder of theirs, however many they are.

    Raises:
        ObjectStoreError: the store does not say.
    """
    found: dict[Any, int] = {}
    for parent, of_it in _by_parent(places).items():
        if isinstance(parent, ObjectPath):
            sizes = {listed.path: listed.size for listed in parent.listing()}
            found |= {place: sizes[place.name] for place in of_it if place.name in sizes}
            continue
        for place in of_it:
            try:
                found[place] = place.stat().st_size
            except (FileNotFoundError, NotADirectoryError):
                continue  # that is the answer
    return found


def kept(places: Collection[Place]) -> dict[Any, Path]:
    """Place → its file on this machine, in their order: itself, or a copy that stays.

    For files of the store, which are read again every night. A copy is fetched where there is none
    of the version that the store has now; copies of what the store has no more are removed.

    Raises:
        FileNotFoundError: one is not there.
        ObjectStoreError: the store does not give one.
    """
    found: dict[Any, Path] = {place: place for place in places if isinstance(place, Path)}
    for parent, of_it in _by_parent(places).items():
        if isinstance(parent, ObjectPath):
            found |= _kept_of(parent, of_it)
    return {place: found[place] for place in places}


def _kept_of(parent: ObjectPath, places: Collection[Any]) -> dict[Any, Path]:
    folder = _keeping(parent)
    began_ns = _now_ns(parent)
    names = {listed.path: _named(listed) for listed in parent.listing()}
    if missing := [str(place) for place in places if place.name not in names]:
        raise FileNotFoundError(errno.ENOENT, "The object store has no such file", missing[0])
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    current = set(names.values())
    have = {path.name for path in folder.iterdir()}
    lacking = [place for place in places if names[place.name] not in have]
    if lacking:
        with scratch_of(parent) as fetched:
            fetch({place: fetched / names[place.name] for place in lacking})
            for place in lacking:
                (fetched / names[place.name]).replace(folder / names[place.name])
    for name in have - current:
        path = folder / name
        # What another process has fetched since this one asked is none of an earlier version.
        if path.exists() and path.stat().st_mtime_ns < began_ns:
            path.unlink(missing_ok=True)
    return {place: folder / names[place.name] for place in places}


def _now_ns(place: ObjectPath) -> int:
    """The time as the file system of the copies has it (nanoseconds)."""
    with scratch_of(place) as folder:
        return folder.stat().st_mtime_ns


def _keeping(parent: ObjectPath) -> Path:
    """Where copies of what lies directly below a name are kept."""
    return parent.scratch / hashlib.sha256(parent.url.encode()).hexdigest()[:16]


def _named(listed: Listed) -> str:
    stem, dot, suffix = listed.path.rpartition(".")
    return f"{stem}.{listed.version}{dot}{suffix}"


def drop_kept(place: Place) -> None:
    """Removes every copy of a file that is kept on this machine."""
    if isinstance(place, ObjectPath):
        stem = place.name.rpartition(".")[0]
        for copy in _keeping(place.parent).glob(f"{stem}.*"):
            copy.unlink(missing_ok=True)


def _by_parent(places: Iterable[Place]) -> dict[Place, list[Any]]:
    grouped: dict[Place, list[Any]] = defaultdict(list)
    for place in places:
        grouped[place.parent].append(place)
    return grouped


# ── DuckDB ────────────────────────────────────────────────────────────────────────────────────


def reach_objects(db: duckdb.DuckDBPyConnection, *urls: object) -> None:
    """Lets a connection read and write `s3://…` by itself; nothing where no URL is one.

    The credentials are a secret in the connection's memory, which goes with it.

    Args:
        db: the connection.
        urls: what it is to reach.

    Raises:
        ObjectStoreError: there are no credentials.
    """
    reached = [str(url) for url in urls if str(url).startswith("s3://")]
    if not reached:
        return
    import importlib.resources

    import botocore.session
    import duckdb

    package = Path(str(importlib.resources.files("duckdb_extension_httpfs")))
    extension = package / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
    db.execute(f"load {quoted(str(extension))}")
    session = botocore.session.get_session()
    credentials = session.get_credentials()
    if credentials is None:
        raise ObjectStoreError(
            errno.EACCES,
            f"No credentials for {reached[0]}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in "
            "the environment or in `.env`.",
        )
    frozen = credentials.get_frozen_credentials()
    client = session.create_client("s3", region_name=_region(session))
    options = {
        "key_id": frozen.access_key,
        "secret": frozen.secret_key,
        "region": _region(session),
        **({"session_token": frozen.token} if frozen.token else {}),
    }
    scheme, _, host = client.meta.endpoint_url.partition("://")
    if not host.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        options |= {"endpoint": host.rstrip("/"), "url_style": "path"}
    said = ", ".join(f"{name} {quoted(value)}" for name, value in options.items())
    use_ssl = "true" if scheme == "https" else "false"
    try:
        db.execute(
            f"create or replace temporary secret objects (type s3, {said}, use_ssl {use_ssl})"
        )
    except duckdb.Error as error:  # it may quote the statement, and that has the secret
        raise ObjectStoreError(
            errno.EINVAL, "DuckDB does not take the credentials of the object store."
        ) from (error if isinstance(error, duckdb.IOException) else None)


def _region(session: Any) -> str:
    return str(session.get_config_variable("region") or "us-east-1")

"""How DuckDB reaches an object store (`s3://bucket/prefix`)."""

from __future__ import annotations

import importlib.resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


class ObjectStoreError(OSError):
    """An object store cannot be used; a sentence that says what to do."""


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
    import botocore.session
    import duckdb

    package = Path(str(importlib.resources.files("duckdb_extension_httpfs")))
    extension = package / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
    db.execute(f"load {_quoted(str(extension))}")
    session = botocore.session.get_session()
    credentials = session.get_credentials()
    if credentials is None:
        raise ObjectStoreError(
            f"No credentials for {reached[0]}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in "
            "the environment or in `.env`."
        )
    frozen = credentials.get_frozen_credentials()
    region = str(session.get_config_variable("region") or "us-east-1")
    client = session.create_client("s3", region_name=region)
    scheme, _, host = client.meta.endpoint_url.partition("://")
    options = {"key_id": frozen.access_key, "secret": frozen.secret_key, "region": region}
    if frozen.token:
        options["session_token"] = frozen.token
    if not host.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        options |= {"endpoint": host.rstrip("/"), "url_style": "path"}
    said = ", ".join(f"{name} {_quoted(value)}" for name, value in options.items())
    use_ssl = "true" if scheme == "https" else "false"
    try:
        db.execute(
            f"create or replace temporary secret objects (type s3, {said}, use_ssl {use_ssl})"
        )
    except duckdb.Error:  # it may quote the statement, and that has the secret
        raise ObjectStoreError(
            "DuckDB does not take the credentials of the object store."
        ) from None


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

"""The services' meeting place: where its sockets may lie, what the workspace file says."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import UnixStreamServer

import pytest
import yaml
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from orchestration import night, taking_over
from orchestration.service import (
    Service,
    answers,
    serve,
    take_over_in_words,
    write_workspace,
)
from orchestration.settings import Home, SettingsError


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(
        root=tmp_path / "home", landing=tmp_path / "landing", landing_is_set=False,
        ledger_url="sqlite://", keep_versions=1, report_due_days=1, key_secret=None,
    )  # fmt: skip
    made.prepare()
    return made


def test_a_folder_too_deep_for_a_socket_is_refused_before_anything_starts(home: Home) -> None:
    deep = home.root / ("ลึก" * 20)
    with pytest.raises(SettingsError, match="too long for a Unix socket"):
        serve(home, Service.code, deep)
    assert not deep.exists()


def test_every_service_asks_the_one_code_server_under_the_name_that_the_ui_gives_it(
    home: Home, tmp_path: Path
) -> None:
    socket = tmp_path / 'บ้าน: "คลัง"' / "code.sock"
    (location,) = yaml.safe_load(write_workspace(home, socket).read_text())["load_from"]
    assert location == {
        "grpc_server": {"socket": str(socket), "location_name": "orchestration.definitions"}
    }


@pytest.mark.parametrize(
    "error",
    [
        SettingsError("no space"),
        OSError(28, "no space"),
        OperationalError("insert …", {}, sqlite3.OperationalError("no space")),
    ],
)
def test_a_service_begins_although_nothing_could_be_taken_over(
    home: Home, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def gives_way(_: Home) -> None:
        raise error

    monkeypatch.setattr(taking_over, "take_over_if_free", gives_way)
    (said,) = take_over_in_words(home)
    assert said.startswith("Nothing was taken over: ")
    assert said.endswith("no space")


@pytest.mark.parametrize("error", [OSError(28, "no space"), SQLAlchemyError("no space")])
def test_a_night_that_cannot_begin_says_why_and_tells(
    home: Home, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def gives_way(_: Home) -> None:
        raise error

    told = []
    monkeypatch.setattr(night, "prepare_instance", gives_way)
    monkeypatch.setattr(night, "refuse_incomplete", lambda *_: None)
    monkeypatch.setattr(night, "_tell", lambda _home, report: told.append(report))
    sqlite = replace(home, ledger_url=f"sqlite:///{home.root / 'ledger.sqlite'}")
    report = night.run_night(sqlite, quiet=True)
    assert told == [report]
    assert not report.published
    assert "could not be written (no space)" in str(report.reason)


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (500, False)])
def test_a_webserver_that_answers_with_an_error_is_not_healthy(
    tmp_path: Path, status: int, healthy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a short name for the socket

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/view/server_info" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

        def address_string(self) -> str:
            return "socket"

    with UnixStreamServer("viewer.sock", Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert answers(Service.viewer, Path()) is healthy
        thread.join()
    assert not answers(Service.webserver, Path())

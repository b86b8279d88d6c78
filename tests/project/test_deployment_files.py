"""What deploy/ sets up, looked at without a server: units, containers, the installer.

`tests/integration/test_deployment.py` goes through the running services and nginx.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from dotenv import dotenv_values
from typer.main import get_command

from orchestration.cli import app
from orchestration.service import Service
from orchestration.settings import Home, Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("systemd/*.service"))
HARDENING = DEPLOY / "systemd/warehouse-.service.d/10-hardening.conf"
#: Of ten; above 5 systemd calls a service exposed. Where it is now: 1.4.
EXPOSURE = 2.0
ANALYZE = shutil.which("systemd-analyze")
systemd = pytest.mark.skipif(ANALYZE is None, reason="needs Debian's package systemd")


def name_of(path: Path) -> str:
    """The unit's name."""
    return path.name


def settings_of(unit: Path) -> dict[str, list[str]]:
    """What a unit and what all units share say: setting → its values."""
    said: dict[str, list[str]] = defaultdict(list)
    for line in (unit.read_text() + HARDENING.read_text()).splitlines():
        if "=" in line and not line.startswith("#"):
            setting, _, value = line.partition("=")
            said[setting].append(value)
    return said


def install(root: Path) -> None:
    """Lays the files out below `root`, as the installer does on a server."""
    environment = {**os.environ, "DESTDIR": str(root)}
    subprocess.run([DEPLOY / "install.sh"], env=environment, check=True, timeout=60)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with the warehouse installed, beside systemd's own units and the programs to start."""
    root = tmp_path_factory.mktemp("root")
    install(root)
    for name in ("opt/cluster-warehouse/.venv/bin/warehouse", "bin/sh"):
        program = root / name
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    for folder in ("lib/systemd/system", "usr/lib/systemd/system"):
        if Path("/", folder).is_dir() and not (root / "usr/lib/systemd/system").exists():
            shutil.copytree(Path("/", folder), root / "usr/lib/systemd/system", symlinks=True)
    return root


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The Compose file, its anchors resolved."""
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"])


# ── systemd ───────────────────────────────────────────────────────────────────────────────────


def test_there_is_a_unit_for_every_service_and_the_target_starts_them_all() -> None:
    expected = {f"warehouse-{service}.service" for service in Service}
    on_timers = {"warehouse-heartbeat.service", "warehouse-backup.service"}
    when_enabled = {"warehouse-serve.service"}
    assert {unit.name for unit in UNITS} == expected | on_timers | when_enabled
    target = (DEPLOY / "systemd/warehouse.target").read_text()
    wanted = set(re.findall(r"warehouse-\S+", target))
    assert wanted == expected | {"warehouse-heartbeat.timer"}


@systemd
def test_systemd_understands_every_unit(installed: Path) -> None:
    units = sorted(path.name for path in (installed / "etc/systemd/system").glob("warehouse*.*"))
    units = [unit for unit in units if not unit.endswith(".d")]
    assert len(units) == len(UNITS) + 3
    done = subprocess.run(
        [str(ANALYZE), f"--root={installed}", "--man=no", "verify", *units],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert [line for line in done.stderr.splitlines() if "warehouse" in line] == []


@systemd
@pytest.mark.parametrize("unit", UNITS, ids=name_of)
def test_systemd_finds_no_unit_exposed(installed: Path, unit: Path) -> None:
    done = subprocess.run(
        [
            str(ANALYZE), f"--root={installed}", "--offline=true", "--no-pager",
            f"--threshold={int(EXPOSURE * 10)}", "security", unit.name,
        ],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    rated = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert rated, done.stderr
    assert float(rated.group(1)) <= EXPOSURE
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("unit", UNITS, ids=name_of)
def test_a_unit_runs_as_its_own_user_on_a_read_only_system(unit: Path) -> None:
    said = settings_of(unit)
    assert said["User"] == ["warehouse"]
    assert said["NoNewPrivileges"] == ["yes"]
    assert said["ProtectSystem"] == ["strict"]
    assert said["CapabilityBoundingSet"] == [""]
    assert said["EnvironmentFile"] == ["/etc/cluster-warehouse/warehouse.env"]
    assert len(said["MemoryMax"]) == 1


@pytest.mark.parametrize("service", ["webserver", "viewer", "serve"])
def test_who_answers_the_network_sees_no_personal_data(service: str) -> None:
    root = Path("/var/lib/cluster-warehouse")
    home = Home(
        root=root, landing=root / "landing", landing_is_set=False, ledger_url="sqlite://",
        keep_versions=1, report_due_days=1, key_secret=None,
    )  # fmt: skip
    hidden = settings_of(DEPLOY / "systemd" / f"warehouse-{service}.service")["InaccessiblePaths"]
    held = (home.archive, home.store, home.build, home.waiting, home.landing, root / "key_secret")
    for private in (*held, home.fetched, home.quarantine, home.rebuilt):
        assert f"-{private}" in hidden


def test_what_is_hidden_from_the_network_is_there_before_a_service_starts(
    installed: Path,
) -> None:
    hidden = settings_of(DEPLOY / "systemd/warehouse-webserver.service")["InaccessiblePaths"]
    ours = [path.lstrip("-/") for path in hidden if "cluster-warehouse" in path]
    assert len(ours) > 5
    for path in ours:
        if not path.endswith("/key_secret"):  # the first night makes it
            assert (installed / path).stat().st_mode & 0o777 == 0o700, path
    assert (installed / "var/lib/cluster-warehouse").stat().st_mode & 0o777 == 0o711


def test_a_heartbeat_waits_for_a_daemon_that_was_just_started() -> None:
    timer = (DEPLOY / "systemd/warehouse-heartbeat.timer").read_text()
    assert re.findall(r"^On(?:Boot|Startup|Active)Sec=.*", timer, re.MULTILINE) == [
        "OnActiveSec=10min"
    ]


def test_no_back_up_is_made_where_no_folder_is_named() -> None:
    said = settings_of(DEPLOY / "systemd/warehouse-backup.service")
    shell, option, script = shlex.split(said["ExecStartPre"][0].replace("$$", "$"))
    for folder, well in (("", False), ("/nowhere/at/all", False), ("/", True)):
        done = subprocess.run(
            [shell, option, script],
            env={"BACKUP_DIR": folder} if folder else {}, capture_output=True, check=False,
        )  # fmt: skip
        assert (done.returncode == 0) is well, folder


def test_every_command_that_a_unit_or_a_container_calls_exists(compose: dict[str, Any]) -> None:
    typed = [
        shlex.split(command)
        for unit in UNITS
        for command in settings_of(unit)["ExecStart"] + settings_of(unit)["ExecStartPre"]
    ]
    for service in compose.values():
        if str(service.get("image")) != "cluster-warehouse":
            continue
        if "command" in service:
            typed.append(["warehouse", *service["command"]])
        for told in (service.get("entrypoint"), service.get("healthcheck", {}).get("test")):
            typed.append(shlex.split(" ".join(told or [])))
    ours = get_command(app).commands  # type: ignore[attr-defined]
    called = []
    for words in typed:
        for place, word in enumerate(words):
            if Path(word).name != "warehouse":
                continue
            command = words[place + 1].rstrip(";")
            options = {name for option in ours[command].params for name in option.opts}
            assert {said for said in words[place + 2 :] if said.startswith("--")} <= options
            called.append(command)
    assert set(called) == {"service", "heartbeat", "backup", "serve"}
    assert len(called) == len(UNITS) + len(Service) + 3 + 4


# ── Containers ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("service", list(Service))
def test_a_container_runs_the_same_command_as_the_unit_with_the_same_memory(
    compose: dict[str, Any], service: Service
) -> None:
    said = settings_of(DEPLOY / "systemd" / f"warehouse-{service}.service")
    (command,) = said["ExecStart"]
    program, *arguments = shlex.split(command)
    assert program == "/opt/cluster-warehouse/.venv/bin/warehouse"
    assert compose[service]["command"] == arguments
    assert [compose[service]["mem_limit"].upper()] == said["MemoryMax"]
    stop = {"2min": "2m", "1min": "1m", "30s": "30s"}[said["TimeoutStopSec"][0]]
    assert compose[service]["stop_grace_period"] == stop


def test_what_serves_over_the_network_is_started_only_where_it_is_wanted(
    compose: dict[str, Any],
) -> None:
    unit = DEPLOY / "systemd/warehouse-serve.service"
    assert "warehouse-serve" not in (DEPLOY / "systemd/warehouse.target").read_text()
    assert settings_of(unit)["WantedBy"] == ["warehouse.target"]
    assert compose["serve"]["profiles"] == ["serve"]
    assert [compose["serve"]["mem_limit"].upper()] == settings_of(unit)["MemoryMax"]
    # Beside TLS nothing listens for other machines; in a container its own network is all there is.
    (command,) = settings_of(unit)["ExecStart"]
    assert "--host" not in command


def test_a_container_gives_the_heartbeat_that_the_timer_gives(compose: dict[str, Any]) -> None:
    (command,) = settings_of(DEPLOY / "systemd/warehouse-heartbeat.service")["ExecStart"]
    assert " ".join(compose["heartbeat"]["entrypoint"]).count(Path(command).name) == 1
    timer = (DEPLOY / "systemd/warehouse-heartbeat.timer").read_text()
    assert "OnUnitInactiveSec=10min" in timer
    assert "sleep 600;" in compose["heartbeat"]["entrypoint"][-1]


def test_every_container_is_read_only_without_privileges_and_not_root(
    compose: dict[str, Any],
) -> None:
    assert set(compose) == {*Service, "heartbeat", "backup", "serve", "postgres", "nginx"}
    for name, service in compose.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["user"] not in ("", "root", "0", 0), name
        assert "mem_limit" in service, name


def test_no_container_but_nginx_is_open_to_the_network(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose.items() if "ports" in service] == ["nginx"]
    for name in ("webserver", "viewer", "postgres"):
        assert compose[name]["networks"] == ["inside"]


def test_the_image_is_made_of_what_the_locked_installation_is_and_of_no_state() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    assert "--require-hashes" in dockerfile
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[1] == "*"
    locks = ["requirements.lock", "requirements-cluster.lock"]
    assert f"ARG LOCK={locks[0]}" in dockerfile
    named = [name for name in " ".join(copied).split() if name != "${LOCK}"]
    assert len(named) < len(" ".join(copied).split())
    for name in [*named, *locks]:
        assert (ROOT / name).exists()
        assert f"!{name}" in ignored


# ── The installer ─────────────────────────────────────────────────────────────────────────────


def test_an_upgrade_renews_what_is_ours_and_keeps_what_an_operator_edited(tmp_path: Path) -> None:
    install(tmp_path)
    first = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    edited = [
        tmp_path / "etc/cluster-warehouse/warehouse.env",
        *(tmp_path / f"etc/nginx/warehouse/{name}.conf" for name in ("host", "redirect")),
        *(tmp_path / f"etc/nginx/warehouse/{name}.conf" for name in ("upstreams", "published")),
    ]
    for path in first:
        path.write_text("changed\n")
    install(tmp_path)
    for path, content in first.items():
        assert path.read_bytes() == (b"changed\n" if path in edited else content), path


def test_settings_with_secrets_are_not_for_everybody(installed: Path) -> None:
    file = installed / "etc/cluster-warehouse/warehouse.env"
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_upgrade_closes_settings_that_a_group_could_read(tmp_path: Path) -> None:
    install(tmp_path)
    file = tmp_path / "etc/cluster-warehouse/warehouse.env"
    file.write_text("WAREHOUSE_PORT='3001'\n")
    file.chmod(0o640)
    install(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text() == "WAREHOUSE_PORT='3001'\n"


def test_nginx_reads_what_is_published_where_it_is_and_changes_nothing(
    compose: dict[str, Any],
) -> None:
    home = "/var/lib/cluster-warehouse"
    mounted = [volume for volume in compose["nginx"]["volumes"] if volume.startswith("home:")]
    assert mounted == [f"home:{home}:ro"]
    said = (DEPLOY / "nginx/warehouse/published.conf").read_text()
    assert f"set $warehouse_published {home}/published;" in said


def test_what_an_operator_of_the_containers_writes_is_not_for_git(compose: dict[str, Any]) -> None:
    site = DEPLOY / "nginx/warehouse"
    templates = [DEPLOY / "warehouse.env.example", *sorted(site.glob("*.example"))]
    assert len(templates) == 4
    written = [path.with_suffix("") for path in templates]
    written += [site / name for name in ("tls.pem", "tls.key", "operators.htpasswd")]
    written.append(DEPLOY / ".env")
    assert compose["code"]["env_file"] == "warehouse.env"
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    for path in written:
        below = path.relative_to(ROOT)
        assert any(below.match(pattern) for pattern in ignored if pattern[0] != "#"), below


def test_a_setting_means_the_same_to_the_shell_and_to_compose(tmp_path: Path) -> None:
    lines = (DEPLOY / "warehouse.env.example").read_text()
    everything = re.sub(r"^#(?=WAREHOUSE_)", "", lines, flags=re.MULTILINE)
    file = tmp_path / "warehouse.env"
    file.write_text(everything)
    by_shell = subprocess.run(
        ["sh", "-c", f"set -a; . {file}; env"],
        env={}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    read = dict(line.split("=", 1) for line in by_shell.splitlines() if "WAREHOUSE_" in line)
    assert read == dotenv_values(file)
    assert len(read) == everything.count("\nWAREHOUSE_")


def test_every_setting_of_the_template_exists() -> None:
    template = (DEPLOY / "warehouse.env.example").read_text()
    named = re.findall(r"^#?WAREHOUSE_(\w+)=", template, re.MULTILINE)
    assert named
    assert {name.lower() for name in named} <= set(Settings.model_fields)


@pytest.mark.parametrize("script", ["install.sh", "warehouse.sh"])
def test_a_script_is_plain_shell(script: str) -> None:
    subprocess.run(["sh", "-n", DEPLOY / script], check=True)
    assert os.access(DEPLOY / script, os.X_OK)


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user, which only root can")
def test_the_command_of_a_server_runs_as_another_user_with_the_services_settings() -> None:
    folder = Path(tempfile.mkdtemp(prefix="command-"))
    try:
        said = "mailtos://user:password@example.org?to=a&x=y json://example.org"
        (folder / "warehouse.env").write_text(f"WAREHOUSE_ALERTS='{said}'\n")
        (folder / "program").write_text(
            '#!/bin/sh\nid -un\necho "$WAREHOUSE_ALERTS"\nls\numask\nprintf "<%s>" "$@"\n'
        )
        (folder / "closed").mkdir()
        script = (DEPLOY / "warehouse.sh").read_text()
        for installed, here in {
            "/etc/cluster-warehouse": folder,
            "/opt/cluster-warehouse/.venv/bin/warehouse": folder / "program",
            "/var/lib/cluster-warehouse": folder,
            "=warehouse --regid=warehouse": "=nobody --regid=nogroup",
        }.items():
            assert installed in script
            script = script.replace(installed, str(here))
        for path in (folder, folder / "program"):
            path.chmod(0o755)
        (folder / "closed").chmod(0o700)
        done = subprocess.run(
            ["sh", "-c", script, "warehouse", "query", "select 1"],
            cwd=folder / "closed", capture_output=True, text=True, check=True,
        )  # fmt: skip
    finally:
        shutil.rmtree(folder)
    user, alerts, *listed, mask, arguments = done.stdout.splitlines()
    assert (user, alerts, mask) == ("nobody", said, "0077")
    assert listed == ["closed", "program", "warehouse.env"]
    assert arguments == "<query><select 1>"


def test_the_landing_zone_of_the_containers_is_closed_to_nginx_which_mounts_the_home() -> None:
    made = (DEPLOY / "Dockerfile").read_text()
    assert "-m 700 /var/lib/cluster-warehouse/landing" in made

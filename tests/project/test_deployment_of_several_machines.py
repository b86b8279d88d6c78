"""What deploy/ has for several machines: the Celery worker's unit, the pods of Kubernetes.

The workers themselves run in `tests/integration/test_loading_on_several_machines.py`; nothing here
was run on a cluster of Kubernetes.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from orchestration.automation import every_night
from orchestration.cli import app
from orchestration.settings import TIME_ZONE, Settings

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy/celery/warehouse-worker.service"
HARDENING = ROOT / "deploy/systemd/warehouse-.service.d/10-hardening.conf"
MANIFESTS = ROOT / "deploy/kubernetes/warehouse.yaml"
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
#: Where the installer puts the software.
INSTALLED = "/opt/cluster-warehouse/"
ANALYZE = shutil.which("systemd-analyze")
SETTINGS = {f"WAREHOUSE_{name.upper()}" for name in Settings.model_fields}


@pytest.fixture(scope="module")
def manifests() -> dict[tuple[str, str], dict[str, Any]]:
    """(kind, name) → the object."""
    objects = yaml.safe_load_all(MANIFESTS.read_text())
    return {(one["kind"], one["metadata"]["name"]): one for one in objects}


@pytest.fixture(scope="module", params=["warehouse-load", "warehouse-night"])
def pod(
    request: pytest.FixtureRequest, manifests: dict[tuple[str, str], dict[str, Any]]
) -> dict[str, Any]:
    """What a pod of a job that the clock starts is made of."""
    job = manifests["CronJob", request.param]["spec"]["jobTemplate"]["spec"]
    return dict(job["template"]["spec"])


def test_the_worker_is_started_with_the_configuration_of_the_project() -> None:
    (line,) = re.findall(r"^ExecStart=(.*)$", UNIT.read_text(), re.MULTILINE)
    words = shlex.split(line)
    assert words[0] == f"{INSTALLED}.venv/bin/dagster-celery"
    configuration = words[words.index("-y") + 1]
    assert (ROOT / configuration.removeprefix(INSTALLED)).is_file()


@pytest.mark.skipif(ANALYZE is None, reason="needs Debian's package systemd")
def test_systemd_understands_the_workers_unit_and_does_not_find_it_exposed(tmp_path: Path) -> None:
    units = tmp_path / "etc/systemd/system"
    hardening = units / "warehouse-.service.d"
    hardening.mkdir(parents=True)
    shutil.copy(UNIT, units)
    shutil.copy(HARDENING, hardening)
    program = tmp_path / INSTALLED.lstrip("/") / ".venv/bin/dagster-celery"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for folder in ("lib/systemd/system", "usr/lib/systemd/system"):
        if Path("/", folder).is_dir() and not (tmp_path / "usr/lib/systemd/system").exists():
            shutil.copytree(Path("/", folder), tmp_path / "usr/lib/systemd/system", symlinks=True)
    understood = subprocess.run(
        [str(ANALYZE), f"--root={tmp_path}", "--man=no", "verify", UNIT.name],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert [line for line in understood.stderr.splitlines() if "warehouse" in line] == []
    rated = subprocess.run(
        [
            str(ANALYZE), f"--root={tmp_path}", "--offline=true", "--no-pager", "--threshold=20",
            "security", UNIT.name,
        ],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert rated.returncode == 0, rated.stdout


def test_a_pod_runs_a_command_that_exists(pod: dict[str, Any]) -> None:
    (container,) = pod["containers"]
    name, *options = container["args"]
    command = get_command(app).commands[name]  # type: ignore[attr-defined]
    known = {option for parameter in command.params for option in parameter.opts}
    assert set(options) <= known


def test_a_pod_has_the_home_where_the_image_expects_it_and_owns_it(pod: dict[str, Any]) -> None:
    (container,) = pod["containers"]
    (home,) = re.findall(r"WAREHOUSE_HOME=(\S+)", DOCKERFILE)
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert mounts["home"] == home
    assert set(mounts) == {volume["name"] for volume in pod["volumes"]}
    (owner,) = re.findall(r"useradd --uid (\d+)", DOCKERFILE)
    assert pod["securityContext"]["runAsUser"] == int(owner)
    assert pod["securityContext"]["fsGroup"] == int(owner)
    assert container["image"] == "cluster-warehouse"


def test_a_pod_takes_its_settings_from_what_the_manifests_name(
    pod: dict[str, Any], manifests: dict[tuple[str, str], dict[str, Any]]
) -> None:
    (container,) = pod["containers"]
    named = [source.get("configMapRef") for source in container["envFrom"]]
    assert ("ConfigMap", named[0]["name"]) in manifests
    claims = [
        volume["persistentVolumeClaim"]["claimName"]
        for volume in pod["volumes"]
        if "persistentVolumeClaim" in volume
    ]
    assert all(("PersistentVolumeClaim", claim) in manifests for claim in claims)


def test_every_setting_that_the_manifests_name_exists(
    manifests: dict[tuple[str, str], dict[str, Any]],
) -> None:
    data = manifests["ConfigMap", "warehouse"]["data"]
    said = {*data, *re.findall(r"from-literal=(WAREHOUSE_[A-Z_]+)=", MANIFESTS.read_text())}
    assert len(said) > len(data)
    assert said <= SETTINGS


def test_the_night_of_kubernetes_is_when_the_schedule_has_it(
    manifests: dict[tuple[str, str], dict[str, Any]],
) -> None:
    night = manifests["CronJob", "warehouse-night"]["spec"]
    assert night["schedule"] == every_night.cron_schedule
    assert night["timeZone"] == TIME_ZONE
    assert night["concurrencyPolicy"] == "Forbid"


def test_pods_that_load_side_by_side_share_one_volume_that_all_may_write(
    manifests: dict[tuple[str, str], dict[str, Any]],
) -> None:
    loading = manifests["CronJob", "warehouse-load"]["spec"]["jobTemplate"]["spec"]
    assert loading["parallelism"] == loading["completions"] > 1
    claim = manifests["PersistentVolumeClaim", "warehouse-home"]["spec"]
    assert claim["accessModes"] == ["ReadWriteMany"]

"""What steps print is in Dagster's files; nobody follows the files while `warehouse run` waits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from dagster import DagsterInstance, asset, materialize
from dagster._core.storage import local_compute_log_manager

from orchestration.step_output import kept_in_files_alone


@asset
def printed() -> None:
    print("a word", flush=True)
    print("a complaint", file=sys.stderr, flush=True)


def test_what_steps_print_is_in_their_files_and_no_process_follows_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    begun: list[object] = []
    begin = subprocess.Popen.__init__

    def told(process: subprocess.Popen[bytes], *args: object, **named: object) -> None:
        begun.append(args)
        begin(process, *args, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess.Popen, "__init__", told)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    (tmp_path / "dagster.yaml").write_text("telemetry: {enabled: false}\n", encoding="utf-8")
    with (
        capfd.disabled(),
        DagsterInstance.from_config(str(tmp_path)) as instance,
        kept_in_files_alone(),
    ):
        quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        assert materialize([printed], instance=instance, run_config=quiet).success
    kept = {
        path.suffix: path.read_text(encoding="utf-8") for path in tmp_path.rglob("compute_logs/*")
    }
    assert "a word" in kept[".out"]
    assert "a complaint" in kept[".err"]
    assert begun == []


def test_dagster_is_itself_again_after_a_night_that_broke() -> None:
    before = local_compute_log_manager.mirror_stream_to_file
    with pytest.raises(RuntimeError), kept_in_files_alone():
        assert local_compute_log_manager.mirror_stream_to_file is not before
        raise RuntimeError
    assert local_compute_log_manager.mirror_stream_to_file is before

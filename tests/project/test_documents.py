"""What documents say exists: paths, commands. What no file may say: hosts, places on a machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")])
#: What stands at the top of the project; a path that begins with one of these is a path in it.
TOP = ("sources", "orchestration", "dbt_project", "tests", "docs", "deploy", ".ci")
#: What only a home or an environment has.
MADE = (".venv/", "var/", "dbt_project/target", "dbt_project/logs")
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_COMMAND = re.compile(r"(?:^|[^\w./-])(?:\.venv/bin/)?warehouse ([a-z]+)\b", re.MULTILINE)
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_MAKE = re.compile(r"\bmake ([a-z]+)\b")


def name_of(path: Path) -> str:
    """The path within the project."""
    return path.relative_to(ROOT).as_posix()


def tracked() -> list[Path]:
    """The files of the project: those git knows or would add; all where there is no git."""
    try:
        listed = subprocess.run(
            ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            capture_output=True,
            check=True,
        ).stdout.split(b"\0")
    except (OSError, subprocess.CalledProcessError):
        skipped = {".git", ".venv", "var", "target", "__pycache__", "logs"}
        return [
            path
            for path in ROOT.rglob("*")
            if path.is_file() and not skipped & set(path.relative_to(ROOT).parts)
        ]
    return [path for name in listed if name and (path := ROOT / name.decode()).is_file()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_path_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    gone = []
    for span in _SPAN.findall(text):
        path = span.strip().rstrip("/").split(":")[0]
        is_path = path.split("/")[0] in TOP and "/" in path
        if not is_path or re.search(r"[\s<>{}$…]", path) or path.startswith(MADE):
            continue
        if not list(ROOT.glob(path)) and not list(document.parent.glob(path)):
            gone.append(span)
    for link in _LINK.findall(text):
        if "://" not in link and not (document.parent / link).exists():
            gone.append(link)
    assert gone == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_command_a_document_names_exists(document: Path) -> None:
    from orchestration.cli import app

    commands = set(get_command(app).commands)  # type: ignore[attr-defined]
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    code = "\n".join(_CODE.findall(document.read_text(encoding="utf-8")))
    code = "\n".join(line.strip("`") for line in code.splitlines())
    assert set(_COMMAND.findall(code)) - commands == set()
    assert set(_MAKE.findall(code)) - targets == set()


def test_every_command_of_the_interface_exists() -> None:
    from orchestration.cli import app

    interface = {"run", "ui", "status", "query", "quarantine", "withdraw", "template"}
    interface |= {"sample"}
    assert interface - set(get_command(app).commands) == set()  # type: ignore[attr-defined]


#: Joined here, so that this file does not hold what it looks for.
FORBIDDEN = [
    *(
        re.compile(rf"\b{name}\b".encode())
        for name in ("pypi" + r"\.org", "python" + r"hosted\.org")
    ),
    re.compile(rb"(?:index|extra-index|find-links)-url[ =]+http"),
    re.compile(rb"https?://[^\s\"'>)]*(?:artifactory|nexus|devpi|/simple\b)"),
    re.compile(
        b"(?<![\\w.~$}-])/(?:" + b"|".join([b"home", b"Users", b"root", b"work"]) + rb")/\w"
    ),
    re.compile(rb"[A-Z]:\\\\?Us" + rb"ers\\"),
]


def test_no_file_names_a_package_host_or_a_place_on_somebodys_machine() -> None:
    found = [
        (name_of(path), match.group().decode(errors="replace"))
        for path in tracked()
        for pattern in FORBIDDEN
        if (match := pattern.search(path.read_bytes()))
    ]
    assert found == []


def test_no_document_is_a_status_or_a_list_of_things_to_do() -> None:
    documents = {path.stem.lower() for path in tracked() if path.suffix in {"", ".md", ".txt"}}
    assert documents & {"todo", "status", "notes", "progress", "plan"} == set()

"""The two commands: what they need, when they install again, and what they pass on."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "scripts"
FILES = ("environment", "make_viewer", "run", "servers", "test")


def load(name: str) -> ModuleType:
    """A script as a module; they are no package."""
    spec = importlib.util.spec_from_file_location(f"scripts_{name}", SCRIPTS / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPTS))
        spec.loader.exec_module(module)
    return module


environment = load("environment")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with a complete .venv, as far as the record goes."""
    (tmp_path / "requirements.lock").write_text("numpy==1\n")
    (tmp_path / "requirements-test.lock").write_text("pytest==1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    python = environment.executable("python", tmp_path)
    python.parent.mkdir(parents=True)
    python.touch()
    environment.record(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_they_import_only_the_standard_library(name: str) -> None:
    tree = ast.parse((SCRIPTS / f"{name}.py").read_text(encoding="utf-8"))
    imported = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names | {*FILES}


@pytest.mark.parametrize("name", FILES)
def test_an_old_python_can_read_them(name: str) -> None:
    ast.parse((SCRIPTS / f"{name}.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_an_old_python_is_told_so_in_one_line() -> None:
    with pytest.raises(SystemExit) as stop:
        environment.refuse_old_python((3, 9))
    message = str(stop.value)
    assert "3.11" in message
    assert "3.9" in message
    assert "\n" not in message
    environment.refuse_old_python((3, 11))
    environment.refuse_old_python((4, 0))


def test_a_complete_environment_is_kept(clone: Path) -> None:
    assert environment.is_current(clone)


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_file_makes_the_environment_old(clone: Path, name: str) -> None:
    with (clone / name).open("a") as file:
        file.write("# more\n")
    assert not environment.is_current(clone)


def test_the_program_runs_without_what_tests_need(clone: Path) -> None:
    both = (environment.LOCK, environment.TEST_LOCK)
    assert not environment.is_current(clone, both)
    environment.record(clone, both)
    assert environment.is_current(clone, both)
    assert environment.is_current(clone)
    with (clone / environment.TEST_LOCK).open("a") as file:
        file.write("# more\n")
    assert not environment.is_current(clone, both)
    assert environment.is_current(clone)


def test_what_is_added_for_the_program_leaves_that_of_tests_on_record(clone: Path) -> None:
    both = (environment.LOCK, environment.TEST_LOCK)
    environment.record(clone, both)
    environment.record(clone, kept=environment.recorded(clone))
    assert environment.is_current(clone, both)


@pytest.mark.parametrize(
    ("arguments", "alone"),
    [
        ([], False),
        (["-k", "city", "--durations=5"], False),
        (["tests/model"], False),
        (["tests/model/test_city.py"], True),
        (["tests/model/test_city.py::test_a"], True),
        (["-s"], True),
        (["-n", "0"], True),
        (["--pdb", "tests/model"], True),
    ],
)
def test_one_file_and_those_who_want_to_be_talked_to_are_tested_in_one_process(
    arguments: list[str], alone: bool
) -> None:
    count = load("test").processes(arguments)
    assert count == (0 if alone else count)
    assert alone or count == os.cpu_count() or os.cpu_count() == 1


@pytest.mark.skipif(not shutil.which("Xvfb"), reason="Xvfb is not installed")
def test_processes_have_a_screen_each() -> None:
    with load("test").screens(2) as variables:
        first, second = variables["TWIN_TEST_DISPLAYS"].split()
        assert first != second
        assert answers(first)
        assert answers(second)
        assert variables["DISPLAY"] == first


def test_an_interrupted_installation_is_redone(clone: Path) -> None:
    (clone / ".venv" / environment.RECORD).unlink()
    assert not environment.is_current(clone)


def test_a_half_written_record_counts_as_none(clone: Path) -> None:
    record = clone / ".venv" / environment.RECORD
    record.write_bytes(record.read_bytes()[:-10])
    assert not environment.is_current(clone)


def test_a_moved_folder_makes_the_environment_old(
    clone: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    moved = tmp_path_factory.mktemp("elsewhere") / "clone"
    shutil.copytree(clone, moved)
    assert not environment.is_current(moved)


def test_a_vanished_python_makes_the_environment_old(clone: Path) -> None:
    environment.executable("python", clone).unlink()
    assert not environment.is_current(clone)


def test_emptying_keeps_only_the_guard(clone: Path) -> None:
    with environment.only_one(clone / ".venv"):
        environment.empty(clone / ".venv")
    assert [path.name for path in (clone / ".venv").iterdir()] == [environment.GUARD]


def test_servers_that_cannot_be_installed_stop_nobody_and_are_not_tried_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    servers = load("servers")
    monkeypatch.setattr(sys, "_base_executable", shutil.which("false"))
    (tmp_path / "scripts").mkdir()
    (tmp_path / servers.LOCK).write_text("uvicorn==1\n")
    servers.prepare_if_possible(tmp_path)
    said = capsys.readouterr().out.splitlines()
    assert said[-1].startswith("No servers, so tests that talk to them are skipped:")
    assert not servers.is_current(tmp_path)
    servers.prepare_if_possible(tmp_path)
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_servers_are_made_again_when_their_lock_changes(tmp_path: Path) -> None:
    servers = load("servers")
    (tmp_path / "scripts").mkdir()
    (tmp_path / servers.LOCK).write_text("uvicorn==1\n")
    (tmp_path / servers.FOLDER).mkdir()
    (tmp_path / servers.FOLDER / environment.RECORD).write_text(servers.fingerprint(tmp_path))
    assert servers.is_current(tmp_path)
    (tmp_path / servers.LOCK).write_text("# more\n")
    assert not servers.is_current(tmp_path)


def test_machine_code_is_made_as_the_program_does_it() -> None:
    from twin.formats import machine_code

    assert environment.MACHINE_CODE == machine_code.COMMAND


def test_two_runs_never_install_at_once(tmp_path: Path) -> None:
    inside = threading.Event()
    order: list[str] = []

    def second() -> None:
        with environment.only_one(tmp_path):
            order.append("second")
            inside.set()

    with environment.only_one(tmp_path):
        thread = threading.Thread(target=second)
        thread.start()
        assert not inside.wait(0.5)
        order.append("first")
    assert inside.wait(10)
    thread.join()
    assert order == ["first", "second"]


def test_installed_and_provided_packages_are_not_missing() -> None:
    status = (
        "installed\tlibegl1\t\n"
        "config-files\tlibgl1\t\n"
        "installed\tlibglib2.0-0t64\tlibglib2.0-0 (= 2.84.0-1), libglib2.0\n"
        "not-installed\txvfb\t\n"
    )
    wanted = ("libegl1", "libgl1", "libglib2.0-0", "libdbus-1-3", "xvfb")
    assert environment.missing_packages(status, wanted) == ["libgl1", "libdbus-1-3", "xvfb"]


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("WARNING: Retrying ... Temporary failure in name resolution", "PyPI cannot be reached"),
        ("ERROR: No matching distribution found for vtk==9.7.2", "no wheel for Python"),
        ("ERROR: No space left on device", "what is above says why"),
    ],
)
def test_a_failed_installation_says_what_to_do(output: str, words: str) -> None:
    assert words in environment.cause(output)


def test_a_failed_command_shows_the_end_of_its_output() -> None:
    with pytest.raises(SystemExit, match="No space left"):
        environment.run([sys.executable, "-c", "print('No space left'); raise SystemExit(1)"])


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these always have a display")
@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ""}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
    ],
)
def test_a_display_is_x_or_wayland(variables: dict[str, str], expected: bool) -> None:
    assert environment.has_display(variables) is expected


def test_alone_it_opens_helsinki_or_renders_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = load("run")
    assert run.arguments_for_helsinki(tmp_path, has_display=True) == ["open", str(run.HELSINKI)]
    assert not capsys.readouterr().out
    picture = str(tmp_path / "helsinki.png")
    assert run.arguments_for_helsinki(tmp_path, has_display=False) == [
        "render",
        str(run.HELSINKI),
        "--out",
        picture,
    ]
    assert picture in capsys.readouterr().out
    assert (ROOT / "assets" / "helsinki.twin.json") == run.HELSINKI


@pytest.mark.skipif(not shutil.which("Xvfb"), reason="Xvfb is not installed")
def test_the_screen_is_there_and_goes_again() -> None:
    with load("test").screen() as variables:
        assert answers(variables["DISPLAY"])
    assert not answers(variables["DISPLAY"])


def answers(display: str) -> bool:
    """Whether an X server listens on this display."""
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(f"/tmp/.X11-unix/X{display.removeprefix(':')}") == 0  # noqa: S108  # X's own


@pytest.mark.skipif(not environment.is_current(ROOT), reason=".venv was not made by scripts/test.py")
@pytest.mark.parametrize(("arguments", "expected"), [(["--version"], 0), (["no-such-verb"], 2)])
def test_run_passes_on_arguments_and_exit_status(arguments: list[str], expected: int) -> None:
    done = subprocess.run(
        [sys.executable, SCRIPTS / "run.py", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == expected, done.stderr

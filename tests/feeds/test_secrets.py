"""Secrets stay in the keyring or in memory, and are in no file of a project."""

from pathlib import Path

import pytest

from twin.cli.main import main
from twin.feeds import secrets


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    import keyring
    from keyring.backends import fail

    monkeypatch.setattr(keyring.core, "_keyring_backend", fail.Keyring())


def test_without_a_keyring_a_secret_lives_as_long_as_the_program() -> None:
    assert secrets.keep("lab", "mqtts://a", "s3cret") is False
    assert secrets.recall("lab", "mqtts://a") == "s3cret"
    assert secrets.recall("lab", "mqtts://another-host") == ""
    assert secrets.recall("yard", "mqtts://a") == ""
    secrets.keep("lab", "mqtts://a", "")
    assert secrets.recall("lab", "mqtts://a") == ""


def test_servers_give_it_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWIN_SECRET_LAB_2", "s3cret")
    assert secrets.recall("lab-2", "mqtts://a") == "s3cret"


def test_a_secret_is_in_no_file_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io
    import sys

    path = tmp_path / "a.twin.json"
    path.write_text(
        '{"schema": "twin-project", "version": 1, "name": "A", "crs": "EPSG:3879", '
        '"place": {"origin": [0, 0, 0], "longitude": 25, "latitude": 60}}'
    )
    add = ["feed", "add", str(path), "mqtt", "mqtt://127.0.0.1:1", "--id", "lab", "--option"]
    assert main([*add, 'topics=["a"]']) == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("s3cret\n"))
    assert main(["feed", "secret", str(path), "lab"]) == 2
    assert "TWIN_SECRET_LAB" in capsys.readouterr().err
    main(["sensors", str(path), "--record", "0.005"])
    said = capsys.readouterr()
    files = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"s3cret" not in files + (said.out + said.err).encode()
    secrets.keep("lab", "mqtt://127.0.0.1:1", "")

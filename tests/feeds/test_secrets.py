"""Secrets stay in the keyring or in memory, and are in no file of a project."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from twin.cli.main import main
from twin.feeds import secrets


class Ring(KeyringBackend):
    """A keyring of the keyring library's own kind, in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("there is none")


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    import keyring
    from keyring.backends import fail

    monkeypatch.setattr(keyring.core, "_keyring_backend", fail.Keyring())


@pytest.fixture
def ring(no_keyring: None) -> Iterator[Ring]:
    before, made = keyring.get_keyring(), Ring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)
    secrets._memory.clear()


def project_with_a_feed(folder: Path) -> Path:
    path = folder / "a.twin.json"
    path.write_text(
        '{"schema": "twin-project", "version": 1, "name": "A", "crs": "EPSG:3879", '
        '"place": {"origin": [0, 0, 0], "longitude": 25, "latitude": 60}}'
    )
    add = ["feed", "add", str(path), "mqtt", "mqtt://127.0.0.1:1", "--id", "lab", "--option"]
    assert main([*add, 'topics=["a"]']) == 0
    return path


def test_a_keyring_keeps_a_secret_for_the_next_time_and_forgets_it_with_its_feed(
    ring: Ring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project_with_a_feed(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO("s3cret\n"))
    assert main(["feed", "secret", str(path), "lab"]) == 0
    assert ring.kept == {("twin", "lab@127.0.0.1"): "s3cret"}
    secrets._memory.clear()  # as in another program
    assert secrets.recall("lab", "mqtt://127.0.0.1:1") == "s3cret"
    assert secrets.recall("lab", "mqtt://elsewhere.example") == ""  # a feed that was sent elsewhere
    files = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"s3cret" not in files
    assert main(["feed", "remove", str(path), "lab"]) == 0
    assert ring.kept == {}
    assert secrets.recall("lab", "mqtt://127.0.0.1:1") == ""


def test_a_keyring_that_has_nothing_to_forget_is_no_trouble(ring: Ring) -> None:
    assert secrets.keep("lab", "mqtt://a", "") is True


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
    path = project_with_a_feed(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO("s3cret\n"))
    assert main(["feed", "secret", str(path), "lab"]) == 2
    assert "TWIN_SECRET_LAB" in capsys.readouterr().err
    main(["sensors", str(path), "--record", "0.005"])
    said = capsys.readouterr()
    files = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"s3cret" not in files + (said.out + said.err).encode()
    secrets.keep("lab", "mqtt://127.0.0.1:1", "")

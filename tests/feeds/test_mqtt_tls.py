"""MQTT over TLS: a real broker with certificates of an authority of its own, made by openssl."""

import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from real_servers import Broker, mosquitto_program

from twin.feeds.mqtt import Mqtt

USER, SECRET = "reader", "s3cret-of-the-lab"


@dataclass(frozen=True)
class Authority:
    """Who signs certificates."""

    folder: Path

    @property
    def certificate(self) -> Path:
        return self.folder / "ca.pem"

    def sign(self, name: str, subject: str, names: str) -> tuple[Path, Path]:
        """A certificate for hosts, and its key."""
        request, signed, key = (self.folder / f"{name}.{end}" for end in ("csr", "pem", "key"))
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={names}\n")
        openssl("req", "-new", *KEY, "-keyout", key, "-out", request, "-subj", subject)
        openssl(
            *("x509", "-req", "-in", request, "-days", "1", "-extfile", extensions, "-out", signed),
            *("-CA", self.certificate, "-CAkey", self.folder / "ca.key", "-CAcreateserial"),
        )
        return signed, key


KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def openssl(*words: object) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on this machine to make certificates with")
    folder = tmp_path_factory.mktemp("authority")
    openssl(
        *("req", "-x509", *KEY, "-days", "1", "-subj", "/CN=Laboratory"),
        *("-keyout", folder / "ca.key", "-out", folder / "ca.pem"),
    )
    return Authority(folder)


def broker_with(folder: Path, authority: Authority, names: str) -> Broker:
    """A broker that lets in who knows the password, over TLS only."""
    if mosquitto_program() is None:
        pytest.skip("mosquitto is not on this machine")
    certificate, key = authority.sign("broker", "/CN=broker", names)
    passwords = folder / "passwords"
    program = shutil.which("mosquitto_passwd")
    if program is None:
        pytest.skip("mosquitto_passwd is not on this machine")
    subprocess.run([program, "-c", "-b", passwords, USER, SECRET], check=True, capture_output=True)
    more = (
        f"cafile {authority.certificate}\ncertfile {certificate}\nkeyfile {key}\ntls_version tlsv1.2\n"
        f"password_file {passwords}\nallow_anonymous false\n"
    )
    return Broker(folder, more=more)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Broker]:
    made = broker_with(tmp_path_factory.mktemp("tls"), authority, "IP:127.0.0.1")
    yield made
    made.kill()


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a computer whose administrator trusts the authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))


class Ear:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.states: list[str] = []

    def heard(self, _topic: str, payload: bytes, _retained: bool, kept: Callable[[], None]) -> None:
        self.messages.append(payload)
        kept()


def listen(broker: Broker, ear: Ear, password: str = SECRET) -> Mqtt:
    made = Mqtt(
        f"mqtts://127.0.0.1:{broker.port}", ["a"], ear.heard, ear.states.append, user=USER, password=password
    )
    made.start()
    return made


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 10.0
    while not true():
        assert time.monotonic() < ends, "it did not come about in time"
        threading.Event().wait(0.01)


def test_messages_come_over_tls_from_a_broker_whose_authority_is_trusted(
    broker: Broker, trusted: None
) -> None:
    ear = Ear()
    listener = listen(broker, ear)
    until(lambda: ear.states[-1] == "")
    listener.publish("a", b"21.5")
    until(lambda: ear.messages == [b"21.5"])
    listener.stop()


def test_a_broker_that_nobody_vouches_for_is_refused_and_the_reason_told(broker: Broker) -> None:
    ear = Ear()
    listener = listen(broker, ear)
    until(lambda: "certificate" in ear.states[-1])
    assert "is not trusted" in ear.states[-1]
    assert "self" in ear.states[-1] or "issuer" in ear.states[-1]
    listener.stop()
    assert ear.messages == []


def test_a_certificate_of_another_host_is_refused(
    authority: Authority, tmp_path: Path, trusted: None
) -> None:
    elsewhere = broker_with(tmp_path, authority, "DNS:elsewhere.example")
    ear = Ear()
    listener = listen(elsewhere, ear)
    until(lambda: "certificate" in ear.states[-1])
    assert "127.0.0.1" in ear.states[-1]
    listener.stop()
    elsewhere.kill()


def test_a_wrong_password_is_told_without_it(broker: Broker, trusted: None) -> None:
    ear = Ear()
    listener = listen(broker, ear, password="wrong-one")  # noqa: S106  # of nobody
    until(lambda: "refuses us" in ear.states[-1])
    listener.stop()
    assert not any("wrong-one" in state for state in ear.states)


def test_no_connection_does_without_checking() -> None:
    made = Mqtt("mqtts://127.0.0.1", ["a"], lambda *_: None, lambda _state: None)
    context = made._client._ssl_context
    assert isinstance(context, ssl.SSLContext)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)

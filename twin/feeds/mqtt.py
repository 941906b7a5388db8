"""Listens to an MQTT broker: QoS 1, acknowledged only when what came is kept, and back within seconds."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from twin.errors import TwinError

PORTS = {"mqtt": 1883, "mqtts": 8883, "ws": 80, "wss": 443}
KEEP_ALIVE = 30
"""So that a connection that is only half there is noticed. [s]"""
LONGEST_PAUSE = 4
"""Between two attempts to come back. [s]"""
Message = Callable[[str, bytes, bool, Callable[[], None]], None]
"""Takes topic, payload, whether it was retained, and what to call when it is kept."""


class Mqtt:
    """One connection, in a thread of its own from `start` to `stop`.

    name: of the session at the broker, which keeps messages for us while we are away; empty: a session for
    this time only. told: hears in words how the connection is, empty when it is well.
    Raises TwinError for what is no address of a broker.
    """

    def __init__(
        self,
        url: str,
        topics: Sequence[str],
        heard: Message,
        told: Callable[[str], None],
        *,
        name: str = "",
        user: str = "",
        password: str = "",
    ) -> None:
        scheme, self._host, self._port, path = address(url)
        for topic in topics:
            _check_topic(topic)
        self._topics, self._heard, self._told = tuple(topics), heard, told
        self._connection = 0
        self._refused = False
        self._trust = _Trust(ssl.PROTOCOL_TLS_CLIENT) if scheme in ("mqtts", "wss") else None
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=name,
            clean_session=not name,
            transport="websockets" if scheme.startswith("ws") else "tcp",
            manual_ack=True,
        )
        if self._trust is not None:
            self._trust.load_default_certs()  # those that the administrator of this computer trusts
            self._client.tls_set_context(self._trust)
        if scheme.startswith("ws"):
            self._client.ws_set_options(path=path or "/mqtt")
        if user:
            self._client.username_pw_set(user, password or None)
        self._client.connect_timeout = 5.0
        self._client.reconnect_delay_set(1, LONGEST_PAUSE)
        self._client.on_socket_open = _undelayed
        self._client.on_connect = self._connected
        self._client.on_connect_fail = self._failed
        self._client.on_disconnect = self._lost
        self._client.on_subscribe = self._subscribed
        self._client.on_message = self._message

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._told("connecting")
        self._client.connect_async(self._host, self._port, KEEP_ALIVE)
        self._client.loop_start()

    def stop(self) -> None:
        """Disconnect; the session at the broker stays."""
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes) -> Any:
        """Send with QoS 1; `wait_for_publish` of what comes back waits until it has arrived."""
        return self._client.publish(topic, payload, qos=1)

    def _connected(self, _client: Any, _data: Any, _flags: Any, reason: Any, _more: Any) -> None:
        self._refused = bool(reason.is_failure)
        if self._refused:
            self._told(f"the broker refuses us: {reason}")
            return
        self._connection += 1
        if self._topics:
            self._client.subscribe([(topic, 1) for topic in self._topics])
        else:
            self._told("")

    def _subscribed(self, _client: Any, _data: Any, _mid: int, reasons: Any, _more: Any) -> None:
        refused = [topic for topic, reason in zip(self._topics, reasons, strict=False) if reason.is_failure]
        self._told(f"the broker refuses {', '.join(refused)}" if refused else "")

    def _failed(self, _client: Any, _data: Any) -> None:
        problem = self._trust.problem if self._trust is not None else ""
        self._told(f"its certificate is not trusted ({problem})" if problem else "cannot be reached")

    def _lost(self, _client: Any, _data: Any, _flags: Any, reason: Any, _more: Any) -> None:
        if reason.is_failure and not self._refused:  # a refusal says more than that it hung up
            self._told("the connection is lost")

    def _message(self, client: Any, _data: Any, message: Any) -> None:
        number, quality, connection = message.mid, message.qos, self._connection

        def kept() -> None:
            if connection != self._connection:
                return  # the broker sends it again, and its number is another message's now
            if client.ack(number, quality) not in (
                MQTTErrorCode.MQTT_ERR_SUCCESS,
                MQTTErrorCode.MQTT_ERR_NO_CONN,
            ):
                self._told("an acknowledgement was not sent")

        self._heard(message.topic, message.payload, message.retain, kept)


class _Connection(ssl.SSLSocket):
    """Remembers why nobody was trusted, and lets go of the connection then."""

    def do_handshake(self, block: bool = False) -> None:
        trust = self.context
        assert isinstance(trust, _Trust)
        try:
            super().do_handshake(block)
        except ssl.SSLCertVerificationError as error:
            trust.problem = error.verify_message
            self.close()
            raise
        except OSError:
            trust.problem = ""
            self.close()
            raise
        trust.problem = ""


class _Trust(ssl.SSLContext):
    """Checks certificate and name of a broker; there is no way to do without."""

    sslsocket_class = _Connection
    problem = ""
    """Why the last broker was not trusted; the library that connects only says that it failed."""


def address(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path of a broker. Raises TwinError."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise TwinError(f"{url.rpartition('@')[2]}: is no address of a broker: {error}.") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise TwinError(
            f"{url.rpartition('@')[2]}: is no address of a broker. "
            "Write it as mqtt://host, mqtts://host:8883 or wss://host/path."
        )
    if parts.username is not None:
        raise TwinError(f"{parts.hostname}: the address holds a password. `twin feed secret` keeps it.")
    return parts.scheme, parts.hostname, port or PORTS[parts.scheme], parts.path


def _undelayed(_client: Any, _data: Any, connection: Any) -> None:
    """Let acknowledgements go out at once.

    The broker sends 20 messages and waits for all; bundled ones cost 40 ms each time, which is 400 a second.
    """
    with suppress(AttributeError, OSError):  # one of a WebSocket has no options
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _check_topic(topic: str) -> None:
    levels = topic.split("/")
    bad = any("+" in level and level != "+" for level in levels)
    bad = bad or "#" in topic[:-1] or (topic.endswith("#") and levels[-1] != "#")
    if not topic or bad or len(topic.encode()) > 65535 or "\0" in topic:
        raise TwinError(
            f"{topic!r} is no topic. A level is +, the last one may be #, as application/+/device/#."
        )

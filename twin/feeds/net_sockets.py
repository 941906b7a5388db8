"""Reads and writes sockets until a moment at the latest, however little comes at a time."""

from __future__ import annotations

import math
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

SLICE = 0.25
"""So long is waited before a look whether all is given up. [s]"""


class Until(httpcore.NetworkBackend):
    """Opens connections on which nothing that a thread does lasts beyond the moment it has named.

    The time limits of an HTTP client are for one piece each: one who sends a byte now and then, as headers
    too, holds it for ever. check: called at least every SLICE; what it raises ends the waiting.
    """

    def __init__(self, check: Callable[[], None]) -> None:
        self._real, self._ends, self.check = httpcore.SyncBackend(), threading.local(), check

    def watch(self, client: httpx.Client) -> None:
        """Let a client open its connections here, also those through a proxy.

        httpx has no other way that keeps the proxies of the computer.
        """
        inside: Any = client
        for transport in (inside._transport, *inside._mounts.values()):
            if transport is not None:
                transport._pool._network_backend = self

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Let all that this thread does within end after so long. [s]"""
        self._ends.moment = time.monotonic() + seconds
        try:
            yield
        finally:
            self._ends.moment = math.inf

    @property
    def left(self) -> float:
        """How long this thread may still wait; infinite when it has set no limit. [s]"""
        return float(getattr(self._ends, "moment", math.inf)) - time.monotonic()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """As the real one, within the limit."""
        given = within(timeout, self.left)
        if given <= 0:
            raise httpcore.ConnectTimeout("no time is left")
        return _Watched(self._real.connect_tcp(host, port, given, local_address, socket_options), self)

    def sleep(self, seconds: float) -> None:
        """Between attempts to connect."""
        time.sleep(seconds)


class _Watched(httpcore.NetworkStream):
    """A connection whose limit is that of the thread that uses it at the moment."""

    def __init__(self, real: httpcore.NetworkStream, until: Until) -> None:
        self._real, self._until = real, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What comes next."""
        ends = time.monotonic() + within(timeout, self._until.left)
        while True:
            self._until.check()
            left = ends - time.monotonic()
            if left <= 0:
                raise httpcore.ReadTimeout("no time is left")
            try:
                return self._real.read(max_bytes, min(left, SLICE))
            except httpcore.ReadTimeout:
                continue

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send it all."""
        given = within(timeout, self._until.left)
        if given <= 0:
            raise httpcore.WriteTimeout("no time is left")
        self._real.write(buffer, given)

    def close(self) -> None:
        """Let go of it."""
        self._real.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """From here on encrypted."""
        given = max(within(timeout, self._until.left), 1e-3)
        return _Watched(self._real.start_tls(ssl_context, server_hostname, given), self._until)

    def get_extra_info(self, info: str) -> Any:
        """What the real one says."""
        return self._real.get_extra_info(info)


def within(timeout: float | None, left: float) -> float:
    """The shorter of the two. [s]"""
    return left if timeout is None else min(timeout, left)

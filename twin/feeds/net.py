"""Asks servers over HTTP: TLS verified, with time limits and size caps, and never sent to another host."""

from __future__ import annotations

import json
import random
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec

from twin import __version__
from twin.errors import Cancelled, TwinError
from twin.feeds.net_sockets import Until

REDIRECTS = 3
"""How often an answer may send us on, and only on the same scheme, host and port."""
LATER = frozenset({408, 425, 429, 502, 503, 504})
"""Answers that may be another one soon; 500 is mostly the same again."""
MB = 2**20


class NetError(TwinError):
    """A server that cannot be used. Reads as `host/path: problem. remedy`, without query and password."""

    def __init__(self, url: str, problem: str, remedy: str = "", *, status: int = 0) -> None:
        self.url, self.problem, self.remedy, self.status = shown(url), problem, remedy, status
        super().__init__(f"{self.url}: {problem.rstrip('.')}." + (f" {remedy}" if remedy else ""))

    def __reduce__(self) -> tuple[Any, ...]:
        return _raised_again, (self.url, self.problem, self.remedy, self.status)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much one answer may be."""

    connect: float = 5.0
    """[s]"""
    silence: float = 15.0
    """Between two pieces of an answer. [s]"""
    whole: float = 60.0
    """From the call to the last byte, so that a server that drips headers or body does not hold us. [s]"""
    size: int = 16 * MB
    """After unpacking. [byte]"""
    attempts: int = 3
    """Before giving up."""
    pause: float = 0.5
    """Before the second attempt; doubled before each further one, with jitter. [s]"""
    longest_pause: float = 30.0
    """Also of what a server asks for with Retry-After. [s]"""


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, with status 200-299."""

    url: str
    """Where it came from in the end."""
    status: int
    content_type: str
    """In lower case, without parameters."""
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    def json(self) -> Any:
        """The decoded tree. Raises NetError when it is not JSON."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            said = "" if "json" in self.content_type else f" but {self.content_type or 'of no type'}"
            raise NetError(
                self.url, f"the answer is no JSON{said}: {error}", "Check that the address is the service's."
            ) from error


class Net:
    """Asks; may be used from several threads. `close` it, or use it as a context.

    headers: go with every request, as an authorisation; they are in no error text.
    stop: set it to let go of whatever is going on, which then raises Cancelled.
    """

    def __init__(
        self,
        *,
        limits: Limits = LIMITS,
        headers: Mapping[str, str] | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        self.limits, self._stop, self._closed = limits, stop or threading.Event(), threading.Event()
        self._client = httpx.Client(
            verify=_trusted(),
            follow_redirects=False,
            timeout=httpx.Timeout(limits.silence, connect=limits.connect),
            headers={"User-Agent": f"twin/{__version__}", **(headers or {})},
        )
        self._until = Until(self._check_stop)
        self._until.watch(self._client)

    def close(self) -> None:
        """Let go of all connections, and of requests that are going on."""
        self._closed.set()
        self._client.close()

    def __enter__(self) -> Net:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        accept: str = "*/*",
        size: int | None = None,
    ) -> Answer:
        """What the address answers. Raises NetError, and Cancelled after `stop` or `close`.

        params: of the query, beside those that the address has. size: other than the usual cap. [byte]
        """
        return self._ask("GET", url, params, None, {"Accept": accept}, size or self.limits.size)

    def json(self, url: str, params: Mapping[str, str] | None = None, *, size: int | None = None) -> Any:
        """The decoded JSON that the address answers. Raises NetError and Cancelled."""
        return self.get(url, params, accept="application/json", size=size).json()

    def post(self, url: str, tree: Any) -> Answer:
        """Send JSON, once: what may have arrived is not sent again. Raises NetError and Cancelled."""
        content = json.dumps(tree, allow_nan=False).encode()
        return self._ask(
            "POST", url, None, content, {"Content-Type": "application/json"}, self.limits.size, attempts=1
        )

    def _ask(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        content: bytes | None,
        headers: Mapping[str, str],
        size: int,
        *,
        attempts: int = 0,
    ) -> Answer:
        check(url)
        most = attempts or self.limits.attempts
        for attempt in range(most):
            try:
                return self._once(method, url, params, content, headers, size)
            except _LaterError as error:
                if attempt == most - 1:
                    raise error.why from error.why.__cause__
                self._wait(error.seconds or backoff(attempt, self.limits))
        raise AssertionError("unreachable")

    def _once(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        content: bytes | None,
        headers: Mapping[str, str],
        size: int,
    ) -> Answer:
        target = httpx.URL(url).copy_merge_params(dict(params)) if params else httpx.URL(url)
        began = time.monotonic()
        with self._until.limit(self.limits.whole):
            for _ in range(REDIRECTS + 1):
                request = self._client.build_request(method, target, content=content, headers=dict(headers))
                try:
                    response = self._client.send(request, stream=True)
                    try:
                        sent_on = response.headers.get("location") if response.is_redirect else None
                        if sent_on is None:
                            return self._read(response, size)
                    finally:
                        response.close()
                except httpx.TimeoutException as error:
                    if time.monotonic() - began >= self.limits.whole:
                        problem = "drips its answer too slowly"
                    else:
                        problem = "does not answer in time"
                    raise _LaterError(
                        NetError(url, problem, "It is slow or the network is; try again.")
                    ) from error
                except httpx.TransportError as error:
                    raise _failed(url, error) from error
                except RuntimeError as error:  # the client was closed by another thread
                    self._check_stop()
                    raise NetError(url, str(error)) from error
                moved = httpx.URL(urljoin(str(target), sent_on))
                if not same_host(str(moved), url):
                    raise NetError(
                        url, f"sends us on to {shown(str(moved))}", "Use that address if you trust it."
                    )
                target = moved
        raise NetError(url, f"sends us on more than {REDIRECTS} times", "Check the address.")

    def _read(self, response: httpx.Response, size: int) -> Answer:
        url = str(response.request.url)
        if not response.is_success:
            raise self._refused(url, response)
        pieces, total = [], 0
        too_large = NetError(url, f"the answer is larger than {size / MB:.0f} MB", "Ask for a smaller area.")
        if int(response.headers.get("content-length", 0) or 0) > size:
            raise too_large
        for piece in response.iter_bytes():
            total += len(piece)
            if total > size:
                raise too_large
            pieces.append(piece)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Answer(url, response.status_code, kind, b"".join(pieces), response.headers)

    def _refused(self, url: str, response: httpx.Response) -> Exception:
        said = b""
        for piece in response.iter_bytes():  # a few words of why, never all of it
            said += piece
            if len(said) > 500:
                break
        status = response.status_code
        words = " ".join(said[:200].decode("utf-8", "replace").split()) if b"<" not in said[:50] else ""
        problem = f"answers {status} {response.reason_phrase}".rstrip() + (f" ({words})" if words else "")
        remedy = {
            401: "It wants a password or token; `twin feed secret` keeps one.",
            403: "It does not let us in; ask its owner for access.",
            404: "Check the address.",
            429: "It was asked too often; try again later.",
        }.get(status, "Try again later." if status >= 500 else "Check the address and options.")
        error = NetError(url, problem, remedy, status=status)
        if status not in LATER:
            return error
        wanted = response.headers.get("retry-after", "")
        return _LaterError(error, min(float(wanted), self.limits.longest_pause) if wanted.isdigit() else 0.0)

    def _wait(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0 and not self._closed.is_set():
            if self._stop.wait(min(left, 0.2)):
                break
        self._check_stop()

    def _check_stop(self) -> None:
        if self._stop.is_set() or self._closed.is_set():
            raise Cancelled("The request was given up.")


class _LaterError(Exception):
    """What may go well when it is tried again after some seconds, or the usual pause."""

    def __init__(self, why: NetError, seconds: float = 0.0) -> None:
        super().__init__(str(why))
        self.why, self.seconds = why, seconds


def backoff(attempt: int, limits: Limits = LIMITS) -> float:
    """The pause after attempt 0, 1, 2 …: twice as long each time, and not the same for all who wait. [s]"""
    longest = min(limits.pause * 2**attempt, limits.longest_pause)
    return float(longest * random.uniform(0.5, 1.0))  # noqa: S311  # spreads clients, hides nothing


def check(url: str) -> None:
    """Raises NetError for what is no http or https address, or holds a password."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise NetError(url, "is no address", "Write it as https://host/path.") from error
    if parts.scheme not in ("http", "https"):
        raise NetError(
            url, f"{parts.scheme or 'no scheme'!r} cannot be asked", "Only http and https addresses can."
        )
    if not host or any(ord(letter) <= 32 for letter in url):
        raise NetError(url, "is no address", "Write it as https://host/path.")
    if parts.username is not None or parts.password is not None:
        raise NetError(url, "holds a password", "Take it out; `twin feed secret` keeps it in the keyring.")


def same_host(url: str, other: str) -> bool:
    """Whether two addresses have the same scheme, host and port."""
    return _origin(url) == _origin(other)


def shown(url: str) -> str:
    """The address as it may stand in a text or a log: without user, password, query and fragment."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "address"
    return f"{host}{port}{parts.path}".rstrip("/") or "address"


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or usual


def _failed(url: str, error: httpx.TransportError) -> Exception:
    text = str(error)
    if isinstance(error, httpx.ConnectError) and "certificate" in text.lower():
        return NetError(
            url,
            f"its certificate is not trusted ({text.rpartition(': ')[2] or text})",
            "Ask its owner, or have your administrator add the certificate to this computer.",
        )
    if isinstance(error, httpx.UnsupportedProtocol):
        return NetError(url, "cannot be asked", "Only http and https addresses can.")
    problem = "cannot be reached" if isinstance(error, httpx.ConnectError) else "broke off"
    return _LaterError(NetError(url, f"{problem}: {text or type(error).__name__}", "Check the network."))


def _trusted() -> ssl.SSLContext:
    context = httpx.create_ssl_context()
    context.load_default_certs()  # and what the administrator of this computer trusts
    return context


def _raised_again(url: str, problem: str, remedy: str, status: int) -> NetError:
    return NetError(f"//{url}", problem, remedy, status=status)

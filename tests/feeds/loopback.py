"""A real web server on the loopback whose answers a test writes as functions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[BaseHTTPRequestHandler], None]


class Web:
    """Answers by path; remembers what was asked."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.over = threading.Event()
        self.url = ""

    def says(
        self,
        path: str,
        body: bytes | str,
        *,
        status: int = 200,
        kind: str = "application/json",
        **headers: str,
    ) -> None:
        """Let a path answer the same each time; `_` in names of headers is `-`."""
        content = body.encode() if isinstance(body, str) else body

        def reply(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("Content-Type", kind)
            handler.send_header("Content-Length", str(len(content)))
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(content)

        self.replies[path] = reply


@contextmanager
def web() -> Iterator[Web]:
    """The server while it runs."""
    made = Web()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # the library's name
            made.asked.append(self.path)
            made.headers.append(dict(self.headers.items()))
            made.bodies.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            reply = made.replies.get(self.path) or made.replies.get(self.path.partition("?")[0])
            self.close_connection = True
            try:
                if reply is None:
                    self.send_error(404)
                else:
                    reply(self)
            except (BrokenPipeError, ConnectionResetError):
                return  # the client has heard enough

        def end_headers(self) -> None:
            self.send_header("Connection", "close")
            super().end_headers()

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        made.over.set()
        server.shutdown()
        thread.join()
        server.server_close()

"""Servers that are slow, silent, endless, lying or sending us elsewhere, all of them real ones."""

import pickle
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from loopback import Web, web

from twin.errors import Cancelled
from twin.feeds.net import Limits, Net, NetError, backoff, same_host, shown

QUICK = Limits(connect=0.5, silence=0.3, whole=0.6, size=20_000, attempts=2, pause=0.01, longest_pause=0.05)


@pytest.fixture
def server() -> Iterator[Web]:
    with web() as made:
        yield made


@pytest.fixture
def net() -> Iterator[Net]:
    with Net(limits=QUICK) as made:
        yield made


def test_json_comes_with_query_and_header(server: Web) -> None:
    server.says("/a", '{"value": [1, 2]}')
    with Net(limits=QUICK, headers={"Authorization": "Bearer s3cret"}) as net:
        assert net.json(f"{server.url}/a?b=1", {"$top": "5"}) == {"value": [1, 2]}
    assert server.asked == ["/a?b=1&%24top=5"]
    assert server.headers[0]["Authorization"] == "Bearer s3cret"


def test_what_is_no_json_names_the_place_and_the_kind(server: Web, net: Net) -> None:
    server.says("/a", "<html>Login</html>", kind="text/html; charset=utf-8")
    with pytest.raises(NetError, match=r"127\.0\.0\.1:\d+/a: the answer is no JSON but text/html"):
        net.json(f"{server.url}/a")
    server.says("/nan", '{"a": NaN}')
    with pytest.raises(NetError, match="no JSON"):
        net.json(f"{server.url}/nan")
    server.says("/deep", "[" * 19_000)
    with pytest.raises(NetError, match="no JSON"):
        net.json(f"{server.url}/deep")


def test_a_silent_server_is_given_up(net: Net) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as half_open:  # takes the call and never answers
        began = time.monotonic()
        with pytest.raises(NetError, match="does not answer in time"):
            net.get(f"http://127.0.0.1:{half_open.getsockname()[1]}/")
    assert time.monotonic() - began < 2.0


def test_a_dripping_server_is_given_up(server: Web, net: Net) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not server.over.wait(0.02):
            handler.wfile.write(b"x")

    server.replies["/drip"] = drip
    with pytest.raises(NetError, match="too slowly"):
        net.get(f"{server.url}/drip")


@pytest.mark.parametrize(
    "begin",
    [b"", b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 503 Busy\r\n\r\n", b"HTTP/1.1 302 Away\r\nLocation: /"],
    ids=["status", "header", "refusal", "redirect"],
)
def test_a_server_that_drips_before_its_body_is_given_up(begin: bytes) -> None:
    over = threading.Event()
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(begin)
                while not over.wait(0.02):
                    try:
                        connection.sendall(b"H")
                    except OSError:
                        return

        thread = threading.Thread(target=serve)
        thread.start()
        began = time.monotonic()
        limits = Limits(connect=0.5, silence=0.3, whole=0.4, attempts=1)
        with Net(limits=limits) as net, pytest.raises(NetError, match="drips its answer too slowly"):
            net.get(f"http://127.0.0.1:{server.getsockname()[1]}/")
        assert time.monotonic() - began < 2.0
        over.set()
        thread.join()


def test_a_server_that_says_nothing_is_let_go_of_at_once() -> None:
    stop = threading.Event()
    with closing(socket.create_server(("127.0.0.1", 0))) as half_open, Net(stop=stop) as patient:
        threading.Timer(0.05, stop.set).start()
        began = time.monotonic()
        with pytest.raises(Cancelled):
            patient.get(f"http://127.0.0.1:{half_open.getsockname()[1]}/")
    assert time.monotonic() - began < 2.0


def test_an_endless_body_is_cut(server: Web, net: Net) -> None:
    sent = []

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            sent.append(handler.wfile.write(b"x" * 4096))

    server.replies["/endless"] = endless
    with pytest.raises(NetError, match="larger than"):
        net.get(f"{server.url}/endless")
    server.says("/said", b"x" * 30_000)
    with pytest.raises(NetError, match="larger than"):
        net.get(f"{server.url}/said")
    assert len(net.get(f"{server.url}/said", size=40_000).body) == 30_000


def test_a_packed_bomb_is_cut(server: Web, net: Net) -> None:
    import gzip

    server.says("/bomb", gzip.compress(b"0" * 5_000_000), Content_Encoding="gzip")
    with pytest.raises(NetError, match="larger than"):
        net.get(f"{server.url}/bomb")


def test_an_answer_that_breaks_off_is_an_error(server: Web, net: Net) -> None:
    def broken(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"{")

    server.replies["/broken"] = broken
    with pytest.raises(NetError, match="broke off"):
        net.get(f"{server.url}/broken")
    assert len(server.asked) == 2


def test_redirects_stay_on_the_host(server: Web, net: Net) -> None:
    server.says("/b", "[1]")
    server.says("/a", "", status=302, Location="/b")
    assert net.json(f"{server.url}/a") == [1]
    with web() as other:
        other.says("/b", "[1]")
        server.says("/away", "", status=302, Location=f"{other.url}/b?key=1")
        with pytest.raises(NetError, match="sends us on to 127") as caught:
            net.get(f"{server.url}/away")
        assert other.asked == []
    assert "key" not in str(caught.value)
    server.says("/file", "", status=302, Location="file:///etc/passwd")
    with pytest.raises(NetError, match="sends us on to /etc/passwd"):
        net.get(f"{server.url}/file")
    server.says("/round", "", status=302, Location="/round")
    with pytest.raises(NetError, match="more than 3 times"):
        net.get(f"{server.url}/round")


def test_a_server_in_trouble_is_asked_again(server: Web, net: Net) -> None:
    server.says("/a", "overloaded", status=503, Retry_After="1", kind="text/plain")
    healthy = server.replies["/a"]

    def second_time(handler: BaseHTTPRequestHandler) -> None:
        server.says("/a", "[7]")
        healthy(handler)

    server.replies["/a"] = second_time
    assert net.json(f"{server.url}/a") == [7]
    server.says("/never", "no", status=503, kind="text/plain")
    with pytest.raises(NetError, match=r"answers 503 Service Unavailable \(no\)"):
        net.get(f"{server.url}/never")
    assert server.asked.count("/never") == 2
    server.says("/secret", "", status=401)
    with pytest.raises(NetError, match="wants a password"):
        net.get(f"{server.url}/secret")
    assert server.asked.count("/secret") == 1


def test_what_is_posted_is_sent_once(server: Web, net: Net) -> None:
    server.says("/a", "", status=503)
    with pytest.raises(NetError, match="503"):
        net.post(f"{server.url}/a", {"result": 1.5})
    assert server.bodies == [b'{"result": 1.5}']


def test_nobody_there_is_said_plainly(net: Net) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NetError, match="cannot be reached"):
        net.get(f"http://127.0.0.1:{port}/v1.1")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("file:///etc/passwd", "'file' cannot be asked"),
        ("ftp://a/b", "'ftp' cannot be asked"),
        ("a.json", "'no scheme' cannot be asked"),
        ("http://", "is no address"),
        ("http://[::1", "is no address"),
        ("http://a:99999/", "is no address"),
        ("http://a/\r\nX: y", "is no address"),
        ("https://me:letmein@a/b?apikey=1", "holds a password"),
    ],
)
def test_only_plain_web_addresses_are_asked(net: Net, url: str, said: str) -> None:
    with pytest.raises(NetError, match=said) as caught:
        net.get(url)
    assert "letmein" not in str(caught.value)
    assert "apikey" not in str(caught.value)


def test_a_certificate_of_nobody_is_refused(tmp_path: Path, net: Net) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1"),
            *("-days", "1", "-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with closing(socket.create_server(("127.0.0.1", 0))) as plain:

        def serve() -> None:
            connection, _ = plain.accept()
            with connection, pytest.raises(OSError):
                context.wrap_socket(connection, server_side=True)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(NetError, match="certificate is not trusted"):
            net.get(f"https://127.0.0.1:{plain.getsockname()[1]}/")
        thread.join()


def test_a_wait_is_given_up_at_once(server: Web) -> None:
    stop = threading.Event()
    server.says("/a", "", status=503, Retry_After="20")
    healthy = server.replies["/a"]

    def then_stop(handler: BaseHTTPRequestHandler) -> None:
        healthy(handler)
        stop.set()

    server.replies["/a"] = then_stop
    began = time.monotonic()
    with Net(limits=Limits(), stop=stop) as net, pytest.raises(Cancelled):
        net.get(f"{server.url}/a")
    assert time.monotonic() - began < 5.0


def test_one_that_is_closed_stops_nobody_else(server: Web) -> None:
    stop = threading.Event()
    with Net(limits=QUICK, stop=stop):
        pass
    assert not stop.is_set()


def test_pauses_grow_and_differ() -> None:
    pauses = [[backoff(attempt) for _ in range(50)] for attempt in range(8)]
    assert all(0.25 * 2**n <= p <= 0.5 * 2**n for n, of in enumerate(pauses[:6]) for p in of)
    assert max(pauses[7]) <= 30.0
    assert len(set(pauses[3])) > 40


def test_hosts_and_texts_of_addresses() -> None:
    assert same_host("https://a/b", "https://a:443/c")
    assert not same_host("https://a/b", "http://a/b")
    assert not same_host("https://a/b", "https://a:8443/b")
    assert shown("https://u:p@a.example:81/b/?token=1#x") == "a.example:81/b"


def test_an_error_travels_between_processes() -> None:
    error = NetError("https://a.example/b?key=1", "is away", "Wait.", status=503)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own
    assert (str(again), again.status) == ("a.example/b: is away. Wait.", 503)

"""SensorThings services: answers that real ones were seen to give."""

import json
import math
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from loopback import Web, web

from twin.feeds.net import Limits, Net, NetError
from twin.feeds.sensorthings import SensorThings, position, rows_of

AREA = (24.9, 60.1, 25.1, 60.3)
QUICK = Limits(attempts=1, whole=30.0)
NINE = 1689066000.0
"""2023-07-11 09:00 UTC."""


def observations(count: int, *, link: str = "") -> str:
    rows = [{"phenomenonTime": f"2023-07-11T09:{n:02d}:00Z", "result": n} for n in range(count)]
    return json.dumps({"value": rows, **({"@iot.nextLink": link} if link else {})})


def read(server: Web, stream: str = "f/7") -> list[float]:
    with Net(limits=QUICK) as net:
        client = SensorThings(net, f"{server.url}/v1.1", "f")
        return [r.result for page in client.observations(stream) for r in page]


def test_pages_are_followed_on_our_host_whatever_name_they_say() -> None:
    with web() as server:
        address = "/v1.1/Datastreams(7)/Observations"
        server.says(address, observations(2, link=f"http://inside.local:8080{address}?$skip=2"))
        server.says(f"{address}?$skip=2", observations(1, link="?$skip=3"))
        server.says(f"{address}?$skip=3", observations(1))
        assert read(server) == [0, 1, 0, 0]
        assert len(server.asked) == 3


def test_pages_in_a_circle_and_pages_elsewhere_are_errors() -> None:
    with web() as server:
        address = "/v1.1/Datastreams(7)/Observations"
        server.says(address, observations(1, link=f"{address}?$skip=1"))
        server.says(f"{address}?$skip=1", observations(1, link=f"{address}?$skip=1"))
        with pytest.raises(NetError, match="pages have no end"):
            read(server)
        server.says(address, observations(1, link="/admin/users"))
        with pytest.raises(NetError, match="another service"):
            read(server)


@pytest.mark.parametrize(
    ("refused", "status", "order"),
    [
        ("phenomenonTime asc", 500, "resultTime asc"),
        ("Time asc", 500, None),
        ("dataArray", 501, "phenomenonTime asc"),
        ("dataArray", 400, "phenomenonTime asc"),
    ],
)
def test_what_a_service_cannot_do_is_asked_another_way_and_only_once(
    refused: str, status: int, order: str | None
) -> None:
    with web() as server:

        def reply(handler: BaseHTTPRequestHandler) -> None:
            asked = {key: value[0] for key, value in parse_qs(urlsplit(handler.path).query).items()}
            said = f"{asked.get('$orderby', '')} {asked.get('$resultFormat', '')}"
            if refused in said:
                handler.send_error(status)
                return
            body = observations(3).encode()
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        server.replies["/v1.1/Datastreams(7)/Observations"] = reply
        with Net(limits=QUICK) as net:
            client = SensorThings(net, f"{server.url}/v1.1", "f")
            for _ in range(2):
                assert [r.result for page in client.observations("f/7") for r in page] == [0, 1, 2]
        last = parse_qs(urlsplit(server.asked[-1]).query)
        assert last.get("$orderby", [None])[0] == order
        assert server.asked[-1] == server.asked[-2]


@pytest.mark.parametrize(
    ("own", "link", "key"),
    [
        (7, None, "7"),
        ("abc", None, "'abc'"),
        ("o'clock", None, "'o''clock'"),
        ("01a2-77", "http://x/v1.1/Datastreams(01a2-77)", "01a2-77"),
        ("01a2-77", "http://x/v1.1/Datastreams('01a2-77')", "'01a2-77'"),
    ],
)
def test_ids_of_all_kinds_are_written_as_the_service_writes_them(
    own: object, link: str | None, key: str
) -> None:
    stream = {"@iot.id": own, "name": "t", "@iot.selfLink": link}
    tree = {"value": [{"@iot.id": 1, "name": "A", "Datastreams": [stream]}]}
    with web() as server, Net(limits=QUICK) as net:
        server.says("/v1.1/Things", json.dumps(tree))
        client = SensorThings(net, f"{server.url}/v1.1", "f")
        (found,) = client.datastreams()
        assert client.key(found.id) == key


def test_things_that_say_little_and_streams_on_further_pages() -> None:
    more = "/v1.1/Things(1)/Datastreams?$skip=1"
    tree = {
        "value": [
            {
                "@iot.id": 1,
                "name": "A",
                "Locations": [{"location": {"type": "Feature", "geometry": {"coordinates": [25.0, 60.2]}}}],
                "Datastreams": [{"@iot.id": 1, "name": "PM2.5"}],
                "Datastreams@iot.nextLink": more,
            },
            {"@iot.id": 2, "name": "Nowhere", "Datastreams": [{"@iot.id": 9}]},
            "rubbish",
        ]
    }
    mixed_up = {
        "@iot.id": 2,
        "name": "rh",
        "unitOfMeasurement": {"symbol": "%"},
        "ObservedProperty": {"name": "Air Temperature"},
    }
    with web() as server, Net(limits=QUICK) as net:
        server.says("/v1.1/Things", json.dumps(tree))
        server.says(more, json.dumps({"value": [mixed_up]}))
        client = SensorThings(net, f"{server.url}/v1.1", "f")
        inside = client.datastreams(AREA)
        assert [(s.id, s.observed, s.unit) for s in inside] == [
            ("f/1", "pm2_5", "µg/m³"),
            ("f/2", "relative_humidity", "%"),
        ]
        everywhere = client.datastreams()
        assert math.isnan(everywhere[-1].station.longitude)
        assert everywhere[-1].observed == "unknown"


def test_rows_of_lists_and_arrays_and_of_broken_ones() -> None:
    array = {"components": ["result", "phenomenonTime"], "dataArray": [[1, "t"], [2], "x"]}
    assert list(rows_of({"value": [array, {"result": 3}, 7]})) == [
        {"result": 1, "phenomenonTime": "t"},
        {"result": 3},
    ]
    assert list(rows_of([])) == list(rows_of({"value": {"dataArray": 3}})) == []


def test_the_place_of_an_area_is_its_middle() -> None:
    ring = [[24.0, 60.0], [26.0, 60.0], [26.0, 62.0], [24.0, 60.0]]
    assert position({"type": "Polygon", "coordinates": [ring]})[:2] == (25.0, 61.0)
    assert math.isnan(position({"coordinates": [[[[999, 0]]]]})[0])
    assert math.isnan(position({"coordinates": "25,60"})[0])


def test_the_secret_of_a_feed_is_in_no_error(tmp_path: Path) -> None:
    with web() as server, Net(limits=QUICK, headers={"Authorization": "Bearer t0ken"}) as net:
        server.says("/v1.1/Things", "", status=401)
        with pytest.raises(NetError) as caught:
            SensorThings(net, f"{server.url}/v1.1", "f").datastreams()
    assert "t0ken" not in repr(caught.value) + str(caught.value)

"""What devices send: JSON by paths, LoRaWAN uplinks of two network servers, and rubbish."""

import base64
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.errors import TwinError
from twin.feeds.decode import LARGEST, Decoder, cayenne, options_of
from twin.feeds.json_path import find
from twin.feeds.mqtt import Mqtt, address
from twin.model.sensor import Feed

TABLE = {
    "temp": {"at": 0, "bytes": 2, "signed": True, "scale": 0.01, "unit": "°C"},
    "humidity": {"at": 2, "bytes": 1, "scale": 0.5},
    "batt": {"at": 3, "bytes": 2, "order": "little", "scale": 0.001, "offset": 2.0},
}
BYTES = bytes([0xFC, 0x18, 130, 0x10, 0x0E])
"""-10.00 °C, 65 %, 5.6 V."""


def decoder(**options: Any) -> Decoder:
    feed = Feed("lora", "mqtt", "mqtt://a", options={"topics": ["#"], **options})
    return Decoder(feed, options_of(feed))


def said(made: Decoder, topic: str, tree: Any) -> dict[str, Any]:
    payload = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
    return {reading.stream: reading.result for reading in made.readings(topic, payload)}


def test_chirpstack_gives_what_it_decoded_and_bytes_by_the_table_of_the_device() -> None:
    made = decoder(
        format="chirpstack", decoders={"yard": TABLE}, devices={"70b3": {"decoder": "yard", "interval": 900}}
    )
    up = {"deviceInfo": {"devEui": "70b4"}, "time": "2026-11-22T00:00:00Z", "object": {"temperature": 21.5}}
    assert said(made, "application/1/device/70b4/event/up", up) == {"lora/70b4/temperature": 21.5}
    up |= {"deviceInfo": {"devEui": "70b3"}, "data": base64.b64encode(BYTES).decode()}
    found = said(made, "x", up)
    assert found == {
        "lora/70b3/temp": pytest.approx(-10.0),
        "lora/70b3/humidity": 65.0,
        "lora/70b3/batt": pytest.approx(5.6),
    }
    stream = made.streams["lora/70b3/temp"]
    assert (stream.observed, stream.unit, stream.source_unit, stream.interval) == (
        *("air_temperature", "°C", "°C"),
        900,
    )


def test_thingpark_gives_bytes_in_hexadecimal_and_its_stamp() -> None:
    made = decoder(format="thingpark", decoder="yard", decoders={"yard": TABLE})
    up = {
        "DevEUI_uplink": {"DevEUI": "70B3", "Time": "2026-11-22T02:00:00+02:00", "payload_hex": BYTES.hex()}
    }
    readings = made.readings("a", json.dumps(up).encode())
    assert [reading.stream for reading in readings] == [f"lora/70B3/{name}" for name in TABLE]
    assert {reading.time for reading in readings} == {1795305600.0}


@pytest.mark.parametrize("data", [None, 7, "zz", "", BYTES[:1].hex()])
def test_bytes_that_are_too_few_or_none_say_nothing(data: Any) -> None:
    made = decoder(format="thingpark", decoder="yard", decoders={"yard": TABLE})
    assert said(made, "a", {"DevEUI_uplink": {"DevEUI": "1", "payload_hex": data}}) == {}
    assert made.refused == 1


def test_cayenne_is_read_to_the_first_unknown_type() -> None:
    data = bytes([1, 0x67, 0xFF, 0x9C, 2, 0x68, 0x82, 3, 0x02, 0x01, 0x00, 4, 0xEE, 1, 5, 0x67, 0, 1])
    assert list(cayenne(data)) == [
        ("air_temperature", "", -10.0),
        ("relative_humidity", "", 65.0),
        ("analog_input_3", "", 2.56),
    ]
    assert list(cayenne(b"\x01\x67\x00")) == []


def test_paths_find_values_devices_and_places_that_move() -> None:
    made = decoder(
        device="who.id",
        time="t",
        longitude="at[0]",
        latitude="at[1]",
        values={"co2": {"path": "v.c.co2", "unit": "ppm"}, "noise": "v['d b'][1]"},
    )
    tree = {"who": {"id": 7}, "t": 1.7e9, "at": [25.0, 60.2], "v": {"c": {"co2": None}, "d b": [1, 55]}}
    assert said(made, "a/b", tree) == {"lora/7/co2": None, "lora/7/noise": 55}
    first = made.streams["lora/7/noise"].station
    said(made, "a/b", tree | {"at": [25.1, 60.2]})
    assert (first.longitude, made.streams["lora/7/noise"].station.longitude) == (25.0, 25.1)


def test_a_topic_may_be_a_device_and_a_payload_a_number() -> None:
    made = decoder(format="number", device="topic:1", values={"air_temperature": ""})
    assert said(made, "lab/d1/temp", b"21.5") == {"lora/d1/air_temperature": 21.5}
    assert said(made, "lab/d1/temp", b"offline") == {"lora/d1/air_temperature": "offline"}
    assert said(made, "lab", b"21.5") == {}


def test_large_payloads_are_not_looked_at() -> None:
    made = decoder(format="number", values={"air_temperature": ""})
    assert said(made, "a", b"1" * (LARGEST + 1)) == {}
    assert made.refused == 1


Json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.binary() | Json.map(lambda tree: json.dumps(tree).encode()), st.text())
def test_no_payload_and_no_topic_brings_it_down(payload: bytes, topic: str) -> None:
    for options in (
        {"device": "a.b", "values": {"co2": "a[0].b"}},
        {"format": "chirpstack", "decoder": "cayenne"},
        {"format": "thingpark", "decoder": "cayenne", "device": "topic:3"},
        {"format": "number"},
    ):
        for reading in decoder(**options).readings(topic, payload):
            assert reading.stream.startswith("lora/")


@given(Json, st.text())
def test_no_path_brings_it_down(tree: Any, path: str) -> None:
    find(tree, path)


def test_paths() -> None:
    tree = {"a": [{"b.c": 1}], "": 2}
    assert find(tree, "$.a[0]['b.c']") == 1
    assert find(tree, "a[9]") is find(tree, "a.b") is find(tree, "x") is None
    assert find(tree, "") == tree
    assert math.isnan(decoder(device="topic:0").options.interval)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("mqtt://a", ("mqtt", "a", 1883, "")),
        ("mqtts://a:99", ("mqtts", "a", 99, "")),
        ("wss://rail.example/mqtt", ("wss", "rail.example", 443, "/mqtt")),
    ],
)
def test_addresses_of_brokers(url: str, found: tuple[str, str, int, str]) -> None:
    assert address(url) == found


@pytest.mark.parametrize("url", ["http://a", "mqtt://", "a", "mqtt://a:b", "mqtt://me:letmein@a"])
def test_what_is_no_address_of_a_broker_is_said_without_its_password(url: str) -> None:
    with pytest.raises(TwinError) as caught:
        address(url)
    assert "letmein" not in str(caught.value)


@pytest.mark.parametrize("topic", ["", "a+/b", "a/#/b", "a/b#", "\0"])
def test_topics_that_no_broker_takes_are_refused_here(topic: str) -> None:
    with pytest.raises(TwinError, match="is no topic"):
        Mqtt("mqtt://a", [topic], lambda *_: None, lambda _: None)

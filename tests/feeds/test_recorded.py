"""Answers of NGSI brokers, the weather service, road weather and vehicles, as files and over HTTP."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import web
from test_receiver import until

from twin.errors import TwinError
from twin.feeds import fmi, ngsi, traffic
from twin.feeds.receiver import Receiver
from twin.feeds.sources import runs
from twin.feeds.store import Store
from twin.model.sensor import Feed, Quality

FEED = Feed("f", "ngsi", "entities.json")
NOON = 1689066000.0
LD = {
    "id": "urn:ngsi-ld:AirQualityObserved:Kalasatama:1",
    "type": "AirQualityObserved",
    "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [24.97, 60.18]}},
    "name": {"type": "Property", "value": "Kalasatama"},
    "dateObserved": {"type": "Property", "value": {"@type": "DateTime", "@value": "2023-07-11T09:00:00Z"}},
    "temperature": {"type": "Property", "value": 68, "unitCode": "FAH", "observedAt": "2023-07-11T09:05:00Z"},
    "pm25": {"type": "Property", "value": "n/a", "unitCode": "GQ"},
    "refStation": {"type": "Relationship", "object": "urn:x"},
    "reliability": 0.7,
    "@context": ["https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld"],
}
V2 = {
    "id": "Noise-2",
    "type": "NoiseLevelObserved",
    "location": {
        "type": "geo:json",
        "value": {"type": "Point", "coordinates": [24.98, 60.19]},
        "metadata": {},
    },
    "LAeq": {
        "type": "Number",
        "value": 61.5,
        "metadata": {
            "unitCode": {"type": "Text", "value": "2N"},
            "TimeInstant": {"type": "DateTime", "value": "2023-07-11T09:00:00Z"},
        },
    },
}
SIMPLE = """<?xml version="1.0"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"
 xmlns:BsWfs="http://xml.fmi.fi/schema/wfs/2.0"><wfs:member><BsWfs:BsWfsElement>
<BsWfs:Location><gml:Point><gml:pos>60.20307 24.96131 </gml:pos></gml:Point></BsWfs:Location>
<BsWfs:Time>2023-07-11T09:00:00Z</BsWfs:Time><BsWfs:ParameterName>t2m</BsWfs:ParameterName>
<BsWfs:ParameterValue>21.4</BsWfs:ParameterValue></BsWfs:BsWfsElement></wfs:member>
<wfs:member><BsWfs:BsWfsElement>
<BsWfs:Location><gml:Point><gml:pos>60.20307 24.96131 </gml:pos></gml:Point></BsWfs:Location>
<BsWfs:Time>2023-07-11T09:10:00Z</BsWfs:Time><BsWfs:ParameterName>t2m</BsWfs:ParameterName>
<BsWfs:ParameterValue>NaN</BsWfs:ParameterValue></BsWfs:BsWfsElement></wfs:member></wfs:FeatureCollection>"""
PAIRS = """<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0"
 xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:wml2="http://www.opengis.net/waterml/2.0"
 xmlns:om="http://www.opengis.net/om/2.0" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:omso="http://inspire.ec.europa.eu/schemas/omso/3.0"><wfs:member><omso:PointTimeSeriesObservation>
<om:observedProperty xlink:href="https://opendata.fmi.fi/meta?observableProperty=observation&amp;param=ws_10min"/>
<om:featureOfInterest><gml:identifier>100971</gml:identifier><gml:name>Kaisaniemi</gml:name>
<gml:pos>60.17523 24.94459</gml:pos></om:featureOfInterest><om:result><wml2:point><wml2:MeasurementTVP>
<wml2:time>2023-07-11T09:00:00Z</wml2:time><wml2:value>3.2</wml2:value></wml2:MeasurementTVP></wml2:point>
</om:result></omso:PointTimeSeriesObservation></wfs:member></wfs:FeatureCollection>"""
ROAD = {
    "stations": [
        {
            "id": 1012,
            "sensorValues": [
                {
                    "id": 1,
                    "name": "ILMAN_LAMPOTILA",
                    "value": 18.5,
                    "unit": "°C",
                    "measuredTime": "2023-07-11T09:00:00Z",
                },
                {"id": 2, "name": "KELI_1", "value": 1.0, "unit": "***", "measuredTime": None},
            ],
        }
    ]
}
WHERE = {
    "features": [
        {
            "properties": {"id": 1012, "name": "kt51_Espoo"},
            "geometry": {"type": "Point", "coordinates": [24.6, 60.2, 0]},
        }
    ]
}


def test_entities_of_both_generations_say_the_same_things() -> None:
    readings, streams = ngsi.read([LD, V2, "rubbish", {"id": 7}], FEED)
    found = {
        stream.source_observed: (stream, reading) for stream, reading in zip(streams, readings, strict=True)
    }
    assert set(found) == {"temperature", "pm25", "reliability", "LAeq"}
    stream, reading = found["temperature"]
    assert (stream.observed, stream.source_unit, reading.result) == ("air_temperature", "degF", 68)
    assert reading.time == NOON + 300
    assert (stream.station.title, stream.station.longitude) == ("Kalasatama", 24.97)
    assert found["pm25"][1] == (found["pm25"][0].id, NOON, "n/a")
    stream, reading = found["LAeq"]
    assert (stream.observed, stream.unit, reading.result, reading.time) == ("noise", "dB", 61.5, NOON)
    assert stream.station.latitude == 60.19
    assert found["reliability"][0].observed == "unknown"


def test_weather_comes_in_two_forms() -> None:
    readings, streams = fmi.read(SIMPLE.encode(), FEED)
    (stream,) = streams
    assert (stream.observed, stream.unit) == ("air_temperature", "°C")
    assert (stream.station.latitude, stream.station.longitude) == (60.20307, 24.96131)
    assert [(r.time, r.result) for r in readings] == [(NOON, "21.4"), (NOON + 600, "NaN")]
    readings, streams = fmi.read(PAIRS.encode(), FEED)
    assert (streams[0].observed, streams[0].station.title) == ("wind_speed", "Kaisaniemi")
    assert (streams[0].station.longitude, readings[0].result) == (24.94459, "3.2")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<a", "is no XML"),
        ("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "no XML|defines entities"),
        ("<ExceptionReport><ExceptionText>No such query</ExceptionText></ExceptionReport>", "No such query"),
    ],
)
def test_what_is_no_weather_is_said(content: str, said: str) -> None:
    with pytest.raises(TwinError, match=said) as caught:
        fmi.read(content.encode(), FEED)
    assert "root:" not in str(caught.value)


def test_road_weather_knows_its_places() -> None:
    readings, streams = traffic.read(ROAD, FEED, traffic.places(WHERE))
    assert [(s.observed, s.unit, s.station.title) for s in streams] == [
        ("air_temperature", "°C", "kt51_Espoo"),
        ("unknown", "***", "kt51_Espoo"),
    ]
    assert (streams[0].station.longitude, streams[0].station.domain) == (24.6, "transport")
    assert (readings[0].time, readings[0].result) == (NOON, 18.5)
    assert math.isnan(readings[1].time)


def test_vehicles_say_where_they_are_and_how_fast() -> None:
    gtfs = pytest.importorskip("google.transit.gtfs_realtime_pb2")
    message = gtfs.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = int(NOON)
    for number, speed in enumerate((10.0, None)):
        entity = message.entity.add(id=f"v{number}")
        entity.vehicle.vehicle.label = "550"
        entity.vehicle.position.latitude, entity.vehicle.position.longitude = 60.2, 25.0
        if speed is not None:
            entity.vehicle.position.speed = speed
    message.entity.add(id="alert").alert.header_text.translation.add(text="late")
    readings, streams = traffic.vehicles(message.SerializeToString(), FEED)
    assert [(r.time, r.result) for r in readings] == [(NOON, 10.0), (NOON, None)]
    assert (streams[0].station.longitude, streams[0].station.title) == (25.0, "550")
    with pytest.raises(TwinError, match="no GTFS-Realtime message"):
        traffic.vehicles(b"\xff" * 9, FEED)


Json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.just("id"),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["id", "value", "location", "stations", "sensorValues", "co2"]), inner
        )
    ),
)


@given(Json)
def test_no_tree_brings_them_down(tree: Any) -> None:
    ngsi.read(tree, FEED)
    traffic.read(tree, FEED, traffic.places(tree))


def test_recorded_entities_and_asked_ones_are_kept_in_our_units(tmp_path: Path) -> None:
    (tmp_path / "entities.json").write_text(json.dumps([LD]))
    store = Store(tmp_path / "a.sqlite")
    receiver = Receiver(store)
    with web() as server:
        server.says("/v2/entities", json.dumps([V2]))
        asked = {"once": True, "types": ["NoiseLevelObserved"], "tenant": "helsinki"}
        broker = Feed("orion", "ngsi", f"{server.url}/v2/entities", options=asked)
        receiver.start(runs([FEED, broker], tmp_path))
        until(lambda: receiver.ended)
        assert server.asked == ["/v2/entities?limit=100&offset=0&type=NoiseLevelObserved"]
        assert server.headers[0]["Fiware-Service"] == "helsinki"
    found = {s.observed: store.series([s.id])[s.id] for s in store.datastreams()}
    assert found["air_temperature"].values[0] == pytest.approx(20.0)
    assert found["pm2_5"].quality.tolist() == [Quality.MISSING]
    assert found["noise"].values.tolist() == [61.5]
    receiver.close()
    store.close()

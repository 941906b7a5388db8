"""What services answer is read whatever dialect they write, and what is wrong with it is named."""

import io
import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler

import loopback
import pytest
from PIL import Image

from twin.feeds import features, fmi, gml_features, maps, ows
from twin.feeds.net import Answer, Limits, Net, NetError

BOX = (24.93, 60.16, 24.95, 60.18)
GML3 = """<?xml version="1.0"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"
 xmlns:t="urn:t"><wfs:member><t:house gml:id="h1"><t:name>Talo Ä</t:name><t:geom>
<gml:Polygon><gml:exterior><gml:LinearRing>
<gml:posList>60.170 24.940 60.170 24.941 60.171 24.941 60.170 24.940</gml:posList>
</gml:LinearRing></gml:exterior></gml:Polygon></t:geom></t:house></wfs:member>
<wfs:member><t:house gml:id="h2"><t:name/><t:geom><gml:MultiCurve><gml:curveMember><gml:LineString>
<gml:pos>60.17 24.94</gml:pos><gml:pos>60.18 24.95</gml:pos></gml:LineString></gml:curveMember>
</gml:MultiCurve></t:geom></t:house></wfs:member></wfs:FeatureCollection>"""
GML2 = """<FeatureCollection xmlns:gml="g"><gml:featureMember><stop fid="s1"><geom><gml:Point>
<gml:coordinates>24.94,60.17</gml:coordinates></gml:Point></geom><n>3</n></stop></gml:featureMember></FeatureCollection>"""


@pytest.fixture
def web() -> Iterator[loopback.Web]:
    with loopback.web() as server:
        yield server


@pytest.fixture
def net() -> Iterator[Net]:
    with Net(limits=Limits(attempts=1, silence=5.0)) as made:
        yield made


def answer(text: str) -> Answer:
    return Answer("http://127.0.0.1/wfs", 200, "text/xml", text.encode(), {})


def test_features_are_read_out_of_gml() -> None:
    house, line = gml_features.features(ows.tree(answer(GML3)))
    assert house["properties"] == {"name": "Talo Ä"}
    assert house["geometry"]["type"] == "Polygon"
    assert house["geometry"]["coordinates"][0][1] == [60.170, 24.941]
    assert line["properties"] == {"name": None}
    assert line["geometry"] == {"type": "MultiLineString", "coordinates": [[[60.17, 24.94], [60.18, 24.95]]]}
    (stop,) = gml_features.features(ows.tree(answer(GML2)))
    assert stop["geometry"] == {"type": "Point", "coordinates": [24.94, 60.17]}


def test_latitude_first_is_turned_by_the_box(web: loopback.Web, net: Net) -> None:
    offered = (
        "<WFS_Capabilities version='2.0.0'><FeatureType><Name>t:house</Name></FeatureType></WFS_Capabilities>"
    )
    replies = [offered, GML3]

    def reply(handler: BaseHTTPRequestHandler) -> None:
        web.says("/then", replies.pop(0), kind="text/xml")
        web.replies["/then"](handler)

    web.replies["/wfs"] = reply
    found = features.wfs(net, f"{web.url}/wfs?map=town", "house", BOX)
    assert found.features[0]["geometry"]["coordinates"][0][1] == [24.941, 60.170]
    assert found.notices == ("Its axes came as latitude, longitude; they were turned.",)
    assert all("map=town" in path for path in web.asked)


def test_a_server_that_sends_the_same_page_for_ever_is_left(web: loopback.Web, net: Net) -> None:
    web.says("/api/collections", json.dumps({"collections": [{"id": "trees", "title": "Trees"}]}))
    page = {
        "features": [{"type": "Feature", "id": 1, "properties": {}, "geometry": None}],
        "links": [{"rel": "next", "href": "/api/collections/trees/items"}],
    }
    web.says("/api/collections/trees/items", json.dumps(page))
    found = features.oapif(net, f"{web.url}/api", "trees", BOX)
    assert len(found.features) <= 3


def test_the_next_page_is_not_asked_of_another_host(web: loopback.Web, net: Net) -> None:
    web.says("/api/collections", json.dumps({"collections": [{"id": "trees"}]}))
    page = {"features": [], "links": [{"rel": "next", "href": "http://example.org/items"}]}
    web.says("/api/collections/trees/items", json.dumps(page))
    found = features.oapif(net, f"{web.url}/api", "trees", BOX)
    assert found.notices == ("The service has more features; these are the first.",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<ExceptionReport><ExceptionText>No such type</ExceptionText></ExceptionReport>",
         "the service says: No such type"),
        ("not xml", "is no XML"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "defines entities"),
    ],
)  # fmt: skip
def test_complaints_and_bombs_are_named(text: str, said: str) -> None:
    with pytest.raises(NetError, match=said) as error:
        ows.tree(answer(text))
    assert "root:" not in str(error.value)


MATRIX = 2 * math.pi * 6_378_137
WMTS = f"""<Capabilities xmlns="http://www.opengis.net/wmts/1.0"><Contents>
<Layer><Title>Ortho</Title><Identifier>ortho</Identifier><Format>image/png</Format>
<Style><Identifier>default</Identifier></Style>
<TileMatrixSetLink><TileMatrixSet>web</TileMatrixSet></TileMatrixSetLink>
<ResourceURL resourceType="tile" format="image/png"
 template="HOST/t/{{TileMatrix}}/{{TileRow}}/{{TileCol}}.png"/></Layer>
<TileMatrixSet><Identifier>web</Identifier><SupportedCRS>urn:ogc:def:crs:EPSG::3857</SupportedCRS>
<TileMatrix><Identifier>0</Identifier><ScaleDenominator>{MATRIX / 256 / 0.00028}</ScaleDenominator>
<TopLeftCorner>{-MATRIX / 2} {MATRIX / 2}</TopLeftCorner>
<TileWidth>256</TileWidth><TileHeight>256</TileHeight>
<MatrixWidth>1</MatrixWidth><MatrixHeight>1</MatrixHeight></TileMatrix>
<TileMatrix><Identifier>1</Identifier><ScaleDenominator>{MATRIX / 512 / 0.00028}</ScaleDenominator>
<TopLeftCorner>{-MATRIX / 2} {MATRIX / 2}</TopLeftCorner>
<TileWidth>256</TileWidth><TileHeight>256</TileHeight>
<MatrixWidth>2</MatrixWidth><MatrixHeight>2</MatrixHeight></TileMatrix>
</TileMatrixSet></Contents></Capabilities>"""


def png() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (256, 256), (1, 2, 3)).save(made, "PNG")
    return made.getvalue()


def test_tiles_of_wmts_are_those_over_the_box(web: loopback.Web, net: Net) -> None:
    web.says("/wmts", WMTS.replace("HOST", web.url), kind="text/xml")
    web.says("/t/1/0/1.png", png(), kind="image/png")
    found = maps.wmts(
        net, f"{web.url}/wmts", "ortho", lambda _crs: (2.7e6, 8.4e6, 2.8e6, 8.5e6), pixel=80_000
    )
    assert [tile.bounds for tile in found.tiles] == [pytest.approx((0, 0, MATRIX / 2, MATRIX / 2), abs=1.0)]
    assert (found.crs, found.title) == ("EPSG:3857", "Ortho")
    web.says("/wmts", WMTS.replace("HOST", "http://example.org"), kind="text/xml")
    with pytest.raises(NetError, match=r"sends us on to example\.org"):
        maps.wmts(net, f"{web.url}/wmts", "ortho", lambda _crs: (2.7e6, 8.4e6, 2.8e6, 8.5e6), pixel=80_000)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<ScaleDenominator>", "<ScaleDenominator>x", "what cannot be"),
        ("<MatrixWidth>", "<MatrixWidth>-", "what cannot be: tiles of"),
        ("<TopLeftCorner>", "<TopLeftCorner>7 ", "what cannot be"),
        ("TileMatrix>", "Level>", "what cannot be"),
        ("EPSG::3857", "EPSG::99999", "has no tiles of ortho in metres"),
        ("Contents>", "Content>", "has no layer 'ortho'"),
    ],
)
def test_tiles_that_a_service_describes_wrongly_are_named(
    web: loopback.Web, net: Net, old: str, new: str, said: str
) -> None:
    web.says("/wmts", WMTS.replace("HOST", web.url).replace(old, new), kind="text/xml")
    with pytest.raises(NetError, match=said):
        maps.wmts(net, f"{web.url}/wmts", "ortho", lambda _crs: (2.7e6, 8.4e6, 2.8e6, 8.5e6), pixel=80_000)


def test_tms_counts_rows_from_the_south(web: loopback.Web, net: Net) -> None:
    web.says("/1/1/1.png", png(), kind="image/png")
    found = maps.xyz(net, f"{web.url}/{{z}}/{{x}}/{{y}}.png", (2.7e6, 8.4e6, 2.8e6, 8.5e6), zoom=1, tms=True)
    assert web.asked == ["/1/1/1.png"]
    assert found.tiles[0].bounds == pytest.approx((0, 0, MATRIX / 2, MATRIX / 2), abs=1.0)


@pytest.mark.parametrize(
    ("template", "zoom", "said"),
    [
        ("http://127.0.0.1/{z}/{x}.png", 3, "is no address of tiles"),
        ("http://127.0.0.1/{z}/{x}/{y}.png", 30, "has no zoom 30"),
        ("http://127.0.0.1/{z}/{x}/{y}.png", 20, "would be asked for"),
    ],
)
def test_tiles_that_cannot_be_are_refused(net: Net, template: str, zoom: int, said: str) -> None:
    with pytest.raises(NetError, match=said):
        maps.xyz(net, template, (2.7e6, 8.4e6, 2.8e6, 8.5e6), zoom=zoom)


def series(parameter: str, values: list[tuple[str, str]]) -> str:
    """One member as FMI's `timevaluepair` queries write it, by its manual: no recorded one is at hand."""
    pairs = "".join(
        f"<wml2:point><wml2:MeasurementTVP><wml2:time>{time}</wml2:time><wml2:value>{value}</wml2:value>"
        "</wml2:MeasurementTVP></wml2:point>"
        for time, value in values
    )
    link = (
        f"https://opendata.fmi.fi/meta?observableProperty=observation&amp;param={parameter}&amp;language=eng"
    )
    return f"""<wfs:member><omso:PointTimeSeriesObservation gml:id="a">
<om:observedProperty xlink:href="{link}"/><om:featureOfInterest><target:Location>
<gml:identifier codeSpace="http://xml.fmi.fi/namespace/stationcode/fmisid">101004</gml:identifier>
<gml:name codeSpace="http://xml.fmi.fi/namespace/locationcode/name">Helsinki Kumpula</gml:name>
</target:Location>
<gml:Point><gml:pos>60.20307 24.96131 </gml:pos></gml:Point></om:featureOfInterest>
<om:result><wml2:MeasurementTimeseries>{pairs}</wml2:MeasurementTimeseries></om:result>
</omso:PointTimeSeriesObservation></wfs:member>"""


def collection(*members: str) -> str:
    names = {
        **{"wfs": "http://www.opengis.net/wfs/2.0", "gml": "http://www.opengis.net/gml/3.2"},
        **{"om": "http://www.opengis.net/om/2.0", "wml2": "http://www.opengis.net/waterml/2.0"},
        **{"omso": "http://inspire.ec.europa.eu/schemas/omso/3.0", "xlink": "http://www.w3.org/1999/xlink"},
        "target": "http://xml.fmi.fi/namespace/om/atmosphericfeatures/1.1",
    }
    spaces = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in names.items())
    return f"<wfs:FeatureCollection {spaces}>{''.join(members)}</wfs:FeatureCollection>"


def test_weather_of_a_station_is_read(web: loopback.Web, net: Net) -> None:
    temperature = [
        ("2023-07-11T12:00:00Z", "24.6"),
        ("2023-07-11T12:10:00Z", "NaN"),
        ("2023-07-11T11:50:00Z", "24.1"),
    ]
    sun = [("2023-07-11T12:00:00Z", "781.3")]
    web.says("/wfs", collection(series("t2m", temperature), series("GLOB_1MIN", sun)), kind="text/xml")
    begin, end = datetime(2023, 7, 11, 11, tzinfo=UTC), datetime(2023, 7, 11, 13, tzinfo=UTC)
    air, glob = fmi.observe(net, begin, end, station="101004", url=f"{web.url}/wfs")
    assert (air.station, air.name, air.unit, air.absent) == ("101004", "Helsinki Kumpula", "°C", 1)
    assert air.values == (
        (datetime(2023, 7, 11, 11, 50, tzinfo=UTC), 24.1),
        (datetime(2023, 7, 11, 12, 0, tzinfo=UTC), 24.6),
    )
    assert (air.latitude, air.longitude) == (60.20307, 24.96131)
    assert (glob.parameter, glob.unit, glob.values[0][1]) == ("GLOB_1MIN", "W/m²", 781.3)
    assert "fmisid=101004" in web.asked[0]
    assert "starttime=2023-07-11T11%3A00%3A00Z" in web.asked[0]


def test_nothing_measured_is_said(web: loopback.Web, net: Net) -> None:
    web.says("/wfs", collection(), kind="text/xml")
    now = datetime(2023, 7, 11, tzinfo=UTC)
    with pytest.raises(NetError, match="has nothing measured there and then"):
        fmi.observe(net, now, now, box=BOX, url=f"{web.url}/wfs")
    with pytest.raises(NetError, match="is asked for no place"):
        fmi.observe(net, now, now, url=f"{web.url}/wfs")

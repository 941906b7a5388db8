# ruff: noqa: E501 - XML reads best in one line
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin.errors import Cancelled, DataError
from twin.formats import citygml, citygml_write
from twin.formats.report import Report, from_json
from twin.model import lod as lod_
from twin.model.city import SURFACE_TYPES, City, CityObject, Polygon3D, from_objects
from twin.model.place import Place
from twin.model.table import Value

DATA = Path(__file__).parent / "data"
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "citygml"
HELSINKI = Place("EPSG:3879", (25_496_000.0, 6_673_000.0, 0.0), 24.93, 60.17, "Europe/Helsinki", "N2000")
HEAD = """<?xml version="1.0"?>
<CityModel xmlns="http://www.opengis.net/citygml/2.0" xmlns:gml="http://www.opengis.net/gml"
  xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:bldg="http://www.opengis.net/citygml/building/2.0"
  xmlns:gen="http://www.opengis.net/citygml/generics/2.0" xmlns:ade="http://example.org/ade"
  xmlns:frn="http://www.opengis.net/citygml/cityfurniture/2.0"
  xmlns:dem="http://www.opengis.net/citygml/relief/2.0">
"""
SQUARE = "0 0 1 10 0 1 10 10 1 0 10 1 0 0 1"


def envelope(srs: str) -> str:
    return (
        f'<gml:boundedBy><gml:Envelope srsName="{srs}"><gml:lowerCorner>0 0 0</gml:lowerCorner>'
        "<gml:upperCorner>1 1 1</gml:upperCorner></gml:Envelope></gml:boundedBy>"
    )


def polygon(numbers: str = SQUARE, id: str = "p") -> str:
    return (
        f'<gml:Polygon gml:id="{id}"><gml:exterior><gml:LinearRing><gml:posList>{numbers}</gml:posList>'
        "</gml:LinearRing></gml:exterior></gml:Polygon>"
    )


def surfaces(*members: str) -> str:
    inner = "".join(f"<gml:surfaceMember>{member}</gml:surfaceMember>" for member in members)
    return f"<gml:MultiSurface>{inner}</gml:MultiSurface>"


def building(content: str, id: str = "b") -> str:
    return f'<cityObjectMember><bldg:Building gml:id="{id}">{content}</bldg:Building></cityObjectMember>'


def read(path: Path, body: str, *, place: Place | None = HELSINKI) -> tuple[City, Report]:
    path = path / "city.gml"
    path.write_text(f"{HEAD}{body}</CityModel>")
    return citygml.read(path, place=place)


def types(city: City) -> list[str]:
    return [SURFACE_TYPES[kind] for kind in city.surface_type]


def reasons(report: Report) -> dict[str, str]:
    return {skipped.what: skipped.why for skipped in report.skipped}


@pytest.mark.parametrize("version", ["1", "2", "3"])
def test_the_same_house_is_read_from_every_version(version: str) -> None:
    city, report = citygml.read(DATA / f"house_v{version}.gml")
    assert report.format == f"CityGML {version}.0"
    assert report.objects == {"Building": 1, "BuildingPart": 1}
    assert report.polygons == 13
    assert report.interior_rings == 2
    assert report.surfaces == {
        "Surface": 4,
        "GroundSurface": 2,
        "WallSurface": 4,
        "RoofSurface": 2,
        "Window": 1,
    }
    assert report.lods == {"1": 4, "2": 2, "3": 7}
    assert city.surface_shown is not None
    assert not city.surface_shown[city.surface_lod == 1].any()
    assert city.surface_shown.sum() == 9
    assert city.object_parent.tolist() == [-1, 0]
    assert city.place.crs == report.crs == "EPSG:3879"
    assert city.place.origin == (25_496_000.0, 6_673_000.0, 2.0), "the house stands 2 m above the sea"
    assert (city.place.longitude, city.place.latitude) == pytest.approx((24.928, 60.170), abs=1e-3)
    assert city.vertices.min(axis=0).tolist() == [0, 0, 0]
    assert city.vertices.max(axis=0).tolist() == [14, 8, 6]
    house = city.attributes.row(0)
    expected = {
        "name": "Old depot",
        "levels": 2,
        "height_source": "measured",
        "function": "1000",
        "measuredHeight": 6.0,
        "storeysAboveGround": 2,
    }
    assert expected.items() <= house.items()
    assert report.skipped == ()


def test_triangles_cover_the_polygons_and_look_outwards() -> None:
    city, _ = citygml.read(DATA / "house_v2.gml")
    a, b, c = (city.vertices[city.triangles[:, k]] for k in range(3))
    areas = np.cross(b - a, c - a) / 2
    of = city.triangle_surface
    ground = areas[of == types(city).index("GroundSurface")].sum(axis=0)
    roof = areas[of == types(city).index("RoofSurface")].sum(axis=0)
    assert ground == pytest.approx([0, 0, -76])
    assert roof == pytest.approx([0, 0, 76])
    assert (np.diff(of) >= 0).all()


def test_the_place_of_the_project_is_kept() -> None:
    place = Place("EPSG:3067", (385_000.0, 6_671_000.0, 5.0), 24.9, 60.2)
    city, report = citygml.read(DATA / "house_v2.gml", place=place)
    own, _ = citygml.read(DATA / "house_v2.gml")
    assert city.place is place
    assert city.vertices[:, 2] == pytest.approx(own.vertices[:, 2] + own.place.origin[2] - 5)
    east, north, _ = np.ptp(city.vertices, axis=0)
    assert (east, north) == pytest.approx((14, 8), abs=0.5)
    assert report.extent is not None
    assert report.extent[0] == pytest.approx(385_000, abs=3000)


@pytest.mark.parametrize(
    ("srs", "numbers", "order"),
    [
        ("EPSG:3879", "2.5496E7 6673000 1 25496010 6673000 1 25496010 6673010 1", "easting, northing"),
        ("urn:ogc:def:crs:EPSG::3879", "6673000 25496000 1 6673000 25496010 1 6673010 25496010 1", "northing"),
        ("urn:ogc:def:crs,crs:EPSG:6.12:3067,crs:EPSG:6.12:5717", "385800 6672000 1 385810 6672000 1 385810 6672010 1", "easting"),
        ("http://www.opengis.net/def/crs/EPSG/0/4979", "60.17 24.93 1 60.17 24.931 1 60.171 24.931 1", "latitude"),
        ("EPSG:4326", "24.93 60.17 1 24.931 60.17 1 24.931 60.171 1", "longitude"),
        ("http://www.opengis.net/gml/srs/epsg.xml#4258", "60.17 24.93 1 60.17 24.931 1 60.171 24.931 1", "latitude"),
        ("urn:adv:crs:ETRS89_UTM35*DE_DHHN92_NH", "385800 6672000 1 385810 6672000 1 385810 6672010 1", "easting"),
    ],
)  # fmt: skip
def test_every_form_of_crs_and_order_of_axes_lands_in_helsinki(
    srs: str, numbers: str, order: str, tmp_path: Path
) -> None:
    body = envelope(srs) + building(
        f"<bldg:lod1MultiSurface>{surfaces(polygon(numbers))}</bldg:lod1MultiSurface>"
    )
    city, report = read(tmp_path, body, place=None)
    assert (city.place.longitude, city.place.latitude) == pytest.approx((24.93, 60.17), abs=0.02)
    assert city.place.crs in ("EPSG:3879", "EPSG:3067", "EPSG:32635", "EPSG:25835")
    assert order in report.crs_source
    assert np.abs(city.vertices[:, :2]).max() < 200
    a, b, c = city.vertices[city.triangles[0]]
    assert np.cross(b - a, c - a)[2] > 0  # swapping the axes would have turned it over
    assert not [notice for notice in report.notices if "ellipsoid" not in notice]


def test_without_a_crs_the_user_is_asked(tmp_path: Path) -> None:
    body = building(f"<bldg:lod1MultiSurface>{surfaces(polygon())}</bldg:lod1MultiSurface>")
    with pytest.raises(DataError, match=r"does not say its CRS.*--crs"):
        read(tmp_path, body, place=None)
    with pytest.raises(DataError, match="unknown CRS, '#local'"):
        read(tmp_path, envelope("#local") + body, place=None)
    with pytest.raises(DataError, match="far outside the area of use of EPSG:3879"):
        read(tmp_path, envelope("EPSG:3879") + body, place=None)
    for name in ("PROJ:+proj=longlat", "http://127.0.0.1:9/crs", "EPSG:99999", "EPSG:5717"):
        with pytest.raises(DataError, match=r"CRS|EPSG"):
            read(tmp_path, envelope(name) + body, place=None)


def test_a_project_takes_files_without_a_crs_and_says_so(tmp_path: Path) -> None:
    near = "25496000 6673000 1 25496010 6673000 1 25496010 6673010 1"
    for numbers, word in ((near, "was read in EPSG:3879"), (SQUARE, "put at the project's origin")):
        body = building(f"<bldg:lod1MultiSurface>{surfaces(polygon(numbers))}</bldg:lod1MultiSurface>")
        city, report = read(tmp_path, body)
        assert report.crs == ""
        assert any(word in notice for notice in report.notices)
        assert city.vertices.max() == 10


def test_the_user_overrules_the_crs_of_the_file(tmp_path: Path) -> None:
    near = "25496000 6673000 1 25496010 6673000 1 25496010 6673010 1"
    path = tmp_path / "city.gml"
    body = building(f"<bldg:lod1MultiSurface>{surfaces(polygon(near))}</bldg:lod1MultiSurface>")
    path.write_text(f"{HEAD}{envelope('EPSG:3067')}{body}</CityModel>")
    city, report = citygml.read(path, crs="EPSG:3879")
    assert city.place.crs == "EPSG:3879"
    assert report.crs_source.startswith("--crs EPSG:3879")
    with pytest.raises(DataError, match="not the code of a CRS"):
        citygml.read(path, crs="+proj=utm +zone=35")


def test_openings_and_reversed_surfaces_are_read(tmp_path: Path) -> None:
    turned = f'<gml:OrientableSurface orientation="-"><gml:baseSurface>{polygon()}</gml:baseSurface></gml:OrientableSurface>'
    door = f"<bldg:opening><bldg:Door><bldg:lod3MultiSurface>{surfaces(polygon(id='d'))}</bldg:lod3MultiSurface></bldg:Door></bldg:opening>"
    city, _ = read(
        tmp_path,
        building(
            f"<bldg:boundedBy><bldg:WallSurface><bldg:lod3MultiSurface>{surfaces(turned)}</bldg:lod3MultiSurface>"
            f"{door}</bldg:WallSurface></bldg:boundedBy>"
        ),
    )
    assert types(city) == ["WallSurface", "Door"]
    wall, door_ = city.vertices[city.ring_starts[0] : 4], city.vertices[4:]
    assert wall.tolist() == door_[::-1].tolist()


def test_positions_may_be_written_in_four_ways(tmp_path: Path) -> None:
    forms = [
        "<gml:posList>0 0 1 1 0 1 1 1 1 0 0 1</gml:posList>",
        "<gml:pos>0 0 1</gml:pos><gml:pos>1 0 1</gml:pos><gml:pos>1 1 1</gml:pos><gml:pos>0 0 1</gml:pos>",
        "<gml:coordinates>0,0,1 1,0,1 1,1,1 0,0,1</gml:coordinates>",
        "<gml:posList srsDimension='3'>0 0 1\n\t1.0E0 0 1 1 1 1</gml:posList>",
    ]
    rings = [
        f"<gml:Polygon><gml:exterior><gml:LinearRing>{form}</gml:LinearRing></gml:exterior></gml:Polygon>"
        for form in forms
    ]
    city, report = read(
        tmp_path, building(f"<bldg:lod2MultiSurface>{surfaces(*rings)}</bldg:lod2MultiSurface>")
    )
    assert report.polygons == 4
    assert city.vertices.reshape(4, 9).tolist() == [[0, 0, 1, 1, 0, 1, 1, 1, 1]] * 4


def test_flat_positions_lie_at_zero_and_it_is_said(tmp_path: Path) -> None:
    ring = '<gml:posList srsDimension="2">0 0 1 0 1 1 0 0</gml:posList>'
    flat = f"<gml:Polygon><gml:exterior><gml:LinearRing>{ring}</gml:LinearRing></gml:exterior></gml:Polygon>"
    city, report = read(tmp_path, building(f"<bldg:lod0FootPrint>{surfaces(flat)}</bldg:lod0FootPrint>"))
    assert city.vertices[:, 2].tolist() == [0, 0, 0]
    assert "1 rings have no heights; they lie at height 0." in report.notices


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        ("0 0 1 1 0 1 0 0 1", "a ring needs 3 different corners"),
        ("0 0 1 0 0 1 0 0 1 0 0 1", "a ring needs 3 different corners"),
        ("", "a ring needs 3 different corners"),
        ("0 0 1 nan 0 1 1 1 1 0 0 1", "a coordinate is not finite"),
        ("0 0 1 1e999 0 1 1 1 1 0 0 1", "a coordinate is not finite"),
        ("0 0 1 1,5 0 1 1 1 1 0 0 1", "a coordinate is not a number"),
        ("0 0 1 1_0 0 1 1 1 1 0 0 1", "a coordinate is not a number"),
        ("0 0 1 1 0 1 1 1 1 0 0", "the count of numbers is no multiple of 3"),
    ],
)
def test_bad_rings_are_counted_with_line_and_id(numbers: str, reason: str, tmp_path: Path) -> None:
    body = building(
        f"<bldg:lod2MultiSurface>\n{surfaces(polygon(id='good'), polygon(numbers, 'bad'))}\n</bldg:lod2MultiSurface>"
    )
    city, report = read(tmp_path, body)
    assert report.polygons == 1
    assert [(s.what, s.why, s.count, s.first) for s in report.skipped] == [
        ("Polygon", reason, 1, "line 8, gml:id bad")
    ]
    assert np.isfinite(city.vertices).all()


def test_a_bad_hole_is_left_out_but_not_its_polygon(tmp_path: Path) -> None:
    hole = "<gml:interior><gml:LinearRing><gml:posList>2 2 1 3 3 1 2 2 1</gml:posList></gml:LinearRing></gml:interior>"
    holed = polygon().replace("</gml:Polygon>", hole + "</gml:Polygon>")
    _, report = read(tmp_path, building(f"<bldg:lod2MultiSurface>{surfaces(holed)}</bldg:lod2MultiSurface>"))
    assert report.polygons == 1
    assert report.interior_rings == 0
    assert report.skipped[0].what == "interior ring"


def test_a_surface_without_area_keeps_its_ring_and_is_reported(tmp_path: Path) -> None:
    line = polygon("0 0 0 1 1 0 2 2 0 3 3 0 0 0 0")
    city, report = read(
        tmp_path, building(f"<bldg:lod2MultiSurface>{surfaces(line)}</bldg:lod2MultiSurface>")
    )
    assert len(city.ring_surface) == 1
    assert len(city.triangles) == 0
    assert "1 surfaces have no area and are not drawn." in report.notices


def test_a_solid_and_its_boundary_written_twice_are_shown_once(tmp_path: Path) -> None:
    solid = f"<bldg:lod2Solid><gml:Solid><gml:exterior><gml:CompositeSurface><gml:surfaceMember>{polygon(id='s')}</gml:surfaceMember></gml:CompositeSurface></gml:exterior></gml:Solid></bldg:lod2Solid>"
    roof = f"<bldg:boundedBy><bldg:RoofSurface><bldg:lod2MultiSurface>{surfaces(polygon(id='r'))}</bldg:lod2MultiSurface></bldg:RoofSurface></bldg:boundedBy>"
    city, report = read(tmp_path, building(solid + roof))
    assert types(city) == ["RoofSurface"]
    assert reasons(report)["surface given twice"] == "shown once"


def test_a_link_to_nowhere_is_reported(tmp_path: Path) -> None:
    linked = '<gml:MultiSurface><gml:surfaceMember xlink:href="#gone"/></gml:MultiSurface>'
    _, report = read(tmp_path, building(f"<bldg:lod2MultiSurface>{linked}</bldg:lod2MultiSurface>"))
    assert reasons(report)["link to a surface"] == "the file has no such surface"


HULL = "0 0 0 10 0 0 10 10 0 0 10 0 0 0 0", "0 0 9 10 0 9 10 10 9 0 10 9 0 0 9"
INSIDE = "1 1 8 4 1 8 4 4 8 1 1 8"


@pytest.mark.parametrize(
    ("roof", "lod", "shown"),
    [
        (INSIDE, 2, [1]),
        (INSIDE, 1, [0, 0, 1]),
        ("1 1 28 4 1 28 4 4 28 1 1 28", 2, [0, 0, 1]),
        ("11 1 8 14 1 8 14 4 8 11 1 8", 2, [0, 0, 1]),
    ],
    ids=["finer part inside", "equal part inside", "part on top", "part beside"],
)
def test_only_a_block_around_finer_parts_is_left_out(
    roof: str, lod: int, shown: list[int], tmp_path: Path
) -> None:
    tag = f"bldg:lod{lod}MultiSurface"
    part = (
        f'<bldg:BuildingPart gml:id="part"><{tag}>{surfaces(polygon(roof, "q"))}</{tag}></bldg:BuildingPart>'
    )
    block = surfaces(*(polygon(ring, f"h{k}") for k, ring in enumerate(HULL)))
    city, report = read(
        tmp_path,
        building(
            f"<bldg:lod1MultiSurface>{block}</bldg:lod1MultiSurface>"
            f"<bldg:consistsOfBuildingPart>{part}</bldg:consistsOfBuildingPart>"
        ),
    )
    assert lod_.shown(city).surface_object.tolist() == shown
    assert city.surface_object.tolist() == [0, 0, 1]
    assert report.skipped == ()


def test_attributes_keep_names_and_types(tmp_path: Path) -> None:
    body = building(
        '<gml:name>Asema</gml:name><gen:intAttribute name="a"><gen:value>-3</gen:value></gen:intAttribute>'
        '<gen:doubleAttribute name="b"><gen:value>1.5E2</gen:value></gen:doubleAttribute>'
        '<gen:measureAttribute name="c"><gen:value uom="m">2</gen:value></gen:measureAttribute>'
        '<gen:stringAttribute name="d"><gen:value>007</gen:value></gen:stringAttribute>'
        '<gen:intAttribute name="e"><gen:value>many</gen:value></gen:intAttribute>'
        '<gen:intAttribute name="f"><gen:value/></gen:intAttribute>'
        '<gen:genericAttributeSet name="set"><gen:stringAttribute name="x"><gen:value>y</gen:value></gen:stringAttribute></gen:genericAttributeSet>'
        "<bldg:function>1000</bldg:function><bldg:function>2000</bldg:function>"
        "<bldg:yearOfConstruction>1919</bldg:yearOfConstruction>"
        '<bldg:measuredHeight uom="m">12.5</bldg:measuredHeight>'
        "<externalReference><informationSystem>http://x</informationSystem><externalObject><name>n</name></externalObject></externalReference>"
    )
    city, report = read(tmp_path, body)
    assert city.attributes.row(0) == {
        "name": "Asema",
        "a": -3,
        "b": 150.0,
        "c": 2.0,
        "d": "007",
        "e": "many",
        "set.x": "y",
        "function": "1000; 2000",
        "yearOfConstruction": 1919,
        "measuredHeight": 12.5,
        "externalReference.informationSystem": "http://x",
        "externalReference.externalObject.name": "n",
    }
    assert "f" not in report.attributes
    assert report.notices == ("No object has a surface.",)


def test_what_is_not_understood_is_counted(tmp_path: Path) -> None:
    bare = surfaces(polygon(id="bare"))
    _, report = read(
        tmp_path,
        "<appearanceMember/><mystery><deep/></mystery>"
        + building(
            "<ade:energy>3</ade:energy><bldg:lod2MultiCurve><gml:MultiCurve/></bldg:lod2MultiCurve>"
            f"<ade:shape>{bare}</ade:shape>"
        )
        + '<cityObjectMember><frn:CityFurniture gml:id="lamp"><frn:lod1ImplicitRepresentation><ImplicitGeometry/>'
        "</frn:lod1ImplicitRepresentation></frn:CityFurniture></cityObjectMember>"
        '<cityObjectMember><ade:Antenna gml:id="x"/></cityObjectMember>',
    )
    assert reasons(report) == {
        "ImplicitGeometry": "it has no surfaces",
        "lod2MultiCurve": "curves are not read",
        "mystery": "only objects are read",
        "shape": "an extension (ADE) is not read",
        "Polygon": "in shape: an extension (ADE) is not read",
    }
    assert report.objects == {"Building": 1, "CityFurniture": 1, "Antenna": 1}
    assert report.attributes == {"energy": 1}


def test_a_terrain_counts_its_triangles(tmp_path: Path) -> None:
    triangle = "<gml:Triangle><gml:exterior><gml:LinearRing><gml:posList>0 0 1 1 0 1 1 1 1 0 0 1</gml:posList></gml:LinearRing></gml:exterior></gml:Triangle>"
    tin = f"<gml:TriangulatedSurface><gml:trianglePatches>{triangle * 3}</gml:trianglePatches></gml:TriangulatedSurface>"
    city, report = read(
        tmp_path,
        f'<cityObjectMember><dem:ReliefFeature gml:id="r"><dem:lod>2</dem:lod><dem:reliefComponent><dem:TINRelief gml:id="t">'
        f"<dem:lod>2</dem:lod><dem:tin>{tin}</dem:tin></dem:TINRelief></dem:reliefComponent></dem:ReliefFeature></cityObjectMember>",
    )
    assert report.objects == {"ReliefFeature": 1, "TINRelief": 1}
    assert (report.patches, report.polygons, report.lods) == (3, 0, {"2": 3})
    assert len(city.triangles) == 3


def test_every_object_gets_an_id_of_its_own(tmp_path: Path) -> None:
    nameless = "<cityObjectMember><bldg:Building/></cityObjectMember>"
    city, report = read(tmp_path, building("") + nameless + building("") + nameless)
    assert city.object_id.tolist() == ["b", "Building-1", "b-2", "Building-2"]
    assert "2 objects have no gml:id and were numbered." in report.notices
    assert "1 objects repeat a gml:id and were numbered." in report.notices


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<a/>", "line 1: the root element is a, not CityModel"),
        ("{}", "not well-formed XML"),
        (f"{HEAD}</CityModel>", "holds no city objects"),
        (f"{HEAD}<cityObjectMember>", "line 7: is not well-formed XML"),
    ],
)
def test_what_is_no_city_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "city.gml"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        citygml.read(path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.gml: cannot be opened"):
        citygml.read(tmp_path / "nowhere.gml")


def test_reading_stops_when_nobody_wants_it_any_more() -> None:
    def stop(done: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        citygml.read(DATA / "house_v2.gml", progress=stop)


def test_progress_rises_to_one() -> None:
    steps: list[float] = []
    citygml.read(DATA / "house_v2.gml", progress=steps.append)
    assert steps == sorted(steps)
    assert steps[-1] == 1.0


def test_the_report_survives_json() -> None:
    _, report = citygml.read(DATA / "house_v2.gml")
    assert from_json(report.as_json()) == report


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 7600), st.binary(min_size=1, max_size=4)), min_size=1, max_size=4))
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, damage: list[tuple[int, bytes]]) -> None:
    content = bytearray((DATA / "house_v2.gml").read_bytes())
    for at, new in damage:
        content[at : at + len(new)] = new
    path = tmp_path / "damaged.gml"
    path.write_bytes(content)
    try:
        city, _ = citygml.read(path, place=HELSINKI)
    except DataError as error:
        assert "damaged.gml" in str(error)
    else:
        assert np.isfinite(city.vertices).all()


names = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Zs", "Zl", "Zp"]), min_size=1
)
texts = names.map(str.strip)
values: st.SearchStrategy[Value] = st.one_of(
    texts, st.integers(-(2**62), 2**62), st.floats(allow_nan=False, allow_infinity=False)
)
OWN = ["name", "class", "function", "usage", "yearOfConstruction", "roofType", "measuredHeight"]
KINDS = ["Building", "BuildingPart", "BuildingInstallation", "GenericCityObject"]


@st.composite
def cities(draw: st.DrawFn) -> City:
    objects: list[CityObject] = []
    for row in range(draw(st.integers(1, 5))):
        lod = draw(st.integers(2, 3))
        kinds = SURFACE_TYPES[:7] + (SURFACE_TYPES[7:9] if lod > 2 else ())
        polygons = []
        for step in range(draw(st.integers(0, 4))):
            # no two alike, because one of them would be taken for a repetition
            at, size = draw(st.integers(-900, 900)) * 10 + step, draw(st.integers(1, 50))
            square = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]]) * size / 8 + [at, -at, at / 1000]
            rings = [square] + [square[::-1] * 0.5 + square.mean(axis=0) * 0.5] * draw(st.integers(0, 1))
            polygons.append(Polygon3D(tuple(rings), draw(st.sampled_from(kinds)), lod))
        kind = draw(st.sampled_from(KINDS if row else KINDS[:1]))
        parent = -1
        if kind == "GenericCityObject":
            polygons = [Polygon3D(polygon.rings, "Surface", lod) for polygon in polygons]
        elif kind != "Building":
            parent = draw(st.sampled_from([r for r, o in enumerate(objects) if o.type in KINDS[:2]]))
        attributes = draw(
            st.dictionaries(st.one_of(st.sampled_from(OWN), texts.filter(bool)), values, max_size=5)
        )
        objects.append(CityObject(f"id{row}", kind, parent, attributes, polygons))
    return from_objects(HELSINKI, objects)


def told(city: City) -> dict[str, object]:
    """All that a city says of each object, in an order that does not depend on the file."""
    found: dict[str, object] = {}
    for row, own in enumerate(city.object_id):
        shapes = []
        for surface in np.flatnonzero(city.surface_object == row):
            rings = [
                np.round(city.vertices[city.ring_starts[r] : city.ring_starts[r + 1]], 3).tolist()
                for r in np.flatnonzero(city.ring_surface == surface)
            ]
            shapes.append((int(city.surface_lod[surface]), types(city)[surface], rings))
        parent = city.object_parent[row]
        values = {k: v for k, v in city.attributes.row(row).items() if not isinstance(v, bool)}
        found[own] = (
            city.object_type[row],
            city.object_id[parent] if parent >= 0 else None,
            values,
            sorted(shapes, key=repr),
        )
    return found


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cities())
def test_what_is_written_is_read_back(tmp_path: Path, city: City) -> None:
    path = tmp_path / "written.gml"
    citygml_write.write(city, path, title="t", attribution="a")
    back, _ = citygml.read(path, place=HELSINKI, crs="EPSG:3879")
    assert back.place == city.place
    was, now = told(city), told(back)
    assert now.keys() == was.keys()
    for own in was:
        assert now[own] == was[own]
    citygml_write.write(back, path, title="t", attribution="a")
    once = path.read_bytes()
    citygml_write.write(citygml.read(path, place=HELSINKI)[0], path, title="t", attribution="a")
    assert path.read_bytes() == once


REAL_COUNTS = {
    "helsinki/kalasatama_2549_6674.gml": ({"Building": 61}, 1392, 3, 0),
    "berlin/berlin_open_data_sample_data.citygml": ({"Building": 61}, 1125, 5, 0),
    "denhaag/DenHaag_01.xml": ({"Building": 844, "BuildingPart": 1653, "ReliefFeature": 1, "TINRelief": 1}, 16209, 0, 5595),
    "citygml4j/lod2_buildings_v3.gml": ({"Building": 100}, 700, 0, 0),
    "citygml4j/lod4_building_v2.gml": ({"Building": 1, "Room": 1, "BuildingFurniture": 1, "ReliefFeature": 1, "TINRelief": 1}, 998, 9, 9),
    "small/zurich-lod2-citygml1.xml": ({"Building": 4, "BuildingPart": 6}, 61, 0, 0),
    "ogc_citygml3/Building/BuildingUnits_Storeys_xlink.gml": ({"Building": 1, "BuildingRoom": 3, "BuildingUnit": 2, "Storey": 2}, 39, 0, 0),
    "ogc_citygml3/Building/JeffersonBuilding_CityGML3.0_LOD1_with_xAL3_CommonTypes.gml": ({"Building": 1}, 123, 4, 0),
    "plateau/yokosuka-shi/udx/dem/523965_dem_6697_05_op.gml": ({"ReliefFeature": 2, "TINRelief": 2}, 0, 0, 1066),
}  # fmt: skip


def real(name: str) -> Path:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"the real city model {name} is not there")
    return path


@pytest.mark.parametrize("name", REAL_COUNTS)
def test_real_cities_are_read_whole(name: str) -> None:
    counts, polygons, holes, triangles = REAL_COUNTS[name]
    city, report = citygml.read(real(name))
    assert report.objects == counts
    assert (report.polygons, report.interior_rings, report.patches) == (polygons, holes, triangles)
    assert len(np.unique(city.triangle_surface)) >= polygons + triangles - 1


def test_a_city_in_lod3_is_accounted_for_to_the_last_polygon() -> None:
    _, report = citygml.read(real("ingolstadt_lod3/A/_merged_lod3_A.gml"))
    lost = {s.what: s.count for s in report.skipped}
    assert report.polygons + lost["Polygon"] + lost["surface given twice"] == 23344
    assert report.interior_rings == 3136
    assert report.surfaces["Window"] == 14898


def test_japanese_degrees_become_metres() -> None:
    city, report = citygml.read(real("plateau/yuuhayashi/51311568_bldg_6697_op.gml"))
    assert report.crs == "EPSG:6697"
    assert "latitude, longitude, because only so it lies in the area of use" in report.crs_source
    assert city.place.crs == "EPSG:32652"
    assert 10 < math.hypot(*np.ptp(city.vertices[:, :2], axis=0)) < 3000


def test_features_without_geometry_keep_their_attributes() -> None:
    city, report = citygml.read(real("helsinki/kalasatamapart2_nogeom.gml"), place=HELSINKI)
    assert report.objects == {"Building": 61}
    assert "No object has a surface." in report.notices
    assert len(city.attributes.columns) > 20


def test_every_real_file_is_read_or_refused_with_a_reason() -> None:
    files = sorted(path for path in real("tricky").rglob("*.gml"))
    assert files
    for path in files:
        for place in (None, HELSINKI):
            try:
                city, report = citygml.read(path, place=place)
            except DataError as error:
                assert path.name in str(error)
            else:
                assert len(city.object_id) == sum(report.objects.values()) > 0

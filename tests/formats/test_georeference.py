# ruff: noqa: E501 - XML reads best in one line
from pathlib import Path

import numpy as np
import pytest
from citygml_text import HELSINKI, building, document, polygon, read, roof, surfaces
from pyproj import CRS, Transformer

from twin.errors import DataError
from twin.formats import citygml_tree
from twin.formats.crs_area import hint, suggested
from twin.formats.crs_names import codes
from twin.model.place import Place

SPELLINGS = {
    "EPSG:3879": (3879,),
    "epsg:3879": (3879,),
    "EPSG::3879": (3879,),
    "EPSG3879": (3879,),
    "urn:ogc:def:crs:EPSG::3879": (3879,),
    "urn:ogc:def:crs:EPSG:6.12:3068": (3068,),
    "urn:x-ogc:def:crs:EPSG:4326": (4326,),
    "urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::7837": (25832, 7837),
    "urn:ogc:def:crs,crs:EPSG:6.12:3068,crs:EPSG:6.12:5783": (3068, 5783),
    "urn:adv:crs:ETRS89_UTM32*DE_DHHN92_NH": (25832, 5783),
    "urn:adv:crs:ETRS89_UTM33*DE_DHHN2016_NH": (25833, 7837),
    "urn:adv:crs:DE_DHDN_3GK3": (31467,),
    "http://www.opengis.net/def/crs/EPSG/0/6697": (6697,),
    "https://www.opengis.net/def/crs/epsg/0/7415": (7415,),
    "http://www.opengis.net/gml/srs/epsg.xml#4258": (4258,),
    "http://www.opengis.net/def/crs-compound?1=http://www.opengis.net/def/crs/EPSG/0/25832&2=http://www.opengis.net/def/crs/EPSG/0/7837": (25832, 7837),
    "EPSG:25832+7837": (25832, 7837),
    "EPSG:25832*5783": (25832, 5783),
    "urn:ogc:def:crs:OGC:1.3:CRS84": (4326,),
    "CH1903": (21781,),
    "RD New": (28992,),
    "ETRS-GK25": (3879,),
    "EPSG-3879": (3879,),
    " 25832 ": (25832,),
    "urn:adv:crs:DE_DHDN_3GK3_BW100*DE_DHHN12_NOH": (31467, 7699),
    "urn:adv:crs:DE_DHDN_3GK2_NW101": (31466,),
    "urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH*GCG2016": (25832, 7837),
    "ETRS89 / UTM zone 32N": (25832,),
    "DHDN / 3-degree Gauss-Kruger zone 3": (31467,),
    "Estonian Coordinate System of 1997": (3301,),
    "RGF93 v1 / Lambert-93": (2154,),
    "#local-CRS-1": (),
    "EPSG:99999999": (),
    "": (),
    "/etc/passwd": (),
}  # fmt: skip
NATIONAL = (
    *(31466, 31467, 31468, 31469, 28992, 7415, 3067, *range(3873, 3886), 3301, 3006, 25832, 25833, 5972),
    *(5555, 2154, 2056, 21781, 3068, 6697, 4979, 4258, 5556, 31370, 27700),
)


@pytest.mark.parametrize("name", SPELLINGS)
def test_every_spelling_of_a_crs_is_understood(name: str) -> None:
    assert codes(name) == SPELLINGS[name]


def house(code: int, northing_first: bool, offset: float = 0.0) -> str:
    """A roof that faces up, amid the area of use of a CRS."""
    crs = CRS.from_epsg(code)
    area = crs.area_of_use
    assert area is not None
    longitude, latitude = (area.west + area.east) / 2, (area.south + area.north) / 2
    flat = (crs.sub_crs_list or [crs])[0].to_2d()
    east, north = Transformer.from_crs(4326, flat, always_xy=True).transform(longitude, latitude)
    step = 10 if flat.is_projected else 1e-4
    corners = [(0, 0), (step, 0), (step, step), (0, step), (0, 0)]
    numbers = []
    for x, y in corners:
        pair = (east + x + offset, north + y)
        numbers.append(" ".join(f"{v:.7f}" for v in (pair[::-1] if northing_first else pair)) + " 5")
    return building(roof(2, surfaces(polygon("p", " ".join(numbers)))))


@pytest.mark.parametrize("code", NATIONAL)
@pytest.mark.parametrize("northing_first", [False, True], ids=["easting first", "northing first"])
def test_roofs_face_up_whatever_the_order_of_axes(code: int, northing_first: bool, tmp_path: Path) -> None:
    srs = f"EPSG:{code}" if northing_first else f"urn:ogc:def:crs:EPSG::{code}"
    city, report = read(tmp_path, house(code, northing_first), srs=srs, place=None)
    a, b, c = city.vertices[city.triangles[0]]
    assert np.cross(b - a, c - a)[2] > 0, report.crs_source
    assert report.crs == f"EPSG:{code}"
    area = CRS.from_epsg(code).area_of_use
    assert area is not None
    middle = (area.west + area.east) / 2, (area.south + area.north) / 2
    assert (city.place.longitude, city.place.latitude) == pytest.approx(middle, abs=0.02)


def test_where_nothing_faces_anywhere_the_definition_decides(tmp_path: Path) -> None:
    wall = building(
        f"<bldg:lod1MultiSurface>{surfaces(polygon('w', '20 30 0 25 30 0 25 30 9 20 30 9 20 30 0'))}</bldg:lod1MultiSurface>"
    )
    _, formal = read(tmp_path, wall, srs="urn:ogc:def:crs:EPSG::3068", place=None)
    assert "northing, easting, as the CRS defines it; both orders fit" in formal.crs_source
    _, common = read(tmp_path, wall, srs="EPSG:3068", place=None)
    assert "easting, northing, as is common; both orders fit" in common.crs_source


def test_walls_tell_the_order_of_axes_too(tmp_path: Path) -> None:
    """A block without semantics, written northing first: its walls must face outwards."""
    low, high = ((20, 30), (26, 30), (26, 34), (20, 34)), 9
    walls = []
    for k in range(4):
        (x, y), (v, w) = low[k], low[(k + 1) % 4]
        walls.append(polygon(f"w{k}", f"{y} {x} 0 {w} {v} 0 {w} {v} {high} {y} {x} {high} {y} {x} 0"))
    body = building(f"<bldg:lod1MultiSurface>{surfaces(*walls)}</bldg:lod1MultiSurface>")
    city, report = read(tmp_path, body, srs="EPSG:3068", place=None)
    assert "northing, easting; both orders fit" in report.crs_source
    assert np.ptp(city.vertices[:, :2], axis=0).tolist() == [6, 4]


@pytest.mark.parametrize(
    ("srs", "said", "notice"),
    [
        ("urn:ogc:def:crs,crs:EPSG::3067,crs:EPSG::3900", "heights in N2000", ""),
        ("EPSG:3067", "nothing says what heights are measured from", ""),
    ],
)
def test_it_is_said_what_heights_are_measured_from(srs: str, said: str, notice: str, tmp_path: Path) -> None:
    _, report = read(tmp_path, house(3067, False), srs=srs, place=None)
    assert said in report.crs_source


def test_heights_above_the_ellipsoid_are_told(tmp_path: Path) -> None:
    _, report = read(
        tmp_path, house(4979, True), srs="http://www.opengis.net/def/crs/EPSG/0/4979", place=None
    )
    assert "heights above the ellipsoid" in report.crs_source
    assert any("above the ellipsoid" in notice for notice in report.notices)


def test_heights_that_differ_from_those_of_the_project_are_told(tmp_path: Path) -> None:
    srs = "urn:ogc:def:crs,crs:EPSG::3879,crs:EPSG::5717"
    _, report = read(tmp_path, house(3879, False), srs=srs, place=HELSINKI)
    assert "Its heights are in N60, those of the project in N2000; they are kept." in report.notices


@pytest.mark.parametrize("code", [3879, 3067, 28992, 3301])
def test_a_city_looks_the_same_wherever_it_stands(code: int, tmp_path: Path) -> None:
    """Shapes keep their millimetres a million metres from the origin of their map."""
    shapes = []
    for offset in (0.0, 700.0, 12_300.0):
        city, _ = read(tmp_path, house(code, False, offset), srs=f"EPSG:{code}", place=None)
        shapes.append(city.vertices - city.vertices[0])
    assert np.abs(shapes[0] - shapes[1]).max() < 1e-6
    assert np.abs(shapes[0] - shapes[2]).max() < 1e-6


def test_a_house_at_its_national_place_equals_one_at_the_origin(tmp_path: Path) -> None:
    numbers = np.array([[0, 0, 3], [7.123, 0, 3], [7.123, 4.567, 5], [0, 4.567, 5], [0, 0, 3]])
    cities = []
    for place in (Place("EPSG:3879", (0, 0, 0), 0, 0), HELSINKI):
        moved = numbers + place.origin
        text = " ".join(f"{v!r}" for v in moved.ravel().tolist())
        body = building(f"<bldg:lod2MultiSurface>{surfaces(polygon('p', text))}</bldg:lod2MultiSurface>")
        cities.append(read(tmp_path, body, place=place)[0])
    assert np.abs(cities[0].vertices - cities[1].vertices).max() < 1e-8
    assert (cities[0].triangles == cities[1].triangles).all()


def test_a_drawing_is_put_where_the_user_says(tmp_path: Path) -> None:
    path = tmp_path / "cube.gml"
    body = building(f"<bldg:lod2MultiSurface>{surfaces(polygon())}</bldg:lod2MultiSurface>")
    path.write_text(document(body, srs="#local-CRS-1"))
    with pytest.raises(DataError, match="unknown CRS, '#local-CRS-1'"):
        citygml_tree.read(path)
    city, report = citygml_tree.read(path, crs="EPSG:3067")
    assert city.place.crs == "EPSG:3067"
    assert city.vertices[:, :2].max() == 10
    assert "middle of the area of use" in report.notices[0]
    inside, report = citygml_tree.read(path, place=HELSINKI)
    assert inside.vertices[:, :2].max() == 10
    assert "put at the project's origin" in report.notices[0]


def test_several_crss_in_one_file_are_told(tmp_path: Path) -> None:
    body = house(3879, False)
    for other in ("EPSG:3067", "EPSG:4979", "EPSG:99999"):  # what the coordinates fit counts
        envelope = f'<gml:boundedBy><gml:Envelope srsName="{other}"/></gml:boundedBy>'
        _, report = read(tmp_path, envelope + body, srs="EPSG:3879", place=None)
        assert any("names 2 CRSs" in notice for notice in report.notices)
        assert report.crs == "EPSG:3879"


def test_the_crs_may_stand_at_any_level(tmp_path: Path) -> None:
    plain = house(3879, False)
    srs = 'srsName="urn:ogc:def:crs:EPSG::3879"'
    for tag in ("gml:Polygon ", "gml:MultiSurface", "gml:posList"):
        body = plain.replace(f"<{tag}", f"<{tag.strip()} {srs} ")
        assert srs in body
        _, report = read(tmp_path, body, place=None)
        assert report.crs == "EPSG:3879", tag


def test_the_ground_is_that_of_what_is_shown(tmp_path: Path) -> None:
    """Footprints at height 0 do not make a house at 300 m hover."""
    footprint = "500000 6700000 0 500010 6700000 0 500010 6700010 0 500000 6700010 0 500000 6700000 0"
    block = footprint.replace(" 0 5", " 300 5").removesuffix(" 0") + " 300"
    body = building(
        f"<bldg:lod0FootPrint>{surfaces(polygon('f', footprint))}</bldg:lod0FootPrint>"
        f"<bldg:lod1MultiSurface>{surfaces(polygon('b', block))}</bldg:lod1MultiSurface>"
    )
    city, _ = read(tmp_path, body, srs="EPSG:3067", place=None)
    assert city.place.origin[2] == 300
    assert sorted(set(city.vertices[:, 2].tolist())) == [-300, 0]


@pytest.mark.parametrize(
    ("points", "codes"),
    [
        ([[0.0, 0.0, 0.0], [1.0, 1.0, 3.0]], ()),
        ([[10.0, 10.0, 0.0], [90.0, 60.0, 9.0]], ()),
        ([[24.93, 60.17, 0.0], [24.94, 60.18, 9.0]], ("EPSG:4326",)),
    ],
)
def test_a_drawing_around_zero_is_not_taken_for_degrees(
    points: list[list[float]], codes: tuple[str, ...]
) -> None:
    assert suggested(np.array(points)) == codes


def test_the_remedy_names_the_crs_that_the_coordinates_fit() -> None:
    assert "--crs EPSG:25832" in hint(np.array([[458873.0, 5438347.0, 0.0]]))

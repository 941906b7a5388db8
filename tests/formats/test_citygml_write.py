from pathlib import Path

import numpy as np
import pytest
from lxml import etree

from twin.errors import DataError
from twin.formats import citygml_write
from twin.model.city import City, CityObject, Polygon3D, empty, from_objects
from twin.model.place import Place

HELSINKI = Place("EPSG:3879", (25_496_000.0, 6_673_000.0, 0.0), 24.94, 60.17, "Europe/Helsinki", "N2000")
GML = "{http://www.opengis.net/gml}"
BLDG = "{http://www.opengis.net/citygml/building/2.0}"
GEN = "{http://www.opengis.net/citygml/generics/2.0}"
SQUARE = np.array([[0.0, 0.0, 2.0], [10.0, 0.0, 2.0], [10.0, 10.0, 2.0], [0.0, 10.0, 2.0]])
UP = np.array([0.0, 0.0, 5.0004])
HOLE = np.array([[2.0, 2.0, 2.0], [2.0, 8.0, 2.0], [8.0, 8.0, 2.0]])


def a_city(**attributes: str | float | int | bool | None) -> City:
    roof = Polygon3D((SQUARE + UP, HOLE + UP), "RoofSurface", 2)
    window = Polygon3D((SQUARE / 10,), "Window", 3)
    return from_objects(
        HELSINKI,
        [
            CityObject("way1", "Building", -1, attributes, [Polygon3D((SQUARE,), "GroundSurface", 1)]),
            CityObject("part1", "BuildingPart", 0, {}, [Polygon3D((SQUARE,), "WallSurface", 2), roof]),
            CityObject("part2", "BuildingPart", 1, {}, [Polygon3D((SQUARE,), "WallSurface", 3), window]),
            CityObject("bridge1", "Bridge", -1, {"lanes": 2}, [Polygon3D((SQUARE,), "Surface", 2)]),
        ],
    )


def written(city: City, tmp_path: Path) -> etree._Element:
    citygml_write.write(city, tmp_path / "city.gml", title="Asema & <tori>", attribution="© A, CC BY 4.0")
    return etree.parse(str(tmp_path / "city.gml")).getroot()


def test_coordinates_are_national_eastings_first(tmp_path: Path) -> None:
    root = written(a_city(), tmp_path)
    envelope = root.find(f".//{GML}Envelope")
    assert envelope is not None
    assert envelope.get("srsName") == "urn:ogc:def:crs:EPSG::3879"
    assert envelope.get("srsDimension") == "3"
    assert envelope.findtext(f"{GML}lowerCorner") == "25496000.000 6673000.000 0.200"
    assert envelope.findtext(f"{GML}upperCorner") == "25496010.000 6673010.000 7.000"


def test_rings_end_where_they_begin_and_holes_are_interiors(tmp_path: Path) -> None:
    root = written(a_city(), tmp_path)
    for ring in root.iter(f"{GML}posList"):
        numbers = (ring.text or "").split()
        assert numbers[:3] == numbers[-3:]
    assert len(root.findall(f".//{GML}interior")) == 1


def test_parts_stand_inside_their_building(tmp_path: Path) -> None:
    root = written(a_city(), tmp_path)
    step = f"{BLDG}consistsOfBuildingPart/{BLDG}BuildingPart"
    inner = root.find(f".//{BLDG}Building/{step}/{step}")
    assert inner is not None
    assert inner.get(f"{GML}id") == "part2"


def test_semantic_surfaces_bound_the_building(tmp_path: Path) -> None:
    root = written(a_city(), tmp_path)
    assert root.find(f".//{BLDG}boundedBy/{BLDG}RoofSurface/{BLDG}lod2MultiSurface") is not None
    wall = f".//{BLDG}boundedBy/{BLDG}WallSurface"
    assert root.find(f"{wall}/{BLDG}opening/{BLDG}Window/{BLDG}lod3MultiSurface") is not None
    assert root.find(f".//{BLDG}Building/{BLDG}lod1MultiSurface") is not None
    assert root.find(f".//{BLDG}GroundSurface") is None


def test_attributes_go_to_their_elements_in_schema_order(tmp_path: Path) -> None:
    city = a_city(
        storeysAboveGround=6,
        height_source="levels",
        name="Rautatieasema",
        yearOfConstruction=1919,
        function="train_station",
        measuredHeight=48.5,
        roofType="gabled",
        usage="public",
        area=2.5,
        listed=True,
    )
    building = written(city, tmp_path).find(f".//{BLDG}Building")
    assert building is not None
    names = [child.tag.partition("}")[2] for child in building]
    assert names == [
        "name",
        "stringAttribute",
        "doubleAttribute",
        "stringAttribute",
        "function",
        "usage",
        "yearOfConstruction",
        "roofType",
        "measuredHeight",
        "storeysAboveGround",
        "lod1MultiSurface",
        "consistsOfBuildingPart",
    ]
    assert building.findtext(f"{BLDG}measuredHeight") == "48.5"
    assert building.findtext(f"{BLDG}storeysAboveGround") == "6"


def test_a_value_that_does_not_fit_its_element_becomes_generic(tmp_path: Path) -> None:
    root = written(a_city(storeysAboveGround="3;4", yearOfConstruction=-5), tmp_path)
    generic = {e.get("name"): e.findtext(f"{GEN}value") for e in root.findall(f".//{BLDG}Building/*[@name]")}
    assert generic == {"storeysAboveGround": "3;4", "yearOfConstruction": "-5.0"}


def test_other_classes_are_generic_objects_that_keep_their_class(tmp_path: Path) -> None:
    bridge = written(a_city(), tmp_path).find(f".//{GEN}GenericCityObject")
    assert bridge is not None
    assert bridge.findtext(f"{GEN}class") == "Bridge"
    assert bridge.find(f"{GEN}doubleAttribute[@name='lanes']") is not None
    assert bridge.find(f"{GEN}lod2Geometry") is not None


def test_the_same_city_gives_the_same_bytes(tmp_path: Path) -> None:
    written(a_city(name="A"), tmp_path)
    first = (tmp_path / "city.gml").read_bytes()
    written(a_city(name="A"), tmp_path)
    assert (tmp_path / "city.gml").read_bytes() == first
    assert [p.name for p in tmp_path.iterdir()] == ["city.gml"]


def test_title_and_licence_travel_with_the_file(tmp_path: Path) -> None:
    root = written(empty(HELSINKI), tmp_path)
    assert root.findtext(f"{GML}name") == "Asema & <tori>"
    assert root.findtext(f"{GML}description") == "© A, CC BY 4.0"


def test_text_that_xml_cannot_hold_is_refused_and_nothing_is_left_behind(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"way1.*XML cannot hold"):
        written(a_city(name="a\x00b"), tmp_path)
    assert not list(tmp_path.iterdir())

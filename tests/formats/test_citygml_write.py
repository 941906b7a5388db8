from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from made_cities import PNG, cities, told

from twin.errors import DataError
from twin.formats import citygml, citygml_write, citygml_write_classes
from twin.model.appearance import Appearance, Image
from twin.model.city import City, CityObject, Polygon3D, empty, from_objects
from twin.model.place import Place

HELSINKI = Place("EPSG:3879", (25_496_000.0, 6_673_000.0, 0.0), 24.94, 60.17, "Europe/Helsinki", "N2000")
GML = "{http://www.opengis.net/gml}"
BLDG = "{http://www.opengis.net/citygml/building/2.0}"
CORE = "{http://www.opengis.net/citygml/2.0}"
DEM = "{http://www.opengis.net/citygml/relief/2.0}"
APP = "{http://www.opengis.net/citygml/appearance/2.0}"
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


def test_line_ends_in_names_and_the_least_number_are_read_back(tmp_path: Path) -> None:
    said: dict[str, str | int] = {"a\nb": "1", "a b": "2", "a\tb": "3", "least": -(2**63), "most": 2**63 - 1}
    city = from_objects(HELSINKI, [CityObject("way\n1\t", "Building", -1, said)])
    written(city, tmp_path)
    back, _ = citygml.read(tmp_path / "city.gml", place=HELSINKI)
    assert back.object_id.tolist() == ["way\n1\t"]
    assert back.attributes.row(0) == said


def test_attributes_without_a_name_are_told(tmp_path: Path) -> None:
    lost = citygml_write.write(a_city(**{"": "x"}), tmp_path / "city.gml", title="", attribution="")
    assert "CityGML 2.0: 1 attributes have no name there, and no reader finds them." in lost


def test_other_classes_are_generic_objects_that_keep_their_class(tmp_path: Path) -> None:
    castle = CityObject("c1", "Castle", -1, {"towers": 2}, [Polygon3D((SQUARE,), "Surface", 2)])
    found = written(from_objects(HELSINKI, [castle]), tmp_path).find(f".//{GEN}GenericCityObject")
    assert found is not None
    assert found.findtext(f"{GEN}class") == "Castle"
    assert found.find(f"{GEN}intAttribute[@name='towers']") is not None
    assert found.find(f"{GEN}lod2Geometry") is not None


def test_every_class_of_the_standard_has_its_element(tmp_path: Path) -> None:
    things = [CityObject(name, name) for name in citygml_write_classes.KINDS]
    root = written(from_objects(HELSINKI, things), tmp_path)
    for name, kind in citygml_write_classes.KINDS.items():
        space = citygml_write_classes.NAMESPACES[kind.prefix]
        assert root.find(f"{CORE}cityObjectMember/{{{space}}}{name}") is not None


def test_an_object_with_an_lod_that_its_class_lacks_is_generic(tmp_path: Path) -> None:
    plants = CityObject("p", "PlantCover", -1, {}, [Polygon3D((SQUARE,), "Surface", 0)])
    found = written(from_objects(HELSINKI, [plants]), tmp_path).find(f".//{GEN}GenericCityObject")
    assert found is not None
    assert found.findtext(f"{GEN}class") == "PlantCover"


def test_of_lods_that_share_a_whole_number_the_highest_is_written(tmp_path: Path) -> None:
    lods = [1.2, 1.3, 2.2, 1.3]
    shapes = [Polygon3D((SQUARE + lod,), "Surface", lod) for lod in lods]
    root = written(from_objects(HELSINKI, [CityObject("a", polygons=shapes)]), tmp_path)
    assert len(root.findall(f".//{BLDG}lod1MultiSurface//{GML}Polygon")) == 2
    assert len(root.findall(f".//{BLDG}lod2MultiSurface//{GML}Polygon")) == 1


def test_terrain_is_made_of_triangles(tmp_path: Path) -> None:
    corners = [Polygon3D((SQUARE[[0, 1, 2]],), "Surface", 2), Polygon3D((SQUARE[[0, 2, 3]],), "Surface", 2)]
    objects = [CityObject("r", "ReliefFeature"), CityObject("t", "TINRelief", 0, {}, corners)]
    city = from_objects(HELSINKI, objects)
    root = written(city, tmp_path)
    component = root.find(f".//{DEM}ReliefFeature/{DEM}reliefComponent/{DEM}TINRelief")
    assert component is not None
    assert [child.tag for child in component] == [f"{DEM}lod", f"{DEM}tin"]
    assert component.findtext(f"{DEM}lod") == "2"
    back, report = citygml.read(tmp_path / "city.gml", place=HELSINKI)
    assert told(back) == told(city)
    assert report.patches == 2


def types_by_lod(kind: citygml_write_classes.Kind) -> dict[float, tuple[str, ...]]:
    """What CityGML can say of surfaces."""
    openings = citygml_write_classes.OPENINGS if kind.openings else ()
    return {
        lod: ("Surface", *(kind.faces if lod > 1 else ()), *(openings if lod > 2 else ()))
        for lod in kind.lods
    }


CLASSES = {
    name: (tuple(kind.within), types_by_lod(kind))
    for name, kind in citygml_write_classes.KINDS.items()
    if name != "TINRelief"
}
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Zs", "Zl", "Zp"]), max_size=8
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_cities_of_all_classes_are_read_back(tmp_path: Path, data: st.DataObject) -> None:
    pictures = tmp_path / "in"
    city = data.draw(cities(classes=CLASSES, pictures=pictures, texts=TEXTS, booleans=False, first=2))
    path = tmp_path / "out" / "a.gml"
    path.parent.mkdir(exist_ok=True)
    citygml_write.write(city, path, title="Asema", attribution="© A, CC BY 4.0")
    back, report = citygml.read(path, place=city.place)
    assert told(back) == told(city)
    assert report.skipped == ()
    assert report.crs == "EPSG:3879"


def test_pictures_lie_beside_the_file_and_corners_in_them(tmp_path: Path) -> None:
    (tmp_path / "wall.png").write_bytes(PNG)
    city = from_objects(HELSINKI, [CityObject("surface", polygons=[Polygon3D((SQUARE,), "RoofSurface", 2)])])
    places = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float32)
    one = np.array([0], dtype=np.int32)
    look = Appearance((Image(tmp_path / "wall.png"),), (), one, one - 1, places)
    root = written(replace(city, appearance=look), tmp_path)
    assert root.findtext(f".//{APP}imageURI") == "city_pictures/wall.png"
    assert (tmp_path / "city_pictures" / "wall.png").read_bytes() == PNG
    numbers = root.findtext(f".//{APP}textureCoordinates") or ""
    assert numbers == "0.0 0.0 1.0 0.0 1.0 1.0 0.0 1.0 0.0 0.0"
    # the polygon has no id that an object has
    ids = [element.get(f"{GML}id") for element in root.iter() if element.get(f"{GML}id")]
    assert len(ids) == len(set(ids)) == 3


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

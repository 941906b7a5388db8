from pathlib import Path

import numpy as np
import pytest
from citygml_text import HELSINKI, member, polygon, read, skipped, square, surfaces

MOVE = "1 0 0 {} 0 1 0 {} 0 0 1 {} 0 0 0 1"
SHAPE = surfaces(square("leaf", 0), polygon("leaf2", "0 0 0 0 0 2 1 0 2 0 0 0"), id="shape")


def tree(
    id: str,
    point: str = "25496010 6673020 5",
    matrix: str = MOVE.format(0, 0, 0),
    shape: str = '<relativeGMLGeometry xlink:href="#shape"/>',
) -> str:
    reference = (
        f"<referencePoint><gml:Point><gml:pos>{point}</gml:pos></gml:Point></referencePoint>" if point else ""
    )
    placed = f"<transformationMatrix>{matrix}</transformationMatrix>" if matrix else ""
    return member(
        f'<veg:SolitaryVegetationObject gml:id="{id}"><veg:lod2ImplicitRepresentation><ImplicitGeometry>'
        f"{placed}{shape}{reference}</ImplicitGeometry></veg:lod2ImplicitRepresentation>"
        "</veg:SolitaryVegetationObject>"
    )


INLINE = f"<relativeGMLGeometry>{SHAPE}</relativeGMLGeometry>"


def test_one_shape_stands_in_many_places(tmp_path: Path) -> None:
    turned = "0 -2 0 1 2 0 0 0 0 0 2 0 0 0 0 1"
    body = tree("a", shape=INLINE) + tree("b", "25496110 6673020 5", turned)
    city, report = read(tmp_path, body, srs="urn:ogc:def:crs,crs:EPSG::3879,crs:EPSG::3900")
    assert report.implicit_geometries == 2
    assert report.polygons == 2, "as often as the file has them"
    assert report.surfaces == {"Surface": 4}
    assert report.xlinks == {"resolved": 1, "unresolved": 0}
    assert report.skipped == ()
    first, second = city.vertices[:4], city.vertices[7:11]
    assert first.tolist() == [[10, 20, 5], [11, 20, 5], [11, 21, 5], [10, 21, 5]]
    # a quarter turn, twice as large, one metre to the east
    assert second.tolist() == [[111, 20, 5], [111, 22, 5], [109, 22, 5], [109, 20, 5]]
    assert city.surface_lod.tolist() == [2, 2, 2, 2]


def test_the_shape_may_come_after_it_is_used(tmp_path: Path) -> None:
    city, report = read(tmp_path, tree("b") + tree("a", shape=INLINE), srs="EPSG:3879")
    assert report.implicit_geometries == 2
    assert len(city.surface_object) == 4


def test_shapes_stay_metres_where_the_crs_is_in_degrees(tmp_path: Path) -> None:
    body = tree("a", "60.17 24.93 5", shape=INLINE)
    city, _ = read(tmp_path, body, srs="http://www.opengis.net/def/crs/EPSG/0/4979", place=None)
    assert np.ptp(city.vertices[:4], axis=0) == pytest.approx([1, 1, 0])
    assert (city.place.longitude, city.place.latitude) == pytest.approx((24.93, 60.17), abs=0.01)


def test_a_matrix_alone_may_say_the_place(tmp_path: Path) -> None:
    body = tree("a", "", MOVE.format(25496010, 6673020, 5), INLINE)
    city, _ = read(tmp_path, body, srs="EPSG:3879")
    assert city.vertices[0] == pytest.approx([10, 20, 5])


def test_a_shape_without_matrix_stands_at_its_point(tmp_path: Path) -> None:
    city, _ = read(tmp_path, tree("a", matrix="", shape=INLINE), srs="EPSG:3879")
    assert city.vertices[0] == pytest.approx([10, 20, 5])


def test_citygml_3_names_its_shapes_otherwise(tmp_path: Path) -> None:
    body = tree("a", shape=f"<relativeGeometry>{SHAPE}</relativeGeometry>")
    body = body.replace("veg:lod2Implicit", "lod2Implicit")
    _, report = read(tmp_path, body, version=3, srs="EPSG:3879")
    assert report.implicit_geometries == 1
    assert report.polygons == 2


@pytest.mark.parametrize(
    ("change", "what", "why"),
    [
        ({"shape": "<libraryObject>tree.obj</libraryObject>"}, "libraryObject", "files with shapes"),
        ({"shape": "<relativeGMLGeometry/>"}, "ImplicitGeometry", "it has no surfaces"),
        ({"shape": INLINE, "matrix": "1 0 0"}, "ImplicitGeometry", "not 16 numbers"),
        ({"shape": INLINE, "matrix": "nan " * 16}, "ImplicitGeometry", "beyond any map"),
        ({"shape": INLINE, "matrix": "1e300 " * 16}, "ImplicitGeometry", "beyond any map"),
        ({"shape": INLINE, "matrix": "0 " * 16}, "ImplicitGeometry", "not 16 numbers"),
        ({"shape": INLINE, "matrix": "x " * 16}, "ImplicitGeometry", "words where numbers"),
        ({"shape": INLINE, "point": "1 2"}, "ImplicitGeometry", "not 3 numbers"),
        ({"shape": '<relativeGMLGeometry xlink:href="#gone"/>'}, "link to a surface", "no such surface"),
    ],
)
def test_what_cannot_be_placed_is_counted(
    change: dict[str, str], what: str, why: str, tmp_path: Path
) -> None:
    city, report = read(tmp_path, tree("a", **change), srs="EPSG:3879")
    assert not len(city.surface_object)
    assert report.implicit_geometries == 0
    found = {item.what: item.why for item in report.skipped}
    assert why in found[what]
    assert skipped(report).get("Polygon", 0) == change["shape"].count("<gml:Polygon")


def test_a_shape_is_nowhere_by_itself(tmp_path: Path) -> None:
    link = f"<frn:lod2Geometry>{surfaces('#leaf')}</frn:lod2Geometry>"
    body = tree("a", shape=INLINE) + member(f'<frn:CityFurniture gml:id="f">{link}</frn:CityFurniture>')
    city, report = read(tmp_path, body, srs="EPSG:3879", place=HELSINKI)
    assert report.xlinks == {"resolved": 0, "unresolved": 1}
    assert city.surface_object.tolist() == [0, 0]

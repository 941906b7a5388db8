"""IFC: elements with their property sets, openings cut out, standing where the file says."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import made_models
import numpy as np
import pytest

from twin.errors import DataError
from twin.formats.report import Report
from twin.model.city import City, triangle_object
from twin.model.place import Place
from twin.model.placement import Placement

ifcopenshell = pytest.importorskip("ifcopenshell", reason="ifcopenshell (the extra [ifc]) is not installed")

HELSINKI = Place("EPSG:3879", (25_496_900.0, 6_673_200.0, 12.0), 24.9441, 60.1717)
EAST, NORTH, HEIGHT = 25_496_910.0, 6_673_220.0, 15.0


class Model:
    """A wall with a hole and a window in it, on a storey of a house, in millimetres."""

    def __init__(self, schema: str = "IFC4") -> None:
        self.file = ifcopenshell.file(schema=schema)
        unit = self.add("IfcSIUnit", None, "LENGTHUNIT", "MILLI", "METRE")
        self.axes = self.add("IfcAxis2Placement3D", self.point(0, 0, 0), None, None)
        context = ("IfcGeometricRepresentationContext", None, "Model", 3, 1e-5, self.axes, None)
        self.context = self.add(*context)
        self.project = self.root(
            "IfcProject",
            Name="P",
            RepresentationContexts=[self.context],
            UnitsInContext=self.add("IfcUnitAssignment", [unit]),
        )
        self.here = self.add("IfcLocalPlacement", None, self.axes)
        self.site = self.product("IfcSite", "Site", CompositionType="ELEMENT")
        self.house = self.product("IfcBuilding", "House", CompositionType="ELEMENT")
        self.storey = self.product(
            "IfcBuildingStorey", "Ground floor", CompositionType="ELEMENT", Elevation=0.0
        )
        line = [self.project, self.site, self.house, self.storey]
        for whole, part in pairwise(line):
            self.root("IfcRelAggregates", RelatingObject=whole, RelatedObjects=[part])
        self.wall = self.product("IfcWall", "Wall", (0, 0, 0), (5000, 300, 3000), Tag="W1")
        self.hole = self.product("IfcOpeningElement", "Hole", (1000, -100, 1000), (1000, 500, 1000))
        self.window = self.product("IfcWindow", "Window", (1000, 100, 1000), (1000, 50, 1000))
        self.room = self.product("IfcSpace", "Room", (0, 300, 0), (5000, 4000, 3000))
        self.bare = self.product("IfcFurnishingElement", "Chair")
        self.root("IfcRelVoidsElement", RelatingBuildingElement=self.wall, RelatedOpeningElement=self.hole)
        self.root("IfcRelFillsElement", RelatingOpeningElement=self.hole, RelatedBuildingElement=self.window)
        contained = [self.wall, self.window, self.bare]
        self.root(
            "IfcRelContainedInSpatialStructure", RelatedElements=contained, RelatingStructure=self.storey
        )
        self.properties(
            self.wall, "Pset_WallCommon", IsExternal=("IfcBoolean", True), FireRating=("IfcLabel", "REI 60")
        )
        self.properties(self.wall, "Made up", Layers=("IfcInteger", 3), Share=("IfcReal", 0.25))

    def add(self, kind: str, *values: Any, **named: Any) -> Any:
        return self.file.create_entity(kind, *values, **named)

    def root(self, kind: str, **named: Any) -> Any:
        # ids that are the same each time
        number = len(list(self.file.by_type("IfcRoot")))
        return self.add(kind, GlobalId=f"0000000000000000000{number:03d}", **named)

    def point(self, *values: float) -> Any:
        return self.add("IfcCartesianPoint", tuple(float(value) for value in values))

    def product(
        self,
        kind: str,
        name: str,
        at: tuple[float, float, float] | None = None,
        size: tuple[float, float, float] = (1, 1, 1),
        **named: Any,
    ) -> Any:
        made = self.root(kind, Name=name, ObjectPlacement=self.here, **named)
        if at is not None:
            middle = self.add("IfcAxis2Placement2D", self.point(size[0] / 2, size[1] / 2), None)
            profile = self.add("IfcRectangleProfileDef", "AREA", None, middle, float(size[0]), float(size[1]))
            stands = self.add("IfcAxis2Placement3D", self.point(*at), None, None)
            up = self.add("IfcDirection", (0.0, 0.0, 1.0))
            solid = self.add("IfcExtrudedAreaSolid", profile, stands, up, float(size[2]))
            shape = self.add("IfcShapeRepresentation", self.context, "Body", "SweptSolid", [solid])
            made.Representation = self.add("IfcProductDefinitionShape", None, None, [shape])
            self.colour(solid)
        return made

    def colour(self, solid: Any) -> None:
        red = self.add("IfcColourRgb", None, 0.75, 0.25, 0.5)
        look = self.add(
            "IfcSurfaceStyleRendering", SurfaceColour=red, Transparency=0.5, ReflectanceMethod="FLAT"
        )
        style = self.add("IfcSurfaceStyle", "brick", "BOTH", [look])
        self.add("IfcStyledItem", solid, [style], None)

    def properties(self, element: Any, name: str, **values: tuple[str, Any]) -> None:
        single = [
            self.add("IfcPropertySingleValue", Name=key, NominalValue=self.add(kind, value))
            for key, (kind, value) in values.items()
        ]
        group = self.root("IfcPropertySet", Name=name, HasProperties=single)
        self.root("IfcRelDefinesByProperties", RelatedObjects=[element], RelatingPropertyDefinition=group)

    def on_map(self, crs: str, scale: float | None = 0.001, along: tuple[float, float] = (1.0, 0.0)) -> None:
        named = self.add("IfcProjectedCRS", Name=crs)
        self.add("IfcMapConversion", self.context, named, EAST, NORTH, HEIGHT, *along, scale)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "house.ifc"


def read(path: Path, place: Place | None = HELSINKI, **options: Any) -> tuple[City, Report]:
    from twin.formats import ifc

    return ifc.read(path, place=place, pictures=path.parent, **options)


def corners(city: City, name: str) -> np.ndarray:
    rows = [city.attributes.row(row).get("Name") == name for row in range(len(city.object_id))]
    mine = np.array(rows)[triangle_object(city)]
    return city.vertices[city.triangles[mine]].reshape(-1, 3)


def area_of(city: City, name: str) -> float:
    a, b, c = corners(city, name).reshape(-1, 3, 3).transpose(1, 0, 2)
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


def test_elements_are_objects_in_their_storey_with_their_properties(path: Path) -> None:
    model = Model()
    model.file.write(str(path))
    city, report = read(path)
    assert report.format == "IFC 4"
    elements = ("IfcSite", "Building", "IfcBuildingStorey", "IfcWall", "IfcWindow", "IfcFurnishingElement")
    assert report.objects == dict.fromkeys(elements, 1)
    rows = city.rows
    wall, window = rows[model.wall.GlobalId], rows[model.window.GlobalId]
    storey, house = rows[model.storey.GlobalId], rows[model.house.GlobalId]
    assert city.object_parent[[wall, window, storey, house]].tolist() == [storey, storey, house, -1]
    assert city.attributes.row(wall) == {
        "Name": "Wall",
        "Tag": "W1",
        "storey": "Ground floor",
        "Pset_WallCommon.IsExternal": True,
        "Pset_WallCommon.FireRating": "REI 60",
        "Made up.Layers": 3,
        "Made up.Share": 0.25,
    }
    assert report.surfaces["Window"] == 12
    assert [(s.what, s.count) for s in report.skipped] == [("shape of IfcSpace", 1)]
    assert any("2 objects have no faces" in n for n in report.notices), "the chair, and the site"


def test_openings_are_cut_out_in_metres(path: Path) -> None:
    Model().file.write(str(path))
    city, _ = read(path)
    assert np.ptp(corners(city, "Wall"), axis=0) == pytest.approx([5, 0.3, 3])
    outside = 2 * (5 * 0.3 + 5 * 3 + 0.3 * 3)
    assert area_of(city, "Wall") == pytest.approx(outside - 2 * 1 + 4 * 0.3)
    assert np.ptp(corners(city, "Window"), axis=0) == pytest.approx([1, 0.05, 1])


def test_colours_of_styles_are_kept(path: Path) -> None:
    Model().file.write(str(path))
    look = read(path)[0].appearance
    assert look is not None
    assert [(m.name, m.diffuse, m.transparency) for m in look.materials] == [
        ("brick", (0.75, 0.25, 0.5), 0.5)
    ]
    assert set(look.surface_material.tolist()) == {0}


def test_a_map_conversion_says_where_it_stands(path: Path) -> None:
    model = Model()
    model.on_map("EPSG:3879", along=(0.0, 1.0))
    model.file.write(str(path))
    city, report = read(path)
    low, high = corners(city, "Wall").min(0) + HELSINKI.origin, corners(city, "Wall").max(0) + HELSINKI.origin
    assert low == pytest.approx([EAST - 0.3, NORTH, HEIGHT])
    assert high == pytest.approx([EAST, NORTH + 5, HEIGHT + 3])
    assert report.crs == "EPSG:3879"
    assert report.crs_source.startswith("IfcMapConversion EPSG:3879")
    alone, _ = read(path, None)
    assert alone.place.crs == "EPSG:3879"
    assert corners(alone, "Wall").max(0) + alone.place.origin == pytest.approx(high)


@pytest.mark.parametrize(("scale", "told"), [(None, False), (1.0, True)])
def test_a_map_scale_that_does_not_fit_is_told(scale: float | None, told: bool, path: Path) -> None:
    model = Model()
    model.on_map("EPSG:3879", scale)
    model.file.write(str(path))
    city, report = read(path)
    assert np.ptp(corners(city, "Wall"), axis=0) == pytest.approx([5, 0.3, 3])
    assert any("map scale 1 does not fit" in notice for notice in report.notices) == told


def test_a_crs_without_a_code_is_asked_for(path: Path) -> None:
    model = Model()
    model.on_map("Helsinki's own")
    model.file.write(str(path))
    city, report = read(path)
    assert corners(city, "Wall").min(0) + HELSINKI.origin == pytest.approx([EAST, NORTH, HEIGHT])
    assert any("no EPSG code" in notice and "--crs" in notice for notice in report.notices)
    alone, told = read(path, None, crs="EPSG:3879")
    assert told.crs == "EPSG:3879"
    assert corners(alone, "Wall").min(0) + alone.place.origin == pytest.approx([EAST, NORTH, HEIGHT])


def test_ifc_2x3_says_it_in_a_property_set(path: Path) -> None:
    model = Model("IFC2X3")
    numbers = {"Eastings": EAST, "Northings": NORTH, "OrthogonalHeight": HEIGHT}
    values = {name: ("IfcReal", value) for name, value in numbers.items()}
    model.properties(model.site, "ePset_MapConversion", **values)
    model.properties(model.site, "ePset_ProjectedCRS", Name=("IfcLabel", "EPSG:3879"))
    model.file.write(str(path))
    city, report = read(path)
    assert report.format == "IFC 2X3"
    assert report.crs == "EPSG:3879"
    assert corners(city, "Wall").min(0) + HELSINKI.origin == pytest.approx([EAST, NORTH, HEIGHT])


def test_a_site_says_it_in_degrees_with_north_aside(path: Path) -> None:
    from pyproj import Transformer

    model = Model()
    model.site.RefLatitude, model.site.RefLongitude = (60, 10, 18, 120_000), (24, 56, 38, 760_000)
    model.site.RefElevation = 15_000.0
    model.context.TrueNorth = model.add("IfcDirection", (1.0, 0.0))  # so its y axis points west
    model.file.write(str(path))
    city, report = read(path)
    east, north = Transformer.from_crs("EPSG:4326", "EPSG:3879", always_xy=True).transform(
        24 + 56 / 60 + 38.76 / 3600, 60 + 10 / 60 + 18.12 / 3600
    )
    low = corners(city, "Wall").min(0) + HELSINKI.origin
    assert low == pytest.approx([east - 0.3, north, 15.0], abs=0.01)
    assert np.ptp(corners(city, "Wall"), axis=0) == pytest.approx([0.3, 5, 3], abs=0.01)
    assert any("IfcSite says" in notice for notice in report.notices)


def test_what_the_user_says_wins(path: Path) -> None:
    model = Model()
    model.on_map("EPSG:3879")
    model.file.write(str(path))
    city, report = read(path, placement=Placement((25_497_000.0, 6_673_300.0, 20.0), "EPSG:3879"))
    assert corners(city, "Wall").min(0) == pytest.approx([100, 100, 8])
    assert not any("--at" in notice for notice in report.notices)


def truncated(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


BROKEN: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda data: b"", "is empty"),
    "text": (lambda data: b"a house", "does not begin with ISO-10303-21"),
    "packed": (lambda data: b"PK\x03\x04" + data, "is a packed file"),
    "cut": (truncated, "ends before END-ISO-10303-21"),
    "schema": (lambda data: data.replace(b"'IFC4'", b"'COOKING'"), "cannot be read"),
    "nothing": (
        lambda data: data[: data.index(b"DATA;") + 5] + b"ENDSEC;END-ISO-10303-21;",
        "no faces to show",
    ),
    "circle": (lambda data: data.replace(b"IFCLOCALPLACEMENT($,", b"IFCLOCALPLACEMENT(#8,"), ""),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_files_are_one_error_each(kind: str, path: Path) -> None:
    change, said = BROKEN[kind]
    Model().file.write(str(path))
    path.write_bytes(change(path.read_bytes()))
    if said:
        with pytest.raises(DataError, match=said):
            read(path)
        return
    try:
        read(path)
    except DataError as error:
        assert str(error).startswith("house.ifc: ")


def test_mutants_crash_nothing_but_their_process(path: Path) -> None:
    Model().file.write(str(path))
    errors = 0
    for mutant in made_models.mutants(path.read_bytes(), 12, seed=5):
        path.write_bytes(mutant)
        try:
            read(path)
        except DataError as error:
            assert str(error).startswith("house.ifc: ")
            errors += 1
    assert errors < 12

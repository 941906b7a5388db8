"""Cities of all kinds for the tests of writers."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from twin.model.appearance import WRAPS, Appearance, Image, Material
from twin.model.city import SURFACE_TYPES, City, CityObject, Polygon3D, from_objects
from twin.model.faces import Faces
from twin.model.place import Place
from twin.model.table import Value, from_rows

HELSINKI = Place("EPSG:3879", (25_496_000.0, 6_673_000.0, 3.0), 24.94, 60.17, "Europe/Helsinki", "N2000")
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=8)
NUMBERS = st.one_of(st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False))
COLOURS = st.tuples(*[st.sampled_from([0.0, 0.25, 0.5, 1.0])] * 3)
SHARES = st.sampled_from([0.0, 0.5, 1.0])
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89"
    b"\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\5\0\1\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82"
)


Types = Mapping[float, Sequence[str]]
"""Types of surfaces for each LoD."""


@st.composite
def polygons(draw: st.DrawFn, types: Types, number: int) -> Polygon3D:
    """A flat polygon with up to two holes, somewhere and turned somehow; no two numbers give the same one."""
    corners = draw(st.integers(3, 6))
    whole = st.integers(-2_000_000, 2_000_000)
    middle = np.array([draw(whole) + 13 * number, draw(whole), draw(st.integers(0, 300_000))]) / 1000
    turn = np.array([[draw(st.integers(-9, 9)) for _ in range(3)] for _ in range(3)]) + np.eye(3) / 3
    sides = np.linalg.qr(turn)[0]
    angles = np.arange(corners) * 2 * np.pi / corners
    size = draw(st.sampled_from([1.0, 7.5, 60.0]))
    outside = np.column_stack([np.cos(angles), np.sin(angles)]) * size
    holes = [(outside[::-1] * 0.2 + np.array([shift * size, 0.0])) for shift in (-0.25, 0.25)]
    rings = [outside, *holes[: draw(st.sampled_from([0, 0, 1, 2]))]]
    found = tuple(middle + ring @ sides[:, :2].T for ring in rings)
    lod = draw(st.sampled_from(sorted(types)))
    return Polygon3D(found, draw(st.sampled_from(types[lod])), lod)


@st.composite
def cities(
    draw: st.DrawFn,
    *,
    classes: Mapping[str, tuple[Container[str] | None, Types]],
    pictures: Path,
    texts: st.SearchStrategy[str] = TEXTS,
    booleans: bool = True,
    first: float = 0.0,
) -> City:
    """A city.

    first: the LoD from which on surfaces with a type have attributes.

    classes: for each class, those it may be a part of (None: all), and the types of its surfaces.
    pictures: a folder for them. texts: for ids, names and values. booleans: whether there are such values.
    """
    objects: list[CityObject] = []
    values = st.one_of(texts, NUMBERS, st.booleans()) if booleans else st.one_of(texts, NUMBERS)
    names = texts.filter(lambda text: bool(text.strip()))
    for id in draw(st.lists(names, unique=True, min_size=1, max_size=5)):
        kind = draw(st.sampled_from(sorted(classes)))
        parents, types = classes[kind]
        fitting = [row for row, thing in enumerate(objects) if parents is None or thing.type in parents]
        parent = draw(st.sampled_from([-1, *fitting]))
        shapes = [draw(polygons(types, number)) for number in range(draw(st.integers(0, 4)) if types else 0)]
        objects.append(CityObject(id, kind, parent, draw(st.dictionaries(names, values, max_size=4)), shapes))
    city = from_objects(HELSINKI, objects)
    if draw(st.booleans()):
        city = replace(city, faces=draw(faces(city, st.dictionaries(names, values, max_size=2), first)))
    return replace(city, appearance=draw(appearances(city, pictures, texts))) if draw(st.booleans()) else city


@st.composite
def faces(
    draw: st.DrawFn, city: City, said: st.SearchStrategy[dict[str, Value]], first: float
) -> Faces | None:
    """Some surfaces of one object and type are one face, some openings are cut into some walls."""
    of = np.full(len(city.surface_object), -1, dtype=np.int32)
    known: dict[tuple[int, int, int], int] = {}
    for surface, (owner, kind) in enumerate(zip(city.surface_object, city.surface_type, strict=True)):
        if kind and city.surface_lod[surface] >= first and draw(st.booleans()):
            key = (int(owner), int(kind), draw(st.integers(0, 1)))
            of[surface] = known.setdefault(key, len(known))
    parent = np.full(len(known), -1, dtype=np.int32)
    for (owner, kind, _), face in known.items():
        if SURFACE_TYPES[kind] in ("Window", "Door"):
            walls = [f for (o, k, _), f in known.items() if o == owner and SURFACE_TYPES[k] == "RoofSurface"]
            parent[face] = draw(st.sampled_from([-1, *walls]))
    rows = [{"gml:id": f"face {face}", **draw(said)} for face in known.values()]
    kinds = np.array([kind for _, kind, _ in known], dtype=np.uint8)
    return Faces(of, kinds, parent, from_rows(rows)) if known else None


@st.composite
def appearances(
    draw: st.DrawFn, city: City, pictures: Path, texts: st.SearchStrategy[str] = TEXTS
) -> Appearance:
    """Of the surfaces of a city. texts: for names of materials."""
    files = draw(st.lists(st.sampled_from(["a.png", "b.png", "sub/a.png"]), unique=True, max_size=3))
    images = []
    for name in files:
        (pictures / name).parent.mkdir(parents=True, exist_ok=True)
        (pictures / name).write_bytes(PNG + name.encode())
        border = draw(st.sampled_from([(0.0, 0.0, 0.0, 0.0), (1.0, 0.5, 0.0, 1.0)]))
        images.append(Image((pictures / name).resolve(), draw(st.sampled_from(WRAPS)), border))
    materials = draw(st.lists(st.builds(Material, texts, COLOURS, SHARES), unique=True, max_size=3))
    surfaces = len(city.surface_object)
    image = draw(st.lists(st.integers(-1, len(images) - 1), min_size=surfaces, max_size=surfaces))
    material = draw(st.lists(st.integers(-1, len(materials) - 1), min_size=surfaces, max_size=surfaces))
    places = np.full((len(city.vertices), 2), np.nan, dtype=np.float32)
    steps = np.random.default_rng(draw(st.integers(0, 99))).random((len(city.vertices), 2)) * 3 - 1
    pictured = np.repeat(np.array(image)[city.ring_surface] >= 0, np.diff(city.ring_starts)) if image else []
    places[pictured] = steps[pictured].astype(np.float32)
    return Appearance(
        tuple(images), tuple(materials), np.array(image, np.int32), np.array(material, np.int32), places
    )


def said_of(city: City, surface: int) -> tuple[object, ...]:
    """What is known of a surface, and of what it is cut into."""
    if city.faces is None or city.faces.of_surface[surface] < 0:
        return ({}, {})
    parent = int(city.faces.parent[city.faces.of_surface[surface]])
    rows = [city.faces.row(surface), city.faces.attributes.row(parent) if parent >= 0 else {}]
    # a wall around windows that the file needs makes floats of whole numbers, because it has none
    return tuple({name: (type(value) is bool, value) for name, value in sorted(row.items())} for row in rows)


def told(city: City) -> dict[str, object]:
    """All that a city says of each object, in an order that does not depend on the file; millimetres."""
    found: dict[str, object] = {}
    look = city.appearance
    for row, own in enumerate(city.object_id):
        shapes = []
        for surface in np.flatnonzero(city.surface_object == row):
            spans = [
                slice(city.ring_starts[ring], city.ring_starts[ring + 1])
                for ring in np.flatnonzero(city.ring_surface == surface)
            ]
            image = material = places = None
            if look is not None and look.surface_image[surface] >= 0:
                picture = look.images[look.surface_image[surface]]
                image = (picture.path.read_bytes(), picture.wrap, picture.border)
                places = [look.coordinates[span].tolist() for span in spans]
            if look is not None and look.surface_material[surface] >= 0:
                material = look.materials[look.surface_material[surface]]
            rings = [np.round(city.vertices[span] * 1000).astype(int).tolist() for span in spans]
            kind = SURFACE_TYPES[city.surface_type[surface]]
            shape = (float(city.surface_lod[surface]), kind, rings, image, places, material)
            shapes.append((*shape, *said_of(city, surface)))
        parent = city.object_parent[row]
        found[own] = (
            city.object_type[row],
            city.object_id[parent] if parent >= 0 else None,
            {name: (type(value), value) for name, value in city.attributes.row(row).items()},
            sorted(shapes, key=repr),
        )
    return found

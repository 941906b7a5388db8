"""A city made of another one is what taking out, moving and adding one after the other would give."""

import operator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_station
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from twin.analysis.extrude import block
from twin.model import city as cities
from twin.model.appearance import Appearance, Image
from twin.model.city import City, CityObject, from_objects, is_whole
from twin.model.faces import Faces
from twin.model.origin import altered, halves, origin
from twin.model.parts import corners_of
from twin.model.table import from_rows

COUNT = 9


def plain() -> City:
    """Blocks, of which every third is a part of the one before, and one without any corner."""
    return from_objects(
        small_station.PLACE,
        [
            CityObject(
                f"b{i}",
                "BuildingPart" if i % 3 == 2 else "Building",
                i - 1 if i % 3 == 2 else -1,
                {"name": f"Block {i}"},
                block(box(20 * i, 0, 20 * i + 9, 9 + i), base=0.0, height=4.0 + i) if i != 4 else (),
            )
            for i in range(COUNT)
        ],
    )


def rich() -> City:
    """The same with pictures, faces with ids, and surfaces that are not shown; triangles in any order."""
    city, chance = plain(), np.random.default_rng(3)
    surfaces, order = len(city.surface_object), chance.permutation(len(city.triangles))
    return replace(
        city,
        triangles=city.triangles[order],
        triangle_surface=city.triangle_surface[order],
        surface_shown=chance.random(surfaces) > 0.5,
        appearance=Appearance(
            (Image(Path("/a.png")),),
            (),
            np.arange(surfaces, dtype=np.int32) % 2 - 1,
            np.full(surfaces, -1, np.int32),
            chance.random((len(city.vertices), 2)).astype(np.float32),
        ),
        faces=Faces(
            np.arange(surfaces, dtype=np.int32),
            city.surface_type,
            np.full(surfaces, -1, np.int32),
            from_rows([{"gml:id": f"f{i}"} for i in range(surfaces)]),
        ),
    )


ADDED = from_objects(
    small_station.PLACE,
    [CityObject("new", "Building", -1, {"use": "office"}, block(box(0, 50, 9, 59), base=0.0, height=30.0))],
)
NOTHING = cities.empty(small_station.PLACE)
ROWS = st.sets(st.integers(0, COUNT - 1))


def step_by_step(city: City, gone: set[int], moved: dict[int, Any], added: City) -> City:
    vertices = city.vertices.copy()
    for row, corners in moved.items():
        vertices[corners_of(city, row)] = corners
    left = cities.without(replace(city, vertices=vertices), np.isin(np.arange(COUNT), list(gone)))
    return cities.concatenate(left, added)


def told(city: City) -> dict[str, Any]:
    """All of a city as what can be compared."""
    order = np.lexsort((*city.triangles.T, city.triangle_surface))
    looks, faces = city.appearance, city.faces
    return {
        "triangles": np.column_stack([city.triangle_surface, city.triangles])[order].tolist(),
        **{
            name: column.tolist()
            for name in (each.name for each in fields(City))
            if isinstance(column := getattr(city, name), np.ndarray) and not name.startswith("triangle")
        },
        "attributes": [city.attributes.row(i) for i in range(len(city.object_id))],
        "pictures": looks and [looks.images, looks.surface_image.tolist(), looks.coordinates.tolist()],
        "faces": faces and [faces.row(i) for i in range(len(city.surface_object))],
    }


@settings(max_examples=40)
@given(st.sampled_from([plain(), rich()]), ROWS, ROWS, st.sampled_from([ADDED, NOTHING]))
def test_all_at_once_is_the_same_as_step_by_step(
    city: City, gone: set[int], up: set[int], added: City
) -> None:
    moved = {row: city.vertices[corners_of(city, row)] + [3.0, -2.0, 5.0] for row in up}
    found = altered(city, np.isin(np.arange(COUNT), list(gone)), moved, added, city.attributes)
    # as text, because a picture without a place is NaN, which is not itself
    assert repr(told(found)) == repr(told(step_by_step(city, gone, moved, added)))
    made = origin(found)
    if made is None:
        assert found is city
        return
    rows = halves(found)
    assert rows is not None
    assert (rows.joined(rows.vertices, city.vertices, made.piece.vertices) == found.vertices).all()
    kinds = rows.joined(rows.surfaces, city.surface_type, made.piece.surface_type)
    assert (kinds == found.surface_type).all()


def test_a_city_is_not_copied_before_somebody_asks() -> None:
    city = plain()
    found = altered(city, np.arange(COUNT) == 0, {}, ADDED, city.attributes)
    assert found.object_id.tolist() == [*city.object_id[1:], "new"]
    assert found.attributes.row(COUNT - 1) == {"use": "office"}
    assert not is_whole(found)
    assert len(found.vertices) == len(city.vertices) - 24 + 24
    assert is_whole(found)
    with pytest.raises(AttributeError):
        operator.attrgetter("nonsense")(found)

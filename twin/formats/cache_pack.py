"""Turns cities and layers into named arrays without objects, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.formats import report as reports
from twin.formats.report import Report
from twin.model.appearance import Appearance, Image, Material
from twin.model.city import City
from twin.model.layer import Layer, Style
from twin.model.place import Place
from twin.model.table import Column, Table

Arrays = Mapping[str, NDArray[Any]]
CITY = (
    *("vertices", "triangles", "triangle_surface", "ring_starts", "ring_surface"),
    *("surface_object", "surface_type", "surface_lod", "object_parent"),
)
"""The fields of a City that are plain arrays."""
APPEARANCE = ("surface_image", "surface_material", "coordinates")


def pack_city(found: tuple[City, Report]) -> Arrays:
    """A city and the report on it as arrays."""
    city, report = found
    words = {
        "place": asdict(city.place),
        "id": city.object_id.tolist(),
        "type": city.object_type.tolist(),
        "report": report.as_json(),
    }
    arrays = {name: getattr(city, name) for name in CITY}
    if city.surface_shown is not None:
        arrays["surface_shown"] = city.surface_shown
    return {
        **arrays,
        **_pack_table(city.attributes),
        **_pack_appearance(city.appearance),
        "words": _text(words),
    }


def unpack_city(arrays: Arrays) -> tuple[City, Report]:
    """The city and report that `pack_city` was given. Raises ValueError or KeyError for other arrays."""
    words = _value(arrays["words"])
    place = Place(**{**words["place"], "origin": tuple(words["place"]["origin"])})
    city = City(
        place=place,
        object_id=_objects(words["id"]),
        object_type=_objects(words["type"]),
        attributes=_unpack_table(arrays),
        surface_shown=arrays.get("surface_shown"),
        appearance=_unpack_appearance(arrays),
        **{name: arrays[name] for name in CITY},
    )
    return city, reports.from_json(words["report"])


def pack_layer(found: tuple[Layer, tuple[str, ...]]) -> Arrays:
    """A layer and its notices as arrays; geometries as well-known binary, end to end."""
    import shapely

    layer, notices = found
    shapes = shapely.to_wkb(layer.geometry)
    words = {
        "id": layer.id,
        "title": layer.title,
        "style": asdict(layer.style),
        "role": layer.role,
        "source": layer.source,
        "notices": notices,
    }
    return {
        "wkb": np.frombuffer(b"".join(shapes), dtype=np.uint8),
        "ends": np.cumsum([len(shape) for shape in shapes], dtype=np.int64),
        "words": _text(words),
        **_pack_table(layer.table),
    }


def unpack_layer(arrays: Arrays) -> tuple[Layer, tuple[str, ...]]:
    """The layer and notices that `pack_layer` was given. Raises ValueError or KeyError for other arrays."""
    import shapely

    words = _value(arrays["words"])
    wkb, ends = arrays["wkb"].tobytes(), arrays["ends"].tolist()
    shapes = [wkb[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    notices = tuple(words.pop("notices"))
    style = Style(**words.pop("style"))
    geometry = np.asarray(shapely.from_wkb(_objects(shapes)), dtype=object)
    return Layer(geometry=geometry, table=_unpack_table(arrays), style=style, **words), notices


def _pack_appearance(appearance: Appearance | None) -> dict[str, NDArray[Any]]:
    if appearance is None:
        return {}
    words = {
        "images": [{**asdict(image), "path": str(image.path)} for image in appearance.images],
        "materials": [asdict(material) for material in appearance.materials],
    }
    return {"appearance": _text(words), **{name: getattr(appearance, name) for name in APPEARANCE}}


def _unpack_appearance(arrays: Arrays) -> Appearance | None:
    if "appearance" not in arrays:
        return None
    words = _value(arrays["appearance"])
    images = (
        {**image, "path": Path(image["path"]), "border": tuple(image["border"])} for image in words["images"]
    )
    materials = ({**material, "diffuse": tuple(material["diffuse"])} for material in words["materials"])
    return Appearance(
        images=tuple(Image(**image) for image in images),
        materials=tuple(Material(**material) for material in materials),
        **{name: arrays[name] for name in APPEARANCE},
    )


def _pack_table(table: Table) -> dict[str, NDArray[Any]]:
    """Numbers as they are, columns of objects as JSON, which keeps text, numbers and truth values apart."""
    arrays: dict[str, NDArray[Any]] = {}
    objects: dict[str, list[Any]] = {}
    for number, (name, column) in enumerate(table.columns.items()):
        if column.dtype == object:
            objects[name] = column.tolist()
        else:
            arrays[f"column{number}"] = column
    arrays["table"] = _text({"length": table.length, "names": list(table.columns), "objects": objects})
    return arrays


def _unpack_table(arrays: Arrays) -> Table:
    words = _value(arrays["table"])
    columns: dict[str, Column] = {}
    for number, name in enumerate(words["names"]):
        objects = words["objects"].get(name)
        columns[name] = arrays[f"column{number}"] if objects is None else _objects(objects)
    return Table(words["length"], columns)


def _text(value: object) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value).encode(), dtype=np.uint8)


def _value(array: NDArray[Any]) -> Any:
    return json.loads(array.tobytes())


def _objects(values: Sequence[object]) -> NDArray[np.object_]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column

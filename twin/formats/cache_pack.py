"""Turns cities and layers into named arrays without objects, and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.formats import report as reports
from twin.formats.attribute_texts import TextColumns, Texts, table_of
from twin.formats.cache_file import Arrays
from twin.formats.report import Report
from twin.model.appearance import Appearance, Image, Material
from twin.model.city import City
from twin.model.faces import Faces
from twin.model.layer import Layer, Style
from twin.model.place import Place
from twin.model.table import Column, OnDemand, Table

CITY = (
    *("vertices", "triangles", "triangle_surface", "ring_starts", "ring_surface"),
    *("surface_object", "surface_type", "surface_lod", "object_parent"),
)
"""The fields of a City that are plain arrays."""
ROWS = {
    "triangles": "vertices",
    "triangle_surface": "surface_object",
    "ring_surface": "surface_object",
    "surface_object": "object_parent",
    "object_parent": "object_parent",
}
"""Fields of a City that tell rows of others."""
TEXTS = ("begins", "objects", "kinds", "flags", "groups", "ends", "text")
"""The fields of Texts that are plain arrays."""
FACES = "faces"
"""What the names of their arrays begin with."""
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
        **_pack_faces(city.faces),
        "words": _text(words),
    }


def unpack_city(arrays: Arrays) -> tuple[City, Report]:
    """The city and report that `pack_city` was given. Raises ValueError or KeyError for other arrays."""
    words = _value(arrays["words"])
    place = Place(**{**words["place"], "origin": tuple(words["place"]["origin"])})
    _check(arrays)
    city = City(
        place=place,
        object_id=_objects(words["id"]),
        object_type=_objects(words["type"]),
        attributes=_unpack_table(arrays),
        surface_shown=arrays.get("surface_shown"),
        appearance=_unpack_appearance(arrays),
        faces=_unpack_faces(arrays),
        **{name: arrays[name] for name in CITY},
    )
    return city, reports.from_json(words["report"])


def _check(arrays: Arrays) -> None:
    """Raises ValueError where rows are told that are not there."""
    for name, of in ROWS.items():
        rows = arrays[name]
        if len(rows) and not -1 <= int(rows.min()) <= int(rows.max()) < len(arrays[of]):
            raise ValueError(f"{name} leads to nothing")
    if (arrays["ring_starts"][:1] != 0).any() or arrays["ring_starts"][-1] != len(arrays["vertices"]):
        raise ValueError("the rings do not hold the corners")


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


def _pack_faces(faces: Faces | None) -> Arrays:
    if faces is None:
        return {}
    columns = {f"{FACES}.{name}": array for name, array in _pack_table(faces.attributes).items()}
    own: dict[str, NDArray[Any]] = {"of": faces.of_surface, "type": faces.type, "parent": faces.parent}
    return {**{f"{FACES}.{name}": array for name, array in own.items()}, **columns}


def _unpack_faces(arrays: Arrays) -> Faces | None:
    start = f"{FACES}."
    own = {name.removeprefix(start): array for name, array in arrays.items() if name.startswith(start)}
    if not own:
        return None
    faces = Faces(own["of"], own["type"], own["parent"], _unpack_table(own))
    for rows in (faces.of_surface, faces.parent):
        if len(rows) and not -1 <= int(rows.min()) <= int(rows.max()) < len(faces.parent):
            raise ValueError("a face is not there")
    whole = len(faces.of_surface) == len(arrays["surface_object"])
    if not whole or not faces.attributes.length == len(faces.type) == len(faces.parent):
        raise ValueError("the faces are not those of the surfaces")
    return faces


def _pack_table(table: Table) -> dict[str, NDArray[Any]]:
    """Texts and numbers as they are, columns of objects as JSON, which tells text, numbers and truth."""
    if isinstance(table.columns, TextColumns):
        texts = table.columns.texts
        words = {"names": texts.names, "values": {str(row): dict(held) for row, held in texts.values.items()}}
        arrays = {f"texts.{name}": getattr(texts, name) for name in TEXTS}
        return {"table": _text({"length": table.length, **words}), **arrays}
    arrays = {}
    for number, column in enumerate(table.columns.values()):
        arrays[f"column{number}"] = _text(column.tolist()) if column.dtype == object else column
    objects = [column.dtype == object for column in table.columns.values()]
    arrays["table"] = _text({"length": table.length, "names": list(table.columns), "objects": objects})
    return arrays


def _unpack_table(arrays: Arrays) -> Table:
    words = _value(arrays["table"])
    if "values" in words:
        values = {int(row): held for row, held in words["values"].items()}
        texts = {name: arrays[f"texts.{name}"] for name in TEXTS}
        return table_of(Texts(words["length"], tuple(words["names"]), values=values, **texts))
    columns: dict[str, Column] = {}
    makers: dict[str, Callable[[], Column]] = {}
    for number, (name, is_object) in enumerate(zip(words["names"], words["objects"], strict=True)):
        array = arrays[f"column{number}"]
        columns[name] = array
        makers[name] = partial(_column, array) if is_object else partial(columns.__getitem__, name)
    return Table(words["length"], OnDemand(makers) if any(words["objects"]) else columns)


def _column(array: NDArray[np.uint8]) -> Column:
    return _objects(_value(array))


def _text(value: object) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value).encode(), dtype=np.uint8)


def _value(array: NDArray[Any]) -> Any:
    return json.loads(array.tobytes())


def _objects(values: Sequence[object]) -> NDArray[np.object_]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column

"""Reads what cities publish of a station area: footprints, roads and lamps, as features with OSM's tags."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import strict_json, vector
from twin.formats.crs_area import area, from_degrees, inside
from twin.formats.vector_place import crs_of
from twin.formats.vector_raw import reader_of
from twin.model.layer import Layer, Style
from twin.model.osm import HEIGHT, LEVELS, Feature
from twin.model.place import Place

HEIGHTS = (
    *("height", "measuredheight", "building_height", "bldg_height", "korkeus", "rakennuskorkeus"),
    *(
        "suhdemaanpintaan",
        "korgus",
        "korgus_m",
        "hoone_korgus",
        "rel_height",
        "h_m",
        "roof_height_above_ground",
    ),
)
"""Names of columns that hold the height of a building above the ground, in lower case."""
STOREYS = (
    *("building:levels", "levels", "storeys", "stories", "storeysaboveground", "numberoffloors", "floors"),
    *("kerrosluku", "kerroslkm", "kerroksia", "kerros_lkm", "i_kerrlkm", "korruselisus", "max_korruste_arv"),
)
"""Names of columns that hold the number of storeys."""
ROOFS = ("roof:shape", "roof_shape", "roofshape", "rooftype")
OSM_KEYS = ("highway", "railway", "natural", "amenity", "landuse", "leisure", "building")
"""A layer with one of these columns speaks the language of OpenStreetMap."""
DEGREES = (180.0, 90.0)
MOST_STOREYS = 200
MOST_HEIGHT = 1000.0
"""[m]"""


def features(path: Path, place: Place, notes: Counter[str], *, footprints: bool = False) -> list[Feature]:
    """All layers of a vector file as features in the CRS of the place, their columns as tags.

    footprints: every polygon is a building, and its columns are searched for height, storeys and roof.
    Raises DataError: no CRS, swapped axes, unreadable.
    """
    found: list[Feature] = []
    stem = stem_of(path)
    for name in vector.names_of(path):
        layer = read(path, name, place, notes)
        national = shapely.transform(layer.geometry, lambda xy: np.round(xy + np.array(place.origin[:2]), 3))
        for row, shape in enumerate(national):
            tags = {key: _text(value) for key, value in layer.table.row(row).items()}
            if footprints:
                if shape.geom_type not in ("Polygon", "MultiPolygon"):
                    notes["footprints left out: no polygons"] += 1
                    continue
                tags = footprint_tags(tags, notes)
            found += [Feature(f"{stem}-{name_of(shape)}-{len(found) + 1}", tags, shape)]
    return found


def stem_of(path: Path) -> str:
    """How the ids of what a file holds begin, before a hyphen."""
    return re.sub(r"\W+", "_", path.name.split(".")[0]).lower() or "file"


def read(path: Path, name: str, place: Place, notes: Counter[str], title: str = "") -> Layer:
    """One layer in local metres; what was mended and left out is counted. Raises DataError."""
    check_axes(path, name, place, notes)
    stem = re.sub(r"[^\w.-]+", "-", path.name.split(".")[0]).strip("-").lower()
    layer, told = vector.read_layer(
        path, layer=name, id=stem, title=title or name, style=Style(), place=place
    )
    for sentence in told:
        words = sentence.partition(": ")[2]
        number = re.match(r"(\d+) (.*)", words)
        # counts of several files are added up, so that one is said as many are
        said = re.sub(r"^(feature|polygon)\b", r"\1s", number[2]) if number else words
        notes[f"{path.name}: {said}"] += int(number[1]) if number else 1
    return layer


def check_axes(path: Path, name: str, place: Place, notes: Counter[str]) -> None:
    """Raises DataError for a layer whose axes are swapped, or that is in degrees and says metres."""
    if reader_of(path) is not None:
        return  # what is wrong with it is said when it is read
    import pyogrio

    vector.check_file(path)
    with vector.gdal(path, name, []):
        info = pyogrio.read_info(path, layer=name)
        _, bounds = pyogrio.read_bounds(path, layer=name)
    crs = crs_of(path, name, info["crs"])
    middle = np.column_stack([(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2])
    middle = middle[np.isfinite(middle).all(axis=1)]
    if not len(middle):
        return
    box = area(crs)
    if crs.is_projected:
        tiny = (np.abs(middle) <= DEGREES).all(axis=1)
        if tiny.all() and not inside(box, 0.0, 0.0, 0.0):
            remedy = "Set EPSG:4326 in a GIS and export it again."
            raise DataError(path, name, f"says EPSG:{crs.to_epsg()}, but is in degrees", remedy)
        middle = middle[~tiny] if not tiny.all() else middle
    first, second = (float(v) for v in np.median(middle, axis=0))
    if not inside(box, first, second, 0.1) and inside(box, second, first, 0.1):
        axes = "northing stands before easting" if crs.is_projected else "latitude stands before longitude"
        problem = f"its axes are swapped: {axes} ({first:.8g}, {second:.8g})"
        raise DataError(path, name, problem, "Export it again with x (east) first.")


def lamps(path: Path, place: Place, notes: Counter[str]) -> list[Feature]:
    """Street lamps of a vector file, or of JSON as `{"data": [{"lat": …, "lng": …}]}`, each place once.

    Raises DataError where there are no positions in it.
    """
    tree = strict_json.read(path) if path.suffix.lower() == ".json" else None
    if isinstance(tree, dict) and isinstance(tree.get("data"), list):
        lonlat = _positions(tree["data"], notes)
        if not len(lonlat):
            raise DataError(path, "data", "has no positions", "Each needs lat and lng.")
        points = np.column_stack(from_degrees(place.crs).transform(lonlat[:, 0], lonlat[:, 1]))
    else:
        shapes = [f.geometry for f in features(path, place, notes) if f.geometry.geom_type == "Point"]
        points = shapely.get_coordinates(shapes)
    points = np.round(points, 3)
    once = np.unique(points, axis=0)
    notes[f"{path.name}: lamps at the same place as another"] += len(points) - len(once)
    return [
        Feature(f"lamp-node-{i}", {"highway": "street_lamp"}, shapely.Point(xy))
        for i, xy in enumerate(once.tolist(), start=1)
    ]


def footprint_tags(columns: dict[str, str], notes: Counter[str]) -> dict[str, str]:
    """What the columns of a footprint say, in the tags that heights are worked out of."""
    lower = {key.lower(): key for key in columns}
    tags = {"building": "yes"} | {k: v for k, v in columns.items() if k.split(":")[0] in _KEPT}
    for names, tag, most in ((HEIGHTS, "height", MOST_HEIGHT), (STOREYS, "building:levels", MOST_STOREYS)):
        name = next((lower[n] for n in names if n in lower), None)
        if name is None:
            continue
        number = _number(columns[name])
        if number is None or not 0 < number <= most:
            notes[f"footprints whose {name} is no {tag.split(':')[-1]}"] += 1
            continue
        tags[tag] = f"{number:g}"
        tags[HEIGHT if tag == "height" else LEVELS] = f"attribute {name}"
    roof = next((columns[lower[n]] for n in ROOFS if n in lower), "")
    if roof:
        tags["roof:shape"] = roof.lower()
    return tags


_KEPT = (
    "name",
    "building",
    "roof",
    "addr",
    "min_height",
    "start_date",
    "amenity",
    "shop",
    "office",
    "tourism",
)


def speaks_osm(found: Sequence[Feature]) -> bool:
    """Whether features have the keys of OpenStreetMap."""
    return any(key in feature.tags for feature in found[:200] for key in OSM_KEYS)


def name_of(shape: Any) -> str:
    """`node`, `way` or `relation`, as the ids of OpenStreetMap say it."""
    return {"Point": "node", "MultiPolygon": "relation"}.get(shape.geom_type, "way")


def _positions(rows: list[Any], notes: Counter[str]) -> NDArray[np.float64]:
    found = []
    for row in rows:
        try:
            lat, lon = float(row["lat"]), float(row.get("lng", row.get("lon")))
        except (TypeError, KeyError, ValueError, AttributeError):
            lat = lon = math.nan
        if abs(lat) <= 90 and abs(lon) <= 180:
            found.append((lon, lat))
        else:
            notes["lamps left out: without a position"] += 1
    return np.array(found, dtype=np.float64).reshape(-1, 2)


def _number(text: str) -> float | None:
    found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*(?:m)?\s*", text)
    return float(found[1].replace(",", ".")) if found else None


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)

"""Finds the columns of a table that say where each row lies, in the words of several languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.errors import CrsError, DataError
from twin.formats.crs_area import suggested

LONGITUDE = (
    *("lon", "lng", "long", "longitude", "longitud", "pituus", "pituusaste", "pituuspiiri", "laengengrad"),
    *("längengrad", "geolänge", "pikkuskraad", "geogr_pikkus", "stop_lon", "x_wgs84", "wgs84_x"),
)
LATITUDE = (
    *("lat", "latitude", "latitud", "leveys", "leveysaste", "leveyspiiri", "breitengrad"),
    *("breitengrad", "geobreite", "laiuskraad", "geogr_laius", "stop_lat", "y_wgs84", "wgs84_y"),
)
EAST = (
    *("e", "east", "easting", "itä", "ita", "itäkoordinaatti", "i_koord", "öst", "ost", "osten", "oest"),
    *("rechtswert", "ida", "e_koord", "e_koordinaatti", "e_coord"),
)
NORTH = (
    *("n", "north", "northing", "pohjoinen", "pohjoiskoordinaatti", "p_koord", "nord", "norr"),
    *("norden", "hochwert", "põhi", "n_koord", "n_koordinaatti", "n_coord"),
)
X = ("x", "xcoord", "x_coord", "x_koord", "x_koordinaatti", "x_koordinaat", "koord_x", "coord_x", "point_x")
Y = ("y", "ycoord", "y_coord", "y_koord", "y_koordinaatti", "y_koordinaat", "koord_y", "coord_y", "point_y")
WKT = ("wkt", "geom", "geometry", "the_geom", "geom_wkt", "wkt_geom", "shape")
CODES = ("crs", "epsg", "srid", "srs")
FORMAL = {
    **{"tm35fin": "EPSG:3067", "3067": "EPSG:3067", "lest97": "EPSG:3301", "lest": "EPSG:3301"},
    **{"3301": "EPSG:3301", "sweref99tm": "EPSG:3006", "3006": "EPSG:3006", "utm32": "EPSG:25832"},
    **{"utm33": "EPSG:25833", "utm34": "EPSG:25834", "utm35": "EPSG:25835"},
    **{f"gk{zone}": f"EPSG:{3854 + zone}" for zone in range(19, 32)},
    **{f"{code}": f"EPSG:{code}" for code in range(3873, 3886)},
    **{"kkj2": "EPSG:2392", "kkj3": "EPSG:2393", "ykj": "EPSG:2393", "wgs84": "EPSG:4326"},
}
"""What in the name of a column tells its coordinate system."""
PAIRS = (("degrees", LONGITUDE, LATITUDE), ("metres", EAST, NORTH), ("unknown", X, Y))


@dataclass(frozen=True, slots=True)
class Positions:
    """Where the rows of a table lie."""

    first: str
    """The column of longitudes or eastings, or of the whole geometry as words."""
    second: str = ""
    crs: str = ""
    """Empty: nothing says it."""


def find(path: Path, names: Sequence[str], crs: str) -> Positions:
    """The columns of coordinates; crs: what the user says of them, where their names do not.

    Raises DataError, naming the columns: there are none, or several could be meant.
    """
    plain = {name: _plain(name) for name in names}
    words = [name for name in names if plain[name] in WKT]
    if len(words) == 1:
        return Positions(words[0], crs=crs)
    for kind, firsts, seconds in PAIRS:
        first = [name for name in names if _is(plain[name], firsts)]
        second = [name for name in names if _is(plain[name], seconds)]
        if not first or not second:
            continue
        if len(first) > 1 or len(second) > 1:
            exact = [
                [n for n in found if plain[n] in words]
                for found, words in ((first, firsts), (second, seconds))
            ]
            if len(exact[0]) != 1 or len(exact[1]) != 1:
                listed = ", ".join([*first, *second])
                remedy = "Take away those that are not meant, or call the two that are meant lat and lon."
                raise DataError(path, "columns", f"several could be the coordinates: {listed}", remedy)
            first, second = exact
        said = _formal(plain[first[0]]) or _formal(plain[second[0]])
        return Positions(first[0], second[0], said or ("EPSG:4326" if kind == "degrees" else crs))
    listed = ", ".join(names[:20]) or "none"
    remedy = "Call them lat and lon (degrees), E and N or x and y (metres), or wkt."
    raise DataError(path, "columns", f"none are coordinates; they are {listed}", remedy)


def code_in(path: Path, at: Positions, xy: NDArray[np.float64], codes: Mapping[str, Sequence[object]]) -> str:
    """The CRS of coordinates (n, 2): as it was found, or as a column says, or degrees where they are such.

    codes: the columns that may say it. Raises CrsError, naming the columns and what it may be.
    """
    if at.crs:
        return at.crs
    for name, values in codes.items():
        told = {str(value).strip() for value in values if value not in (None, "")}
        if len(told) == 1:
            found = re.search(r"(\d{4,6})(?:\.0)?$", told.pop())
            if found:
                return f"EPSG:{found[1]}"
        if len(told) > 1:
            raise DataError(path, name, "names several coordinate systems", "Write a file for each.")
    known = xy[np.isfinite(xy).all(axis=1)]
    columns = " and ".join(name for name in (at.first, at.second) if name)
    if not len(known):
        raise DataError(path, columns, "hold no coordinates", "Look whether they are numbers.")
    likely = suggested(known)
    if likely[:1] == ("EPSG:4326",):
        return likely[0]
    guess = f"By the numbers it may be {' or '.join(likely)}. " if likely else ""
    remedy = f"{guess}Say it when adding the file, or add a column epsg, or name the columns lat and lon."
    error = CrsError(path, f"columns {columns}", "do not say their coordinate system", remedy)
    error.suggested = likely
    raise error


def numbers_of(path: Path, name: str, texts: Sequence[str], comma: bool) -> NDArray[np.float64]:
    """Numbers as Finns, Swedes, Germans and Estonians write them, too: NaN where there is none.

    comma: whether a comma may part decimals, because it does not part columns. Raises DataError where it
    cannot be known what a comma parts.
    """
    squeezed = [re.sub(r"[\s\u00a0\u202f'’]", "", text).replace("−", "-") for text in texts]
    with_comma = [text for text in squeezed if "," in text]
    decimal = comma or any("." not in t and not re.fullmatch(r"-?\d{1,3}(,\d{3})+", t) for t in with_comma)
    if not decimal and any(t.count(",") == 1 and "." not in t for t in with_comma):
        remedy = "Write decimals with a point, or part the columns with semicolons."
        raise DataError(path, f"column {name}", f"{with_comma[0]} may be thousands or decimals", remedy)
    return np.array([_number(text, decimal) for text in squeezed], dtype=np.float64)


def _number(text: str, decimal: bool) -> float:
    if "," in text and "." in text:
        last = max(text.rfind(","), text.rfind("."))
        text = re.sub(r"[.,]", "", text[:last]) + "." + text[last + 1 :]
    elif "," in text:
        text = text.replace(",", ".") if decimal and text.count(",") == 1 else text.replace(",", "")
    elif text.count(".") > 1:
        text = text.replace(".", "")
    try:
        found = float(text)
    except ValueError:
        return float("nan")
    return found if abs(found) < float("inf") else float("nan")


def _plain(name: str) -> str:
    squeezed = re.sub(r"\(.*?\)|\[.*?\]", "", name.strip().casefold())
    return re.sub(r"[\s.:-]+", "_", squeezed.strip()).strip("_")


def _is(plain: str, words: Sequence[str]) -> bool:
    if plain in words:
        return True
    parts = plain.split("_")
    return len(parts) > 1 and (parts[-1] in words or (parts[0] in words and _formal(plain) != ""))


def _formal(plain: str) -> str:
    """The CRS that the name of a column tells, as in `n_etrs_tm35fin`."""
    squeezed = plain.replace("_", "")
    found = [code for word, code in FORMAL.items() if word in squeezed]
    return found[0] if found else ""

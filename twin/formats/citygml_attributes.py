"""Reads the attributes of CityGML objects: standard, generic, nested and coded."""

from __future__ import annotations

import re
from math import isfinite

from lxml import etree

from twin.formats.citygml_address import address
from twin.formats.gml import HREF, LOCAL
from twin.model.table import Value

TYPES: dict[str, type[int] | type[float]] = {
    "yearOfConstruction": int,
    "yearOfDemolition": int,
    "storeysAboveGround": int,
    "storeysBelowGround": int,
    "measuredHeight": float,
    "height": float,
    "averageHeight": float,
    "trunkDiameter": float,
    "crownDiameter": float,
    "rootBallDiameter": float,
    "maxRootBallDepth": float,
    "minHeight": float,
    "maxHeight": float,
    "height.value": float,
    "roomHeight.value": float,
    "area.area": float,
    "volume.volume": float,
    "occupancy.numberOfOccupants": int,
}
"""Standard attributes that are numbers; all others are text, codes as they stand."""
GENERIC: dict[str, type[int] | type[float] | type[str]] = {
    "intattribute": int,
    "doubleattribute": float,
    "measureattribute": float,
    "stringattribute": str,
    "dateattribute": str,
    "uriattribute": str,
    "codeattribute": str,
}
"""Generic attributes of CityGML 2 (intAttribute) and 3 (IntAttribute)."""

Units = dict[str, set[str]]
"""Attributes that have units, and which."""


def is_generic(element: etree._Element) -> bool:
    """Whether it is a generic attribute or a set of them."""
    name = LOCAL[element.tag].lower()
    return name in GENERIC or name in ("genericattribute", "genericattributeset")


def add_generic(
    attributes: dict[str, Value], element: etree._Element, units: Units | None = None, within: str = ""
) -> None:
    """Add a generic attribute; one in a set is named `set.name`.

    units: takes the unit of each name that has one.
    """
    kind = LOCAL[element.tag].lower()
    if kind == "genericattribute":  # CityGML 3 wraps each one
        for inner in element:
            add_generic(attributes, inner, units, within)
        return
    name, value, unit = element.get("name", ""), None, ""
    members = []
    for child in element:
        part = LOCAL[child.tag]
        if part == "name":
            name = (child.text or "").strip()
        elif part == "value":
            value, unit = (child.text or "").strip(), child.get("uom", "")
        else:
            members.append(child)
    name = f"{within}.{name}" if within else name
    for member in members:
        add_generic(attributes, member, units, name)
    if value is not None and name:
        add(attributes, name, typed(value, GENERIC.get(kind, str)))
        note_unit(units, name, unit)


def add_standard(
    attributes: dict[str, Value], element: etree._Element, units: Units | None = None, within: str = ""
) -> None:
    """Add an attribute of the standard; what is nested is named `outer.inner`.

    units: takes the unit of each name that has one. An address becomes one line, and its parts as
    `address.street` and so on.
    """
    name = LOCAL[element.tag]
    if name == "address":
        for part, text in address(element).items():
            add(attributes, part, text)
        return
    key = f"{within}.{name}" if within else name
    if not len(element):
        text = (element.text or element.get(HREF, "").removeprefix("#")).strip()
        unit = element.get("uom", "")
        # what an extension measures is a number
        otherwise = float if unit and "opengis.net" not in element.tag else str
        add(attributes, key, typed(text, TYPES.get(key, otherwise)) if text else None)
        note_unit(units, key, unit)
        return
    height = element.find("{*}Height/{*}value")
    if height is not None:  # CityGML 3 says measuredHeight so
        attributes.setdefault("measuredHeight", typed((height.text or "").strip(), float))
        note_unit(units, "measuredHeight", height.get("uom", ""))
    # data types in between have capital letters and are not named
    inner = key if name[:1].islower() else within
    for child in element:
        add_standard(attributes, child, units, inner)


def note_unit(units: Units | None, name: str, unit: str) -> None:
    """Remember the unit of an attribute."""
    unit = re.split("[#:]", unit)[-1].strip()
    if units is not None and unit:
        units.setdefault(name, set()).add(unit)


def add(attributes: dict[str, Value], name: str, value: Value) -> None:
    """Add a value; where there are several, they are joined as text."""
    before = attributes.get(name)
    if before is None:
        attributes[name] = value
    elif value is not None and value != before:
        attributes[name] = f"{before}; {value}"


def typed(text: str, kind: type[int] | type[float] | type[str]) -> Value:
    """The value; the text itself where it is no such number, None where a number is missing."""
    if kind is str:
        return text
    if not text:
        return None
    try:
        number = int(text) if kind is int else float(text)
    except ValueError:
        return text
    # Python would read 1_000, and a column of whole numbers ends at 2^63
    fits = -(2**63) <= number < 2**63 if kind is int else isfinite(number)
    return number if fits and "_" not in text else text

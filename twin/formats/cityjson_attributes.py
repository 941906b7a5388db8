"""Reads the attributes of CityJSON objects: nested ones by dotted names, lists and addresses as text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twin.formats.citygml_attributes import add
from twin.model.table import Value

DEEPEST = 8
"""Attributes within attributes; deeper ones are left out."""


def add_attributes(
    attributes: dict[str, Value],
    tree: Any,
    left_out: Callable[[str, str], None],
    within: str = "",
    level: int = 0,
) -> None:
    """Add the members of a JSON object.

    left_out: called with the name of each attribute that cannot be kept, and why.
    """
    for name, value in tree.items():
        key = f"{within}.{name}" if within else name
        if isinstance(value, dict):
            if level < DEEPEST:
                add_attributes(attributes, value, left_out, key, level + 1)
            else:
                left_out(key, "it is nested too deeply")
        elif isinstance(value, list):
            if any(isinstance(member, list | dict) for member in value):
                left_out(key, "lists of lists or objects are not kept")
            else:
                add(attributes, key, "; ".join(_text(member) for member in value) or None)
        else:
            add(attributes, key, value if is_fitting(value) else str(value))


def add_address(attributes: dict[str, Value], tree: Any, left_out: Callable[[str, str], None]) -> None:
    """Add one or many addresses as one text, as those of CityGML."""
    for address in tree if isinstance(tree, list) else [tree]:
        if not isinstance(address, dict):
            left_out("address", "it is no object")
            continue
        parts: dict[str, Value] = {}
        add_attributes(parts, {k: v for k, v in address.items() if k != "location"}, left_out, "address")
        add(attributes, "address", ", ".join(_text(part) for part in parts.values() if part) or None)
        if address.get("location"):
            left_out("location of an address", "points are not read")


def is_fitting(value: Any) -> bool:
    """Whether a column of whole numbers could hold it, where it is one: such columns end at 2^63."""
    return type(value) is not int or -(2**63) <= value < 2**63


def _text(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

"""Reads addresses, as xAL 2 and 3 write them."""

from __future__ import annotations

from lxml import etree

from twin.formats.gml import LOCAL

NUMBERS = frozenset({"ThoroughfareNumber", "Premise", "PremiseNumber", "Number", "SubPremise"})
PARTS = {
    "Country": "country",
    "AdministrativeArea": "region",
    "Locality": "city",
    "SubLocality": "district",
    "DependentLocality": "district",
    "Thoroughfare": "street",
    **dict.fromkeys(NUMBERS, "number"),
    "PostalCode": "postcode",
    "PostCode": "postcode",
}
"""Elements of xAL, and what is in them."""
POINT = "multiPoint"
"""Holds no text that is read."""


def address(element: etree._Element) -> dict[str, str]:
    """The parts of an address as `address.street` …, and `address`, the whole in one line as it stands."""
    whole: list[str] = []
    parts: dict[str, list[str]] = {}
    for leaf in element.iter():
        text = (leaf.text or "").strip()
        if len(leaf) or not text or "xal" not in leaf.tag.lower():
            continue
        part = _part(leaf, element)
        if part == POINT:
            continue
        whole.append(text)
        if part:
            parts.setdefault(f"address.{part}", []).append(text)
    if not whole:
        return {}
    return {"address": ", ".join(whole), **{name: " ".join(texts) for name, texts in parts.items()}}


def _part(leaf: etree._Element, top: etree._Element) -> str:
    """What the nearest element around a text says that it is; POINT: it is in one."""
    found = ""
    around: etree._Element | None = leaf
    while around is not None and around is not top:
        name = LOCAL[around.tag]
        if name == POINT:
            return POINT
        found = found or PARTS.get(name, "")
        around = around.getparent()
    return found

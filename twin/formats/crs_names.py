"""Knows which CRS a file means, however it spells it."""

from __future__ import annotations

import re

CODE = re.compile(r"epsg(?:[/:][\w.]*[/:]|[/:_ -]?|(?:\.xml)?#)(\d{4,6})(?:[+*](\d{4,6}))?(?!\d)", re.I)
"""EPSG:3879, urn:ogc:def:crs:EPSG:6.12:3068, http://www.opengis.net/def/crs/EPSG/0/6697, epsg.xml#4326 …"""
BARE = re.compile(r"\d{4,6}")
"""A code and nothing else."""
GERMAN = {
    **{f"ETRS89_UTM{zone}": 25800 + zone for zone in range(28, 39)},
    **{f"DE_DHDN_3GK{zone}": 31464 + zone for zone in range(2, 6)},
}
"""Names of the German surveys, as in urn:adv:crs:NAME*HEIGHTS."""
REGION = re.compile(r"(DE_DHDN_3GK\d)_\w+")
"""With the adjustment of a state behind it, as in DE_DHDN_3GK3_BW100."""
GERMAN_HEIGHTS = {"DE_DHHN92_NH": 5783, "DE_DHHN2016_NH": 7837, "DE_DHHN12_NOH": 7699}
NAMES = {
    "CH1903": 21781,
    "CH1903+": 2056,
    "RD NEW": 28992,
    "AMERSFOORT / RD NEW": 28992,
    "ETRS-TM35FIN": 3067,
    "ETRS89 / TM35FIN(E,N)": 3067,
    **{f"ETRS-GK{degree}": 3854 + degree for degree in range(19, 32)},
    **{f"ETRS89 / GK{degree}FIN": 3854 + degree for degree in range(19, 32)},
    "L-EST97": 3301,
    "ESTONIAN COORDINATE SYSTEM OF 1997": 3301,
    **{f"ETRS89 / UTM ZONE {zone}N": 25800 + zone for zone in range(28, 39)},
    **{f"DHDN / 3-DEGREE GAUSS-KRUGER ZONE {zone}": 31464 + zone for zone in range(2, 6)},
    "CH1903 / LV03": 21781,
    "CH1903+ / LV95": 2056,
    "SWEREF99 TM": 3006,
    "RGF93 / LAMBERT-93": 2154,
    "RGF93 V1 / LAMBERT-93": 2154,
    "OGC:CRS84": 4326,
    "CRS:84": 4326,
}
"""Other names seen in files, in capitals."""


def codes(name: str) -> tuple[int, ...]:
    """The EPSG codes in a srsName: the CRS, and that of heights where it is a compound."""
    found = tuple(int(code) for pair in CODE.findall(name) for code in pair if code)
    if found:
        return found
    if BARE.fullmatch(name.strip()):
        return (int(name),)
    plain, _, heights = name.strip().rpartition(":")[2].partition("*")
    plain, heights = REGION.sub(r"\1", plain), heights.partition("*")[0]
    if plain in GERMAN:
        return (GERMAN[plain], GERMAN_HEIGHTS[heights]) if heights in GERMAN_HEIGHTS else (GERMAN[plain],)
    urn = name.strip().upper()
    if urn.startswith("URN:OGC:DEF:CRS:OGC") and urn.endswith(":CRS84"):
        return (4326,)
    known = NAMES.get(urn) or NAMES.get(plain.upper())
    return (known,) if known else ()


def eastings_first(name: str) -> bool:
    """Whether a CRS that is spelled so has its axes in the order of maps, whatever its definition says.

    By its short name a CRS is commonly meant so.
    """
    said = name.strip().lower()
    return not said.startswith(("urn", "http")) or said.endswith("crs84")

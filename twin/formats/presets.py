"""Reads where well-known station areas are and where their open data are offered; fetches nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from twin.formats import strict_json

FOLDER = Path(__file__).parents[2] / "assets" / "presets"


class Preset(Struct, frozen=True, kw_only=True):
    """A station area to begin with."""

    name: str
    title: str
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    radius: Annotated[float, Meta(ge=10, le=20000)] = 500.0
    """[m]"""
    crs: str = ""
    weekday: str = "tuesday"
    addresses: str = ""
    """Where the data are offered, to be read and edited."""


def read_all(folder: Path = FOLDER) -> tuple[Preset, ...]:
    """All presets, by name. Raises DataError."""
    paths = sorted(folder.glob("*.json"))
    return tuple(strict_json.convert(strict_json.read(path), Preset, path) for path in paths)

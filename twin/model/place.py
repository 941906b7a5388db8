"""Knows where local metres lie on the Earth."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Place:
    """A projected CRS, the local origin in it, and what sun and clock need to know of it.

    Every coordinate in the model is local: national easting, northing and height minus `origin`. [m]
    """

    crs: str
    """The projected CRS as `EPSG:code`."""
    origin: tuple[float, float, float]
    """Easting, northing and height of the local origin in `crs`. [m]"""
    longitude: float
    """Of the origin, east positive, WGS 84. [deg]"""
    latitude: float
    """Of the origin, north positive, WGS 84. [deg]"""
    timezone: str = "UTC"
    """IANA name, as `Europe/Helsinki`."""
    height_system: str = ""
    """What heights are measured from, as `N2000` or `ground`."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of clocks at this place."""
        return ZoneInfo(self.timezone)

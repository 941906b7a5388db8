"""A made station area of a few streets, as OpenStreetMap XML."""

from __future__ import annotations

from pathlib import Path

CENTRE = (61.4985, 23.7735)
"""Latitude and longitude. [deg]"""
EAST, NORTH = 1.0 / 53_100.0, 1.0 / 111_400.0
"""A metre there. [deg]"""


def write(path: Path, *, reach: float = 400.0) -> Path:
    """Write the map; it says that it holds a box of `reach` [m] to all sides."""
    made = _Map()
    made.area(
        [(-60, 20), (-20, 20), (-20, 50), (-60, 50)], {"building": "apartments", "building:levels": "5"}
    )
    made.area([(20, 20), (60, 20), (60, 40), (20, 40)], {"building": "yes", "height": "12.5", "name": "Hall"})
    made.area([(20, 60), (60, 60), (60, 80), (20, 80)], {"building": "yes"})
    made.area([(-60, 70), (-45, 70), (-45, 80), (-60, 80)], {"building": "house", "roof:shape": "gabled"})
    made.area([(-100, -80), (-20, -80), (-20, -30), (-100, -30)], {"leisure": "park", "name": "Park"})
    made.area([(20, -80), (60, -80), (60, -60), (20, -60)], {"natural": "water", "name": "Pond"})
    made.area([(0, -20), (40, -20), (40, -10), (0, -10)], {"railway": "platform", "ref": "1"})
    made.line([(-300, 0), (300, 0)], {"highway": "secondary", "lanes": "2", "name": "Main Street"})
    made.line([(-300, 8), (300, 8)], {"highway": "footway", "width": "3"})
    made.line([(0, 8), (0, 14)], {"highway": "steps", "step_count": "12"})
    made.line([(-300, -25), (300, -25)], {"railway": "rail"})
    made.line([(-100, -82), (-20, -82)], {"barrier": "fence"})
    made.point((0, 0), {"highway": "crossing", "crossing": "traffic_signals"})
    made.point((10, 9), {"highway": "street_lamp"})
    made.point((30, 9), {"highway": "street_lamp", "height": "6"})
    made.point((-50, -50), {"natural": "tree", "height": "14"})
    made.point((-40, -50), {"natural": "tree"})
    made.point((-30, -40), {"amenity": "bench"})
    made.point((25, 5), {"highway": "bus_stop", "name": "Station"})
    made.point((-380, -380), {"amenity": "bench"})
    path.write_text(made.text(reach), encoding="utf-8")
    return path


class _Map:
    def __init__(self) -> None:
        self.nodes: list[str] = []
        self.ways: list[str] = []

    def point(self, at: tuple[float, float], tags: dict[str, str] | None = None) -> int:
        number = len(self.nodes) + 1
        lat, lon = CENTRE[0] + at[1] * NORTH, CENTRE[1] + at[0] * EAST
        where = f'lat="{lat:.7f}" lon="{lon:.7f}"'
        head = f'<node id="{number}" version="1" timestamp="2026-01-02T03:04:05Z" {where}>'
        self.nodes.append(f"{head}{_tags(tags or {})}</node>")
        return number

    def line(self, corners: list[tuple[float, float]], tags: dict[str, str], closed: bool = False) -> None:
        refs = [self.point(corner) for corner in corners]
        refs += refs[:1] if closed else []
        members = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        head = f'<way id="{len(self.ways) + 1}" version="1" timestamp="2026-01-02T03:04:05Z">'
        self.ways.append(f"{head}{members}{_tags(tags)}</way>")

    def area(self, corners: list[tuple[float, float]], tags: dict[str, str]) -> None:
        self.line(corners, tags, closed=True)

    def text(self, reach: float) -> str:
        south, north = (CENTRE[0] + side * reach * NORTH for side in (-1, 1))
        west, east = (CENTRE[1] + side * reach * EAST for side in (-1, 1))
        bounds = f'<bounds minlat="{south}" minlon="{west}" maxlat="{north}" maxlon="{east}"/>'
        return f'<osm version="0.6">{bounds}{"".join(self.nodes)}{"".join(self.ways)}</osm>'


def _tags(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())

"""The arguments of commands that are slow to import, and those that several commands have."""

from __future__ import annotations

import argparse
from pathlib import Path

from twin.cli.placement import add_placement
from twin.render.card import WAYS

BUNDLED = Path(__file__).parents[2] / "assets" / "helsinki.twin.json"
"""The project that is meant when none is named."""
ENDINGS = ".city.json, .city.jsonl, .gml, .glb, .obj, .tileset.json or .dxf"
"""Of city models that can be written."""


# shared


def add_project(command: argparse.ArgumentParser) -> None:
    """A project, or the bundled one."""
    command.add_argument(
        "project", nargs="?", type=Path, default=BUNDLED, help="*.twin.json; the bundled one"
    )


def add_crs(command: argparse.ArgumentParser) -> None:
    """In which coordinate system a file is read that does not say its own, and where a model stands."""
    command.add_argument(
        "--crs", metavar="EPSG:CODE", default="", help="of a single city model that does not say its own"
    )
    add_placement(command)


def add_scenario(command: argparse.ArgumentParser) -> None:
    """One scenario, or the first."""
    command.add_argument("--scenario", metavar="ID", help="as `twin scenarios` lists them; the first")


def add_year(command: argparse.ArgumentParser) -> None:
    """When planned trees are seen."""
    command.add_argument(
        "--year", type=_year_of, metavar="YEAR", help="with planned trees as they are then; as they are drawn"
    )


def add_json(command: argparse.ArgumentParser) -> None:
    """For other programs."""
    command.add_argument("--json", action="store_true", help="as JSON, for other programs")


def _year_of(text: str) -> int:
    from twin.formats.state_json import FIRST_YEAR, LAST_YEAR

    if text.isdecimal() and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no year; give {FIRST_YEAR} to {LAST_YEAR}")


# of one command


def add_opened(command: argparse.ArgumentParser) -> None:
    """Of `twin open`."""
    command.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        type=Path,
        default=[BUNDLED],
        help="*.twin.json, *.gml, *.gpkg …, several for one project; the bundled project",
    )


def add_described(command: argparse.ArgumentParser) -> None:
    """Of `twin info`."""
    command.add_argument(
        "file", nargs="?", type=Path, default=BUNDLED, help="a project or any file it could name"
    )


def add_compared(command: argparse.ArgumentParser) -> None:
    """Of `twin diff`."""
    command.add_argument("project", type=Path, help="*.twin.json")
    command.add_argument("first", metavar="A", help="a scenario, as `twin scenarios` lists them")
    command.add_argument("second", metavar="B", help="the scenario to compare with it")


def add_edits(command: argparse.ArgumentParser) -> None:
    """Of `twin edit`."""
    command.add_argument("project", type=Path, help="*.twin.json")
    command.add_argument("--scenario", metavar="ID", required=True, help="as `twin scenarios` lists them")
    command.add_argument(
        "--add", metavar="FILE.geojson", type=Path, required=True, help="each feature is one edit"
    )


def add_kpi(command: argparse.ArgumentParser) -> None:
    """Of `twin kpi`."""
    command.add_argument("--baseline", metavar="ID", help="that differences are counted from; the first")
    command.add_argument("--out", metavar="FILE", type=Path, help="ends in .csv or .xlsx")


def add_built(command: argparse.ArgumentParser) -> None:
    """Of `twin build`."""
    command.add_argument("--out", metavar="FILE", type=Path, required=True, help=f"ends in {ENDINGS}")


def add_converted(command: argparse.ArgumentParser) -> None:
    """Of `twin convert`."""
    command.add_argument("file", type=Path, help="any city model that opens")
    command.add_argument("out", metavar="OUT", type=Path, help=f"ends in {ENDINGS}")


def add_heat(command: argparse.ArgumentParser) -> None:
    """Of `twin heat`."""
    command.add_argument("--date", metavar="DAY", required=True, help="as 2026-07-15")
    command.add_argument("--route", metavar="FILE", type=Path, help="ways along which heat is told as well")
    command.add_argument(
        "--cluster", metavar="ADDRESS", help="work on a Dask cluster, as tcp://host:8786; extra [cluster]"
    )
    command.add_argument("--hours", metavar="H-H", default="8-20", help="of local time; %(default)s")
    command.add_argument(
        "--resolution", metavar="M", type=float, default=2.0, help="side of a cell; %(default)s"
    )
    command.add_argument(
        "--weather", metavar="FILE", default="design", help="EPW, FMI TRY, CSV, or `design`: a hot clear day"
    )
    command.add_argument("--bounds", metavar="W,S,E,N", help="local metres; all buildings and 100 m around")
    command.add_argument(
        "--posture", choices=("standing", "sitting"), default="standing", help="of people; %(default)s"
    )
    command.add_argument(
        "--sky", choices=("perez", "even"), default="perez", help="how bright it is by direction; %(default)s"
    )
    command.add_argument("--out", metavar="DIR", type=Path, required=True, help="for GeoTIFFs and run.json")


def add_site(command: argparse.ArgumentParser) -> None:
    """Of `twin heat-validate`."""
    command.add_argument("folder", type=Path, metavar="DIR", help="a folder with a site.json")


def add_view(command: argparse.ArgumentParser) -> None:
    """Of `twin render`: what is seen; how it is drawn is in `picture_options`."""
    command.add_argument("--scenario", metavar="ID", help="as `twin scenarios` lists them")
    command.add_argument(
        "--overlay",
        metavar="ID",
        help="use, height, sun_hours, shadow, utci, tmrt, heat_hours_26, heat_hours_32, heat_hours_38, "
        "a raster's id, attribute:NAME, or none",
    )
    command.add_argument(
        "--style", metavar="HOW", help="of an attribute: ramp, categories, quantiles:5, equal:5, or 10,20,30"
    )
    command.add_argument("--highlight", action="store_true", help="show what the scenario changes")
    command.add_argument(
        "--compare", choices=("swipe", "split", "difference"), help="show other scenarios beside this one"
    )
    command.add_argument(
        "--with", dest="compared", metavar="ID,…", default="", help="those scenarios; today if none is named"
    )
    command.add_argument("--divider", metavar="N", type=float, help="of a swipe, 0 (left) to 1; 0.5")
    command.add_argument("--time", metavar="ISO", help="local time at the place, as 2026-07-15T15:00")
    add_year(command)
    command.add_argument("--weather", metavar="FILE", help="of heat: design, measured, or an EPW or CSV file")
    command.add_argument("--resolution", type=int, choices=(1, 2, 4), help="of heat, in metres; 2")
    command.add_argument("--view", metavar="NAME", help="id of a bookmark of the project")
    command.add_argument("--size", metavar="WxH", help="in pixels; 1920x1080, or what the page takes")
    command.add_argument("--hide", metavar="ID", action="append", default=[], help="a layer; may be repeated")
    command.add_argument("--lod", metavar="N", type=float, help="level of detail, as 1 or 2.2; the highest")
    command.add_argument("--no-textures", action="store_true", help="without pictures on surfaces")
    command.add_argument(
        "--shadows", choices=WAYS, default="", help="who makes them; the card where there is one"
    )
    command.add_argument("--state", metavar="FILE.json", type=Path, help="a saved view; other options win")
    command.add_argument("--plain", action="store_true", help="without legend, scale and sources")


def add_web(command: argparse.ArgumentParser) -> None:
    """Of `twin web`."""
    command.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder of the page")
    command.add_argument("--overlays", metavar="ID,…", default="", help="what can be laid over the ground")
    command.add_argument("--time", metavar="ISO", help="day and hour of sun, shadow and heat")
    command.add_argument("--story", metavar="FILE", type=Path, help="steps to tell, as JSON; the bookmarks")
    command.add_argument("--language", choices=("en", "fi", "sv", "et"), default="en", help="of the page; en")
    command.add_argument("--progress", action="store_true", help="say how far it is, for other programs")

"""Knows the commands and their arguments; each imports what it needs when it runs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from twin import __version__
from twin.cli.errors import reported
from twin.cli.fetch import add_fetch
from twin.cli.film import add_film
from twin.cli.import_arguments import add_import
from twin.cli.overlay import add_overlay
from twin.cli.picture_options import add_picture_options
from twin.cli.placement import add_placement, placement_of
from twin.cli.report import add_report
from twin.cli.sensor_arguments import feed_arguments, sensors_arguments
from twin.cli.sun_study import add_sun_study
from twin.cli.surface_heat_arguments import add_surface_heat
from twin.errors import TwinError
from twin.render.card import WAYS

BUNDLED = Path(__file__).parents[2] / "assets" / "helsinki.twin.json"
"""The project that opens when none is named."""
ENDINGS = ".city.json, .city.jsonl, .gml, .glb, .obj, .tileset.json or .dxf"
"""Of city models that can be written."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0: done, 1: `check` found problems, 2: an error, 130: interrupted."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    return reported(lambda: _run(parser().parse_args(arguments)), debug="--debug" in arguments)


def _narrow(prog: str) -> argparse.HelpFormatter:
    return argparse.HelpFormatter(prog, max_help_position=16)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with arguments in one line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=_narrow, **options)

    def error(self, message: str) -> NoReturn:
        """Raises TwinError."""
        raise TwinError(f"{message}. See {self.prog} --help.")


def parser() -> _Parser:
    """All commands with their arguments and help."""
    top = _Parser(
        prog="twin",
        description="The desktop digital twin for station areas. Without a command, the window opens.",
        epilog="twin COMMAND --help says more.",
    )
    top.add_argument("--version", action="version", version=f"twin {__version__}")
    top.add_argument("--debug", action="store_true", help="show where an error came from")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    opened = _command(commands, "open", "open a project, or a single file, in the window")
    opened.add_argument("project", nargs="?", type=Path, help="*.twin.json, *.gml, *.gpkg …")
    _crs(opened)

    render = _command(commands, "render", "draw a project into a picture, without a window")
    _project(render)
    _crs(render)
    render.add_argument("--scenario", metavar="ID", help="as `twin scenarios` lists them")
    render.add_argument(
        "--overlay",
        metavar="ID",
        help="use, height, sun_hours, shadow, utci, tmrt, heat_hours_26, heat_hours_32, heat_hours_38, "
        "a raster's id, attribute:NAME, or none",
    )
    render.add_argument(
        "--style", metavar="HOW", help="of an attribute: ramp, categories, quantiles:5, equal:5, or 10,20,30"
    )
    _compare(render)
    _moment(render)
    render.add_argument("--view", metavar="NAME", help="id of a bookmark of the project")
    render.add_argument("--size", metavar="WxH", help="in pixels; 1920x1080, or what the page takes")
    render.add_argument("--hide", metavar="ID", action="append", default=[], help="a layer; may be repeated")
    render.add_argument("--lod", metavar="N", type=float, help="level of detail, as 1 or 2.2; the highest")
    render.add_argument("--no-textures", action="store_true", help="without pictures on surfaces")
    render.add_argument(
        "--shadows", choices=WAYS, default="", help="who makes them; the card where there is one"
    )
    render.add_argument("--state", metavar="FILE.json", type=Path, help="a saved view; other options win")
    render.add_argument("--plain", action="store_true", help="without legend, scale and sources")
    add_picture_options(render)

    scenarios = _command(commands, "scenarios", "list the scenarios of a project")
    _project(scenarios)
    _json(scenarios)

    _diff(_command(commands, "diff", "say what differs between two scenarios"))

    _evidence(commands)

    edit = _command(commands, "edit", "add the edits of a file to a scenario")
    edit.add_argument("project", type=Path, help="*.twin.json")
    edit.add_argument("--scenario", metavar="ID", required=True, help="as `twin scenarios` lists them")
    edit.add_argument(
        "--add", metavar="FILE.geojson", type=Path, required=True, help="each feature is one edit"
    )

    _writers(commands)

    _open_data(commands)

    info = _command(commands, "info", "say what a file or project holds")
    info.add_argument(
        "file", nargs="?", type=Path, default=BUNDLED, help="a project or any file it could name"
    )
    _crs(info)
    _json(info)

    _project(_command(commands, "check", "read every source of a project and list the problems"))

    refresh = _command(commands, "refresh", "record size and SHA-256 of all sources as they are now")
    _project(refresh)

    _studies(commands)

    sensors_arguments(_command(commands, "sensors", "list, record, replay or export what sensors say"))
    feed_arguments(_command(commands, "feed", "add, list or remove where sensors are heard"))

    add_surface_heat(_command(commands, "surface-heat", "map surface temperature of Landsat scenes"))

    _command(commands, "schema", "print the JSON Schema of project files")
    return top


def _command(commands: argparse._SubParsersAction[_Parser], name: str, text: str) -> _Parser:
    made = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    # also after the command, where people look for it
    made.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return made


def _project(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "project", nargs="?", type=Path, default=BUNDLED, help="*.twin.json; the bundled one"
    )


def _compare(render: argparse.ArgumentParser) -> None:
    render.add_argument("--highlight", action="store_true", help="show what the scenario changes")
    render.add_argument(
        "--compare", choices=("swipe", "split", "difference"), help="show other scenarios beside this one"
    )
    render.add_argument(
        "--with", dest="compared", metavar="ID,…", default="", help="those scenarios; today if none is named"
    )
    render.add_argument("--divider", metavar="N", type=float, help="of a swipe, 0 (left) to 1; 0.5")


def _moment(render: argparse.ArgumentParser) -> None:
    render.add_argument("--time", metavar="ISO", help="local time at the place, as 2026-07-15T15:00")
    _year(render)
    render.add_argument("--weather", metavar="FILE", help="of heat: design, measured, or an EPW or CSV file")
    render.add_argument("--resolution", type=int, choices=(1, 2, 4), help="of heat, in metres; 2")


def _diff(diff: argparse.ArgumentParser) -> None:
    diff.add_argument("project", type=Path, help="*.twin.json")
    diff.add_argument("first", metavar="A", help="a scenario, as `twin scenarios` lists them")
    diff.add_argument("second", metavar="B", help="the scenario to compare with it")
    _year(diff)
    _json(diff)


def _year(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--year", type=_year_of, metavar="YEAR", help="with planned trees as they are then; as they are drawn"
    )


def _year_of(text: str) -> int:
    from twin.formats.state_json import FIRST_YEAR, LAST_YEAR

    if text.isdecimal() and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no year; give {FIRST_YEAR} to {LAST_YEAR}")


def _evidence(commands: argparse._SubParsersAction[_Parser]) -> None:
    _film(_command(commands, "film", "fly through views, let a day pass, or turn one scenario into another"))
    _overlay(_command(commands, "overlay", "write the values of an overlay as GeoTIFF"))
    _report(_command(commands, "report", "write a PDF on a scenario, and on what it changes"))
    _web(_command(commands, "web", "write a page for any browser, without server and network"))
    _kpi(_command(commands, "kpi", "measure all scenarios: the table of indicators"))


def _film(film: argparse.ArgumentParser) -> None:
    _project(film)
    add_film(film)


def _overlay(overlay: argparse.ArgumentParser) -> None:
    _project(overlay)
    add_overlay(overlay)


def _report(report: argparse.ArgumentParser) -> None:
    _project(report)
    add_report(report)


def _web(web: argparse.ArgumentParser) -> None:
    _project(web)
    web.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder of the page")
    web.add_argument("--overlays", metavar="ID,…", default="", help="what can be laid over the ground")
    web.add_argument("--time", metavar="ISO", help="day and hour of sun, shadow and heat")
    web.add_argument("--story", metavar="FILE", type=Path, help="steps to tell, as JSON; the bookmarks")


def _kpi(kpi: argparse.ArgumentParser) -> None:
    _project(kpi)
    kpi.add_argument("--baseline", metavar="ID", help="that differences are counted from; the first")
    kpi.add_argument("--out", metavar="FILE", type=Path, help="ends in .csv or .xlsx")
    kpi.add_argument("--year", type=int, help="in which planned trees are seen")
    _json(kpi)


def _heat(heat: argparse.ArgumentParser) -> None:
    _project(heat)
    _year(heat)
    heat.add_argument("--scenario", metavar="ID", help="as `twin scenarios` lists them; the first")
    heat.add_argument("--date", metavar="DAY", required=True, help="as 2026-07-15")
    heat.add_argument("--route", metavar="FILE", type=Path, help="ways along which heat is told as well")
    heat.add_argument(
        "--cluster", metavar="ADDRESS", help="work on a Dask cluster, as tcp://host:8786; extra [cluster]"
    )
    heat.add_argument("--hours", metavar="H-H", default="8-20", help="of local time; %(default)s")
    heat.add_argument(
        "--resolution", metavar="M", type=float, default=2.0, help="side of a cell; %(default)s"
    )
    heat.add_argument(
        "--weather", metavar="FILE", default="design", help="EPW, FMI TRY, CSV, or `design`: a hot clear day"
    )
    heat.add_argument("--bounds", metavar="W,S,E,N", help="local metres; all buildings and 100 m around")
    heat.add_argument("--out", metavar="DIR", type=Path, required=True, help="for GeoTIFFs and run.json")
    _json(heat)


def _crs(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--crs", metavar="EPSG:CODE", default="", help="of a single city model that does not say its own"
    )
    add_placement(command)


def _studies(commands: argparse._SubParsersAction[_Parser]) -> None:
    _heat(_command(commands, "heat", "work out radiant temperature and UTCI of a scenario"))
    validate = _command(commands, "heat-validate", "compare heat with what was measured at a site")
    validate.add_argument("folder", type=Path, metavar="DIR", help="a folder with a site.json")
    _json(validate)

    study = _command(commands, "sun-study", "draw shadows and hours of sun, and test every façade")
    _project(study)
    add_sun_study(study)


def _writers(commands: argparse._SubParsersAction[_Parser]) -> None:
    build = _command(commands, "build", "write the city of a scenario as CityJSON, CityGML, GLB or OBJ")
    _project(build)
    build.add_argument("--scenario", metavar="ID", help="as `twin scenarios` lists them; the first")
    build.add_argument("--out", metavar="FILE", type=Path, required=True, help=f"ends in {ENDINGS}")

    convert = _command(commands, "convert", "write a city model as CityJSON, CityGML, GLB or OBJ")
    convert.add_argument("file", type=Path, help="any city model that opens")
    convert.add_argument("out", metavar="OUT", type=Path, help=f"ends in {ENDINGS}")
    _crs(convert)


def _open_data(commands: argparse._SubParsersAction[_Parser]) -> None:
    add_import(_command(commands, "import", "make a project of any station area out of open data"))
    add_fetch(_command(commands, "fetch", "fetch a layer from a service into a project"))


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="as JSON, for other programs")


def _run(options: argparse.Namespace) -> int:  # noqa: PLR0911, PLR0912, PLR0915  # one case a command reads as a table
    match options.command:
        case None | "open":
            from twin.app.app import run

            path = getattr(options, "project", None) or BUNDLED
            return run(path, crs=getattr(options, "crs", ""), placement=placement_of(options))
        case "render":
            from twin.cli.render import render

            return render(options)
        case "sun-study":
            from twin.cli.sun_study import sun_study

            return sun_study(options)
        case "scenarios":
            from twin.cli.scenarios import scenarios

            return scenarios(options.project, as_json=options.json)
        case "diff":
            from twin.cli.diff import diff

            return diff(
                options.project, options.first, options.second, year=options.year, as_json=options.json
            )
        case "film":
            from twin.cli.film import film

            return film(options)
        case "overlay":
            from twin.cli.overlay import overlay

            return overlay(options)
        case "report":
            from twin.cli.report import report

            return report(options)
        case "web":
            from twin.cli.web import web

            return web(
                options.project,
                options.out,
                overlay=[name.strip() for name in options.overlays.split(",") if name.strip()],
                when=options.time,
                story=options.story,
            )
        case "kpi":
            from twin.cli.kpi import kpi

            return kpi(
                options.project, options.baseline, options.out, year=options.year, as_json=options.json
            )
        case "edit":
            from twin.cli.edit import edit

            return edit(options.project, options.scenario, options.add)
        case "build":
            from twin.cli.write import build

            return build(options.project, options.scenario, options.out)
        case "convert":
            from twin.cli.write import convert

            return convert(options.file, options.out, options.crs, placement_of(options))
        case "info":
            from twin.cli.info import info

            placement = placement_of(options)
            return info(options.file, as_json=options.json, crs=options.crs, placement=placement)
        case "fetch":
            from twin.cli.fetch import fetch

            return fetch(options)
        case "import":
            from twin.cli.import_area import import_area

            return import_area(options)
        case "heat":
            from twin.cli.heat import heat

            return heat(options)
        case "surface-heat":
            from twin.cli.surface_heat import surface_heat

            return surface_heat(options)
        case "heat-validate":
            from twin.cli.heat_validate import heat_validate

            return heat_validate(options.folder, as_json=options.json)
        case "sensors":
            from twin.cli.sensors import sensors

            return sensors(options)
        case "feed":
            from twin.cli.feed import feed

            return feed(options)
        case "check":
            from twin.cli.check import check

            return check(options.project)
        case "refresh":
            from twin.cli.check import refresh

            return refresh(options.project)
        case _:
            from twin.cli.schema import schema

            return schema()

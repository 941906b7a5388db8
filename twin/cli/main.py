"""Knows the commands; each is imported when it runs, so that help is there at once."""

from __future__ import annotations

import argparse
import pkgutil
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from twin import __version__
from twin.cli import arguments as of
from twin.cli.errors import reported
from twin.cli.fetch import add_fetch
from twin.cli.film import add_film
from twin.cli.import_arguments import add_import
from twin.cli.overlay import add_overlay
from twin.cli.picture_options import add_picture_options
from twin.cli.report import add_report
from twin.cli.sensor_arguments import feed_arguments, sensors_arguments
from twin.cli.sun_study import add_sun_study
from twin.cli.surface_heat_arguments import add_surface_heat
from twin.errors import TwinError


class Command(NamedTuple):
    """What comes after `twin`."""

    name: str
    text: str
    """What it does, in one line."""
    run: str
    """`module:function`, which takes what the arguments said and returns the exit status."""
    add: tuple[Callable[[argparse.ArgumentParser], None], ...] = ()
    """Each adds arguments, in their order."""


COMMANDS = (
    Command(
        "open",
        "open a project, or files, in the window",
        "twin.cli.open:open_window",
        (of.add_opened, of.add_crs),
    ),
    Command(
        "import",
        "make a project of any station area out of open data",
        "twin.cli.import_area:import_area",
        (add_import,),
    ),
    Command("fetch", "fetch a layer from a service into a project", "twin.cli.fetch:fetch", (add_fetch,)),
    Command(
        "info",
        "say what a file or project holds",
        "twin.cli.info:info",
        (of.add_described, of.add_crs, of.add_json),
    ),
    Command(
        "check",
        "read every source of a project and list the problems",
        "twin.cli.check:check",
        (of.add_project,),
    ),
    Command(
        "refresh",
        "record size and SHA-256 of all sources as they are now",
        "twin.cli.check:refresh",
        (of.add_project,),
    ),
    Command(
        "scenarios",
        "list the scenarios of a project",
        "twin.cli.scenarios:scenarios",
        (of.add_project, of.add_json),
    ),
    Command(
        "diff",
        "say what differs between two scenarios",
        "twin.cli.diff:diff",
        (of.add_compared, of.add_year, of.add_json),
    ),
    Command("edit", "add the edits of a file to a scenario", "twin.cli.edit:edit", (of.add_edits,)),
    Command(
        "kpi",
        "measure all scenarios: the table of indicators",
        "twin.cli.kpi:kpi",
        (of.add_project, of.add_kpi, of.add_year, of.add_json),
    ),
    Command(
        "build",
        "write the city of a scenario for another program",
        "twin.cli.write:build",
        (of.add_project, of.add_scenario, of.add_year, of.add_built),
    ),
    Command(
        "convert",
        "write a city model for another program",
        "twin.cli.write:convert",
        (of.add_converted, of.add_crs),
    ),
    Command(
        "heat",
        "work out radiant temperature and UTCI of a scenario",
        "twin.cli.heat:heat",
        (of.add_project, of.add_year, of.add_scenario, of.add_heat, of.add_json),
    ),
    Command(
        "heat-validate",
        "compare heat with what was measured at a site",
        "twin.cli.heat_validate:heat_validate",
        (of.add_site, of.add_json),
    ),
    Command(
        "surface-heat",
        "map surface temperature of Landsat scenes",
        "twin.cli.surface_heat:surface_heat",
        (add_surface_heat,),
    ),
    Command(
        "sun-study",
        "draw shadows and hours of sun, and test every façade",
        "twin.cli.sun_study:sun_study",
        (of.add_project, add_sun_study, of.add_json),
    ),
    Command(
        "render",
        "draw a project into a picture, without a window",
        "twin.cli.render:render",
        (of.add_project, of.add_crs, of.add_view, add_picture_options),
    ),
    Command(
        "overlay",
        "write the values of an overlay as GeoTIFF",
        "twin.cli.overlay:overlay",
        (of.add_project, add_overlay),
    ),
    Command(
        "film",
        "fly through views, let a day pass, or turn one scenario into another",
        "twin.cli.film:film",
        (of.add_project, add_film),
    ),
    Command(
        "report",
        "write a PDF on a scenario, and on what it changes",
        "twin.cli.report:report",
        (of.add_project, add_report),
    ),
    Command(
        "web",
        "write a page for any browser, without server and network",
        "twin.cli.web:web",
        (of.add_project, of.add_web),
    ),
    Command("feed", "add, list or remove where sensors are heard", "twin.cli.feed:feed", (feed_arguments,)),
    Command(
        "sensors",
        "list, record, replay or export what sensors say",
        "twin.cli.sensors:sensors",
        (sensors_arguments,),
    ),
    Command("schema", "print the JSON Schema of project files", "twin.cli.schema:schema"),
)
WITHOUT = COMMANDS[0].name
"""The command that runs where none is named."""
NAMES = frozenset(each.name for each in COMMANDS)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0: done, 1: `check` found problems, 2: an error, 130: interrupted."""
    said = sys.argv[1:] if argv is None else list(argv)
    return reported(lambda: _run(said), debug="--debug" in said)


def parser() -> argparse.ArgumentParser:
    """All commands with their arguments and help."""
    top = _Parser(
        prog="twin",
        description="The desktop digital twin for station areas. `twin FILE…`, or nothing, opens the window.",
        epilog="twin COMMAND --help says more.",
    )
    top.add_argument("--version", action="version", version=f"twin {__version__}")
    top.add_argument("--debug", action="store_true", help="show where an error came from")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    for each in COMMANDS:
        made = commands.add_parser(
            each.name, help=each.text, description=f"{each.text[0].upper()}{each.text[1:]}."
        )
        # also after the command, where people look for it
        made.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        made.set_defaults(run=each.run)
        for add in each.add:
            add(made)
    return top


def _run(said: list[str]) -> int:
    options = parser().parse_args(_completed(said))
    run: Callable[[argparse.Namespace], int] = pkgutil.resolve_name(options.run)
    return run(options)


def _completed(said: list[str]) -> list[str]:
    """The arguments with the command that is meant where none is named: `twin city.gml` opens a window."""
    first = next((place for place, word in enumerate(said) if not word.startswith("-")), len(said))
    if first < len(said) and (said[first] in NAMES or not _is_file(said[first])):
        return said
    if {"-h", "--help", "--version"} & set(said[:first]):
        return said
    return [*said[:first], WITHOUT, *said[first:]]


def _is_file(word: str) -> bool:
    """Whether it is meant as one; also where there is none, which is told in words of its own then."""
    path = Path(word)
    return bool(path.suffix) or len(path.parts) > 1 or path.exists()


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with arguments in one line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=_narrow, **options)
        # also `--at -5,2e3,0` is a value, where argparse knows only single numbers
        self._negative_number_matcher = re.compile(r"-\.?\d[\d.,eE+-]*$")

    def error(self, message: str) -> NoReturn:
        """Raises TwinError."""
        raise TwinError(f"{message}. See {self.prog} --help.")


def _narrow(prog: str) -> argparse.HelpFormatter:
    return argparse.HelpFormatter(prog, max_help_position=16)

"""The arguments of `twin render` that say from where one looks and what the picture is like."""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import TwinError

if TYPE_CHECKING:  # help is to be there at once
    from twin.model.project import Project
    from twin.model.sheet import Page, Sheet
    from twin.model.state import Camera, State

SCREEN = "screen"

DPI = 200
"""Of a page that is not told its size."""


def add_picture_options(render: argparse.ArgumentParser) -> None:
    """Adds them to a command."""
    render.add_argument("--out", metavar="FILE", type=Path, help=".png, .jpg, .webp, .tif, .svg or .pdf")
    render.add_argument(
        "--from", dest="again", metavar="FILE.view.json", type=Path, help="make a picture again"
    )
    render.add_argument("--matrix", metavar="FILE.toml", type=Path, help="many pictures; --out is a folder")
    render.add_argument("--jobs", type=int, default=1, help="of a matrix: processes; %(default)s")
    render.add_argument("--share", default="", help=argparse.SUPPRESS)  # of one process: number/count
    render.add_argument("--progress", action="store_true", help="say how far it is, for other programs")
    render.add_argument(
        "--camera",
        metavar="NAME",
        help="top, north, east, south, west, isometric(-west, -north, -east), parallel, or section",
    )
    render.add_argument("--target", metavar="E,N", help="look at this place, in the CRS of the project")
    render.add_argument("--eye", metavar="E,N", help="stand at this place, in the CRS of the project")
    render.add_argument("--heading", metavar="DEG", type=float, help="compass direction one looks in")
    render.add_argument("--tilt", metavar="DEG", type=float, default=0.0, help="with --eye: down; 0")
    render.add_argument("--eye-height", metavar="M", type=float, default=1.6, help="above the ground; 1.6")
    render.add_argument("--angle", metavar="DEG", type=float, help="vertical angle of view, as of a photo")
    render.add_argument("--focal", metavar="MM", type=float, help="or the focal length, as for 24×36 mm film")
    render.add_argument("--high", metavar="M", type=float, help="without perspective: so much is seen")
    render.add_argument("--map-scale", metavar="1:N", help="on a page: 1:500, 1:1000 …, without perspective")
    render.add_argument(
        "--page",
        metavar="PAGE",
        default=SCREEN,
        help="a4, a3, 16x9, square …, a template FILE.toml, or screen, the default",
    )
    render.add_argument("--dpi", type=float, default=DPI, help="of a page; %(default)s")
    render.add_argument("--language", choices=("en", "fi", "sv", "et"), default="en", help="of a page")
    render.add_argument("--title", default="", help="of a page; the scenario if none is given")
    render.add_argument("--note", default="", help="on a page")
    render.add_argument("--logo", metavar="FILE", type=Path, help="on a page")
    render.add_argument("--transparent", action="store_true", help="without sky: PNG, WebP, TIFF")
    render.add_argument("--flat-light", action="store_true", help="colours exactly as in the legend")
    render.add_argument("--deep", action="store_true", help="16 bit a colour: PNG, TIFF")
    render.add_argument("--no-sidecar", action="store_true", help="without a *.view.json beside it")


def sheet_of(project: Project, state: State, options: argparse.Namespace) -> Sheet:
    """The picture that the options ask for. Raises TwinError."""
    from twin.cli.render import size_of
    from twin.formats.page_template import page_of
    from twin.model.sheet import Panel, Sheet

    state = replace(state, camera=camera_of(project, state, options))
    page, own = page_of(options.page)
    size = size_of(options.size) if options.size else page_size(page, options.dpi, own)
    return Sheet(
        (Panel(state),),
        size,
        page,
        scale=scale_of(options.map_scale, page),
        language=options.language,
        title=options.title,
        note=options.note,
        logo=str(options.logo.resolve()) if options.logo else "",
        plain=options.plain,
        clear=options.transparent,
        flat=options.flat_light,
        deep=options.deep,
        own=own,
        shadows=options.shadows,
    )


def page_size(page: str, dpi: float, own: Page | None = None) -> tuple[int, int]:
    """Of a page in pixels; Full HD where there is none. Raises TwinError.

    own: a page of one's own instead of the one that is named.
    """
    from twin.model.sheet import PAGES

    if page == SCREEN:
        return 1920, 1080
    found = own or PAGES.get(page)
    if found is None:
        raise TwinError(f"there is no page {page!r}. Choose from: {SCREEN}, {', '.join(PAGES)}.")
    if not 20 <= dpi <= 2400:
        raise TwinError(f"--dpi {dpi:g}: give a number from 20 to 2400.")
    return round(found.width / 25.4 * dpi), round(found.height / 25.4 * dpi)


def scale_of(text: str | None, page: str) -> float:
    """The N of 1:N; 0 when none is asked for. Raises TwinError."""
    if text is None:
        return 0.0
    found = re.fullmatch(r"1:(\d{1,6})", text.replace(" ", ""))
    if found is None or int(found[1]) < 1:
        raise TwinError(f"--map-scale {text!r} is no scale. Write it as 1:500.")
    if page == SCREEN:
        raise TwinError("--map-scale needs a page that has a size in millimetres, as --page a3.")
    return float(found[1])


def camera_of(project: Project, state: State, options: argparse.Namespace) -> Camera | None:
    """From where one looks; that of the state where nothing is asked for. Raises TwinError."""
    from twin.scene import standpoints
    from twin.scene.resolve import extent, home

    camera = state.camera
    asked = (options.camera, options.target, options.eye, options.heading, options.high)
    angles = (options.angle, options.focal)
    if all(each is None for each in (*asked, *angles)):
        return camera
    camera = camera or home(project, extent(project))
    angle = angle_of(options) or camera.angle
    if options.eye is not None:
        at = place_of("--eye", options.eye, project)
        return standpoints.eye_level(
            at,
            heading=options.heading or 0.0,
            height=options.eye_height,
            tilt=options.tilt,
            angle=angle_of(options) or 50.0,
            ground=ground_at(project, at),
        )
    if options.target is not None:
        at = place_of("--target", options.target, project)
        up = ground_at(project, at) - ground_at(project, camera.target[:2])
        camera = moved(camera, at, up)
    if options.heading is not None and options.camera != "section":
        camera = turned(camera, options.heading)
    camera = replace(camera, angle=angle)
    high = options.high or 0.0
    if options.camera == "section":
        return standpoints.section(camera, turn=options.heading, height=high)
    if options.camera in standpoints.STANDPOINTS:
        return standpoints.standing_at(camera, options.camera, height=high)
    if options.camera == "parallel" or (high and options.camera is None):
        flat = camera if camera.height else standpoints.flattened(camera)
        return replace(flat, height=high or flat.height)
    if options.camera is not None:
        known = ", ".join((*standpoints.STANDPOINTS, "parallel", "section"))
        raise TwinError(f"there is no camera {options.camera!r}. Choose from: {known}.")
    return camera


def angle_of(options: argparse.Namespace) -> float | None:
    """The vertical angle of view that is asked for. [deg] Raises TwinError."""
    from twin.scene.standpoints import angle_of as of_lens

    if options.focal is not None:
        if not 4.0 <= options.focal <= 1200.0:
            raise TwinError(f"--focal {options.focal:g}: give 4 to 1200 mm.")
        return of_lens(options.focal)
    if options.angle is not None and not 1.0 <= options.angle <= 150.0:
        raise TwinError(f"--angle {options.angle:g}: give 1 to 150 degrees.")
    angle: float | None = options.angle
    return angle


def place_of(name: str, text: str, project: Project) -> tuple[float, float]:
    """A place in local metres. Raises TwinError."""
    try:
        east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise TwinError(f"{name} {text!r} is no place. Write it as 25496900,6673200.") from None
    here = project.place.origin
    if max(abs(east - here[0]), abs(north - here[1])) > 100_000:
        raise TwinError(
            f"{name} {text}: that is far from the project, which is in {project.place.crs} "
            f"around {here[0]:.0f},{here[1]:.0f}."
        )
    return east - here[0], north - here[1]


def moved(camera: Camera, at: tuple[float, float], up: float = 0.0) -> Camera:
    """The same view of another place. up: so much higher is the ground there. [m]"""
    from twin.scene.camera import move

    return move(camera, at[0] - camera.target[0], at[1] - camera.target[1], up)


def ground_at(project: Project, at: tuple[float, float]) -> float:
    """How high the ground is: on the terrain, on the relief of the city, or flat. [m]"""
    import numpy as np

    from twin.analysis import city_relief
    from twin.model.terrain import height_at

    terrain = project.terrain
    if terrain is None and city_relief.has_relief(project.city):
        terrain = city_relief.terrain_of(project.city)
    return 0.0 if terrain is None else float(height_at(terrain, *(np.array([part]) for part in at))[0])


def turned(camera: Camera, heading: float) -> Camera:
    """The same view in another direction."""
    from twin.scene.camera import distance, looking, tilt

    there = looking(camera.target, heading=heading, tilt=tilt(camera), distance=distance(camera))
    return replace(camera, position=there.position)

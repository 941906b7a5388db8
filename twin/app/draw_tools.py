"""The table of drawing tools: what each makes, and what it says to the one who draws."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from twin.app import texts
from twin.app.texts import QT_TRANSLATE_NOOP, tr
from twin.model.scenario import (
    AddBuilding,
    AddCanopy,
    AddModel,
    AddThings,
    AddWay,
    ChangeGround,
    Edit,
    FillPlot,
    LimitHeight,
    PlantArea,
    PlantRow,
    PlantTrees,
    RaiseGround,
    StudyArea,
)
from twin.scene import drawing as drawings
from twin.scene.drawing import NO_AREA as _AREA
from twin.scene.drawing import NO_LINE as _LINE
from twin.scene.drawing import NO_POINTS as _POINTS
from twin.scene.drawing import Drawing, Shape
from twin.scene.snapping import Flat


@dataclass(frozen=True, slots=True)
class Tool:
    """One way to draw."""

    id: str
    shape: Shape | None
    """None: it is used by clicks on what stands."""
    template: Edit | None
    """What it makes, without its shape; None: nothing."""
    title: str
    """Of what it makes."""
    first: str
    """What the first click does."""

    @property
    def changes(self) -> bool:
        """Whether it changes a scenario, so that it needs one that may be changed."""
        return self.id not in ("measure", "section", "select_box", "select_area")


TOOLS: dict[str, Tool] = {
    tool.id: tool
    for tool in (
        Tool(
            "building",
            "polygon",
            AddBuilding("building", "", _AREA, 19.8, 6),
            QT_TRANSLATE_NOOP("texts", "Building"),
            QT_TRANSLATE_NOOP("texts", "Click the first corner of the building."),
        ),
        Tool(
            "rectangle",
            "rectangle",
            AddBuilding("building", "", _AREA, 19.8, 6),
            QT_TRANSLATE_NOOP("texts", "Building"),
            QT_TRANSLATE_NOOP("texts", "Click where one side of the building begins."),
        ),
        Tool(
            "plot",
            "polygon",
            FillPlot("plot", "", _AREA, "perimeter", 12_000.0),
            QT_TRANSLATE_NOOP("texts", "Block"),
            QT_TRANSLATE_NOOP("texts", "Click the first corner of the plot."),
        ),
        Tool(
            "trees",
            "points",
            PlantTrees("trees", "", _POINTS, "Tilia × vulgaris"),
            QT_TRANSLATE_NOOP("texts", "Trees"),
            QT_TRANSLATE_NOOP("texts", "Click where a tree is to stand."),
        ),
        Tool(
            "row",
            "line",
            PlantRow("alley", "", _LINE, 8.0, "Tilia × vulgaris"),
            QT_TRANSLATE_NOOP("texts", "Alley"),
            QT_TRANSLATE_NOOP("texts", "Click where the row of trees begins."),
        ),
        Tool(
            "grove",
            "polygon",
            PlantArea("grove", "", _AREA, 8.0, "Tilia × vulgaris"),
            QT_TRANSLATE_NOOP("texts", "Grove"),
            QT_TRANSLATE_NOOP("texts", "Click the first corner of the area with trees."),
        ),
        Tool(
            "ground",
            "polygon",
            ChangeGround("ground", "", _AREA, "grass"),
            QT_TRANSLATE_NOOP("texts", "Ground"),
            QT_TRANSLATE_NOOP("texts", "Click the first corner of the area."),
        ),
        Tool(
            "street",
            "line",
            AddWay("street", "", _LINE, "street", 7.0, "asphalt"),
            QT_TRANSLATE_NOOP("texts", "Street"),
            QT_TRANSLATE_NOOP("texts", "Click where the street begins."),
        ),
        Tool(
            "footway",
            "line",
            AddWay("footway", "", _LINE, "footway", 3.0, "paving_stones"),
            QT_TRANSLATE_NOOP("texts", "Footway"),
            QT_TRANSLATE_NOOP("texts", "Click where the footway begins."),
        ),
        Tool(
            "crossing",
            "line",
            AddWay("crossing", "", _LINE, "crossing", 4.0),
            QT_TRANSLATE_NOOP("texts", "Crossing"),
            QT_TRANSLATE_NOOP("texts", "Click where the crossing begins."),
        ),
        Tool(
            "hedge",
            "line",
            AddWay("hedge", "", _LINE, "hedge", 0.8),
            QT_TRANSLATE_NOOP("texts", "Hedge"),
            QT_TRANSLATE_NOOP("texts", "Click where the hedge begins."),
        ),
        Tool(
            "lamps",
            "points",
            AddThings("lamps", "", _POINTS, "lamp"),
            QT_TRANSLATE_NOOP("texts", "Lamps"),
            QT_TRANSLATE_NOOP("texts", "Click where a lamp is to stand."),
        ),
        Tool(
            "benches",
            "points",
            AddThings("benches", "", _POINTS, "bench"),
            QT_TRANSLATE_NOOP("texts", "Benches"),
            QT_TRANSLATE_NOOP("texts", "Click where a bench is to stand."),
        ),
        Tool(
            "canopy",
            "rectangle",
            AddCanopy("canopy", "", _AREA),
            QT_TRANSLATE_NOOP("texts", "Canopy"),
            QT_TRANSLATE_NOOP("texts", "Click where one side of the canopy begins."),
        ),
        Tool(
            "model",
            "points",
            AddModel("model", "", _POINTS, ""),
            QT_TRANSLATE_NOOP("texts", "Model"),
            QT_TRANSLATE_NOOP("texts", "Click where the middle of the model is to stand."),
        ),
        Tool(
            "mound",
            "polygon",
            RaiseGround("mound", "", _AREA, 1.0, 1.5, "grass"),
            QT_TRANSLATE_NOOP("texts", "Raised ground"),
            QT_TRANSLATE_NOOP("texts", "Click the first corner of the area that is raised."),
        ),
        Tool(
            "pit",
            "polygon",
            RaiseGround("pit", "", _AREA, -3.0, 0.0, "concrete"),
            QT_TRANSLATE_NOOP("texts", "Lowered ground"),
            QT_TRANSLATE_NOOP("texts", "Click the first corner of the floor that is dug out."),
        ),
        Tool(
            "limit",
            "polygon",
            LimitHeight("limit", "", _AREA, 20.0),
            QT_TRANSLATE_NOOP("texts", "Height limit"),
            QT_TRANSLATE_NOOP("texts", "Click the first corner of the area where nothing may be higher."),
        ),
        Tool(
            "study",
            "polygon",
            StudyArea("study", "", _AREA),
            QT_TRANSLATE_NOOP("texts", "Study area"),
            QT_TRANSLATE_NOOP(
                "texts", "Click the first corner of the area outside of which nothing changes."
            ),
        ),
        Tool(
            "remove",
            None,
            None,
            QT_TRANSLATE_NOOP("texts", "Removed"),
            QT_TRANSLATE_NOOP("texts", "Click a building, a tree, a street or a thing: it goes. Esc ends."),
        ),
        Tool(
            "move",
            None,
            None,
            QT_TRANSLATE_NOOP("texts", "Moved"),
            QT_TRANSLATE_NOOP(
                "texts", "Click a building, then drag the dots: move, turn (ring), raise (arrow). Esc ends."
            ),
        ),
        Tool(
            "select_box",
            "box",
            None,
            QT_TRANSLATE_NOOP("texts", "Select"),
            QT_TRANSLATE_NOOP("texts", "Click one corner of the box. Shift adds to what is selected."),
        ),
        Tool(
            "select_area",
            "polygon",
            None,
            QT_TRANSLATE_NOOP("texts", "Select"),
            QT_TRANSLATE_NOOP(
                "texts", "Click the first corner of the outline. Shift adds to what is selected."
            ),
        ),
        Tool(
            "section",
            "stroke",
            None,
            QT_TRANSLATE_NOOP("texts", "Section"),
            QT_TRANSLATE_NOOP("texts", "Click where the section begins."),
        ),
        Tool(
            "measure",
            "polygon",
            None,
            QT_TRANSLATE_NOOP("texts", "Measure"),
            QT_TRANSLATE_NOOP("texts", "Click where the measure begins."),
        ),
    )
}


def sentence(tool: Tool, drawing: Drawing | None) -> str:
    """What the next click does, and how to go on from there."""
    if drawing is None or tool.shape is None or not (drawing.corners or drawing.typed):
        return tr(tool.first)
    ending = tr("Click the next corner. Enter, a right or a double click ends; Esc gives up.")
    said = (
        (bool(drawing.typed), tr("Enter takes “{0}”. Backspace takes a sign back.").format(drawing.typed)),
        (
            tool.id == "measure",
            tr("Click on to measure further: length and, from three corners, area. Esc starts anew."),
        ),
        (tool.shape == "box", tr("Click the opposite corner.")),
        (tool.shape == "stroke", tr("Click where it ends: the city is cut open along the line.")),
        (
            tool.shape == "points",
            tr("Click for one more. Enter or a double click plants them; Backspace takes the last back."),
        ),
        (
            tool.shape == "rectangle" and len(drawing.corners) == 1,
            tr("Click where the side ends, or type its length."),
        ),
        (tool.shape == "rectangle", tr("Click for the width, or type it.")),
        (
            not drawing.enough,
            tr("Click the next corner, or type its distance. Backspace takes the last one back."),
        ),
    )
    return next((text for holds, text in said if holds), ending)


def how_to_type(drawing: Drawing) -> str:
    """What can be typed instead of a click, with examples that tell all of it."""
    if drawing.typed:
        return ""
    if not drawing.corners:
        return tr("Or type east;north in the CRS of the project, then Enter.")
    return tr(
        "Or type 12.5 (length), 12.5<90 (and direction), @3;4 (east and north of the last), then Enter."
    )


def measures(drawing: Drawing, at: Flat) -> tuple[str, ...]:
    """What is said beside the mouse: length and direction of the last side, length and area of all."""
    corners, path = drawing.corners, drawings.outline(drawing, at)
    if drawing.shape == "box" and len(path) == 4:
        west, south, east, north = *path[0], *path[2]
        return (" × ".join(texts.amount(abs(side), "m") for side in (east - west, north - south)),)
    if drawing.shape == "points" or not corners:
        return (str(len(corners) + 1),) if corners else ()
    if drawing.shape == "rectangle" and len(path) == 4:
        first, second = (texts.amount(math.dist(path[i], path[i + 1]), "m") for i in (0, 1))
        return drawing.typed, f"{first} × {second}", texts.amount(drawings.area_of(path), "m²")
    away, turn = math.dist(corners[-1], at), drawings.direction(corners[-1], at)
    last = f"{texts.amount(away, 'm')}   {turn:.0f}°" if away >= drawings.SAME else ""
    said = [f"{drawing.typed}▏" if drawing.typed else last]
    if len(path) > 2:
        said.append(tr("in all {0}").format(texts.amount(drawings.length_of(path), "m")))
        if drawing.shape == "polygon":
            said.append(texts.amount(drawings.area_of(path), "m²"))
    return tuple(said)


def titled(tool: Tool, edit: Edit, taken: Iterable[str]) -> Edit:
    """What was drawn, with a title that no other has unless it has one."""
    title = name = PurePosixPath(edit.path).stem if isinstance(edit, AddModel) else tr(tool.title)
    known, number = set(taken), 2
    while name in known:
        name, number = f"{title} {number}", number + 1
    named: dict[str, Any] = {"title": edit.title or name}
    return replace(edit, **named)

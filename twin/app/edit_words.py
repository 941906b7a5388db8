"""Says in words what an edit is, how much it is, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from twin.app import texts
from twin.model import scenario as model
from twin.model.scenario import Edit
from twin.session.edit_values import amount_of

ICONS = {
    model.AddBuilding: "building",
    model.FillPlot: "plot",
    model.ExtendBuilding: "extend",
    model.MoveBuilding: "move",
    model.ChangeAttributes: "attributes",
    model.GreenBuilding: "green",
    model.Remove: "removed",
    model.PlantTrees: "tree",
    model.PlantRow: "tree_row",
    model.PlantArea: "tree_area",
    model.ChangeGround: "ground",
    model.AddWay: "way",
    model.AddThings: "lamp",
    model.AddCanopy: "canopy",
    model.AddModel: "model",
    model.RaiseGround: "mound",
    model.Protect: "protect",
    model.LimitHeight: "limit",
    model.StudyArea: "study",
}
KINDS = {
    model.AddBuilding: texts.QT_TRANSLATE_NOOP("texts", "New building"),
    model.FillPlot: texts.QT_TRANSLATE_NOOP("texts", "Filled plot"),
    model.ExtendBuilding: texts.QT_TRANSLATE_NOOP("texts", "More storeys"),
    model.MoveBuilding: texts.QT_TRANSLATE_NOOP("texts", "Moved building"),
    model.ChangeAttributes: texts.QT_TRANSLATE_NOOP("texts", "Other attributes"),
    model.GreenBuilding: texts.QT_TRANSLATE_NOOP("texts", "Green on buildings"),
    model.Remove: texts.QT_TRANSLATE_NOOP("texts", "Removed"),
    model.PlantTrees: texts.QT_TRANSLATE_NOOP("texts", "Trees"),
    model.PlantRow: texts.QT_TRANSLATE_NOOP("texts", "Row of trees"),
    model.PlantArea: texts.QT_TRANSLATE_NOOP("texts", "Trees in an area"),
    model.ChangeGround: texts.QT_TRANSLATE_NOOP("texts", "Ground"),
    model.AddWay: texts.QT_TRANSLATE_NOOP("texts", "Way"),
    model.AddThings: texts.QT_TRANSLATE_NOOP("texts", "Things"),
    model.AddCanopy: texts.QT_TRANSLATE_NOOP("texts", "Canopy"),
    model.AddModel: texts.QT_TRANSLATE_NOOP("texts", "Model from a file"),
    model.RaiseGround: texts.QT_TRANSLATE_NOOP("texts", "Raised or lowered ground"),
    model.Protect: texts.QT_TRANSLATE_NOOP("texts", "Protected"),
    model.LimitHeight: texts.QT_TRANSLATE_NOOP("texts", "Height limit"),
    model.StudyArea: texts.QT_TRANSLATE_NOOP("texts", "Study area"),
}


def name_of(edit: Edit) -> str:
    """What an edit is called: its title, or what it is."""
    return edit.title or texts.tr(KINDS[type(edit)])


def amount_text(edit: Edit) -> str:
    """How much an edit is, in a word."""
    number, unit = amount_of(edit)
    if unit == "storeys":
        return texts.tr("1 storey") if number == 1 else texts.tr("%n storeys").replace("%n", f"{number:.0f}")
    if unit == "×":
        return f"{number:.0f} ×" if number != 1 else ""
    return texts.amount(number, unit) if unit else ""


def problems_by_edit(edits: Sequence[Edit], problems: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The problems by the id of the edit whose name their sentence begins with; of several, the longest."""
    found: dict[str, tuple[str, ...]] = {}
    names = {edit.id: edit.title or edit.id for edit in edits}
    for text in problems:
        fits = {key: name for key, name in names.items() if text.startswith((f"{name}:", f"{name} "))}
        longest = max(map(len, fits.values()), default=0)
        for key, name in fits.items():
            if len(name) == longest:
                found[key] = (*found.get(key, ()), text)
    return found

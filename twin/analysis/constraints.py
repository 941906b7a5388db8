"""Tells where a scenario breaks the rules that were set for it."""

from __future__ import annotations

from dataclasses import dataclass

from shapely import Polygon

from twin.analysis.worksite import Worksite, name_of
from twin.model.parts import corners_of
from twin.model.scenario import Edit, LimitHeight, Protect, StudyArea, shape_of

NEARLY = 0.01
"""What is over a limit by less keeps it: files keep a millimetre. [m]"""


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that breaks a rule."""

    rule: Protect | LimitHeight | StudyArea
    id: str
    """Of an object, a feature, or of the edit that made it."""
    said: str
    """What is wrong, in a sentence."""


def violations(work: Worksite, edits: tuple[Edit, ...]) -> list[Violation]:
    """All that breaks rules, in the order of the rules."""
    found: list[Violation] = []
    for rule in edits:
        match rule:
            case Protect():
                found += _touched(work, rule)
            case LimitHeight():
                found += _too_high(work, rule)
            case StudyArea():
                found += _outside(rule, edits)
            case _:
                continue
    return found


def _touched(work: Worksite, rule: Protect) -> list[Violation]:
    found = []
    changed = {change.id for change in work.changes if change.kind != "added"}
    for gml_id in rule.ids:
        row = work.rows.get(gml_id)
        if row is None and not work.has(gml_id) and gml_id not in changed:
            found.append(Violation(rule, gml_id, f"{name_of(rule)}: there is no {gml_id} to protect."))
        elif gml_id in changed:
            kind = next(change.kind for change in work.changes if change.id == gml_id)
            found.append(Violation(rule, gml_id, f"{name_of(rule)}: {gml_id} is protected, but {kind}."))
    return found


def _too_high(work: Worksite, rule: LimitHeight) -> list[Violation]:
    found = []
    for new in work.added.values():
        model = work.models.get(new.thing.id)
        rings = [ring for p in new.thing.polygons for ring in p.rings] if model is None else [model.vertices]
        top = max((float(ring[:, 2].max()) for ring in rings), default=0.0)
        if top > rule.height + NEARLY and new.footprint.intersects(rule.area):
            said = f"{name_of(new.edit)} is {top:.1f} m high; {name_of(rule)} allows {rule.height:g} m."
            found.append(Violation(rule, new.thing.id, said))
    for row, corners in sorted(work.moved.items()):
        before = work.city.vertices[corners_of(work.city, row)]
        high = (corners != before).any(axis=1) & (corners[:, 2] > rule.height + NEARLY)
        if high.any() and Polygon(corners[:, :2]).convex_hull.intersects(rule.area):
            name = str(work.city.object_id[row])
            top = float(corners[:, 2].max())
            said = f"{name} becomes {top:.1f} m high; {name_of(rule)} allows {rule.height:g} m."
            found.append(Violation(rule, name, said))
    return found


def _outside(rule: StudyArea, edits: tuple[Edit, ...]) -> list[Violation]:
    found = []
    for edit in edits:
        shape = None if isinstance(edit, LimitHeight | StudyArea) else shape_of(edit)
        if shape is not None and not rule.area.buffer(NEARLY).covers(shape):
            found.append(Violation(rule, edit.id, f"{name_of(edit)} reaches out of {name_of(rule)}."))
    return found

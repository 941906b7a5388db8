"""Gathers what is known of the thing that was clicked."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.app import texts
from twin.app.surface_facts import pairs_of, said_of, surface_at
from twin.app.texts import tr
from twin.model import lod
from twin.model.city import SURFACE_TYPES, City, corners, roots, row_of, with_parts
from twin.model.layer import Layer
from twin.model.place import Place
from twin.model.raster import value_at
from twin.model.state import Point, Selection
from twin.scene.items import Drape
from twin.session.session import Session

MOST_PARTS = 40
"""Parts that are named one by one."""


@dataclass(frozen=True, slots=True)
class Section:
    """Names and values that belong together."""

    title: str
    pairs: tuple[tuple[str, str], ...]
    links: tuple[str, ...] = ()
    """gml:ids that the pairs lead to, one each; none where it is empty."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one thing."""

    title: str
    kind: str
    """What it is, in a word or two."""
    icon: str
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        """All of it as lines to paste elsewhere."""
        lines = [self.title, self.kind]
        for section in self.sections:
            lines += ["", section.title, *(f"{name}\t{value}" for name, value in section.pairs)]
        return "\n".join(lines)


def facts(session: Session) -> Facts | None:
    """What is known of the selection; None when nothing is selected."""
    selection = session.state.selection
    if selection is None:
        return None
    found = _KINDS[selection.kind](session, selection)
    # what is draped lies on the ground, so it says nothing of a building
    draped = _overlay_here(session, selection.at) if selection.kind != "city" else ()
    here = (*draped, *_position(session.project.place, selection.at))
    return Facts(found.title, found.kind, found.icon, (*found.sections, *here))


def selection_of(session: Session, what: str, wanted: str) -> Selection | None:
    """The selection of a thing by what it is (`building`, `tree`, `ground`, `feature`) and its id.

    Also of what the scenario removed; None when it is nowhere.
    """
    built = session.scene.built
    layers = (*(built.layers if built else ()), *session.project.layers)
    if what == "building":
        for city in (built.city if built else session.project.city, session.project.city):
            row = row_of(city, wanted)
            if row is not None:
                return Selection("city", wanted, "buildings", middle(city, row))
        return None
    for layer in layers:
        row = _row_of(layer, wanted)
        if row is not None:
            at = layer.geometry[row].representative_point()
            return Selection("layer", wanted, layer.id, (at.x, at.y, 0.0))
    return None


def middle(city: City, row: int) -> Point:
    """The middle of an object and its parts, at the height of its top. [m]"""
    points = corners(city, roots(city) == roots(city)[row])
    if not len(points):
        return (0.0, 0.0, 0.0)
    low, high = points.min(axis=0), points.max(axis=0)
    return (float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2, float(high[2]))


def _object(session: Session, selection: Selection) -> Facts:
    built = session.scene.built
    city, gone = (built.city if built else session.project.city), False
    row = row_of(city, selection.id)
    if row is None:
        city, gone = session.project.city, True
        row = row_of(city, selection.id)
    if row is None:
        text = tr("It is not part of this scenario.")
        return Facts(selection.id, tr("Building"), "building", (Section(tr("Note"), ((tr("Note"), text),)),))
    known = city.attributes.row(row)
    kind = texts.object_class(str(city.object_type[row]))
    title = str(known.get("name") or kind)
    pairs = [(texts.column(name), texts.value(name, v)) for name, v in known.items() if name != "name"]
    pairs.append((tr("Id"), selection.id))
    if gone:
        kind = tr("{0}, removed by this scenario").format(kind)
    sections = [Section(tr("Attributes"), tuple(pairs))]
    drawn = built.drawn if built is not None and not gone else city
    clicked = surface_at(drawn, selection.id, selection.at)
    if clicked is not None:
        sections.append(Section(tr("Surface at this place"), pairs_of(drawn, clicked)))
        if said := said_of(drawn, clicked):
            sections.append(Section(tr("What the file says of this surface"), said))
    sections += [*_family(city, row), *_shape(session, city, row, selection.id)]
    whole = int(roots(city)[row])
    if whole != row:
        about = city.attributes.row(whole)
        more = [(texts.column(n), texts.value(n, v)) for n, v in about.items()]
        more.append((tr("Id"), str(city.object_id[whole])))
        sections.append(Section(tr("Its building"), tuple(more)))
        if "name" not in known and "name" in about:
            title = str(about["name"])
    others = len(session.state.selected) - 1
    if others > 0:
        told = tr("{0} other objects are selected too").format(texts.amount(float(others)))
        sections.insert(0, Section(tr("Selection"), ((tr("Together"), told),)))
    return Facts(title, kind if kind != title else selection.id, "building", tuple(sections))


def _family(city: City, row: int) -> list[Section]:
    """What the object is a part of, and its own parts."""
    found, parent = [], int(city.object_parent[row])
    children = np.flatnonzero(city.object_parent == row)
    if parent >= 0:
        found.append(Section(tr("Part of"), (_kin(city, parent),), (str(city.object_id[parent]),)))
    if len(children):
        shown = children[:MOST_PARTS].tolist()
        pairs, links = [_kin(city, child) for child in shown], [str(city.object_id[c]) for c in shown]
        if rest := len(children) - len(shown):
            pairs.append((tr("More"), texts.amount(float(rest))))
            links.append("")
        title = tr("Parts ({0})").format(texts.amount(float(len(children))))
        found.append(Section(title, tuple(pairs), tuple(links)))
    return found


def _kin(city: City, row: int) -> tuple[str, str]:
    """Class, and name or id."""
    name = city.attributes.columns.get("name")
    called = name[row] if name is not None and isinstance(name[row], str) else city.object_id[row]
    return texts.object_class(str(city.object_type[row])), str(called)


def _shape(session: Session, city: City, row: int, gml_id: str) -> list[Section]:
    """Surfaces by type with number and area, parts included, and the levels of detail."""
    one = np.arange(len(city.object_id)) == row
    mine = with_parts(city, one)[city.surface_object]
    pairs = []
    if mine.any():
        areas = _areas(city, mine)
        types = city.surface_type
        for kind in np.unique(types[mine]).tolist():
            of_kind = mine & (types == kind)
            area = texts.amount(float(areas[of_kind].sum()), "m²")
            said = tr("{0}, {1}").format(texts.amount(float(of_kind.sum())), area)
            pairs.append((texts.surface_type(SURFACE_TYPES[kind]), said))
    whole = session.project.whole if session.project.whole is not None else city
    there = row_of(whole, gml_id)
    if there is not None:
        theirs = with_parts(whole, np.arange(len(whole.object_id)) == there)[whole.surface_object]
        levels = np.unique(whole.surface_lod[theirs]).tolist()
        shown = set(np.unique(city.surface_lod[mine]).tolist())
        # those that are not drawn now stand in brackets
        said = ", ".join(lod.name(each) if each in shown else f"({lod.name(each)})" for each in levels)
        pairs.append((tr("LoD"), said or tr("no geometry")))
    return [Section(tr("Surfaces, with parts"), tuple(pairs))] if pairs else []


def _areas(city: City, surfaces: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Of the marked surfaces, 0 for others: (s,). [m²]"""
    inside = np.flatnonzero(surfaces[city.triangle_surface])
    a, b, c = city.vertices[city.triangles[inside]].transpose(1, 0, 2)
    areas = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
    return np.bincount(city.triangle_surface[inside], areas, minlength=len(surfaces)).astype(np.float64)


def _feature(session: Session, selection: Selection) -> Facts:
    built = session.scene.built
    now = built.layers if built else ()
    for layer in (*now, *session.project.layers):
        row = _row_of(layer, selection.id) if layer.id == selection.layer else None
        if row is None:
            continue
        known = layer.table.row(row)
        kind, icon = layer.title, "tree" if layer.style.glyph == "tree" else "place"
        if not any(layer is other for other in now):
            kind = tr("{0}, removed by this scenario").format(kind)
        title = str(known.get("name") or known.get("species") or layer.title)
        pairs = [
            (texts.column(name), texts.value(name, value))
            for name, value in known.items()
            if name not in ("id", "name")
        ]
        shape = layer.geometry[row]
        if shape.area > 0:
            pairs.append((tr("Area"), texts.amount(float(shape.area), "m²")))
        elif shape.length > 0:
            pairs.append((tr("Length here"), texts.amount(float(shape.length), "m")))
        pairs.append((tr("Id"), selection.id))
        sections = [Section(tr("Attributes"), tuple(pairs))]
        if layer.source:
            sections.append(Section(tr("Source"), ((tr("From"), layer.source),)))
        return Facts(title, kind, icon, tuple(sections))
    text = tr("It is not part of this scenario.")
    return Facts(selection.id, selection.layer, "place", (Section(tr("Note"), ((tr("Note"), text),)),))


def _ground(_session: Session, _selection: Selection) -> Facts:
    return Facts(tr("A place on the ground"), tr("Ground"), "place", ())


def _sensor(session: Session, selection: Selection) -> Facts:
    from twin.app.sensor_facts import sensor_facts

    return sensor_facts(session, selection)


_KINDS = {"city": _object, "layer": _feature, "ground": _ground, "sensor": _sensor}


def _overlay_here(session: Session, at: Point) -> tuple[Section, ...]:
    item = session.scene.items.get("overlay")
    if not isinstance(item, Drape):
        return ()
    legend = session.scene.legend
    title = (legend and legend.title) or item.raster.title or item.raster.id
    unit = (legend and legend.unit) or item.raster.unit
    found = value_at(item.raster, at[0], at[1])
    text = tr("no value here") if math.isnan(found) else texts.amount(found, unit)
    source = (legend and legend.source) or item.raster.source
    pairs = [(tr("Value here"), text), *([(tr("Source"), source)] if source else [])]
    return (Section(tr("Overlay: {0}").format(title), tuple(pairs)),)


def _position(place: Place, at: Point) -> tuple[Section, ...]:
    language = texts.language()
    east, north, up = (here + origin for here, origin in zip(at, place.origin, strict=True))
    height = f"{language.toString(up, 'f', 1)} m"
    pairs = (
        (tr("East"), f"{language.toString(east, 'f', 1)} m"),
        (tr("North"), f"{language.toString(north, 'f', 1)} m"),
        (tr("Height"), f"{height} ({place.height_system})" if place.height_system else height),
        (tr("Coordinates"), place.crs),
    )
    return (Section(tr("Position"), pairs),)


def _row_of(layer: Layer, wanted: str) -> int | None:
    ids = layer.table.columns.get("id")
    if ids is None:
        return int(wanted) if wanted.isdecimal() and int(wanted) < len(layer.geometry) else None
    for row, found in enumerate(ids):
        if str(found) == wanted:
            return row
    return None

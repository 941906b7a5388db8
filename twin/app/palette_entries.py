"""Lists the layers, scenarios, overlays and buildings of a session for the palette."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from heapq import nsmallest

from twin.app import texts
from twin.app.facts import selection_of
from twin.app.palette import MOST, Entry, folded, rank
from twin.app.texts import tr
from twin.model.city import City
from twin.scene.attributes import PREFIX, Attribute, attributes
from twin.scene.overlays import overlays
from twin.session.commands import choose_overlay, choose_scenario, select, show_layers
from twin.session.session import Session

FEWEST = 2
"""Letters that must be typed before buildings are looked for among everything else."""


def session_entries(
    session: Session,
    kind: str,
    text: str,
    *,
    zoom_layer: Callable[[str], object],
    zoom_object: Callable[[str, str], object],
) -> Iterator[Entry]:
    """Entries of the kind asked for; buildings only when `text` finds them, at most 50.

    zoom_layer: looks at a layer; zoom_object: looks at `building`, id.
    """
    if kind in ("", "s"):
        yield from _scenarios(session)
    if kind in ("", "a"):
        yield from _overlays(session)
    if kind in ("", "l"):
        yield from _layers(session, zoom_layer)
    if kind == "c" or (kind == "" and len(text) >= FEWEST):
        yield from _attributes(session)
    if kind == "b" or (kind == "" and len(text) >= FEWEST):
        yield from _buildings(session, text, zoom_object)


def _scenarios(session: Session) -> Iterator[Entry]:
    for number, scenario in enumerate(session.project.scenarios, 1):

        def run(wanted: str = scenario.id) -> None:
            session.do(choose_scenario, wanted)

        yield Entry(scenario.title, tr("Scenario"), str(number) if number <= 9 else "", run, "s")


def _overlays(session: Session) -> Iterator[Entry]:
    for name, overlay in overlays(session.project).items():

        def run(wanted: str = name) -> None:
            session.do(choose_overlay, wanted)

        yield Entry(overlay.title, tr("Overlay"), "", run)


def _attributes(session: Session) -> Iterator[Entry]:
    built = session.scene.built
    for each in _listed(built.city if built else session.project.city):

        def run(wanted: str = PREFIX + each.name) -> None:
            session.do(choose_overlay, wanted)

        title = texts.column(each.name)
        own = "" if title == each.name else f"{each.name}  "
        kinds = (
            tr("numbers") if each.numeric else tr("values: {0}").format(texts.amount(float(each.distinct)))
        )
        hint = tr("{0} objects, {1}").format(texts.amount(float(each.count)), kinds)
        yield Entry(tr("Colour by {0}").format(title), f"{own}{hint}", "", run, "c")


def _layers(session: Session, zoom: Callable[[str], object]) -> Iterator[Entry]:
    built = session.scene.built
    for layer in built.layers if built else session.project.layers:

        def run(wanted: str = layer.id) -> None:
            session.do(show_layers, [wanted])
            zoom(wanted)

        count = texts.amount(float(len(layer.geometry)))
        yield Entry(layer.title, tr("Layer, {0}").format(count), "", run, "l")


def _buildings(session: Session, text: str, zoom: Callable[[str, str], object]) -> Iterator[Entry]:
    built = session.scene.built
    city = built.city if built else session.project.city
    query, found = folded(text), []
    for row, (name, gml_id) in enumerate(_names(city)):
        score = rank(query, name or gml_id, gml_id)
        if score is not None:
            found.append((score + (0 if name else 10), row))
    for _, row in nsmallest(MOST, found):
        known, wanted = city.attributes.row(row), str(city.object_id[row])

        def run(wanted: str = wanted) -> None:
            session.do(select, selection_of(session, "building", wanted))
            zoom("building", wanted)

        kind = texts.object_class(str(city.object_type[row]))
        title = str(known.get("name") or wanted)
        yield Entry(title, f"{kind}  {wanted}" if title != wanted else kind, "", run, "b")


@lru_cache(maxsize=2)
def _listed(city: City) -> tuple[Attribute, ...]:
    return attributes(city)


@lru_cache(maxsize=2)
def _names(city: City) -> list[tuple[str, str]]:
    """Folded name and id of every object."""
    names = city.attributes.columns.get("name")
    ids = [folded(str(gml_id)) for gml_id in city.object_id]
    if names is None:
        return [("", gml_id) for gml_id in ids]
    return [(folded(name) if isinstance(name, str) else "", i) for name, i in zip(names, ids, strict=True)]

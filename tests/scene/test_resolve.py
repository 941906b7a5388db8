"""What is on the screen for a project and a state."""

from dataclasses import replace

from small_station import TODAY, project

from twin.model.state import Bookmark, Camera, Selection, State
from twin.scene.items import Areas, Buildings, Chosen, Glyphs, Gone, Lines, Pin, Sunlight
from twin.scene.overlays import MOST_CELLS, OVERLAYS, cell_size
from twin.scene.resolve import resolve
from twin.scene.scene import Scene
from twin.session.session import Session

QUIET = replace(TODAY, shadows=False)


def scene(state: State) -> Scene:
    return Session(project(), state).scene


def test_nothing_is_known_before_the_city_is_built() -> None:
    first = resolve(project(), TODAY, {})
    assert first.items == {}
    assert [request.title for request in first.wanted] == ["Extent", "Today"]


def test_resolving_twice_gives_equal_items() -> None:
    session = Session(project(), QUIET)
    again = resolve(session.project, session.state, session._results)
    assert again.items == session.scene.items


def test_layers_become_areas_lines_and_shapes() -> None:
    kinds = {type(item) for item in scene(QUIET).items.values()}
    assert {Areas, Lines, Glyphs, Buildings, Sunlight} <= kinds


def test_hidden_things_are_not_there() -> None:
    shown = scene(replace(QUIET, hidden=frozenset({"buildings", "trees"})))
    assert "buildings" not in shown.items
    assert "layer:trees" not in shown.items


def test_hiding_a_layer_leaves_the_others_as_they_are() -> None:
    session = Session(project(), QUIET)
    before = dict(session.scene.items)
    session.do(lambda state: replace(state, hidden=frozenset({"trees"})))
    assert {name: item for name, item in before.items() if name != "layer:trees"} == dict(session.scene.items)


def test_changes_are_marked_on_request_only() -> None:
    plain = scene(replace(QUIET, scenario="tower")).items["buildings"]
    marked = scene(replace(QUIET, scenario="tower", highlight=True))
    assert isinstance(plain, Buildings)
    assert plain.marked == ()
    buildings = marked.items["buildings"]
    assert isinstance(buildings, Buildings)
    assert buildings.marked != ()
    gone = marked.items.get("gone")
    removed = (
        [c for c in marked.built.changes if c.kind == "removed" and c.what == "building"]
        if marked.built
        else []
    )
    assert isinstance(gone, Gone) is bool(removed)


def test_a_clicked_building_is_outlined_and_a_clicked_place_pinned() -> None:
    assert isinstance(scene(replace(QUIET, selection=Selection("city", "hall"))).items["chosen"], Chosen)
    assert isinstance(scene(replace(QUIET, selection=Selection("ground"))).items["pin"], Pin)


def test_every_overlay_but_none_has_a_legend_with_title_and_source() -> None:
    for name in OVERLAYS:
        legend = scene(replace(QUIET, overlay=name)).legend
        assert (legend is None) is (name == "none")
        if legend is not None:
            assert legend.title
            assert legend.source


def test_an_unknown_overlay_is_none() -> None:
    assert scene(replace(QUIET, overlay="no such")).legend is None


def test_the_home_view_is_the_bookmark_home() -> None:
    home = Camera((1.0, 2.0, 300.0), (0.0, 0.0, 0.0))
    session = Session(project(bookmarks=(Bookmark("home", "Home", home),)), QUIET)
    assert session.scene.camera == home


def test_large_areas_get_coarser_cells() -> None:
    assert cell_size((0, 0, 1000, 1000)) == 2.0
    west, south, east, north = (0.0, 0.0, 30_000.0, 30_000.0)
    cell = cell_size((west, south, east, north))
    assert (east - west) * (north - south) / cell**2 <= MOST_CELLS

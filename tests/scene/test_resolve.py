"""What is on the screen for a project and a state."""

from dataclasses import replace

import numpy as np
from shapely import box
from small_station import PLACE, TODAY, city, project

from twin.model import city as cities
from twin.model import lod
from twin.model.city import CityObject, Polygon3D
from twin.model.project import Project
from twin.model.scenario import LimitHeight, Protect, Remove
from twin.model.state import Bookmark, Camera, Selection, State
from twin.scene.items import Areas, Buildings, Chosen, Glyphs, Gone, Lines, Pin, Sketch, Sunlight
from twin.scene.overlays import MOST_CELLS, OVERLAYS, cell_size
from twin.scene.resolve import out_of_sight, resolve
from twin.scene.scene import Scene
from twin.session import commands
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
    session = Session(project(), QUIET)  # one, because several overlays are made of the same heat
    for name in OVERLAYS:
        session.do(commands.choose_overlay, name)
        legend = session.scene.legend
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


SQUARE = np.array([[0.0, 0, 0], [10, 0, 0], [10, 10, 0], [0, 10, 0]])


def with_lods() -> Project:
    """A house in LoD 1 and 2, and one in LoD 1 only."""
    shapes = {"both": [1, 2, 2], "low": [1]}
    objects = [
        CityObject(name, polygons=[Polygon3D((SQUARE,), lod=level) for level in have])
        for name, have in shapes.items()
    ]
    shown = np.array([False, True, True, True])
    first, whole = lod.split(replace(cities.from_objects(PLACE, objects), surface_shown=shown))
    return project(city=first, whole=whole)


def surfaces(session: Session) -> int:
    item = session.scene.items["buildings"]
    assert isinstance(item, Buildings)
    return len(item.city.surface_object)


def test_the_city_is_shown_in_the_chosen_level_of_detail() -> None:
    session = Session(with_lods(), QUIET)
    usual = session.scene.items["buildings"]
    session.do(commands.choose_lod, 1.0)
    assert surfaces(session) == 2
    session.do(commands.choose_lod, None)
    assert session.scene.items["buildings"] == usual, "the same city again, so that nothing is drawn anew"
    session.undo()
    assert surfaces(session) == 2


def test_a_scenario_is_built_in_the_chosen_level_of_detail() -> None:
    session = Session(with_lods(), replace(QUIET, scenario="tower", lod=1.0))
    low = surfaces(session)
    session.do(commands.choose_lod, None)
    assert surfaces(session) == low + 1


def test_the_usual_city_stays_while_a_level_of_detail_is_worked_out() -> None:
    session = Session(with_lods(), QUIET)
    waiting = resolve(session.project, replace(QUIET, lod=1.0), session._results)
    assert [request.key for request in waiting.wanted] == [("lod", 1.0)]
    assert waiting.items["buildings"] == session.scene.items["buildings"]


def test_a_city_with_one_level_of_detail_is_the_same_in_all() -> None:
    assert scene(replace(QUIET, lod=1.0)).wanted == ()


def hidden(state: State) -> set[str]:
    session = Session(project(), state)
    item = session.scene.items["buildings"]
    assert isinstance(item, Buildings)
    return set() if item.hidden is None else set(item.city.object_id[item.hidden.objects])


def test_hidden_objects_are_masked_and_all_others_when_some_are_isolated() -> None:
    everything = set(city().object_id)
    assert hidden(QUIET) == set()
    assert hidden(replace(QUIET, hidden_objects=frozenset({"hall", "gone"}))) == {"hall"}
    assert hidden(replace(QUIET, isolated=frozenset({"hall", "shop"}))) == everything - {"hall", "shop"}
    both = replace(QUIET, isolated=frozenset({"hall", "shop"}), hidden_objects=frozenset({"shop"}))
    assert hidden(both) == everything - {"hall"}


def test_parts_are_hidden_with_their_whole_but_not_the_other_way_round() -> None:
    family = cities.from_objects(
        PLACE, [CityObject("part", parent=1), CityObject("whole"), CityObject("deep", parent=0)]
    )
    none: frozenset[str] = frozenset()
    assert out_of_sight(family, frozenset({"whole"}), none).objects.all()
    assert out_of_sight(family, frozenset({"part"}), none).objects.tolist() == [True, False, True]
    assert out_of_sight(family, none, frozenset({"deep"})).objects.tolist() == [True, True, False]


def test_the_mask_stays_the_same_as_long_as_nothing_else_is_hidden() -> None:
    session = Session(project(), replace(QUIET, hidden_objects=frozenset({"hall"})))
    before = session.scene.items["buildings"]
    session.do(commands.set_time, session.state.time.replace(hour=10))
    assert session.scene.items["buildings"] == before


def test_all_selected_objects_are_outlined() -> None:
    state = replace(QUIET, selection=Selection("city", "hall"), several=frozenset({"shop", "hall"}))
    chosen = scene(state).items["chosen"]
    assert isinstance(chosen, Chosen)
    assert chosen.ids == ("hall", "shop")


def test_broken_rules_are_shown_where_changes_are_marked() -> None:
    rules = (LimitHeight("low", "Low", box(-500, -500, 500, 500), 5.0), Protect("keep", "", ("shop",)))
    known = project()
    tower = known.scenario("tower")
    edits = (*tower.edits, *rules, Remove("gone", "", ("shop",)))
    made = replace(
        known, scenarios=tuple(replace(one, edits=edits) if one is tower else one for one in known.scenarios)
    )
    session = Session(made, replace(QUIET, scenario="tower"))
    assert not {"broken", "rule:low"} & set(session.scene.items)
    session.do(commands.toggle_highlight)
    limit, broken = session.scene.items["rule:low"], session.scene.items["broken"]
    assert isinstance(limit, Sketch)
    assert {z for line in limit.lines for _, _, z in line} == {5.0}
    assert isinstance(broken, Chosen)
    assert broken.wrong
    built = session.scene.built
    assert built is not None
    assert set(broken.ids) == {each.id for each in built.broken} - {"shop"}, "what is gone has no outline"


def test_several_selected_trees_get_a_pin_each() -> None:
    session = Session(project(), QUIET)
    (layer,) = (layer for layer in session.project.layers if layer.role == "trees")
    ids = [str(name) for name in layer.table.columns["id"]][:2]
    first = Selection("layer", ids[0], layer.id)
    session.do(commands.toggle_selected, first)
    session.do(commands.toggle_selected, Selection("layer", ids[1], layer.id))
    assert session.state.selected == set(ids)
    pin = session.scene.items["pin"]
    assert isinstance(pin, Pin)
    assert len(pin.more) == 1

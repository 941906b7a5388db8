"""The table of everything a user can do: menus, toolbar, palette and shortcuts are made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence

from twin.app.icons import icon
from twin.app.later import Later
from twin.session import commands

if TYPE_CHECKING:
    from twin.app import (
        edit_selected,
        export_actions,
        files,
        heat_files,
        model_files,
        overlay_save,
        palette,
        planning,
        views,
        window_look,
        year_box,
    )
    from twin.app.window import Window
    from twin.model.state import State
    from twin.scene import standpoints
    from twin.session.session import Session
else:  # loaded when one of their functions is called: a window that opens calls none
    edit_selected = Later("twin.app.edit_selected")
    export_actions = Later("twin.app.export_actions")
    files = Later("twin.app.files")
    heat_files = Later("twin.app.heat_files")
    model_files = Later("twin.app.model_files")
    overlay_save = Later("twin.app.overlay_save")
    planning = Later("twin.app.planning")
    standpoints = Later("twin.scene.standpoints")
    views = Later("twin.app.views")
    window_look = Later("twin.app.window_look")
    year_box = Later("twin.app.year_box")

Run = Callable[["Window"], object]
Is = Callable[["Window"], bool]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table."""

    id: str
    menu: str
    text: str
    keys: str
    help: str
    run: Run
    icon: str = ""
    checked: Is | None = None
    """For switches: whether it is on."""
    enabled: Is | None = None
    """None: always."""
    toolbar: bool = False
    separator: bool = False
    """A line above it in its menu."""
    needs: str = ""
    """What is missing while it is greyed."""


def _has(window: Window) -> bool:
    return window.session is not None


def _has_lods(window: Window) -> bool:
    return window.session is not None and window.session.project.whole is not None


def _has_textures(window: Window) -> bool:
    return window.session is not None and window.session.project.city.appearance is not None


def _has_city(window: Window) -> bool:
    return window.session is not None and len(window.session.project.city.object_id) > 0


def _has_selected(window: Window) -> bool:
    return window.session is not None and bool(window.session.state.selected)


def _has_hidden(window: Window) -> bool:
    state = window.session.state if window.session is not None else None
    return state is not None and bool(state.hidden_objects or state.isolated)


def _has_others(window: Window) -> bool:
    return window.session is not None and len(window.session.project.scenarios) > 1


def _is_locked(window: Window) -> bool:
    session = window.session
    return session is not None and session.project.scenario(session.state.scenario).locked


def _compares(window: Window, way: str) -> bool:
    return window.session is not None and window.session.state.compare == way


def _can_undo(window: Window) -> bool:
    return window.session is not None and bool(window.session.undo_title)


def _can_redo(window: Window) -> bool:
    return window.session is not None and bool(window.session.redo_title)


def _raster_colours(window: Window) -> None:
    from twin.app.raster_dialog import show_raster

    show_raster(window)


def _terrain(window: Window) -> None:
    from twin.app.terrain_dialog import show_terrain

    show_terrain(window)


def _surface_heat(window: Window) -> None:
    from twin.app.surface_heat import ask

    ask(window)


ACTIONS: tuple[Entry, ...] = (
    Entry("open", "Project", "Open…", "Ctrl+O", "Open a project, a city model or a layer file", files.ask_open, "open", toolbar=True),
    Entry("new_area", "Project", "New station area…", "Ctrl+Alt+N", "Make a project of any place out of open data, in three steps", lambda w: new_area(w), "new"),
    Entry("add", "Project", "Add file…", "Ctrl+Shift+A", "Add a city model, a layer, a raster or a scenario", files.ask_add, "layers", enabled=_has),
    Entry("terrain", "Project", "Terrain…", "Ctrl+Shift+G", "Choose the heights of the ground, and how high they are drawn", _terrain, "layers", enabled=_has),
    Entry("fetch", "Project", "Fetch from a service…", "Ctrl+Alt+G", "Add a layer of a WFS, WMS, WMTS, OGC API or of tiles, kept in the project", lambda w: fetch_layer(w), "import", enabled=_has),
    Entry("raster", "Project", "Colours of the raster…", "Ctrl+Alt+C", "Choose ramp, classes, own colours and band of the raster in view", _raster_colours, "layers", enabled=_has),
    Entry("save", "Project", "Save", "Ctrl+S", "Save the project and this view", files.save, "save", enabled=_has, toolbar=True),
    Entry("save_as", "Project", "Save as…", "Ctrl+Alt+S", "Save the project under another name", files.ask_save_as, "save", enabled=_has),
    Entry("picture", "Project", "Export picture…", "Ctrl+P", "A picture or a page of this view, with legend, scale and sources, in any size", export_actions.ask_picture, "picture", enabled=_has, toolbar=True, separator=True),
    Entry("picture_now", "Project", "Save picture now", "Ctrl+Shift+S", "Save this view in Full HD with legend, scale and sources, without being asked", export_actions.save_picture_now, "picture", enabled=_has),
    Entry("series", "Project", "Export many pictures…", "Ctrl+Alt+M", "Every scenario at every hour with every overlay, each a picture, all on one sheet, or in pairs", export_actions.ask_series, "split", enabled=_has),
    Entry("sun_study", "Project", "Export sun study…", "Ctrl+Alt+U", "Sheets of shadows and hours of sun as planners hand them in, and the sun on every façade", export_actions.ask_sun_study, "sun", enabled=_has),
    Entry("film", "Project", "Export film…", "Ctrl+Alt+P", "A flight through views, a day, or the way from one scenario to another, as WebP, MP4 or pictures", export_actions.ask_film, "play", enabled=_has),
    Entry("report_pdf", "Project", "Export report…", "Ctrl+Alt+T", "A PDF on this scenario: pictures, indicators, what differs, method and licences", export_actions.ask_report, "report", enabled=_has),
    Entry("web_page", "Project", "Export web page…", "Ctrl+Alt+B", "A folder that any browser opens without a network: all scenarios, sun, overlays and a story", export_actions.ask_web, "isolate", enabled=_has),
    Entry("export", "Project", "Export model…", "Ctrl+E", "The city of a scenario as CityJSON, CityGML, glTF, 3D Tiles, OBJ or DXF", export_actions.ask_model, "export", enabled=_has_city, needs="There is no city model to export"),
    Entry("export_indicators", "Project", "Export indicators…", "Ctrl+Alt+J", "The table of all scenarios as XLSX or CSV, with formulas and sources", export_actions.ask_indicators, "indicators", enabled=_has),
    Entry("quit", "Project", "Quit", "Ctrl+Q", "Close the window", lambda w: w.close(), "close", separator=True),
    Entry("undo", "Edit", "Undo", "Ctrl+Z", "Take back the last step", lambda w: _do(w, lambda s: s.undo()), "undo", enabled=_can_undo, toolbar=True),
    Entry("redo", "Edit", "Redo", "Ctrl+Shift+Z", "Do it again", lambda w: _do(w, lambda s: s.redo()), "redo", enabled=_can_redo, toolbar=True),
    Entry("clear", "Edit", "Clear selection", "Esc", "Select nothing", lambda w: _command(w, commands.select, None), "close", enabled=_has),
    Entry("hide", "Edit", "Hide selected objects", "H", "Take the selected objects out of sight", lambda w: _command(w, commands.hide_selected), "eye_off", enabled=_has_selected, separator=True, needs="No object is selected"),
    Entry("isolate", "Edit", "Isolate selected objects", "I", "Show only the selected objects", lambda w: _command(w, commands.isolate_selected), "isolate", enabled=_has_selected, needs="No object is selected"),
    Entry("unhide", "Edit", "Show all objects", "Shift+I", "Show again what was hidden or not isolated", lambda w: _command(w, commands.show_all_objects), "eye", enabled=_has_hidden, needs="No object is hidden"),
    Entry("palette", "Edit", "Find…", "Ctrl+K", "Find any action, layer, scenario or building by name", lambda w: open_palette(w), "search", toolbar=True, separator=True),
    Entry("home", "View", "Home view", "Home", "The view the project opens with", views.go_home, "home", enabled=_has, toolbar=True),
    Entry("all", "View", "Zoom to everything", "Ctrl+Shift+F", "See the whole area", views.zoom_to_all, "fullscreen", enabled=_has),
    Entry("selection", "View", "Zoom to selection", "Ctrl+J", "See what is selected", views.zoom_to_selection, "identify", enabled=_has),
    Entry("top", "View", "From above", "T", "Look straight down", views.look_from_above, "top", enabled=_has, toolbar=True),
    Entry("north", "View", "North up", "N", "Turn the view to the north", views.turn_north, "north", enabled=_has, toolbar=True),
    Entry("flat", "View", "Without perspective", "Ctrl+Alt+O", "The same view with parallel lines, to one scale everywhere, or back", export_actions.flatten, "top", lambda w: w.viewport is not None and w.viewport.camera is not None and w.viewport.camera.height > 0, _has),
    Entry("isometric", "View", "Isometric", "Ctrl+Alt+I", "From above and aside, without perspective", lambda w: export_actions.stand(w, lambda c: standpoints.standing_at(c, "isometric")), "top", enabled=_has),
    Entry("elevation", "View", "From the south", "Ctrl+Alt+E", "Level from the south, without perspective", lambda w: export_actions.stand(w, lambda c: standpoints.standing_at(c, "south")), "top", enabled=_has),
    Entry("elevation_north", "View", "From the north", "Ctrl+Alt+8", "Level from the north, without perspective", lambda w: export_actions.stand(w, lambda c: standpoints.standing_at(c, "north")), "top", enabled=_has),
    Entry("elevation_east", "View", "From the east", "Ctrl+Alt+9", "Level from the east, without perspective", lambda w: export_actions.stand(w, lambda c: standpoints.standing_at(c, "east")), "top", enabled=_has),
    Entry("elevation_west", "View", "From the west", "Ctrl+Alt+4", "Level from the west, without perspective", lambda w: export_actions.stand(w, lambda c: standpoints.standing_at(c, "west")), "top", enabled=_has),
    Entry("section", "View", "Section", "Ctrl+Alt+X", "Cut open upright through the middle of the view, or whole again", export_actions.cut_open, "top", lambda w: w.viewport is not None and w.viewport.camera is not None and w.viewport.camera.section, _has),
    Entry("section_line", "View", "Section along a line", "Ctrl+Alt+F", "Cut open upright along a line of two clicks", lambda w: _draw(w, "section"), "measure", lambda w: _draws(w, "section"), _has),
    Entry("eye_level", "View", "Eye level here", "Ctrl+Alt+H", "Stand where you have clicked, or in the middle of the view, with the eyes 1.6 m above the ground", export_actions.eye_level, "eye", enabled=_has),
    Entry("scale_500", "View", "1:500 from above", "Ctrl+Alt+5", "Look straight down, with a scale of 1:500 on this screen", lambda w: export_actions.to_scale(w, 500), "top", enabled=_has),
    Entry("scale_1000", "View", "1:1000 from above", "Ctrl+Alt+6", "Look straight down, with a scale of 1:1000 on this screen", lambda w: export_actions.to_scale(w, 1000), "top", enabled=_has),
    Entry("scale_2000", "View", "1:2000 from above", "Ctrl+Alt+7", "Look straight down, with a scale of 1:2000 on this screen", lambda w: export_actions.to_scale(w, 2000), "top", enabled=_has),
    Entry("match_photo", "View", "Match a photo…", "Ctrl+Alt+Q", "Lay a photo over the view, half transparent, and look with its angle of view", lambda w: match_photo(w), "picture", enabled=_has),
    Entry("zoom_in", "View", "Zoom in", "Ctrl++", "Come closer", lambda w: views.zoom(w, 0.7), "zoom_in", enabled=_has),
    Entry("zoom_out", "View", "Zoom out", "Ctrl+-", "Go further away", lambda w: views.zoom(w, 1 / 0.7), "zoom_out", enabled=_has),
    Entry("show_all", "View", "Show all layers", "Ctrl+Shift+U", "Show every layer", views.show_all_layers, "eye", enabled=_has, separator=True),
    Entry("hide_all", "View", "Hide all layers", "Ctrl+Shift+H", "Hide every layer but the buildings", views.hide_all_layers, "eye", enabled=_has),
    Entry("refresh", "View", "Draw again", "F5", "Compute again what has failed, and draw", views.draw_again, "relink", enabled=_has),
    Entry("bookmark", "View", "Keep this view", "Ctrl+B", "Add this view to the bookmarks", views.add_bookmark, "bookmark", enabled=_has, separator=True),
    Entry("shadows", "View", "Shadows", "Shift+H", "Draw the shadows of the hour", lambda w: _command(w, commands.toggle_shadows), "shadows", lambda w: w.session is not None and w.session.state.shadows, _has, toolbar=True, separator=True),
    Entry("changes", "View", "Show what changes", "C", "Mark what the scenario adds and removes", lambda w: _command(w, commands.toggle_highlight), "changes", lambda w: w.session is not None and w.session.state.highlight, _has, toolbar=True),
    Entry("more_detail", "View", "More detail", "]", "Show objects in the next higher level of detail", lambda w: views.step_lod(w, 1), "zoom_in", enabled=_has_lods, separator=True, needs="The city model has one level of detail only"),
    Entry("less_detail", "View", "Less detail", "[", "Show objects in the next lower level of detail", lambda w: views.step_lod(w, -1), "zoom_out", enabled=_has_lods, needs="The city model has one level of detail only"),
    Entry("textures", "View", "Textures", "Shift+T", "Show pictures and materials on surfaces", lambda w: _command(w, commands.toggle_textures), "picture", lambda w: w.session is not None and w.session.state.textures, _has_textures, needs="The city model has no pictures and no materials"),
    Entry("dark", "View", "Dark colours", "Ctrl+Shift+D", "Light text on dark panels", window_look.toggle_dark, "theme", lambda w: w.dark, separator=True),
    Entry("larger", "View", "Larger text", "Ctrl+Alt++", "For reading from the back of the room", lambda w: window_look.scale_text(w, 1.15)),
    Entry("smaller", "View", "Smaller text", "Ctrl+Alt+-", "For more room", lambda w: window_look.scale_text(w, 1 / 1.15)),
    Entry("full", "View", "Full screen", "F11", "Use the whole screen", window_look.toggle_full_screen, "fullscreen", lambda w: w.isFullScreen(), separator=True),
    Entry("objects", "View", "Objects table", "Ctrl+T", "List all objects, to sort, filter and select them", lambda w: window_look.toggle_panel(w, "objects"), "table", lambda w: not w.docks["objects"].isHidden(), toolbar=True, separator=True),
    Entry("layer_style", "View", "Layer style", "Ctrl+Alt+Y", "Colour a layer by an attribute, and choose its edges, labels and what of it is drawn", lambda w: window_look.toggle_panel(w, "layer_style"), "layers", lambda w: not w.docks["layer_style"].isHidden()),
    Entry("layer_table", "View", "Table of a layer", "F6", "List what a layer holds, to sort, filter and select it", lambda w: window_look.toggle_panel(w, "layer_table"), "table", lambda w: not w.docks["layer_table"].isHidden()),
    Entry("report", "View", "Import report", "Ctrl+R", "What was read of each city model, and what was left out", lambda w: window_look.toggle_panel(w, "report"), "report", lambda w: not w.docks["report"].isHidden()),
    Entry("panels", "View", "Hide panels", "Ctrl+Tab", "Show only the view, or the panels again", window_look.toggle_panels, "eye"),
    Entry("present", "View", "Presentation", "Ctrl+Shift+Tab", "Only the view, on the whole screen", window_look.toggle_presentation, "eye"),
    Entry("reset", "View", "Reset layout", "Ctrl+Alt+R", "Put all panels back", lambda w: w.reset_layout(), "relink"),
    Entry("attribute", "Overlay", "By attribute…", "Ctrl+0", "Colour the city by one of its attributes", lambda w: open_palette(w, "c "), "overlay", enabled=_has),
    Entry("compare_off", "Compare", "Off", "X", "Show one scenario again", lambda w: _command(w, commands.compare_by, "none"), "close", lambda w: _compares(w, "none"), _has_others, needs="The project has one scenario only"),
    Entry("swipe", "Compare", "Swipe", "S", "Two scenarios with a line between them that can be dragged", lambda w: views.compare_by(w, "swipe"), "swipe", lambda w: _compares(w, "swipe"), _has_others, toolbar=True, needs="The project has one scenario only"),
    Entry("split", "Compare", "Side by side", "V", "Two to four scenarios with one camera, hour and range of colours", lambda w: views.compare_by(w, "split"), "split", lambda w: _compares(w, "split"), _has_others, toolbar=True, needs="The project has one scenario only"),
    Entry("difference", "Compare", "Difference", "D", "What a scenario adds, removes and changes; values as a difference", lambda w: views.compare_by(w, "difference"), "difference", lambda w: _compares(w, "difference"), _has_others, toolbar=True, needs="The project has one scenario only"),
    Entry("swap", "Compare", "Change places", "Shift+X", "Show the other scenario, and compare it with this one", views.swap, "swap", enabled=_has_others, needs="The project has one scenario only"),
    Entry("glance", "Compare", "Glance at the baseline", "B", "Shows the baseline for as long as the key is held", views.glance_by_key, "eye", enabled=_has_others, separator=True, needs="The project has one scenario only"),
    Entry("differences", "Compare", "List of differences", "Shift+D", "Everything that is added, removed and changed, with what it was before", lambda w: window_look.toggle_panel(w, "difference"), "changes", lambda w: not w.docks["difference"].isHidden(), separator=True),
    Entry("indicators", "Compare", "Table of indicators", "Shift+B", "Floor area, volume, trees and ground of all scenarios", lambda w: window_look.toggle_panel(w, "indicators"), "indicators", lambda w: not w.docks["indicators"].isHidden()),
    Entry("new_scenario", "Scenario", "New scenario", "Ctrl+N", "An empty scenario, which begins with today", planning.new_scenario, "new", enabled=_has),
    Entry("new_from_this", "Scenario", "New from this", "Ctrl+Shift+N", "A scenario that goes on from the one in view and follows its changes", planning.new_from_this, "branch", enabled=_has),
    Entry("duplicate", "Scenario", "Duplicate", "Ctrl+Alt+D", "A copy of the scenario in view", planning.duplicate, "copy", enabled=_has),
    Entry("rename", "Scenario", "Rename", "F2", "Write another title for the scenario in view", lambda w: w.rename_scenario(), "rename", enabled=_has),
    Entry("lock", "Scenario", "Locked", "Ctrl+L", "Guard the scenario in view against changes", planning.toggle_lock, "lock", _is_locked, _has),
    Entry("scenario_up", "Scenario", "Earlier in the list", "Ctrl+Shift+Up", "Move the scenario in view up", lambda w: planning.shift(w, -1), "up", enabled=_has),
    Entry("scenario_down", "Scenario", "Later in the list", "Ctrl+Shift+Down", "Move the scenario in view down", lambda w: planning.shift(w, 1), "down", enabled=_has),
    Entry("export_scenario", "Scenario", "Export scenario…", "Ctrl+Shift+E", "Write the scenario in view as GeoJSON, for a GIS or another project", planning.ask_export, "export", enabled=_has),
    Entry("import_scenario", "Scenario", "Import scenario…", "Ctrl+Shift+I", "Add the scenario of a GeoJSON file", planning.ask_import, "import", enabled=_has),
    Entry("delete_scenario", "Scenario", "Delete scenario", "Ctrl+Shift+Del", "Take the scenario in view away; undo brings it back", planning.delete, "delete", enabled=_has),
    Entry("draw_building", "Draw", "Building", "A", "Draw the outline of a new building", lambda w: _draw(w, "building"), "building", lambda w: _draws(w, "building"), _has, toolbar=True),
    Entry("draw_rectangle", "Draw", "Box", "R", "Draw a building with right angles: one side, then the width", lambda w: _draw(w, "rectangle"), "rectangle", lambda w: _draws(w, "rectangle"), _has, toolbar=True),
    Entry("draw_plot", "Draw", "Block", "P", "Draw a plot that is filled with a perimeter block, slabs, rows or a tower", lambda w: _draw(w, "plot"), "plot", lambda w: _draws(w, "plot"), _has, toolbar=True),
    Entry("draw_move", "Draw", "Move", "M", "Move, turn or raise a building", lambda w: _draw(w, "move"), "move", lambda w: _draws(w, "move"), _has, toolbar=True),
    Entry("draw_remove", "Draw", "Remove", "E", "Take away what is clicked: buildings, trees, streets, things", lambda w: _draw(w, "remove"), "delete", lambda w: _draws(w, "remove"), _has, toolbar=True),
    Entry("draw_trees", "Draw", "Trees", "Y", "Plant trees one by one", lambda w: _draw(w, "trees"), "tree", lambda w: _draws(w, "trees"), _has, toolbar=True, separator=True),
    Entry("draw_row", "Draw", "Alley", "L", "Plant trees along a line", lambda w: _draw(w, "row"), "tree_row", lambda w: _draws(w, "row"), _has, toolbar=True),
    Entry("draw_grove", "Draw", "Grove", "O", "Plant trees all over an area", lambda w: _draw(w, "grove"), "tree_area", lambda w: _draws(w, "grove"), _has, toolbar=True),
    Entry("draw_hedge", "Draw", "Hedge", "Shift+W", "Draw a hedge along a line", lambda w: _draw(w, "hedge"), "hedge", lambda w: _draws(w, "hedge"), _has, toolbar=True),
    Entry("draw_ground", "Draw", "Ground", "G", "Give an area another surface: grass, paving, water …", lambda w: _draw(w, "ground"), "ground", lambda w: _draws(w, "ground"), _has, toolbar=True, separator=True),
    Entry("draw_street", "Draw", "Street", "W", "Draw a street along a line", lambda w: _draw(w, "street"), "way", lambda w: _draws(w, "street"), _has, toolbar=True),
    Entry("draw_footway", "Draw", "Footway", "F", "Draw a footway along a line", lambda w: _draw(w, "footway"), "footway", lambda w: _draws(w, "footway"), _has),
    Entry("draw_crossing", "Draw", "Crossing", "J", "Draw a crossing from kerb to kerb", lambda w: _draw(w, "crossing"), "crossing", lambda w: _draws(w, "crossing"), _has, toolbar=True),
    Entry("draw_lamps", "Draw", "Lamps", "K", "Set up street lamps one by one", lambda w: _draw(w, "lamps"), "lamp", lambda w: _draws(w, "lamps"), _has, toolbar=True),
    Entry("draw_benches", "Draw", "Benches", "Shift+K", "Set up benches one by one", lambda w: _draw(w, "benches"), "bench", lambda w: _draws(w, "benches"), _has),
    Entry("draw_canopy", "Draw", "Canopy", "U", "Draw a roof on posts, as over a platform", lambda w: _draw(w, "canopy"), "canopy", lambda w: _draws(w, "canopy"), _has, toolbar=True),
    Entry("draw_model", "Draw", "Model…", "Shift+M", "Set up a model from a file: IFC, glTF, OBJ and others", model_files.ask, "model", lambda w: _draws(w, "model"), _has, separator=True),
    Entry("draw_mound", "Draw", "Raised ground", "Shift+R", "Draw an area whose ground is raised, with slopes or walls", lambda w: _draw(w, "mound"), "mound", lambda w: _draws(w, "mound"), _has),
    Entry("draw_pit", "Draw", "Lowered ground", "Shift+Alt+R", "Draw the floor of ground that is dug out, level or as a ramp", lambda w: _draw(w, "pit"), "pit", lambda w: _draws(w, "pit"), _has),
    Entry("green_roof", "Draw", "Green roof", "Shift+Q", "Let plants grow on the roofs of the selected buildings", lambda w: edit_selected.green(w, "sedum"), "green", enabled=_has_selected, needs="No object is selected"),
    Entry("green_wall", "Draw", "Green wall", "Shift+Alt+Q", "Let plants grow on the walls of the selected buildings", lambda w: edit_selected.green(w, "wall"), "green", enabled=_has_selected, needs="No object is selected"),
    Entry("protect", "Draw", "Protect", "Shift+P", "Tell when the selected objects are changed or removed", edit_selected.protect, "protect", enabled=_has_selected, needs="No object is selected"),
    Entry("draw_limit", "Draw", "Height limit", "Shift+L", "Draw an area where nothing new may be higher", lambda w: _draw(w, "limit"), "limit", lambda w: _draws(w, "limit"), _has),
    Entry("draw_study", "Draw", "Study area", "Shift+A", "Draw the area outside of which nothing may change", lambda w: _draw(w, "study"), "study", lambda w: _draws(w, "study"), _has),
    Entry("move_by", "Draw", "Move by…", "Shift+Alt+M", "Move and turn the selected objects by typed distances", edit_selected.ask_move, "move", enabled=_has_selected, needs="No object is selected"),
    Entry("remove_selected", "Draw", "Remove selected", "Del", "Take the selected objects away", edit_selected.remove, "delete", enabled=_has_selected, needs="No object is selected"),
    Entry("attributes_of", "Draw", "Change attributes…", "Shift+Alt+A", "Give all selected objects another value of an attribute", edit_selected.ask_attributes, "attributes", enabled=_has_selected, needs="No object is selected"),
    Entry("select_box", "Edit", "Select by box", "Shift+V", "Select all objects within a rectangle", lambda w: _draw(w, "select_box"), "box", lambda w: _draws(w, "select_box"), _has_city, needs="There is no city model"),
    Entry("select_area", "Edit", "Select by outline", "Shift+O", "Select all objects within an outline", lambda w: _draw(w, "select_area"), "study", lambda w: _draws(w, "select_area"), _has_city, needs="There is no city model"),
    Entry("select_filter", "Edit", "Select by filter…", "Shift+F", "Select all objects whose attributes fit, as height > 20", window_look.ask_filter, "select_all", enabled=_has_city, needs="There is no city model"),
    Entry("draw_measure", "Draw", "Measure", "Ctrl+Shift+M", "Measure lengths and areas", lambda w: _draw(w, "measure"), "measure", lambda w: _draws(w, "measure"), _has, toolbar=True, separator=True),
    Entry("snap", "Draw", "Snap to corners and edges", "Shift+S", "Pull corners to what stands near, and turns to right angles", lambda w: _set_pull(w, "snapping"), "", lambda w: w.pencil_made is not None and w.pencil_made.aim.snapping, _has, separator=True),
    Entry("grid", "Draw", "Grid of one metre", "Shift+G", "Pull corners to whole metres", lambda w: _set_pull(w, "grid"), "", lambda w: w.pencil_made is not None and w.pencil_made.aim.grid, _has),
    Entry("copy_edits", "Draw", "Copy edits", "Ctrl+C", "Copy the chosen edits, as GeoJSON", lambda w: planning.copy(w, w.chosen_edits()), "copy", enabled=lambda w: bool(w.chosen_edits()), separator=True, needs="Choose edits in the list of edits"),
    Entry("paste_edits", "Draw", "Paste edits", "Ctrl+V", "Add copied edits, or outlines copied in a GIS, to the scenario in view", lambda w: w.paste_edits(), "paste", enabled=_has),
    Entry("heat_numbers", "Overlay", "Heat in numbers", "Shift+N", "Shares of heat stress, means, hot spots, and what differs from the baseline", lambda w: window_look.toggle_panel(w, "heat"), "table", lambda w: not w.docks["heat"].isHidden(), _has),
    Entry("overlay_values", "Overlay", "Export values…", "Ctrl+Alt+V", "The values in view as GeoTIFF, with unit, time and sources", export_actions.ask_values, "export", enabled=overlay_save.can_save, needs="The overlay in view is no grid of values"),
    Entry("surface_heat", "Overlay", "Surface heat from Landsat…", "Ctrl+Alt+W", "Temperature of surfaces, anomaly and hot spots out of scenes of one or more days", _surface_heat, "overlay", enabled=_has),
    Entry("heat_maps", "Overlay", "Save heat maps…", "", "All hours of the day as GeoTIFF, with a description", heat_files.ask_save_maps, "export", enabled=_has),
    Entry("play", "Time", "Play", "Space", "Let the day pass", lambda w: _play(w), "play", lambda w: w.is_playing, _has),
    Entry("earlier", "Time", "Earlier", ",", "Ten minutes back", lambda w: _step(w, -1), "step_back", enabled=_has),
    Entry("later", "Time", "Later", ".", "Ten minutes on", lambda w: _step(w, 1), "step_forward", enabled=_has),
    Entry("year_on", "Time", "Trees ten years on", "Ctrl+.", "See planned trees ten years later, grown as their species do", lambda w: _do(w, lambda s: year_box.step_year(s, 1)), "tree", enabled=_has, separator=True),
    Entry("year_back", "Time", "Trees ten years back", "Ctrl+,", "See planned trees ten years earlier; at last as they are drawn", lambda w: _do(w, lambda s: year_box.step_year(s, -1)), "tree", enabled=_has),
    Entry("live", "Sensors", "Live", "Ctrl+Alt+L", "Listen to the feeds of the project, and follow the clock", lambda w: _sensors().toggle_live(w), "play", lambda w: _sensors().is_live(w), _has),
    Entry("record", "Sensors", "Record now…", "Ctrl+Alt+K", "Write what comes into a file too, for a room without network", lambda w: _sensors().toggle_recording(w), "save", lambda w: _sensors().is_recording(w), _has),
    Entry("replay", "Sensors", "Replay…", "Ctrl+Shift+K", "Show a recording from its beginning, as it came", lambda w: _sensors().toggle_replay(w), "open", lambda w: _sensors().is_replaying(w), _has),
    Entry("observed", "Sensors", "Next observed property", "Q", "Temperature, humidity, sound …: one after the other", lambda w: _sensors().next_observed(w), "identify", enabled=lambda w: _has(w) and _sensors().has_sensors(w), separator=True, needs="No sensors were heard yet"),
    Entry("bars", "Sensors", "Bars", "Ctrl+Shift+B", "Sensors stand as bars that are as high as their value", lambda w: _sensors().show_bars(w), "indicators", lambda w: w.session is not None and w.session.state.sensor_bars, _has),
    Entry("chart", "Sensors", "Chart", "Ctrl+D", "Curves of sensors, up to eight, with means and extremes", lambda w: _sensors().show_chart(w), "indicators", lambda w: not w.docks["chart"].isHidden(), lambda w: _has(w) and _sensors().has_sensors(w), separator=True, needs="No sensors were heard yet"),
    Entry("alarms", "Sensors", "Alarms", "Ctrl+Alt+A", "Sensors that are above a threshold, each with its source", lambda w: window_look.toggle_panel(w, "alarms"), "warning", lambda w: not w.docks["alarms"].isHidden(), _has),
    Entry("residuals", "Sensors", "Model against sensors", "Ctrl+Shift+J", "What the heat model says beside what was measured", lambda w: window_look.toggle_panel(w, "residuals"), "difference", lambda w: not w.docks["residuals"].isHidden(), _has),
    Entry("add_feed", "Sensors", "Add feed…", "Ctrl+Shift+L", "Hear sensors from a service, a broker or a file", lambda w: _add_feed(w), "import", enabled=_has, separator=True),
    Entry("keys", "Help", "Keyboard shortcuts…", "F1", "See and change all keys", lambda w: show_shortcuts(w), "keyboard"),
    Entry("mouse_map", "Help", "Mouse: map", "Ctrl+Alt+1", "Left moves, middle turns, right and wheel zoom, Ctrl+left looks around", lambda w: window_look.set_mouse(w, "map"), "", lambda w: w.settings.text("mouse", "map") == "map", separator=True),
    Entry("mouse_sketchup", "Help", "Mouse: SketchUp and Blender", "Ctrl+Alt+2", "Middle turns, Shift+middle moves, wheel zooms", lambda w: window_look.set_mouse(w, "sketchup"), "", lambda w: w.settings.text("mouse", "map") == "sketchup"),
    Entry("mouse_paraview", "Help", "Mouse: ParaView", "Ctrl+Alt+3", "Left turns, middle moves, right zooms", lambda w: window_look.set_mouse(w, "paraview"), "", lambda w: w.settings.text("mouse", "map") == "paraview"),
    Entry("validation", "Help", "How good is the heat model?", "", "Measured against modelled radiation and radiant temperature", heat_files.show_validation, separator=True),
    Entry("about", "Help", "About…", "Shift+F1", "Version, licences and sources of the data", lambda w: show_about(w), "help", separator=True),
)  # fmt: skip

MENUS = ("Project", "Edit", "Draw", "View", "Scenario", "Compare", "Overlay", "Time", "Sensors", "Help")


def make_actions(window: Window) -> dict[str, QAction]:
    """A QAction for each row, by id."""
    made: dict[str, QAction] = {}
    for entry in ACTIONS:
        action = QAction(icon(entry.icon) if entry.icon else icon("info"), tr(entry.text), window)
        if not entry.icon:
            action.setIconVisibleInMenu(False)
        action.setObjectName(entry.id)
        action.setToolTip(_tip(entry))
        action.setStatusTip(tr(entry.help))
        keys = [QKeySequence(window.settings.keys(entry.id, entry.keys))]
        action.setShortcuts([*keys, QKeySequence("Ctrl+Shift+P")] if entry.id == "palette" else keys)
        action.setCheckable(entry.checked is not None)
        action.setAutoRepeat(entry.id != "glance")  # while the key is held it asks once
        action.triggered.connect(lambda _on=False, entry=entry: entry.run(window))
        made[entry.id] = action
    return made


def refresh_actions(window: Window, actions: dict[str, QAction]) -> None:
    """Makes switches and greyed rows agree with the state."""
    for entry in ACTIONS:
        action = actions[entry.id]
        if entry.checked is not None:
            action.setChecked(entry.checked(window))
        if entry.enabled is not None:
            action.setEnabled(entry.enabled(window))
            if entry.needs:
                there = action.isEnabled() or window.session is None
                action.setToolTip(_tip(entry) if there else tr(entry.needs))
                action.setStatusTip(tr(entry.help) if there else tr(entry.needs))


def _tip(entry: Entry) -> str:
    return f"{tr(entry.help)} ({entry.keys})" if entry.keys else tr(entry.help)


def tr(text: str) -> str:
    """The text in the user's language."""
    return QCoreApplication.translate("actions", text)


def open_palette(window: Window, text: str = "") -> None:
    """Finds anything by a few letters."""
    window.palette_popup().open(text)


def show_shortcuts(window: Window) -> None:
    """All keys, to be read and changed."""
    from twin.app.shortcuts_dialog import ShortcutsDialog

    defaults = {entry.id: entry.keys for entry in ACTIONS}

    def keep(changed: Mapping[str, str]) -> None:
        for name, default in defaults.items():
            window.settings.set_keys(name, changed.get(name, default))

    ShortcutsDialog(list(window.actions_by_id.values()), defaults, keep, window).show()


def match_photo(window: Window) -> None:
    """A photo over the view, to find where it was taken."""
    from twin.app.photo_match import ask

    ask(window)


def new_area(window: Window) -> None:
    """Three steps to a project of any place."""
    from twin.app.area_wizard import ask

    ask(window)


def fetch_layer(window: Window) -> None:
    """A layer of a service on the network."""
    from twin.app.fetch_dialog import ask

    ask(window)


def show_about(window: Window) -> None:
    """Version, licences and sources."""
    from twin.app.about_dialog import AboutDialog

    AboutDialog(window.session.project if window.session is not None else None, window).show()


def palette_entries(window: Window, kind: str, text: str) -> Iterator[palette.Entry]:
    """Everything the palette can find: actions, layers, scenarios, buildings."""
    from twin.app import palette
    from twin.app.palette_entries import session_entries

    if kind in {"", "a"}:
        for entry in ACTIONS:
            action = window.actions_by_id[entry.id]
            if action.isEnabled():
                keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                yield palette.Entry(tr(entry.text), tr(entry.menu), keys, action.trigger)
    if window.session is not None:
        yield from session_entries(
            window.session,
            kind,
            text,
            zoom_layer=lambda layer: views.zoom_to_layer(window, layer),
            zoom_object=lambda what, key: views.zoom_to_object(window, what, key),
        )


def _do(window: Window, what: Callable[[Session], None]) -> None:
    if window.session is not None:
        what(window.session)


def _command(window: Window, command: Callable[..., State], *inputs: object) -> None:
    if window.session is not None:
        window.session.do(command, *inputs)


def _draw(window: Window, tool: str) -> None:
    if window.pencil is not None:
        window.pencil.take(tool)


def _draws(window: Window, tool: str) -> bool:
    pencil = window.pencil_made
    return pencil is not None and pencil.tool is not None and pencil.tool.id == tool


def _set_pull(window: Window, what: str) -> None:
    pencil = window.pencil
    if pencil is not None and what == "grid":
        pencil.set_grid(not pencil.aim.grid)
    elif pencil is not None:
        pencil.set_snapping(not pencil.aim.snapping)


def _sensors() -> ModuleType:
    """Made known when it is first used: most projects have none."""
    from twin.app import sensor_actions

    return sensor_actions


def _add_feed(window: Window) -> None:
    from twin.app.feed_dialog import ask_feed

    ask_feed(window)


def _play(window: Window) -> None:
    if window.time_panel is not None:
        window.time_panel.toggle_play()


def _step(window: Window, steps: int) -> None:
    if window.time_panel is not None:
        window.time_panel.step(steps)

"""Ties the panels of scenarios and edits to what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from twin.app.later import Later

if TYPE_CHECKING:
    from twin.app import planning, views
    from twin.app.edits_panel import EditsPanel
    from twin.app.scenarios_panel import ScenariosPanel
    from twin.app.window import Window
    from twin.model.scenario import Edit
else:
    planning, views = Later("twin.app.planning"), Later("twin.app.views")

BUTTONS = ("new_scenario", "new_from_this", "duplicate", "lock", "delete_scenario")
OTHERS = ("rename", "scenario_up", "scenario_down", "export_scenario", "import_scenario")


def connect_scenarios(window: Window, panel: ScenariosPanel) -> None:
    """Gives the list of scenarios its buttons."""
    more = QMenu(panel)
    for name in OTHERS:
        more.addAction(window.actions_by_id[name])
    merge = QMenu(panel.tr("Merge with"), more)
    merge.aboutToShow.connect(lambda: _fill_merge(window, merge))
    more.insertMenu(window.actions_by_id["scenario_up"], merge)
    panel.set_actions([window.actions_by_id[name] for name in BUTTONS], more)
    panel.renamed.connect(lambda title: planning.rename(window, title))
    panel.reordered.connect(lambda moved, place: planning.put(window, moved, place))


def connect_edits(window: Window, panel: EditsPanel) -> None:
    """Lets the list of edits change them, and the view show what is chosen in it."""
    pencil = window.pencil
    assert pencil is not None
    panel.switched.connect(
        lambda key, on: planning.switch_edits(window, panel.ids if key in panel.ids else (key,), on)
    )
    panel.moved.connect(lambda key, place: planning.move_edit(window, key, place))
    panel.removed.connect(lambda ids: planning.remove_edits(window, ids))
    panel.copied.connect(lambda _ids: planning.copy(window, window.chosen_edits()))
    panel.pasted.connect(window.paste_edits)
    panel.zoom_requested.connect(lambda ids: zoom_to(window, ids))

    def take(edit: Edit) -> None:
        if panel.template is not None:
            pencil.set_template(edit)
            panel.show_template(pencil.template)
        elif planning.change_alike(window, edit, panel.ids):
            pencil.learn(edit)

    def choose(ids: tuple[str, ...]) -> None:
        pencil.grips.choose(ids)
        pencil.refresh()
        window.refresh_actions()

    def follow() -> None:
        tool = pencil.tool
        panel.show_template(pencil.template if tool is not None and tool.shape is not None else None)
        if tool is not None and tool.template is not None and not window.docks["edits"].isHidden():
            window.docks["edits"].raise_()
        window.refresh_actions()

    def drew(edit_id: str) -> None:
        panel.show_template(None)
        panel.choose((edit_id,))

    panel.changed.connect(take)
    panel.chosen.connect(choose)
    # the panel is another for each project, the pencil stays
    changed, drawn = pencil.changed.connect(follow), pencil.drew.connect(drew)
    left = pencil.let_go.connect(lambda: panel.choose(()))
    follow()
    panel.destroyed.connect(
        lambda: (
            pencil.changed.disconnect(changed),
            pencil.drew.disconnect(drawn),
            pencil.let_go.disconnect(left),
        )
    )


def zoom_to(window: Window, ids: tuple[str, ...]) -> None:
    """Looks at edits: where they are drawn, or at the objects they name."""
    session, scenario = window.session, planning.chosen(window)
    if session is None or scenario is None:
        return
    edits = [edit for edit in scenario.edits if edit.id in ids]
    from twin.scene.sketches import bounds_of

    bounds = bounds_of(edits)
    if bounds is not None:
        views.zoom_to(window, bounds)
        return
    named = [name for edit in edits for name in getattr(edit, "ids", ())]
    if named:
        views.zoom_to_object(window, window.tr("object"), named[0])


def _fill_merge(window: Window, menu: QMenu) -> None:
    menu.clear()
    session = window.session
    if session is None:
        return
    from twin.app.planning import TODAY

    for other in session.project.scenarios:
        if other.id not in (session.state.scenario, TODAY):
            menu.addAction(other.title).triggered.connect(
                lambda _on=False, name=other.id: planning.merge(window, name)
            )

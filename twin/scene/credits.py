"""Knows to whom belongs what one sees."""

from __future__ import annotations

from twin.errors import TwinError
from twin.model.project import Project, owners
from twin.model.state import State
from twin.scene.scene import Scene

NOT_STATED = "{}: owner and licence not stated"
UNSTATED = "Source not stated"
"""What a legend says instead of a source, which is none."""
COMPUTED = "Computed"
"""How the source of values begins that are worked out from other data, and so does not name those."""


def credits_of(project: Project, state: State, scene: Scene) -> tuple[str, ...]:
    """Owners and licences of everything visible, and where values that are shown come from, each once.

    A source that says nothing is named by its file. Raises TwinError when nothing at all can be named.
    """
    unseen, drawn = _not_shown(project, state, scene), _drawn(project)
    found = [
        source.attribution or NOT_STATED.format(source.path.name)
        for source in project.sources
        if source.id not in unseen and (source.attribution or source.id in drawn)
    ]
    found += [
        layer.source
        for layer in (scene.built.layers if scene.built is not None else project.layers)
        if layer.source and layer.id not in state.hidden
    ]
    found += [legend.source for legend in scene.legends if legend.source not in ("", UNSTATED)]
    if all(text.startswith(COMPUTED) for text in found):
        raise TwinError(
            "It is not known where anything in this view comes from, and no picture is made without its "
            "sources. Save the project and write an `attribution` for each of its sources."
        )
    return owners(found)


def _not_shown(project: Project, state: State, scene: Scene) -> set[str]:
    """Ids of sources that nothing on the screen comes from; those it is not known of count as shown."""
    gone = {layer.id for layer in project.layers if layer.id in state.hidden}
    gone |= {cloud.id for cloud in project.clouds if cloud.id in state.hidden}
    gone |= {raster.id for raster in project.rasters if raster.id != state.overlay}
    if "buildings" not in scene.items:
        gone |= set(project.reports)
    return gone


def _drawn(project: Project) -> set[str]:
    """Ids of what others have made; a scenario is the user's own."""
    layers, rasters = {layer.id for layer in project.layers}, {raster.id for raster in project.rasters}
    return layers | rasters | {cloud.id for cloud in project.clouds} | set(project.reports)

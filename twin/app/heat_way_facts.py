"""Tells what heat someone takes up along the way that was clicked."""

from __future__ import annotations

import numpy as np

from twin.analysis.heat_way import STRONG, Exposure, exposure, way_of
from twin.app.facts import Section
from twin.app.texts import tr
from twin.scene.comparison import baseline_of
from twin.scene.heat_known import hour_of
from twin.scene.items import Drape
from twin.scene.scene import Scene
from twin.session.session import Session

NAMES = {"utci": "UTCI", "tmrt": "Radiant temperature"}


def way_section(session: Session) -> Section | None:
    """Heat along the selected line at the hour in view, beside the baseline; None with other things."""
    state = session.state
    here = state.selection
    if here is None or here.kind != "layer" or state.overlay not in NAMES or state.compare == "difference":
        return None
    own = _exposure(session.scene, here.layer, here.id)
    if own is None:
        return None
    pairs = [(tr("Length"), f"{own.length:.0f} m"), *_pairs(own, state.overlay)]
    base = baseline_of(session.project, state)
    if base != state.scenario:
        before = _exposure(session.glance(base), here.layer, here.id)
        if before is not None:
            title = session.project.scenario(base).title
            pairs += [(f"{title}: {name}", text) for name, text in _pairs(before, state.overlay)]
    return Section(tr("Along this way at {0}").format(f"{hour_of(state.time):02}:00"), tuple(pairs))


def _exposure(scene: Scene, layer_id: str, feature_id: str) -> Exposure | None:
    overlay, built = scene.items.get("overlay"), scene.built
    if not isinstance(overlay, Drape) or built is None:
        return None
    layer = next((each for each in built.layers if each.id == layer_id), None)
    if layer is None:
        return None
    names = [str(name) for name in layer.table.columns["id"]]
    if feature_id not in names:
        return None
    line = way_of(layer.geometry[names.index(feature_id)])
    if line is None:
        return None
    raster = overlay.raster
    values = np.where(np.isfinite(raster.values), raster.values, np.nan).astype(np.float32)
    return exposure(
        values,
        line,
        west=raster.west,
        north=raster.north,
        cell=raster.cell,
    )


def _pairs(found: Exposure, what: str) -> list[tuple[str, str]]:
    pairs = [
        (f"{tr(NAMES[what])}, {tr('mean')}", f"{found.mean:.1f} °C"),
        (tr("Lowest to highest"), f"{found.lowest:.1f}–{found.highest:.1f} °C"),
    ]
    if what == "utci":
        spent = tr("{0} min on foot").format(f"{found.minutes_strong:.1f}")
        pairs.append((tr("Over {0} °C").format(f"{STRONG:g}"), f"{100 * found.strong:.0f} %, {spent}"))
    return pairs

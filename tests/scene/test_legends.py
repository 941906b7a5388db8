"""All that has colours or signs on the screen is in a legend, and nothing else is."""

from dataclasses import replace

import pytest
import small_station

from twin.errors import TwinError
from twin.model.state import LayerStyle
from twin.scene.credits import credits_of
from twin.scene.scene import Legend
from twin.scene.sensors import HEARD, LAYER
from twin.session.session import Session

STYLES = (("ground", LayerStyle(attribute="surface")), ("trees", LayerStyle(attribute="height")))
STATE = replace(small_station.TODAY, overlay="use", layer_styles=STYLES)


def legends(**changes: object) -> list[str]:
    session = Session(small_station.project(), replace(STATE, **changes))
    session.bring(HEARD, small_station.heard())
    session.close()
    return [legend.title for legend in session.scene.legends]


def test_overlay_sensors_and_each_coloured_layer_have_a_legend() -> None:
    found = legends()
    assert found[0] == "Building use"
    assert found[1:] == ["Air temperature", "Trees: height", "Ground: surface"]


@pytest.mark.parametrize(
    ("hidden", "gone"),
    [("buildings", "Building use"), (LAYER, "Air temperature"), ("trees", "Trees: height")],
)
def test_what_is_hidden_needs_no_legend(hidden: str, gone: str) -> None:
    assert set(legends()) - set(legends(hidden=frozenset({hidden}))) == {gone}
    draped = {"overlay": "sun_hours", "hidden": frozenset({"overlay"})}
    assert not any("Sun hours" in title for title in legends(**draped))


def test_where_scenarios_differ_sensors_keep_their_legend() -> None:
    found = legends(overlay="none", compare="difference", compared=("tower",))
    assert "compared with" in found[0]
    assert "Air temperature" in found


def test_values_worked_out_from_data_of_unknown_owners_are_no_source() -> None:
    project = small_station.project()
    session = Session(project, replace(small_station.TODAY, overlay="sun_hours"))
    session.close()
    bare = replace(project, sources=(), layers=())
    shown = session.scene.legend
    assert shown is not None
    told = Legend("Plots: use", "", shown.scale, "Source not stated")
    scene = replace(session.scene, built=None, further=(told,))
    with pytest.raises(TwinError, match="no picture is made without its sources"):
        credits_of(bare, session.state, scene)

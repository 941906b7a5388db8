"""The ground in the window: what is said of it, and how high it is drawn."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from twin.app.terrain_dialog import facts, without_terrain
from twin.formats.open_project import first_state, open_project
from twin.model.project import Source
from twin.model.raster import Raster
from twin.model.terrain import Terrain
from twin.scene.items import Areas, Ground, Land
from twin.session.commands import exaggerate
from twin.session.session import Session


@pytest.fixture
def flat(helsinki: Path) -> Session:
    project = open_project(helsinki)
    return Session(project, replace(first_state(project), shadows=False))


@pytest.fixture
def hilly(flat: Session) -> Session:
    z = np.tile(np.linspace(0, 50, 200, dtype=np.float32), (200, 1))
    ground = Terrain("t", "Slope", Raster(z, -1000.0, 1000.0, 10.0), "N2000")
    return Session(replace(flat.project, terrain=ground), flat.state)


def test_flat_ground_is_said_to_be_flat(flat: Session) -> None:
    assert isinstance(flat.scene.items["ground"], Ground)
    assert facts(flat) == "There is no terrain: the ground is drawn flat."


def test_the_ground_says_its_heights_and_what_they_are_measured_from(hilly: Session) -> None:
    told = facts(hilly)
    assert "Slope" in told
    assert "N2000" in told
    assert "those of the project in ground" in told


def test_layers_lie_on_the_ground(hilly: Session) -> None:
    land = hilly.scene.items["ground"]
    assert isinstance(land, Land)
    areas = [item for item in hilly.scene.items.values() if isinstance(item, Areas)]
    assert areas
    assert all(item.relief is land.relief for item in areas)


def test_an_exaggerated_ground_says_so_in_the_legend(hilly: Session) -> None:
    built = hilly.scene.built
    hilly.do(exaggerate, 3.0)
    (legend,) = hilly.scene.legends
    assert "× 3" in legend.note
    land = hilly.scene.items["ground"]
    assert isinstance(land, Land)
    assert land.relief.vertices[:, 2].max() == pytest.approx(150)
    # what is worked out is not
    assert built is not None and hilly.scene.built is not None
    assert hilly.scene.built.city.vertices.tolist() == built.city.vertices.tolist()
    assert hilly.scene.built.drawn.vertices[:, 2].max() > built.drawn.vertices[:, 2].max()


def test_a_hidden_ground_is_not_drawn_but_things_stand_on_it(hilly: Session) -> None:
    hilly.do(lambda state: replace(state, hidden=frozenset({"terrain"})))
    assert "ground" not in hilly.scene.items
    assert any(isinstance(item, Areas) and item.relief is not None for item in hilly.scene.items.values())


def test_the_terrain_is_taken_out_and_comes_back(hilly: Session) -> None:
    files = hilly.project.sources
    mine = Source("t", Path("/slope.tif"), -1, "", "")
    hilly.amend(lambda project: replace(project, sources=(*files, mine)))
    without_terrain(hilly)
    assert facts(hilly) == "There is no terrain: the ground is drawn flat."
    assert hilly.project.sources == files
    hilly.undo()
    assert "Slope" in facts(hilly)
    assert hilly.project.sources == (*files, mine)


def test_a_ground_of_several_files_says_so(hilly: Session) -> None:
    ground = hilly.project.terrain
    assert ground is not None
    project = replace(hilly.project, terrain=replace(ground, others=("u", "v")))
    assert "Slope, and 2 further files" in facts(Session(project, hilly.state))

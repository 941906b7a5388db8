"""The colours of a raster, as the user sets them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from twin.app.raster_dialog import RasterDialog
from twin.formats.open_project import first_state, open_project
from twin.model.raster import Raster
from twin.scene.colours import Classes, Steps
from twin.scene.items import Drape
from twin.scene.raster_view import histogram, style_of
from twin.session.session import Session


@pytest.fixture
def session(helsinki: Path) -> Session:
    project = open_project(helsinki)
    raster = Raster(np.arange(100, dtype=np.float32).reshape(10, 10), 0.0, 20.0, 2.0, "heat", "Heat")
    state = replace(first_state(project), shadows=False, overlay="heat")
    return Session(replace(project, rasters=(raster,)), state)


def test_a_choice_is_seen_at_once(session: Session, qtbot: QtBot) -> None:
    dialog = RasterDialog(session, session.project.rasters[0])
    qtbot.addWidget(dialog)
    dialog.breaks.setText("10, 50")
    dialog.colours.setText("#ffffff, #888888, #000000")
    dialog.breaks.editingFinished.emit()
    drape = session.scene.items["overlay"]
    assert isinstance(drape, Drape)
    assert drape.ramp == Steps((10.0, 50.0), ("#ffffff", "#888888", "#000000"))
    assert session.scene.legend is not None
    assert isinstance(session.scene.legend.scale, Classes)
    dialog.classes.setValue(4)
    assert style_of(session.state, session.project.rasters[0]).classes == 4


def test_what_is_typed_wrong_is_said_and_changes_nothing(session: Session, qtbot: QtBot) -> None:
    dialog = RasterDialog(session, session.project.rasters[0])
    qtbot.addWidget(dialog)
    before = session.state
    dialog.breaks.setText("30, 20")
    dialog.breaks.editingFinished.emit()
    assert session.state == before
    assert dialog.note.text() == "Write the breaks from low to high."


def test_a_histogram_counts_every_cell(session: Session) -> None:
    assert histogram(session.project.rasters[0])[0].sum() == 100

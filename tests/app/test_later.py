"""A window that opens loads nothing of what a user may ask for later."""

from __future__ import annotations

import subprocess
import sys

import pytest

from twin.app.later import Later

ASKED_FOR = {
    "draw_pencil",
    "draw_tools",
    "edit_selected",
    "edits_panel",
    "export_actions",
    "export_dialog",
    "fetch_dialog",
    "export_page",
    "heat_files",
    "model_files",
    "overlay_save",
    "palette",
    "palette_entries",
    "placing",
    "planning",
    "preview_bar",
    "raster_dialog",
    "report_text",
    "station_area",
    "terrain_dialog",
    "validation_page",
    "views",
    "window_look",
    "year_box",
}


def test_the_window_is_loaded_without_what_its_actions_do() -> None:
    code = "import sys, twin.app.window; print(*(m for m in sys.modules if m.startswith('twin.app.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "twin.app.window" in done.stdout.split()
    assert {word.removeprefix("twin.app.") for word in done.stdout.split()} & ASKED_FOR == set()


def test_what_is_named_is_loaded_when_it_is_called() -> None:
    fraction = Later("fractions").Fraction
    assert fraction(1, denominator=2) == 0.5


def test_a_name_that_is_not_there_is_an_error_of_the_call() -> None:
    wrong = Later("fractions").no_such_thing
    with pytest.raises(AttributeError, match="no_such_thing"):
        wrong()


def test_every_row_of_the_table_names_what_is_there() -> None:
    from importlib import import_module

    from twin.app.actions import ACTIONS

    for entry in ACTIONS:
        for run in (entry.run, entry.checked, entry.enabled):
            cells = [cell.cell_contents for cell in getattr(run, "__closure__", None) or ()]
            if getattr(run, "__qualname__", "").startswith("Later."):
                later, name = sorted(cells, key=lambda cell: isinstance(cell, str))
                assert callable(getattr(import_module(later._module), name)), (entry.id, name)

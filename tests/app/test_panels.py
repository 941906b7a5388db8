"""Panels are made when they are seen, and catch up when they are seen again."""

from __future__ import annotations

import subprocess
import sys

import pytest

from twin.app.panels import BEHIND, BESIDE, PANELS


def test_the_table_of_panels_imports_none_of_them() -> None:
    code = "import sys, twin.app.panels; print([m for m in sys.modules if m.endswith('_panel')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_names_are_those_of_one_panel_each() -> None:
    names = [panel.name for panel in PANELS]
    assert len(set(names)) == len(names)
    assert {*BEHIND, *BESIDE} <= set(names)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
def test_every_panel_has_a_title(panel: object) -> None:
    assert getattr(panel, "title", "")

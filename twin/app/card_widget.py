"""The Qt widget that VTK draws in: that of pyvistaqt, without what its package loads beside it.

Importing the package as it is loads two plotting libraries, more than a second in which nobody can work.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

from PySide6.QtWidgets import QWidget
from vtkmodules.vtkRenderingOpenGL2 import vtkGenericOpenGLRenderWindow
from vtkmodules.vtkRenderingUI import vtkGenericRenderWindowInteractor


def _without_plotting() -> None:
    """Puts the package in place without running it, and the VTK names that the widget asks it for."""
    found = find_spec("pyvistaqt")
    assert found is not None
    package = module_from_spec(found)
    names = ModuleType("pyvistaqt._vtk")
    vars(names).update(
        VTK_BACKEND="vtkmodules",
        vtkGenericOpenGLRenderWindow=vtkGenericOpenGLRenderWindow,
        vtkGenericRenderWindowInteractor=vtkGenericRenderWindowInteractor,
    )
    vars(package)["_vtk"] = names
    sys.modules.update({"pyvistaqt": package, "pyvistaqt._vtk": names})


if "pyvistaqt" not in sys.modules:
    _without_plotting()

from pyvistaqt.rwi import QVTKRenderWindowInteractor  # noqa: E402  # only now is the package in place


def card_widget(parent: QWidget) -> Any:
    """A widget in `parent` with an empty render window."""
    return QVTKRenderWindowInteractor(parent)

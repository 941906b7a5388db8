"""Paints what a picture needs to be read as a plan: north, scale, title, sources."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from twin.model.project import Project
from twin.model.state import Camera, State
from twin.scene.scene import Scene
from twin.session.session import Session


def paint_north(painter: QPainter, rect: QRectF, camera: Camera, *, dark: bool = False) -> None:
    """Paints a compass rose turned by the heading; a plain north arrow when the view is from above."""
    raise NotImplementedError


def scale_bar(camera: Camera, size: tuple[int, int], most: float) -> tuple[float, float, str]:
    """The bar of round length: metres, pixels, and what is written at it."""
    raise NotImplementedError


def title_lines(project: Project, state: State, scene: Scene) -> tuple[str, ...]:
    """Project; scenario; date, time and sun."""
    raise NotImplementedError


def source_line(project: Project, scene: Scene) -> str:
    """Everyone whose data are in the picture, and the program."""
    raise NotImplementedError


class FurnitureView(QWidget):
    """North and scale over the view of the window."""

    north_clicked = Signal()

    def refresh(self, session: Session) -> None:
        """Shows the camera of the scene."""
        raise NotImplementedError

    def set_camera(self, camera: Camera, size: tuple[int, int]) -> None:
        """Shows another camera, as while the mouse moves. size: of the view [px]."""
        raise NotImplementedError

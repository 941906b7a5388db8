"""Asks the machine what it can draw, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QOffscreenSurface, QOpenGLContext, QSurfaceFormat

from twin.render.card import draws_shadows, is_card

NEEDED = (3, 2)
"""VTK ends the process on anything older, without a word."""
RENDERER = 0x1F01
"""GL_RENDERER"""


@dataclass(frozen=True, slots=True)
class Graphics:
    """What was found."""

    usable: bool
    """A 3D widget can be made."""
    card: bool
    """A graphics card draws, not the processor."""
    name: str

    @property
    def casts(self) -> bool:
        """Whether the card draws the shadows too. Raises TwinError."""
        return self.usable and draws_shadows(self.card)


def prepare() -> None:
    """Asks for windows that VTK can draw in; before the first window, or it stays black.

    Raises TwinError when TWIN_SHADOWS is set to what it cannot be, before anything is opened.
    """
    draws_shadows(False)
    wanted = QSurfaceFormat()
    wanted.setRenderableType(QSurfaceFormat.RenderableType.OpenGL)
    wanted.setVersion(*NEEDED)
    wanted.setProfile(QSurfaceFormat.OpenGLContextProfile.CoreProfile)
    wanted.setSwapBehavior(QSurfaceFormat.SwapBehavior.DoubleBuffer)
    wanted.setRedBufferSize(8)
    wanted.setGreenBufferSize(8)
    wanted.setBlueBufferSize(8)
    wanted.setAlphaBufferSize(8)
    wanted.setDepthBufferSize(8)
    wanted.setStencilBufferSize(0)
    wanted.setSamples(0)
    QSurfaceFormat.setDefaultFormat(wanted)


def probe() -> Graphics:
    """What a Qt window can draw with; needs a QGuiApplication, costs some 20 ms."""
    context = QOpenGLContext()
    context.setFormat(QSurfaceFormat.defaultFormat())
    if not context.create():
        return Graphics(False, False, "no OpenGL")
    surface = QOffscreenSurface()
    surface.setFormat(context.format())
    surface.create()
    if not context.makeCurrent(surface):
        return Graphics(False, False, "no OpenGL surface")
    try:
        name = str(context.functions().glGetString(RENDERER))
        version = context.format().version()
    finally:
        context.doneCurrent()
    if tuple(version) < NEEDED:
        return Graphics(False, False, f"{name}, OpenGL {version[0]}.{version[1]}")
    return Graphics(True, is_card(name), name)

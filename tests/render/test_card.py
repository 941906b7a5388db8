"""Who draws, and who makes the shadows."""

import pytest
import small_station
from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLRenderWindow

from twin.errors import TwinError
from twin.render.card import draws_shadows, is_card
from twin.render.snapshot import Darkroom
from twin.scene.items import Shade, Sunlight


@pytest.mark.parametrize(
    ("name", "card"),
    [
        ("llvmpipe (LLVM 15.0.6, 256 bits)", False),
        ("softpipe", False),
        ("Apple Software Renderer", False),
        ("GDI Generic", False),
        ("Microsoft Basic Render Driver", False),
        ("Mesa Intel(R) UHD Graphics 620 (KBL GT2)", True),
        ("NVIDIA GeForce RTX 3060/PCIe/SSE2", True),
        ("AMD Radeon 780M (radeonsi, phoenix, LLVM 19.1.1)", True),
    ],
)
def test_a_card_is_known_by_its_name(name: str, card: bool) -> None:
    assert is_card(name) == card


@pytest.mark.parametrize("card", [True, False])
def test_a_card_draws_shadows_unless_told_otherwise(card: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TWIN_SHADOWS", raising=False)
    assert draws_shadows(card) == card
    assert draws_shadows(card, "card")
    assert not draws_shadows(card, "raster")
    monkeypatch.setenv("TWIN_SHADOWS", "card")
    assert draws_shadows(card)
    assert not draws_shadows(card, "raster"), "what is said here comes first"
    monkeypatch.setenv("TWIN_SHADOWS", "raster")
    assert not draws_shadows(card)


def test_another_word_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWIN_SHADOWS", "yes")
    with pytest.raises(TwinError, match="card or raster"):
        draws_shadows(True)


def test_a_darkroom_asks_its_own_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TWIN_SHADOWS", raising=False)
    room = Darkroom((64, 64), fine=False)
    assert isinstance(room._window, vtkOpenGLRenderWindow)
    name = room._window.GetState().GetRenderer()
    assert room.stage.casts == is_card(name)
    room.close()


def test_a_session_whose_card_draws_shadows_computes_none() -> None:
    scene = small_station.scene()
    assert isinstance(scene.items["shade"], Shade)
    from twin.session.session import Session

    session = Session(small_station.project(), small_station.TODAY, card_shadows=True)
    session.close()
    assert "shade" not in session.scene.items
    sun = session.scene.items["sun"]
    assert isinstance(sun, Sunlight)
    assert sun.shadows
    assert session.scene.wanted == ()

import re

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from twin.app import theme


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("ink", ["text", "muted", "accent", "good", "caution", "bad"])
@pytest.mark.parametrize("ground", ["window", "base", "raised", "soft"])
def test_every_ink_reads_on_every_ground(dark: bool, ink: str, ground: str) -> None:
    tone = theme.tones(dark)
    assert contrast(getattr(tone, ink), getattr(tone, ground)) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_what_is_chosen_reads(dark: bool) -> None:
    tone = theme.tones(dark)
    assert contrast(tone.on_accent, tone.accent) >= 4.5


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)


@pytest.mark.parametrize("dark", [False, True])
def test_a_palette_knows_its_theme(qapp: QApplication, dark: bool) -> None:
    assert theme.tones_of(theme.palette(dark)) == theme.tones(dark)
    assert theme.palette(dark).color(QPalette.ColorRole.Accent) == QColor(theme.tones(dark).accent)


@pytest.mark.parametrize("dark", [False, True])
def test_the_style_sheet_is_filled_in_and_grows_with_the_text(dark: bool) -> None:
    sheet = theme.style_sheet(dark)
    assert "@" not in sheet
    assert set(re.findall(r"(\d+)px", sheet)) <= {"1"}  # hairlines only; all else is in em


def test_text_grows_by_the_scale_and_comes_back(qapp: QApplication) -> None:
    theme.apply(qapp, False)
    usual = qapp.font().pointSizeF()
    theme.apply(qapp, True, scale=1.5)
    assert qapp.font().pointSizeF() == pytest.approx(1.5 * usual)
    theme.apply(qapp, True, scale=9.0)
    assert qapp.font().pointSizeF() == pytest.approx(theme.LARGEST * usual)
    theme.apply(qapp, False)
    assert qapp.font().pointSizeF() == pytest.approx(usual)

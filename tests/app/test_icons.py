import pytest
from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from twin.app import icons, theme


def inked(image: QImage) -> list[QColor]:
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return [colour for colour in pixels if colour.alpha() > 250]


@pytest.mark.parametrize("name", icons.NAMES)
def test_every_icon_draws_something_inside_its_field(qapp: QApplication, name: str) -> None:
    assert QSvgRenderer(QByteArray(icons.svg(name, QColor("black")).encode())).isValid()
    image = icons.icon(name, QColor("#ff0000")).pixmap(QSize(32, 32)).toImage()
    assert (image.width(), image.height()) == (32, 32)
    assert inked(image)
    border = [image.pixelColor(i, j).alpha() for i in range(32) for j in (0, 31)]
    assert max(border) == 0


def test_icons_are_sharp_on_fine_screens(qapp: QApplication) -> None:
    for ratio, pixels in ((1.0, 20), (1.5, 30), (2.0, 40)):
        found = icons.icon("home").pixmap(QSize(20, 20), ratio)
        assert found.width() == pixels


def test_icons_follow_the_theme(qapp: QApplication) -> None:
    found = icons.icon("pause")
    for dark in (True, False):
        theme.apply(qapp, dark)
        ink = inked(found.pixmap(QSize(48, 48)).toImage())
        assert QColor(theme.tones(dark).text) in ink


def test_an_icon_that_cannot_be_used_is_faint(qapp: QApplication) -> None:
    image = icons.icon("pause").pixmap(QSize(48, 48), QIcon.Mode.Disabled).toImage()
    assert not inked(image)


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(KeyError):
        icons.icon("unicorn")

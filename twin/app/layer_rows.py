"""Knows what the layers panel says of each layer, and draws its little sign."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from twin.app import texts
from twin.app.theme import tones_of
from twin.model.city import City
from twin.model.heard import LAYER, Heard
from twin.model.layer import Layer
from twin.model.project import Project
from twin.model.state import LayerStyle, State
from twin.scene.colours import GROUND_COLOURS
from twin.scene.items import Buildings, Land
from twin.scene.layer_style import listed, style_of
from twin.scene.overlays import overlay_of
from twin.scene.scene import Scene
from twin.scene.sensors import PLAIN, legend_classes, observed_of, property_of
from twin.scene.terrain import TERRAIN

BUILDINGS, CLOUD = "#dad6ce", "#8fa3ad"


@dataclass(frozen=True, slots=True)
class Row:
    """What the panel says of one layer."""

    id: str
    title: str
    count: str
    shape: str
    """`block`, `grid`, `dot`, `line` or `area`."""
    colour: str
    legend: tuple[tuple[str, str], ...] = ()
    """Name and colour."""


def rows(project: Project, state: State, scene: Scene, heard: Heard | None = None) -> list[Row]:
    """Buildings, sensors and the overlay if there are any, then the layers, topmost first."""
    built = scene.built
    layers = built.layers if built else project.layers
    city = built.city if built else project.city
    found = []
    if len(city.object_id):
        whole = city.object_parent < 0
        count = texts.amount(float(whole.sum()))
        item = scene.items.get("buildings")
        if isinstance(item, Buildings) and item.hidden is not None and item.city is city:
            seen = texts.amount(float((whole & ~item.hidden.objects).sum()))
            count = texts.tr("{0} of {1}").format(seen, count)
        found.append(Row("buildings", _name_of(project.city), count, "block", BUILDINGS))
    land = scene.items.get("ground")
    if project.terrain is not None or isinstance(land, Land):
        title = land.relief.terrain.title if isinstance(land, Land) else ""
        title = title or (project.terrain.title if project.terrain is not None else "")
        found.append(Row(TERRAIN, texts.tr("Terrain: {0}").format(title), "", "area", "#cfc9b8"))
    if state.overlay != "none":
        overlay = overlay_of(project, state.overlay)
        title = texts.column(overlay.title) if overlay is not None else state.overlay
        found.append(Row("overlay", title, "", "grid", "#c98a4b"))
    if heard is not None:
        found.insert(min(len(found), 1), _sensors(heard, state))
    for cloud in project.clouds:
        count = texts.amount(float(len(cloud.xyz)))
        found.append(Row(cloud.id, cloud.title, count, "dot", CLOUD))
    found += [
        _row(layer, style_of(state, layer.id))
        for layer in sorted(layers, key=lambda layer: -layer.style.order)
    ]
    return found


def _sensors(heard: Heard, state: State) -> Row:
    """What is shown of sensors, whether it is made up, and what is wrong with their feeds."""
    observed = observed_of(heard, state)
    what, numbers = property_of(heard, observed), heard.of(observed)
    title = texts.tr("Sensors: {0}").format(what.title)
    if any(heard.streams[number].synthetic for number in numbers):
        title = texts.tr("{0} (synthetic)").format(title)
    count = texts.amount(float(len(numbers)))
    if heard.troubles:
        count = texts.tr("{0}, a feed is silent").format(count)
    elif heard.live:
        count = texts.tr("{0}, live").format(count)
    return Row(LAYER, title, count, "dot", PLAIN, legend_classes(observed, what.unit))


def _name_of(city: City) -> str:
    """What a city model is called: by the one class it has, or as a whole."""
    classes = set(city.object_type[city.object_parent < 0].tolist())
    if all(str(each).startswith("Building") for each in classes):
        return texts.tr("Buildings")
    told = len(classes) == 1 and classes != {"GenericCityObject"}
    return texts.object_class(str(*classes)) if told else texts.tr("City model")


def _row(layer: Layer, style: LayerStyle) -> Row:
    kind = layer.geometry[0].geom_type if len(layer.geometry) else "Point"
    shape = "dot" if "Point" in kind else "area" if "Polygon" in kind else "line"
    legend: tuple[tuple[str, str], ...] = ()
    if "surface" in layer.table.columns and shape == "area":
        present = {str(name) for name in layer.table.columns["surface"]}
        legend = tuple(
            (name.replace("_", " "), colour) for name, colour in GROUND_COLOURS.items() if name in present
        )
    legend = listed(layer, style) or legend
    count = texts.amount(float(len(layer.geometry)))
    return Row(layer.id, layer.title, count, shape, style.colour or layer.style.colour, legend)


def swatch(shape: str, colour: str, widget: QWidget) -> QIcon:
    """A sign of that shape and colour, as large as the text of the widget."""
    size, ratio = 16, widget.devicePixelRatioF()
    scale = max(widget.fontMetrics().height() / size, 1.0) * ratio
    found = QPixmap(round(size * scale), round(size * scale))
    found.fill(Qt.GlobalColor.transparent)
    painter = QPainter(found)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    # a quiet edge, so that pale colours show on a pale ground
    edge = QColor(tones_of(widget.palette()).muted)
    edge.setAlphaF(0.55)
    painter.setPen(QPen(edge, 1.0))
    painter.setBrush(QColor(colour))
    _SHAPES[shape](painter, QColor(colour))
    painter.end()
    found.setDevicePixelRatio(ratio)
    return QIcon(found)


def _area(painter: QPainter, _colour: QColor) -> None:
    painter.drawRoundedRect(QRectF(2, 3, 12, 10), 2.5, 2.5)


def _dot(painter: QPainter, _colour: QColor) -> None:
    painter.drawEllipse(QPointF(8, 8), 4.5, 4.5)


def _line(painter: QPainter, colour: QColor) -> None:
    edge = painter.pen().color()
    for width, ink in ((5.0, edge), (3.4, colour)):
        painter.setPen(QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(3.5, 11), QPointF(12.5, 5))


def _block(painter: QPainter, colour: QColor) -> None:
    painter.drawPolygon([QPointF(2, 6), QPointF(8, 2.5), QPointF(14, 6), QPointF(8, 9.5)])
    painter.setBrush(colour.darker(112))
    painter.drawPolygon([QPointF(2, 6), QPointF(8, 9.5), QPointF(8, 14), QPointF(2, 10.5)])
    painter.setBrush(colour.darker(128))
    painter.drawPolygon([QPointF(14, 6), QPointF(8, 9.5), QPointF(8, 14), QPointF(14, 10.5)])


def _grid(painter: QPainter, colour: QColor) -> None:
    for i in range(4):
        painter.setBrush(colour.lighter(100 + 14 * i))
        painter.drawRect(QRectF(2 + 6 * (i % 2), 2 + 6 * (i // 2), 6, 6))


_SHAPES = {"area": _area, "dot": _dot, "line": _line, "block": _block, "grid": _grid}

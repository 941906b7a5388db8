"""Writes pictures as PNG, JPEG, WebP and TIFF, and pages as SVG and PDF with letters that stay letters."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from twin import __version__
from twin.app.sheet_paint import paint
from twin.errors import DataError, TwinError
from twin.formats.atomic import replace_file
from twin.model.sheet import SCREEN, Sheet
from twin.scene.sheet_parts import LaidOut

SMALLEST, LARGEST = 16, 16_384
"""Pixels along a side."""
WEBP_LARGEST = 16_383
RASTERS = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff")
VECTORS = (".svg", ".pdf")
SEEN_THROUGH = (".png", ".webp", ".tif", ".tiff")
DEEP = (".png", ".tif", ".tiff")
QUALITY = {".jpg": 93, ".jpeg": 93, ".webp": 95}
COMPRESSION = 40
"""Of a PNG: 0 (quickest) to 100 (smallest file)."""
PDF_DOTS = 1200
"""In an inch: how finely places are written down."""


def check_path(path: Path, sheet: Sheet) -> None:
    """Raises DataError or TwinError where such a sheet cannot be written there."""
    kind = path.suffix.lower()
    if kind not in (*RASTERS, *VECTORS):
        raise DataError(path, "", "is no picture", f"Let it end in {', '.join((*RASTERS, *VECTORS))}.")
    if kind in VECTORS and sheet.page == SCREEN:
        raise DataError(path, "", "needs a page", "Choose one, as --page a4.")
    largest = WEBP_LARGEST if kind == ".webp" else LARGEST
    if not all(SMALLEST <= side <= largest for side in sheet.size):
        raise TwinError(
            f"A picture of {sheet.size[0]}×{sheet.size[1]} cannot be made. "
            f"Use {SMALLEST} to {largest} pixels a side."
        )
    if sheet.clear and kind not in SEEN_THROUGH:
        raise DataError(path, "", "cannot be seen through", f"Let it end in {', '.join(SEEN_THROUGH)}.")
    if sheet.deep and kind not in DEEP:
        raise DataError(path, "", "holds 256 steps of a colour", f"Let it end in {', '.join(DEEP)}.")
    if sheet.deep and sheet.clear:
        raise TwinError("A picture without sky has 256 steps of each colour. Choose one of both.")
    folder = path.absolute().parent
    if not folder.is_dir():
        raise DataError(path, "", f"there is no folder {folder}", "Make it, or save elsewhere.")
    if path.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
        raise DataError(path, "", "cannot be written", "Choose another name or folder.")


def image_of(picture: NDArray[np.uint8] | NDArray[np.uint16]) -> QImage:
    """An array (height, width, 3 or 4), with 256 or 65,536 steps, as an image of its own."""
    height, width, parts = picture.shape
    if picture.dtype == np.uint16:
        four = np.full((height, width, 4), 65_535, np.uint16)
        four[..., :3] = picture
        return QImage(four.tobytes(), width, height, 8 * width, QImage.Format.Format_RGBX64).copy()
    data = np.ascontiguousarray(picture).data
    if parts == 4:
        seen = QImage(data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
        return seen.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    raw = QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return raw.convertToFormat(QImage.Format.Format_RGB32)


def write_image(image: QImage, path: Path, said: Mapping[str, str]) -> None:
    """Writes a picture, with texts in it as far as its kind holds any. Raises TwinError."""
    kind = path.suffix.lower()
    for key, text in said.items():
        image.setText(key, text)
    if kind in (".jpg", ".jpeg"):
        image = image.convertToFormat(QImage.Format.Format_RGB888)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(kind.removeprefix(".").encode()))
    if kind == ".png":
        writer.setCompression(COMPRESSION)
    elif kind in (".tif", ".tiff"):
        writer.setCompression(1)  # LZW, without loss
    else:
        writer.setQuality(QUALITY[kind])
    if not writer.write(image):
        raise TwinError(f"The picture could not be encoded: {writer.errorString()}. Choose a smaller size.")
    replace_file(path, bytes(buffer.data().data()))


def write_pdf(page: LaidOut, images: Sequence[QImage], path: Path, title: str) -> None:
    """Writes a page whose letters and lines stay what they are."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    size = QPageSize(QSizeF(page.page.width, page.page.height), QPageSize.Unit.Millimeter, page.page.title)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    writer.setResolution(PDF_DOTS)
    writer.setTitle(title)
    writer.setCreator(f"twin {__version__}")
    painter = QPainter(writer)
    try:
        paint(painter, page, images, PDF_DOTS / 25.4)
    finally:
        painter.end()
    replace_file(path, bytes(buffer.data().data()))


ANY_SYSTEM = b'font-family="DejaVu Sans, Verdana, sans-serif"'
"""Letters of about the widths that the page was laid out with."""


def write_svg(page: LaidOut, images: Sequence[QImage], path: Path, title: str, sources: str) -> None:
    """Writes a page whose letters and lines stay what they are."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QSvgGenerator()
    writer.setOutputDevice(buffer)
    each = max(image.width() / view.frame.width for image, view in zip(images, page.views, strict=True))
    writer.setResolution(round(each * 25.4))
    dots = QSizeF(page.page.width * each, page.page.height * each)
    writer.setSize(dots.toSize())
    writer.setViewBox(QRectF(0, 0, dots.width(), dots.height()))
    writer.setTitle(title)
    writer.setDescription(sources)
    painter = QPainter(writer)
    try:
        paint(painter, page, images, each)
    finally:
        painter.end()
    drawn = re.sub(rb'font-family="[^"]*"', ANY_SYSTEM, bytes(buffer.data().data()))
    replace_file(path, drawn)

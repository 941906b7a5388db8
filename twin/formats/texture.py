"""Reads the pictures of a city model and packs them onto a few pages that any graphics card takes."""

from __future__ import annotations

import math
import os
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from twin.model.appearance import Image
from twin.model.atlas import CLAMPED, MIRRORED, REPEATED, Atlas

PAGE = 2048
"""Pixels along a side of a page, which every card takes."""
PAGES = 8
"""So many pages there are at most: 134 MB. With more pictures the largest are made smaller."""
MOST_PIXELS = 80_000_000
"""A picture with more is not opened: it may be a trap."""
MOST_BYTES = 256 * 2**20
FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP")
WRAPS = {"wrap": REPEATED, "mirror": MIRRORED}
"""Those that go on beyond their edges; the others end there."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a picture is on its page. Sides are powers of two; left and top are multiples of them. [px]

    So each pixel of a smaller copy of the page, half the size or a quarter, is made of one picture only.
    """

    page: int
    left: int
    top: int
    width: int
    height: int

    def on(self, rows: int) -> tuple[float, float, float, float]:
        """Left, lower edge, width and height as parts of a page of so many rows, 0-1."""
        below = rows - self.top - self.height
        return self.left / PAGE, below / rows, self.width / PAGE, self.height / rows


def read(images: Sequence[Image], *, progress: Callable[[float], None] = lambda _: None) -> Atlas:
    """The pictures on pages; one that cannot be read is left out and told.

    progress: called with 0-1; it may raise to give up.
    """
    sizes = [_size(image) for image in images]
    there = [row for row, size in enumerate(sizes) if not isinstance(size, str)]
    slots = dict(zip(there, pack([size for size in sizes if not isinstance(size, str)]), strict=True))
    problems = {row: size for row, size in enumerate(sizes) if isinstance(size, str)}
    for row in [row for row, slot in slots.items() if slot.page >= PAGES]:
        del slots[row]
        problems[row] = "is one too many"
    used = list(slots.values())
    pages = tuple(
        np.full((_rows(used, number), PAGE, 4), 255, np.uint8)
        for number in range(1 + max((slot.page for slot in used), default=-1))
    )
    # Pillow lets other threads go on while it decodes
    threads = ThreadPoolExecutor(os.cpu_count() or 1)
    try:
        drawn = threads.map(lambda row: _draw(images[row], slots[row], pages[slots[row].page]), slots)
        for done, (row, problem) in enumerate(zip(slots, drawn, strict=True)):
            progress(done / len(slots))
            if problem:
                problems[row] = problem
    finally:
        threads.shutdown(cancel_futures=True)
    page = np.full(len(images), -1, np.int32)
    place = np.zeros((len(images), 4), np.float32)
    for row, slot in slots.items():
        if row not in problems:
            page[row], place[row] = slot.page, slot.on(len(pages[slot.page]))
    wrap = np.array([WRAPS.get(image.wrap, CLAMPED) for image in images], np.uint8)
    return Atlas(pages, page, place, wrap, _told(images, problems))


def pack(sizes: Sequence[tuple[int, int]]) -> list[Slot]:
    """Places for pictures of these sizes [px]; where they are too many, the largest are made smaller."""
    largest = PAGE
    while True:
        slots = _shelves([(_power(width, largest), _power(height, largest)) for width, height in sizes])
        if largest == 1 or max((slot.page for slot in slots), default=0) < PAGES:
            return slots
        largest //= 2


def _shelves(sizes: Sequence[tuple[int, int]]) -> list[Slot]:
    """Rows of pictures of one height, the highest rows and in them the widest pictures first."""
    slots: list[Slot] = [Slot(0, 0, 0, 0, 0)] * len(sizes)
    page, left, top, high = 0, 0, 0, 0
    for row in sorted(range(len(sizes)), key=lambda row: (-sizes[row][1], -sizes[row][0])):
        width, height = sizes[row]
        if height != high or left + width > PAGE:
            left, top, high = 0, top + high, height
            if top + height > PAGE:
                page, top = page + 1, 0
        slots[row] = Slot(page, left, top, width, height)
        left += width
    return slots


def _power(side: int, largest: int) -> int:
    """The power of two nearest to a side, and not above the largest. [px]"""
    return int(min(1 << max(round(math.log2(side)), 0), largest))


def _rows(slots: Sequence[Slot], page: int) -> int:
    """How many rows of a page are used, as a power of two."""
    used = max(slot.top + slot.height for slot in slots if slot.page == page)
    return 1 << (used - 1).bit_length()


def _size(image: Image) -> tuple[int, int] | str:
    """Width and height as the file says [px], or why there is no picture."""
    try:
        if image.path.stat().st_size > MOST_BYTES:
            return "is too large a file"
        with Pillow.open(image.path, formats=FORMATS) as found:
            width, height = found.size
    except BROKEN as error:
        return _reason(error)
    if not 0 < width * height <= MOST_PIXELS:
        return f"has {width}×{height} pixels"
    return width, height


def _draw(image: Image, slot: Slot, page: NDArray[np.uint8]) -> str:
    """Puts a picture in its place; returns why it could not, or nothing."""
    size = (slot.width, slot.height)
    try:
        with Pillow.open(image.path, formats=FORMATS) as found:
            found.draft("RGB", size)  # a JPEG can be decoded smaller, which is quicker
            small = found.convert("RGBA").resize(size, Pillow.Resampling.BILINEAR, reducing_gap=2.0)
    except BROKEN as error:
        return _reason(error)
    page[slot.top : slot.top + slot.height, slot.left : slot.left + slot.width] = np.asarray(small)
    return ""


# what Pillow raises on a broken file depends on its format; the warning, where warnings are errors
BROKEN = (
    *(OSError, ValueError, SyntaxError, EOFError, MemoryError, struct.error, zlib.error),
    *(Pillow.DecompressionBombError, Pillow.DecompressionBombWarning),
)


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "is not there"
    if isinstance(error, UnidentifiedImageError):
        return f"is none of {', '.join(FORMATS)}"
    if isinstance(error, Pillow.DecompressionBombError | Pillow.DecompressionBombWarning):
        return "has too many pixels"
    return "is broken"


def _told(images: Sequence[Image], problems: Mapping[int, str]) -> tuple[str, ...]:
    """A sentence for each reason, with the first picture it holds for."""
    rows: dict[str, list[int]] = {}
    for row, problem in sorted(problems.items()):
        rows.setdefault(problem, []).append(row)
    return tuple(
        f"The picture {images[of[0]].path.name} {problem}"
        + (f", and so with {len(of) - 1} others" if len(of) > 1 else "")
        + ": what it covers is drawn without."
        for problem, of in rows.items()
    )

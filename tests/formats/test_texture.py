"""Pictures of a city model come onto pages whole and in their colours, or are told."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from twin.errors import Cancelled
from twin.formats.texture import PAGE, PAGES, pack, read
from twin.model.appearance import Image
from twin.model.atlas import CLAMPED, MIRRORED, REPEATED, Atlas

SIDES = st.integers(1, 3000)


def picture(folder: Path, name: str, size: tuple[int, int], colour: tuple[int, ...]) -> Image:
    mode = "RGBA" if len(colour) == 4 else "RGB"
    Pillow.new(mode, size, colour).save(folder / name)
    return Image(folder / name)


def seen(atlas: Atlas, row: int) -> np.ndarray:
    """What the atlas holds of a picture."""
    page = atlas.pages[atlas.page[row]]
    left, low, wide, high = atlas.place[row].astype(float)
    rows, columns = page.shape[:2]
    top = round((1 - low - high) * rows)
    return page[top : top + round(high * rows), round(left * columns) : round((left + wide) * columns)]


def test_each_picture_is_whole_and_in_its_colour(tmp_path: Path) -> None:
    colours = [(200, 10, 10), (10, 200, 10), (10, 10, 200), (90, 90, 90)]
    sizes = [(64, 64), (300, 100), (17, 900), (1, 1)]
    images = [
        picture(tmp_path, f"{i}.png", size, colour)
        for i, (size, colour) in enumerate(zip(sizes, colours, strict=True))
    ]
    atlas = read(images)
    assert atlas.problems == ()
    for row, colour in enumerate(colours):
        assert (seen(atlas, row) == (*colour, 255)).all()


def test_up_is_up(tmp_path: Path) -> None:
    halves = np.zeros((64, 64, 3), np.uint8)
    halves[:32] = 255
    Pillow.fromarray(halves).save(tmp_path / "sky.png")
    found = seen(read([Image(tmp_path / "sky.png")]), 0)
    assert (found[:30, :, :3] == 255).all()
    assert (found[34:, :, :3] == 0).all()


def test_holes_of_a_picture_stay_clear(tmp_path: Path) -> None:
    assert (seen(read([picture(tmp_path, "tree.png", (32, 32), (0, 90, 0, 0))]), 0)[..., 3] == 0).all()


def test_how_pictures_go_on_beyond_their_edges(tmp_path: Path) -> None:
    picture(tmp_path, "a.png", (8, 8), (1, 2, 3))
    wraps = ("none", "wrap", "mirror", "clamp", "border")
    atlas = read([Image(tmp_path / "a.png", wrap) for wrap in wraps])
    assert atlas.wrap.tolist() == [CLAMPED, REPEATED, MIRRORED, CLAMPED, CLAMPED]


@given(st.lists(st.tuples(SIDES, SIDES), min_size=1, max_size=60))
def test_no_place_is_given_twice_and_smaller_copies_do_not_mix(sizes: list[tuple[int, int]]) -> None:
    taken: dict[int, np.ndarray] = {}
    for slot in pack(sizes):
        for side in (slot.width, slot.height):
            assert side & (side - 1) == 0, "a power of two"
        assert slot.left % slot.width == 0
        assert slot.top % slot.height == 0
        assert slot.left + slot.width <= PAGE
        assert slot.top + slot.height <= PAGE
        page = taken.setdefault(slot.page, np.zeros((PAGE, PAGE), bool))
        place = page[slot.top : slot.top + slot.height, slot.left : slot.left + slot.width]
        assert not place.any()
        place[:] = True
    assert len(taken) <= PAGES


def test_five_hundred_pictures_are_made_smaller_and_fit() -> None:
    slots = pack([(1024, 1024)] * 500)
    assert max(slot.page for slot in slots) < PAGES
    assert {slot.width for slot in slots} == {256}


def test_a_picture_keeps_its_shape_as_far_as_powers_of_two_go() -> None:
    (slot,) = pack([(500, 130)])
    assert (slot.width, slot.height) == (512, 128)


def huge(path: Path, width: int, height: int) -> Image:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return Image(path)


@pytest.mark.parametrize(("width", "height"), [(9_000, 9_000), (12_000, 12_000), (60_000, 60_000)])
def test_a_picture_that_would_fill_the_memory_is_not_opened(tmp_path: Path, width: int, height: int) -> None:
    atlas = read([huge(tmp_path / "bomb.png", width, height)])
    assert atlas.page.tolist() == [-1]
    assert "bomb.png" in atlas.problems[0]
    assert "pixels" in atlas.problems[0]


def test_what_cannot_be_read_is_told_once_for_each_reason_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no picture", encoding="utf-8")
    (tmp_path / "empty.jpg").write_bytes(b"")
    images = [
        Image(tmp_path / "gone.jpg"),
        picture(tmp_path, "good.png", (16, 16), (5, 6, 7)),
        Image(tmp_path / "text.jpg"),
        Image(tmp_path / "lost.jpg"),
        Image(tmp_path / "empty.jpg"),
        Image(tmp_path),
    ]
    atlas = read(images)
    assert [row for row in range(6) if atlas.page[row] >= 0] == [1]
    assert len(atlas.problems) == 3
    assert "gone.jpg is not there, and so with 1 others" in atlas.problems[0]
    assert "text.jpg is none of JPEG" in atlas.problems[1]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP"])
def test_a_picture_cut_off_anywhere_is_read_or_told(tmp_path: Path, kind: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (40, 40, 3), np.uint8)
    Pillow.fromarray(noise).save(tmp_path / "whole", kind)
    content = (tmp_path / "whole").read_bytes()
    for part in range(0, 100, 4):
        path = tmp_path / f"{part}.{kind.lower()}"
        path.write_bytes(content[: len(content) * part // 100])
        atlas = read([Image(path)])
        assert (atlas.page[0] == -1) == bool(atlas.problems)


def test_no_pictures_are_no_pages() -> None:
    atlas = read([])
    assert atlas.pages == ()
    assert len(atlas.page) == 0


def test_reading_can_be_given_up(tmp_path: Path) -> None:
    images = [picture(tmp_path, f"{i}.png", (8, 8), (i, i, i)) for i in range(9)]
    told: list[float] = []

    def progress(fraction: float) -> None:
        told.append(fraction)
        if len(told) == 3:
            raise Cancelled("cancelled")

    with pytest.raises(Cancelled):
        read(images, progress=progress)
    assert told == sorted(told)
    assert all(0 <= each <= 1 for each in told)

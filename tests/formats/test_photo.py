"""What photos say of themselves is read; what they do not say is left open."""

from pathlib import Path

import pytest
from PIL import Image

from twin.errors import DataError
from twin.formats import photo


def taken(path: Path, size: tuple[int, int], **said: object) -> Path:
    """A photo with some data. said: focal, turned, at, heading."""
    data = Image.Exif()
    if "focal" in said:
        data.get_ifd(photo.CAMERA)[photo.FOCAL] = said["focal"]
    if "turned" in said:
        data[photo.TURNED] = said["turned"]
    if "at" in said:
        place = data.get_ifd(photo.PLACE)
        place.update({1: "N", 2: (60.0, 10.0, 15.6), 3: "E", 4: (24.0, 56.0, 30.0)})
    if "heading" in said:
        data.get_ifd(photo.PLACE)[photo.DIRECTION] = said["heading"]
    Image.new("RGB", size, "grey").save(path, exif=data)
    return path


def test_the_angle_of_view_follows_from_the_focal_length(tmp_path: Path) -> None:
    found = photo.read(taken(tmp_path / "a.jpg", (300, 200), focal=35))
    assert found.angle == pytest.approx(37.85, abs=0.01)  # 24 mm on film, 35 mm away
    assert (found.at, found.heading) == (None, None)


def test_a_photo_that_was_held_upright_is_as_tall_as_it_is_looked_at(tmp_path: Path) -> None:
    found = photo.read(taken(tmp_path / "a.jpg", (300, 200), focal=35, turned=6))
    assert found.size == (200, 300)
    assert found.angle == pytest.approx(54.43, abs=0.01)  # 36 mm


def test_place_and_direction_are_read(tmp_path: Path) -> None:
    found = photo.read(taken(tmp_path / "a.jpg", (30, 20), at=True, heading=213.5))
    assert found.at == pytest.approx((24.941667, 60.171), abs=1e-6)
    assert found.heading == pytest.approx(213.5)


def test_a_picture_without_data_says_nothing_and_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    assert photo.read(tmp_path / "a.png") == photo.Photo(tmp_path / "a.png", (8, 8))
    (tmp_path / "b.jpg").write_bytes(b"no photo")
    with pytest.raises(DataError, match="is no photo"):
        photo.read(tmp_path / "b.jpg")


def test_a_kind_of_picture_that_no_camera_makes_is_refused_whatever_it_is_called(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.jpg", "PCX")
    with pytest.raises(DataError, match="is no photo"):
        photo.read(tmp_path / "a.jpg")

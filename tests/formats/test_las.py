"""Point clouds: every point is counted, some are shown, and they stand where the file says."""

import json
import struct
from pathlib import Path

import made_models
import numpy as np
import pytest

from twin.errors import DataError
from twin.formats import project_file
from twin.formats.open_project import add_source, open_project
from twin.formats.save_project import to_file
from twin.model.place import Place
from twin.model.placement import Placement

laspy = pytest.importorskip("laspy", reason="laspy (the extra [las]) is not installed")

from twin.formats import las  # noqa: E402  # after the reason to skip all of it

HELSINKI = Place("EPSG:3879", (25_496_900.0, 6_673_200.0, 12.0), 24.9441, 60.1717)
GRID = np.array([[25_496_900 + i % 40, 6_673_200 + i // 40, 12 + (i % 7)] for i in range(1000)], dtype=float)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "points.las"
    made.write_bytes(made_models.las(GRID, classes=6))
    return made


def test_points_are_local_with_class_colour_and_intensity(path: Path) -> None:
    cloud, place, report = las.read(path, id="a", title="Roofs", place=HELSINKI)
    assert place == HELSINKI
    assert cloud.xyz == pytest.approx(GRID - HELSINKI.origin, abs=0.01)
    assert set(cloud.classes.tolist()) == {6}
    assert cloud.rgb is not None
    assert cloud.rgb[0].tolist() == [255, 128, 1], "the upper half of 16 bits"
    assert set(cloud.intensity.tolist()) == {7}
    assert (cloud.total, cloud.title, cloud.classified) == (1000, "Roofs", True)
    assert report.format == "LAS 1.2"
    assert report.objects == {"Building": 1000}
    assert report.crs == "EPSG:3879"
    assert report.crs_source.startswith("header EPSG:3879")
    assert report.extent == pytest.approx((25496900, 6673200, 12, 25496939, 6673224, 18), abs=0.01)
    assert not report.skipped


@pytest.mark.usefixtures("same_process")
def test_thinning_is_even_stated_and_always_the_same(path: Path) -> None:
    cloud, _, report = las.read(path, id="a", title="a", place=HELSINKI, most=300)
    assert cloud.xyz == pytest.approx((GRID - HELSINKI.origin)[::4], abs=0.01)
    assert cloud.total == 1000
    assert [(s.what, s.count) for s in report.skipped] == [("point", 750)]
    assert "one of every 4 points" in report.skipped[0].why
    assert report.objects == {"Building": 1000}, "all are counted"
    again, _, _ = las.read(path, id="a", title="a", place=HELSINKI, most=300)
    assert np.array_equal(cloud.xyz, again.xyz)


def test_thinning_goes_on_from_one_chunk_to_the_next(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from twin.formats import las_points

    monkeypatch.setattr(las_points, "CHUNK", 7)
    arrays, words = las_points.read(path, {"most": 300}, lambda _: None)
    assert arrays["xyz"] == pytest.approx(GRID[::4], abs=0.01)
    assert (words["total"], words["step"], arrays["counts"][6]) == (1000, 4, 1000)


@pytest.mark.usefixtures("same_process")
def test_packed_points_are_the_same(path: Path, tmp_path: Path) -> None:
    pytest.importorskip("lazrs", reason="lazrs (the extra [las]) is not installed")
    with laspy.open(path) as file:
        points = file.read()
    packed = tmp_path / "points.laz"
    points.write(packed)
    assert packed.stat().st_size < path.stat().st_size / 2
    cloud, _, report = las.read(path, id="a", title="a", place=HELSINKI)
    other, _, told = las.read(packed, id="a", title="a", place=HELSINKI)
    assert np.array_equal(cloud.xyz, other.xyz)
    assert told.format == "LAZ 1.2"
    assert told.objects == report.objects
    for percent in (10, 40, 70, 95, 99):
        data = packed.read_bytes()
        (tmp_path / "cut.laz").write_bytes(data[: len(data) * percent // 100])
        with pytest.raises(DataError, match=r"^cut\.laz: "):
            las.read(tmp_path / "cut.laz", id="a", title="a", place=HELSINKI)


def wkt(path: Path, text: str) -> Path:
    from laspy.vlrs.known import WktCoordinateSystemVlr

    header = laspy.LasHeader(point_format=7, version="1.4")
    header.vlrs.append(WktCoordinateSystemVlr(text))
    header.global_encoding.wkt = True
    header.offsets, header.scales = GRID.min(0), [0.01] * 3
    points = laspy.LasData(header)
    points.x, points.y, points.z = GRID.T
    points.classification = np.full(len(GRID), 64, np.uint8)
    points.write(path)
    return path


@pytest.mark.usefixtures("same_process")
def test_a_crs_in_words_is_known(tmp_path: Path) -> None:
    from pyproj import CRS

    compound = CRS.from_user_input("EPSG:3879+3900")
    for text in (CRS.from_epsg(3879).to_wkt(), compound.to_wkt(), compound.to_wkt("WKT1_GDAL")):
        cloud, place, report = las.read(wkt(tmp_path / "a.las", text), id="a", title="a")
        assert report.crs == "EPSG:3879"
        assert place.crs == "EPSG:3879"
        assert report.format == "LAS 1.4"
        assert report.objects == {"Class 64": 1000}
        assert cloud.xyz + place.origin == pytest.approx(GRID, abs=0.01)
    assert place.height_system.startswith("N2000")


@pytest.mark.usefixtures("same_process")
@pytest.mark.parametrize(
    "text", ["http://127.0.0.1:9/crs", "EPSG:4326", "/etc/passwd", "PROJCS[", "GEOGCS" * 9000]
)
def test_words_that_are_no_crs_are_not_followed(text: str, tmp_path: Path) -> None:
    _, _, report = las.read(wkt(tmp_path / "a.las", text), id="a", title="a", place=HELSINKI)
    assert report.crs == ""
    assert any("does not say where it stands" in notice for notice in report.notices)


@pytest.mark.usefixtures("same_process")
def test_points_without_a_crs_are_put_where_they_fit(tmp_path: Path) -> None:
    path = tmp_path / "a.las"
    path.write_bytes(made_models.las(GRID, epsg=0))
    cloud, _, report = las.read(path, id="a", title="a", place=HELSINKI)
    assert cloud.xyz == pytest.approx(GRID - HELSINKI.origin, abs=0.01)
    assert any("EPSG:3879, the project's" in notice for notice in report.notices)
    _, place, report = las.read(path, id="a", title="a", crs="EPSG:3879")
    assert (place.crs, report.crs) == ("EPSG:3879", "EPSG:3879")
    path.write_bytes(made_models.las(GRID - GRID.min(0), epsg=0))
    at = Placement((25_496_950.0, 6_673_250.0, 20.0), "EPSG:3879")
    cloud, _, _ = las.read(path, id="a", title="a", place=HELSINKI, placement=at)
    assert cloud.xyz.min(0) == pytest.approx([50, 50, 8], abs=0.01)


@pytest.mark.usefixtures("same_process")
def test_points_open_alone_and_in_a_project(path: Path) -> None:
    project = open_project(path)
    assert [(cloud.id, len(cloud.xyz)) for cloud in project.clouds] == [("points", 1000)]
    assert not len(project.city.object_id)
    project = add_source(project, path)
    saved = path.with_name("area.twin.json")
    project_file.save(to_file(project, path=saved), saved)
    assert [entry["kind"] for entry in json.loads(saved.read_bytes())["sources"]] == ["points"] * 2
    again = open_project(saved)
    assert [cloud.id for cloud in again.clouds] == ["points", "points-2"]
    assert np.array_equal(again.clouds[0].xyz, project.clouds[0].xyz)


def test_the_real_cloud_is_as_its_bytes_say(shared_data: Path) -> None:
    from pyproj import Transformer

    path = shared_data / "pointcloud" / "dtcc_minimal.las"
    data = path.read_bytes()
    offset, length = struct.unpack_from("<I", data, 96)[0], struct.unpack_from("<H", data, 105)[0]
    count = struct.unpack_from("<I", data, 107)[0]
    rows = np.frombuffer(data, np.uint8, count * length, offset).reshape(count, length)
    classes = np.bincount(rows[:, 15] & 31)
    scale, low = np.array(struct.unpack_from("<6d", data, 131)).reshape(2, 3)
    points = rows[:, :12].copy().view("<i4") * scale + low
    cloud, place, report = las.read(path, id="a", title="a")
    assert (cloud.total, len(cloud.xyz)) == (count, count)
    assert report.objects == {"Unclassified": classes[1], "Ground": classes[2]}
    there = Transformer.from_crs("EPSG:3857", place.crs, always_xy=True)
    east, north = there.transform(points[:, 0], points[:, 1])
    assert cloud.xyz + place.origin == pytest.approx(np.column_stack([east, north, points[:, 2]]), abs=1e-6)
    assert (report.crs, place.crs) == ("EPSG:3857", "EPSG:32731")

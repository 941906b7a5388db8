"""Maps of surface temperature out of Landsat scenes."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from landsat_scenes import CLEAR, CLOUD, scene

from twin.analysis.surface_heat import anomaly, celsius, composite, hot_spots, uncertainty
from twin.app.surface_heat import free_folder
from twin.cli.main import main
from twin.formats.geotiff import read_raster
from twin.formats.geotiff_write import write_classes
from twin.formats.open_project import open_project
from twin.model.place import Place
from twin.model.state import State
from twin.scene.colours import Ramp, number_colours
from twin.scene.raster_view import scale_of, style_of, value_range


def test_numbers_become_degrees_and_clouds_nothing() -> None:
    numbers = np.array([[44177, 0, 44177]])
    found = celsius(numbers, np.array([[CLEAR, CLEAR, CLOUD]]))
    assert found[0, 0] == pytest.approx(44177 * 0.00341802 + 149 - 273.15, abs=1e-4)
    assert np.isnan(found[0, 1:]).all()


@pytest.mark.parametrize("bit", [1, 2, 3, 4, 5])
def test_every_bit_that_is_not_clear_masks(bit: int) -> None:
    assert np.isnan(celsius(np.array([[44177]]), np.array([[1 << bit]]))).all()


def test_uncertainty_is_in_kelvin() -> None:
    found = uncertainty(np.array([[250, -9999]]))
    assert found[0, 0] == pytest.approx(2.5)
    assert np.isnan(found[0, 1])


def test_a_composite_takes_what_is_clear_and_counts_it() -> None:
    stack = [np.array([[1.0, np.nan]], np.float32), np.array([[2.0, np.nan]], np.float32)]
    stack.append(np.array([[9.0, 4.0]], np.float32))
    found, count = composite(stack)
    assert found.tolist() == [[2.0, 4.0]]
    assert count.tolist() == [[3, 1]]
    assert composite(stack, "mean")[0].tolist() == [[4.0, 4.0]]


def test_hot_spots_are_over_one_and_two_deviations() -> None:
    values = np.array([[0.0] * 96 + [3.0, 5.0, 40.0, np.nan]], np.float32)
    found = hot_spots(values)
    expected = values[np.isfinite(values)]
    assert found.mean == pytest.approx(expected.mean())
    assert found.deviation == pytest.approx(expected.std())
    assert found.classes[0, 96:99].tolist() == [0.0, float(found.mean + found.deviation < 5), 2.0]
    assert np.isnan(found.classes[0, 99])
    assert np.nanmean(anomaly(values)) == pytest.approx(0, abs=1e-6)


def test_scenes_become_maps_that_open_in_a_project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kelvin = np.full((20, 30), 300.0)
    kelvin[5:8, 5:8] = 315.0
    quality = np.full(kelvin.shape, CLEAR)
    first = scene(tmp_path, "20230711", kelvin, quality)
    quality[:, 25:] = CLOUD
    second = scene(tmp_path, "20230720", kelvin + 2, quality)
    third = scene(tmp_path, "20230805", kelvin + 4, quality, shift=2)
    out = tmp_path / "maps"
    assert main(["surface-heat", str(first), str(second), str(third), "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["scenes"] == ["2023-07-11", "2023-07-20", "2023-08-05"]
    assert told["most clear scenes"] == 3
    assert told["uncertainty"] == pytest.approx(1.5)
    assert told["very hot cells"] >= 6
    assert "not felt heat" in told["note"]
    project = open_project(out / "surface_temperature.tif")
    raster = project.rasters[0]
    assert raster.cell == 30
    assert raster.quantity == "surface temperature"
    assert raster.values[0, 0] == pytest.approx(
        300 - 273.15 + 1, abs=0.1
    )  # of two scenes, the third lies beside
    hot, _ = read_raster(out / "hot_spots.tif", id="h", title="", place=project.place)
    assert hot.values[6, 6] == 2
    assert set(np.unique(hot.values)) <= {0.0, 1.0, 2.0}
    assert [name.partition(":")[0] for name, _ in hot.classes][-1] == "very hot"
    assert "U.S. Geological Survey" in hot.source
    less, _ = read_raster(out / "anomaly.tif", id="a", title="", place=project.place)
    assert less.title == "Surface temperature, less its mean"
    low, high = value_range(less)
    assert low == pytest.approx(-high), "as far to one side as to the other"
    scale, _ = scale_of(style_of(State("today", datetime(2026, 7, 15, tzinfo=UTC)), less), (low, high))
    assert isinstance(scale, Ramp)
    cold, hot_red = number_colours(scale, np.array([low, high]))
    assert cold[2] > cold[0], "blue"
    assert hot_red[0] > hot_red[2], "red"


def test_classes_keep_their_numbers_names_and_colours_in_another_grid(tmp_path: Path) -> None:
    place = Place("EPSG:3879", (25_496_000.0, 6_673_000.0, 0.0), 24.9, 60.2)
    numbers = np.repeat(np.repeat(np.array([[0, 2], [1, np.nan]], np.float32), 40, 0), 40, 1)
    classes = (("cool", (1, 2, 3)), ("hot", (200, 0, 0)), ("very hot", (255, 0, 0)))
    write_classes(
        *(tmp_path / "c.tif", numbers, classes),
        **{"west": 0.0, "north": 800.0, "cell": 10.0, "place": place, "title": "Classes", "tags": {}},
    )
    turned = Place("EPSG:3067", (386_000.0, 6_672_000.0, 0.0), 24.9, 60.2)
    found, _ = read_raster(tmp_path / "c.tif", id="c", title="", place=turned)
    assert set(np.unique(found.values[np.isfinite(found.values)])) == {0.0, 1.0, 2.0}, "none between"
    assert found.classes == (("cool", "#010203"), ("hot", "#c80000"), ("very hot", "#ff0000"))
    assert found.title == "Classes"
    one, _ = read_raster(tmp_path / "c.tif", id="c", title="", place=place, bounds=(0.0, 0.0, 400.0, 400.0))
    assert [name for name, _ in one.classes] == ["hot"], "only those that occur"


def test_the_study_area_is_what_lies_around_a_project(
    helsinki: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kelvin = np.full((300, 300), 300.0)
    quality = np.full(kelvin.shape, CLEAR)
    paths = [str(scene(tmp_path, day, kelvin, quality)) for day in ("20230711", "20230720")]
    arguments = ["surface-heat", *paths, "--around", str(helsinki), "--reach", "600", "--json"]
    assert main([*arguments, "--out", str(tmp_path / "o")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert 40**2 < told["cells"] < 55**2, "1.2 km and a margin"
    assert "2 scenes are few" in told["note"]
    far = scene(tmp_path, "20230805", kelvin, quality, shift=90_000)
    assert main(["surface-heat", str(far), "--around", str(helsinki), "--out", str(tmp_path / "p")]) == 2
    assert "does not overlap the area" in capsys.readouterr().err


def test_maps_of_a_project_lie_in_its_folder_one_beside_the_other(tmp_path: Path) -> None:
    project = tmp_path / "town.twin.json"
    assert free_folder(project) == tmp_path / "town" / "surface-heat"
    free_folder(project).mkdir(parents=True)
    assert free_folder(project) == tmp_path / "town" / "surface-heat-2"


def test_a_scene_without_its_quality_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = scene(tmp_path, "20230711", np.full((5, 5), 300.0), np.full((5, 5), CLEAR))
    path.with_name(path.name.replace("ST_B10", "QA_PIXEL")).unlink()
    assert main(["surface-heat", str(path), "--out", str(tmp_path / "o")]) != 0
    assert "clouds cannot be told from ground" in capsys.readouterr().err

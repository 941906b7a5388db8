"""Maps of surface temperature out of Landsat scenes."""

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio import Affine

from twin.analysis.surface_heat import anomaly, celsius, composite, hot_spots, uncertainty
from twin.cli.main import main
from twin.formats.geotiff import read_raster
from twin.formats.open_project import open_project


def scene(folder: Path, day: str, kelvin: np.ndarray, quality: np.ndarray, *, shift: int = 0) -> Path:
    stem = f"LC08_L2SP_188018_{day}_20230801_02_T1"
    there = Affine(30.0, 0, 380_000.0 + 30 * shift, 0, -30.0, 6_680_000.0)
    numbers = np.round((kelvin - 149.0) / 0.00341802)
    doubt = np.full(kelvin.shape, 150)
    for end, values, kind in (
        ("ST_B10", numbers, "uint16"),
        ("QA_PIXEL", quality, "uint16"),
        ("ST_QA", doubt, "int16"),
    ):
        options = {"height": kelvin.shape[0], "width": kelvin.shape[1], "count": 1, "dtype": kind}
        path = folder / f"{stem}_{end}.TIF"
        with rasterio.open(path, "w", driver="GTiff", crs="EPSG:32635", transform=there, **options) as file:
            file.write(values.astype(kind), 1)
    return folder / f"{stem}_ST_B10.TIF"


CLEAR, CLOUD = 21824, 22280
"""QA_PIXEL of clear land, and of cloud with high confidence (bit 3)."""


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


def test_a_scene_without_its_quality_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = scene(tmp_path, "20230711", np.full((5, 5), 300.0), np.full((5, 5), CLEAR))
    path.with_name(path.name.replace("ST_B10", "QA_PIXEL")).unlink()
    assert main(["surface-heat", str(path), "--out", str(tmp_path / "o")]) != 0
    assert "clouds cannot be told from ground" in capsys.readouterr().err

"""The command line says what models and points hold, and where they stand."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from twin.cli.main import main, parser
from twin.cli.placement import placement_of
from twin.errors import TwinError
from twin.model.placement import NOWHERE, Placement

CONTRACT = {
    *(
        "path",
        "format",
        "version",
        "crs",
        "crs_source",
        "extent",
        "objects",
        "surfaces",
        "polygons",
        "interior_rings",
    ),
    *("triangles", "lods", "attributes", "textures", "implicit_geometries", "xlinks", "skipped", "seconds"),
}
HOUSE = "v 0 0 0\nv 9 0 0\nv 9 9 3\nv 0 9 3\nf 1 2 3 4\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "house.obj"
    made.write_text(HOUSE)
    return made


def info(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    assert main(["info", *map(str, arguments), "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_info_places_a_model_by_its_arguments(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = info(
        capsys, path, "--at", "25496900,6673200,12", "--crs", "EPSG:3879", "--scale", "2", "--up", "z"
    )
    assert found.keys() >= CONTRACT
    assert found["crs"] == "EPSG:3879"
    assert found["extent"] == pytest.approx([25496900, 6673200, 12, 25496918, 6673218, 18])
    assert found["objects"] == {"GenericCityObject": 1}
    assert (found["polygons"], found["patches"], found["triangles"]) == (1, 0, 2)
    told = " ".join(info(capsys, path)["notices"])
    assert "--at EAST,NORTH,HEIGHT --crs EPSG:CODE" in told


def test_every_real_model_opens(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tileset = shared_data / "tiles3d" / "helsinki_kalasatama" / "CityModel" / "tileset.json"
    kenney = shared_data / "meshes" / "kenney_city_builder" / "road-corner.glb"
    for file in (tileset, kenney, shared_data / "meshes" / "dtcc" / "tree.obj"):
        found = info(capsys, file)
        assert found.keys() >= CONTRACT
        assert found["triangles"] == found["patches"] == sum(found["surfaces"].values()) > 0
    pytest.importorskip("laspy", reason="laspy (the extra [las]) is not installed")
    found = info(capsys, shared_data / "pointcloud" / "dtcc_minimal.las")
    assert found.keys() >= CONTRACT
    assert found["points"] == found["shown"] == sum(found["objects"].values()) == 8148


def test_a_model_is_drawn_where_it_is_said_to_stand(path: Path, tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    place = ["--at", "25496900,6673200,12", "--crs", "EPSG:3879", "--up", "z"]
    command = [
        sys.executable,
        "-m",
        "twin",
        "render",
        str(path),
        *place,
        "--size",
        "160x90",
        "--plain",
        "--out",
        str(picture),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"ok: {picture}\n"
    assert "--at" not in done.stderr
    assert picture.stat().st_size > 1000


def test_a_model_becomes_part_of_a_project_file(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    area = path.with_name("area.twin.json")
    placement = {"at": [25496950, 6673250, 12], "crs": "EPSG:3879", "scale": 0.5, "up": "z"}
    place = {"origin": [25496900, 6673200, 12], "longitude": 24.9441, "latitude": 60.1717}
    source = {"id": "house", "path": path.name, "kind": "city", "placement": placement}
    tree = {"schema": "twin-project", "version": 1, "name": "A", "crs": "EPSG:3879", "place": place}
    area.write_text(json.dumps({**tree, "sources": [source]}))
    found = info(capsys, area)
    assert found["counts"]["objects"] == {"GenericCityObject": 1}
    assert not any("--at" in notice or "--scale" in notice for notice in found["notices"])
    area.write_text(json.dumps({**tree, "sources": [{**source, "placement": {"up": "sideways"}}]}))
    assert main(["info", str(area)]) == 2
    assert "sources[0].placement.up" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--at", "1,2"], "--at '1,2' is no place"),
        (["--at", "1,2,x"], "'x' is no number"),
        (["--at", "1,2,nan"], "'nan' is no number"),
        (["--scale", "0"], "--scale '0' is no size"),
        (["--scale", "-1"], "--scale '-1' is no size"),
        (["--scale", "big"], "'big' is no number"),
    ],
)
def test_wrong_places_are_told_in_words(arguments: list[str], said: str) -> None:
    with pytest.raises(TwinError, match=said):
        placement_of(parser().parse_args(["info", "a.obj", *arguments]))


def test_arguments_become_a_placement() -> None:
    options = parser().parse_args(["open", "a.obj", "--at", "-5,2e3,0", "--crs", "EPSG:3067", "--up", "y"])
    assert placement_of(options) == Placement((-5.0, 2000.0, 0.0), "EPSG:3067", None, "y")
    assert placement_of(parser().parse_args(["open", "a.gml", "--crs", "EPSG:3067"])) == NOWHERE

"""A tileset of ours: read back it is the same city at the same place, and the standard's own judge agrees."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import shapely
from made_cities import HELSINKI

from twin.analysis.extrude import block
from twin.formats import tiles3d, write_city
from twin.model.city import City, CityObject, from_objects, triangle_object

VALIDATOR = Path(__file__).parents[2] / "web" / "node_modules" / "gltf-validator"
JUDGE = """
const validator = require(process.argv[1]), fs = require('fs');
(async () => { for (const file of process.argv.slice(2)) {
  const report = await validator.validateBytes(new Uint8Array(fs.readFileSync(file)));
  console.log(JSON.stringify([report.issues.numErrors, report.issues.numWarnings]));
}})()
"""


@pytest.fixture(scope="module")
def town() -> City:
    """Blocks over a kilometre: several tiles; a part lies with its building."""
    objects = []
    for number in range(40):
        west, south = 130.0 * (number % 8), 90.0 * (number // 8)
        shape = block(shapely.box(west, south, west + 30, south + 20), base=3.0, height=12.0 + number)
        facts = {"storeys": number, "use": "=office" if number % 3 else None, "gml:name": f"Talo {number} ä"}
        objects.append(CityObject(f"b{number}", "Building", -1, facts, shape))
    tower = block(shapely.box(310, 0, 320, 10), base=3.0, height=60.0)
    objects.append(CityObject("tower", "BuildingPart", 2, {"storeys": None}, tower))
    return from_objects(HELSINKI, objects)


@pytest.fixture(scope="module")
def tileset(town: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiles") / "tileset.json"
    told = write_city.write(town, path, attribution="© A, CC BY 4.0", title="Asema")
    assert any("ellipsoid" in sentence for sentence in told)
    return path


def test_it_reads_back_as_the_same_city_at_the_same_place(tileset: Path, town: City, tmp_path: Path) -> None:
    found, report = tiles3d.read(tileset, place=HELSINKI, pictures=tmp_path)
    assert report.format == "3D Tiles 1.1"
    before = {name: row for row, name in enumerate(town.object_id.tolist())}
    after = {name: row for row, name in enumerate(found.object_id.tolist()) if name in before}
    assert after.keys() == before.keys()
    for name in ("b0", "b17", "b39", "tower"):
        own = town.vertices[np.unique(town.triangles[triangle_object(town) == before[name]])]
        other = found.vertices[np.unique(found.triangles[triangle_object(found) == after[name]])]
        for end in (np.min, np.max):
            assert end(own[:, :2], axis=0) == pytest.approx(end(other[:, :2], axis=0), abs=0.01), name
        assert np.ptp(own[:, 2]) == pytest.approx(np.ptp(other[:, 2]), abs=0.01)
    values = found.attributes.row(after["b17"])
    assert values["storeys"] == 17
    assert values["use"] == "=office"
    assert values["gml_name"] == "Talo 17 ä"
    assert "storeys" not in found.attributes.row(after["tower"])


def test_tiles_are_several_and_say_whose_they_are(tileset: Path) -> None:
    tree = json.loads(tileset.read_text())
    assert tree["asset"]["copyright"] == "© A, CC BY 4.0"
    assert len(tree["root"]["children"]) > 4
    for child in tree["root"]["children"]:
        assert (tileset.parent / child["content"]["uri"]).is_file()
        matrix = np.array(child["transform"]).reshape(4, 4).T
        assert np.linalg.norm(matrix[:3, 3]) == pytest.approx(6.362e6, rel=1e-3)
        # the grid's scale is within a few tenths of a per mille
        assert np.linalg.det(matrix[:3, :3]) == pytest.approx(1, abs=2e-3)


def test_an_earlier_writing_leaves_no_tiles(town: City, tmp_path: Path) -> None:
    path = tmp_path / "tileset.json"
    write_city.write(town, path, attribution="")
    stale = tmp_path / "tileset.tiles" / "stale.glb"
    stale.write_bytes(b"")
    write_city.write(town, path, attribution="")
    assert not stale.exists()


def test_the_judge_of_the_standard_finds_no_error(tileset: Path) -> None:
    node = shutil.which("node")
    if node is None or not VALIDATOR.is_dir():
        pytest.skip("gltf-validator is not installed")
    tiles = sorted(map(str, (tileset.parent / "tileset.tiles").glob("*.glb")))
    done = subprocess.run(
        [node, "-e", JUDGE, str(VALIDATOR), *tiles], capture_output=True, text=True, check=True, timeout=60
    )
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(reports) == len(tiles)
    assert all(report == [0, 0] for report in reports)

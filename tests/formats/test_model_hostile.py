"""Broken and hostile models: each gives one clear error or a counted skip, soon."""

import base64
import io
import socket
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import made_models
import numpy as np
import pytest

from twin.errors import DataError
from twin.formats import (
    cityjson,
    cityjson_document,
    ifc,
    las,
    mesh,
    mesh_city,
    mesh_obj,
    mesh_parts,
    tiles3d,
    worker_process,
)
from twin.formats.cityjson_document import is_cityjson
from twin.formats.mesh_nearby import beside
from twin.formats.mesh_parts import Parts
from twin.model.city import City
from twin.model.place import Place
from twin.model.placement import NOWHERE

HELSINKI = Place("EPSG:3879", (25_496_900.0, 6_673_200.0, 12.0), 24.9441, 60.1717)
MODULES = {
    ".las": "twin.formats.las_points",
    ".json": "twin.formats.tiles3d_tree",
    ".b3dm": "twin.formats.tiles3d_tree",
}
SECRET = b"a-secret-in-another-file"


def answer(path: Path) -> Parts | str:
    """What the reader's process would answer, without a process: parts, or what is wrong."""
    found: dict[str, np.ndarray] = {}
    module = MODULES.get(path.suffix, "twin.formats.mesh_files")
    request = {"reader": f"{module}:read", "path": str(path), "options": {"most": 1000}, "memory": 2**32}
    out = io.BytesIO()
    begun = time.process_time()
    said = worker_process.answer_to({**request, "out": out}, lambda _: None)
    assert time.process_time() - begun < 10
    if "error" in said:
        return str(DataError(path, *said["error"]))
    out.seek(0)
    with np.load(out, allow_pickle=False) as archive:
        found = {name: archive[name] for name in archive.files}
    if path.suffix == ".las":
        return "points"
    return mesh_parts.unpack(found, said["words"])


def check(path: Path) -> str:
    """One error, or a city whose rows all fit: what is said about it."""
    found = answer(path)
    if isinstance(found, str):
        assert found.startswith(path.name) or found == "points"
        return found
    try:
        city, report = mesh_city.make(path, found, HELSINKI, "", NOWHERE, path.parent / "pictures", 0.0)
    except DataError as error:
        return str(error)
    assert np.isfinite(city.vertices).all()
    assert city.triangles.max(initial=0) < len(city.vertices)
    assert city.surface_object.max(initial=0) < len(city.object_id)
    assert (city.object_parent < np.arange(len(city.object_id))).all()
    assert len(city.surface_object) == report.polygons + report.patches
    return "; ".join(f"{item.count} × {item.what}: {item.why}" for item in report.skipped)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("a reader asks the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def tile(**features: Any) -> bytes:
    tree, data = made_models.gltf(batches=True, picture=None)
    return made_models.b3dm(made_models.glb(tree, data), {"BATCH_LENGTH": 1, **features}, {"name": ["a"]})


FILES = {
    **made_models.models(),
    "tile.b3dm": tile(),
    "points.las": made_models.las(made_models.CORNERS + 25.5e6),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_anywhere_is_refused_or_counted(name: str, tmp_path: Path) -> None:
    data = FILES[name]
    path = tmp_path / name
    refused = 0
    for percent in range(100):
        path.write_bytes(data[: len(data) * percent // 100])
        refused += check(path).startswith(name)
    least = (
        100
        if name in ("house.stl", "house.glb", "house.gltf", "house.dae", "tile.b3dm", "points.las")
        else 20
    )
    assert refused >= least


@pytest.mark.parametrize("name", FILES)
def test_mutants_do_no_harm(name: str, tmp_path: Path) -> None:
    made_models.beside(tmp_path)
    path = tmp_path / name
    for mutant in made_models.mutants(FILES[name], 150, seed=len(name)):
        path.write_bytes(mutant)
        check(path)


def test_broken_trees_of_gltf_do_no_harm(tmp_path: Path) -> None:
    """Values of the JSON itself, one after the other, by others of many kinds."""
    tree, data = made_models.gltf(batches=True)
    path = tmp_path / "a.glb"
    tried = 0
    for place in places(tree):
        for value in (-1, 2**31, 10**30, 1.5, None, "x", [], {}, [[0]], True):
            path.write_bytes(made_models.glb(changed(tree, place, value), data))
            check(path)
            tried += 1
    assert tried > 500


def places(tree: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else []
    return [found for key in keys for found in ((*above, key), *places(tree[key], (*above, key)))]


def changed(tree: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[place[0]] = changed(tree[place[0]], place[1:], value)
    return copy


def gltf(change: Callable[[dict[str, Any]], Any], **options: Any) -> bytes:
    tree, data = made_models.gltf(**options)
    change(tree)
    return made_models.glb(tree, data)


def infinite() -> bytes:
    tree, data = made_models.gltf(picture=None)
    where = tree["bufferViews"][tree["accessors"][0]["bufferView"]]["byteOffset"]
    return made_models.glb(tree, data[:where] + struct.pack("<3f", np.nan, np.inf, 1e30) + data[where + 12 :])


def deep(levels: int) -> bytes:
    tree, data = made_models.gltf(picture=None)
    tree["nodes"] = [{"children": [i + 1], "extras": {"level": i}} for i in range(levels)] + [{"mesh": 0}]
    return made_models.glb(tree, data)


def loop(tree: dict[str, Any]) -> None:
    tree["nodes"][2]["children"] = [0]


def nested(opening: bytes, closing: bytes, levels: int = 100_000) -> bytes:
    return b'{"asset":{"version":"2.0"},"extras":' + opening * levels + closing * levels + b"}"


def dae(old: str, new: str) -> bytes:
    return made_models.dae().replace(old.encode(), new.encode())


def laughs() -> bytes:
    nodes = "".join(
        f'<node id="l{i}"><instance_node url="#l{i + 1}"/><instance_node url="#l{i + 1}"/></node>'
        for i in range(40)
    )
    last = '<node id="l40"><instance_geometry url="#box"/></node>'
    scene = '<visual_scene id="s"><node><instance_node url="#l0"/></node>'
    text = made_models.dae().decode().replace('<visual_scene id="s">', scene)
    library = f"<library_nodes>{nodes}{last}</library_nodes><library_visual_scenes>"
    return text.replace("<library_visual_scenes>", library).encode()


STL = struct.Struct("<I")
HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty.obj": (b"", "is empty"),
    "empty.stl": (b"", "is empty"),
    "empty.ply": (b"", "is empty"),
    "empty.off": (b"", "is empty"),
    "empty.glb": (b"", "is empty"),
    "empty.gltf": (b" \n", "is empty"),
    "empty.dae": (b"", "is empty"),
    "empty.b3dm": (b"", "it is empty"),
    "empty.las": (b"", "is empty"),
    "giant.stl": (bytes(80) + STL.pack(2**32 - 1) + bytes(50), "says 4,294,967,295 triangles"),
    "giant.ply": (
        b"ply\nformat binary_little_endian 1.0\nelement vertex 4000000000\nproperty float x\nend_header\n",
        "bytes or more follow",
    ),
    "minus.ply": (
        b"ply\nformat ascii 1.0\nelement vertex -5\nproperty float x\nend_header\n",
        "says '-5' of vertex",
    ),
    "word.ply": (
        b"ply\nformat ascii 1.0\nelement vertex many\nproperty float x\nend_header\n",
        "says 'many'",
    ),
    "endless.ply": (b"ply\n" + b"comment x\n" * 10_000, "has no end_header"),
    "giant.off": (b"OFF\n4000000000 4000000000 0\n0 0 0\n", "more than its"),
    "few.off": (b"OFF\n5 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n" + b" " * 40, "has 4 lines"),
    "outside.off": (b"OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 9\n", "outside the range"),
    "binary.obj": (b"v 0 0 0\n\0\0\0", "bytes that are no text"),
    "outside.obj": (b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 99\nf -9 1 2\nf 0 1 2\n", "3 × face"),
    "huge.obj": (b"v 0 0 0\nf 1 2 99999999999999999999\n", "a corner is not in the file"),
    "nan.obj": (b"v nan 0 0\nv 1 inf 0\nv 0 1e999 0\nv x y z\nf 1 2 3\nf 2 3 4\n", "2 × face"),
    "points.obj": (b"v 0 0 0\nv 1 0 0\np 1 2\nl 1 2\n", "point or line"),
    "words.obj": (b"f a b c\nv\nf\nvt\nusemtl\ng\n", "a corner is no number"),
    "old.glb": (struct.pack("<4sIIII", b"glTF", 1, 20, 0, 0), "only glTF 2 is read"),
    "long.glb": (struct.pack("<4sIIII", b"glTF", 2, 2**32 - 1, 0, 0), "says it has 4,294,967,295 bytes"),
    "chunk.glb": (struct.pack("<4sIII4s", b"glTF", 2, 20, 2**32 - 1, b"JSON"), "does not fit"),
    "text.gltf": (b"not JSON", "is not JSON"),
    "latin.gltf": (b'{"asset":{"version":"2.0"},"nodes":[{"name":"\xff\xfe"}]}', "UTF-8"),
    "nan.gltf": (b'{"asset":{"version":"2.0"},"scenes":[NaN]}', "is not JSON"),
    "lists.gltf": (nested(b"[", b"]"), "nested too deeply"),
    "objects.gltf": (
        nested(b'{"a":', b"}").replace(b"}" * 100_000, b"0" + b"}" * 100_000),
        "nested too deeply",
    ),
    "nan.glb": (infinite(), "face: a coordinate is no number"),
    "loop.glb": (gltf(loop), "in a circle"),
    "self.glb": (gltf(lambda t: t["nodes"][0].update(children=[0, 1])), "in a circle"),
    "wide.glb": (gltf(lambda t: t["nodes"][1].update(scale=[1e308, 1e308, 1e308])), "12 × face left out"),
    "giant.glb": (gltf(lambda t: t["accessors"][0].update(count=4_000_000_000)), "reach beyond bufferView"),
    "minus.glb": (gltf(lambda t: t["accessors"][0].update(count=-4)), "has -4 values"),
    "zeros.glb": (
        gltf(lambda t: t["accessors"][0].update(count=4_000_000_000, bufferView=None)),
        "values of nothing",
    ),
    "stride.glb": (gltf(lambda t: t["bufferViews"][0].update(byteStride=1)), "reach beyond bufferView"),
    "outside.glb": (gltf(lambda t: t["accessors"][0].update(count=3)), "a corner is not in the file"),
    "meshopt.glb": (
        gltf(lambda t: t["bufferViews"][0].update(extensions={"EXT_meshopt_compression": {}})),
        "packed by meshopt",
    ),
    "base64.glb": (gltf(lambda t: t["buffers"][0].update(uri="data:;base64,%%%")), "broken base64"),
    "up.glb": (gltf(lambda t: t["buffers"][0].update(uri="../secret.bin")), "outside of the folder"),
    "coded.glb": (gltf(lambda t: t["buffers"][0].update(uri="%2e%2e/secret.bin")), "outside of the folder"),
    "root.glb": (gltf(lambda t: t["buffers"][0].update(uri="/etc/passwd")), "outside of the folder"),
    "web.glb": (gltf(lambda t: t["buffers"][0].update(uri="http://127.0.0.1:9/a.bin")), "it is an address"),
    "file.glb": (gltf(lambda t: t["buffers"][0].update(uri="file:///etc/passwd")), "it is an address"),
    "disk.glb": (gltf(lambda t: t["buffers"][0].update(uri="\\\\server\\a.bin")), "it is an address"),
    "image.glb": (gltf(lambda t: None, picture="../wall.png"), "texture: it lies outside"),
    "entity.dae": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><COLLADA>&x;</COLLADA>',
        "document types are not read",
    ),
    "bomb.dae": (
        b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><COLLADA>&b;</COLLADA>',
        "document types are not read",
    ),
    "deep.dae": (b"<COLLADA>" + b"<node>" * 100_000, "deep.dae: line"),
    "other.dae": (b"<svg/>", "not COLLADA"),
    "none.dae": (b"<COLLADA/>", "has no visual_scene"),
    "laughs.dae": (laughs(), "nodes in one another"),
    "circle.dae": (
        dae('<node id="n2"', '<instance_node url="#n1"/><node id="n2"'),
        "it is placed within itself",
    ),
    "numbers.dae": (dae("<vcount>4", "<vcount>400000000000"), "its vcount asks for"),
    "minus.dae": (dae("<vcount>4 4", "<vcount>-4 12"), "its vcount asks for"),
    "stride.dae": (dae('count="8" stride="3"', 'count="8" stride="0"'), "no right stride"),
    "offset.dae": (dae('source="#v" offset="0"', 'source="#v" offset="99999999"'), "where its corners are"),
    "text.dae": (dae("<vcount>4", "<vcount>four"), "its numbers are wrong"),
    "matrix.dae": (dae("1000 0 200", "1e308 1e308"), "its numbers are wrong"),
    "short.b3dm": (b"b3dm" + bytes(10), "ends within its header"),
    "giant.b3dm": (struct.pack("<4s6I", b"b3dm", 1, 28, 2**32 - 1, 0, 0, 0), "it says it has"),
    "batches.b3dm": (tile(BATCH_LENGTH=4_000_000_000), "its BATCH_LENGTH is"),
    "text.b3dm": (tile(BATCH_LENGTH="many"), "its BATCH_LENGTH is"),
    "centre.b3dm": (tile(RTC_CENTER=[1, 2]), "its centre is no point"),
    "gzip.b3dm": (zlib.compress(tile(), wbits=31)[:200], "its gzip data is cut off"),
    "parts.b3dm": (struct.pack("<4s3I", b"cmpt", 1, 16, 2**32 - 1), "fewer tiles than it says"),
    "loop.b3dm": (struct.pack("<4s3I4s2I", b"cmpt", 1, 28, 1, b"cmpt", 1, 0), "does not fit"),
    "points.b3dm": (b"pnts" + bytes(24), "it holds points"),
    "other.las": (b"LASX" + bytes(400), "does not begin with LASF"),
    "short.las": (b"LASF" + bytes(100), "ends within its header"),
    "giant.las": (made_models.las(made_models.CORNERS, count=4_000_000_000), "says 4,000,000,000 points"),
    "none.las": (made_models.las(np.zeros((0, 3))), "has no points"),
    "records.las": (
        made_models.las(made_models.CORNERS)[:100] + b"\xff" * 4 + made_models.las(made_models.CORNERS)[104:],
        "says 4,294,967,295 records before its points",
    ),
    "offset.las": (
        made_models.las(made_models.CORNERS)[:96] + b"\xff" * 4 + made_models.las(made_models.CORNERS)[100:],
        "has its points at byte 4,294,967,295",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_each_hostile_model_is_told_in_words(name: str, tmp_path: Path) -> None:
    content, said = HOSTILE[name]
    folder = tmp_path / "model"
    folder.mkdir()
    (tmp_path / "secret.bin").write_bytes(SECRET)
    (tmp_path / "wall.png").write_bytes(made_models.PIXEL)
    (folder / name).write_bytes(content)
    assert said in check(folder / name)


def test_a_packed_tile_that_unpacks_to_very_much_is_left(tmp_path: Path) -> None:
    path = tmp_path / "bomb.b3dm"
    path.write_bytes(zlib.compress(bytes(260 << 20), 1, wbits=31))
    assert "unpacks to too much" in check(path)


def test_a_file_of_two_gigabytes_of_nothing_is_refused_at_its_beginning(tmp_path: Path) -> None:
    tile, city = tmp_path / "a.b3dm", tmp_path / "a.json"
    for path in (tile, city):
        with path.open("wb") as file:
            file.truncate(2 << 30)
    begun = time.process_time()
    assert "larger than" in check(tile)
    with pytest.raises(DataError, match=r"does not begin with \{"):
        cityjson.read(city)
    assert not is_cityjson(city)
    assert time.process_time() - begun < 1


def test_text_without_line_ends_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.obj"
    path.write_bytes(b"v 0 0 0\n" + b"f 1 1 1 " * (mesh_obj.LONGEST // 8) + bytes(mesh_obj.CHUNK))
    assert check(path) == "a.obj: line 2: is longer than 1 MB. Export it again."


def test_what_cannot_be_opened_is_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.mkdir()
    with pytest.raises(DataError, match=r"a\.json: cannot be opened: Is a directory"):
        is_cityjson(path)


@pytest.mark.parametrize("block", range(1, 40))
def test_cityjson_is_known_wherever_its_sign_stands(
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cityjson_document, "SEARCHED", block)
    path = tmp_path / "a.json"
    path.write_bytes(b'{"a": "before it", "type": "CityJSON", "b": "and more after it"}')
    assert is_cityjson(path)
    path.write_bytes(b'{"a": "before it", "type": "CityYAML", "b": "and more after it"}')
    assert not is_cityjson(path)


def test_a_link_to_itself_beside_a_model_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "loop.json").symlink_to("loop.json")
    (tmp_path / "wall.png").write_bytes(b"")
    assert [name for name, _, _ in beside(tmp_path / "house.obj")] == ["wall.png"]


def test_a_tree_as_deep_as_a_well_is_walked(tmp_path: Path) -> None:
    path = tmp_path / "deep.glb"
    path.write_bytes(deep(5_000))
    found = answer(path)
    assert isinstance(found, Parts)
    assert len(found.things) == 5_001


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("mtllib ../secret.mtl", "material file: it lies outside"),
        ("mtllib /etc/passwd", "material file: it lies outside"),
        ("mtllib http://127.0.0.1:9/a.mtl", "material file: it is an address"),
        ("mtllib file:///etc/passwd", "material file: it is an address"),
        ("mtllib C:\\a.mtl", "material file: it is an address or names a disk"),
        ("mtllib ..\\secret.mtl", "material file: it lies outside"),
        ("mtllib %2e%2e/secret.mtl", "material file: it lies outside"),
        ("mtllib link.mtl", "material file: it lies outside"),
        ("mtllib " + "a" * 5000, "material file: its name is no path"),
        ("mtllib large.mtl", "material file: it is too large"),
        ("mtllib pictures.mtl", "texture: it lies outside"),
        ("mtllib gone.mtl", "material file: the file is missing"),
        ("mtllib house.obj", ""),
    ],
)
def test_only_files_beside_an_obj_are_read(line: str, said: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (tmp_path / "secret.mtl").write_bytes(b"newmtl secret\nKd 1 1 1\n")
    (folder / "link.mtl").symlink_to(tmp_path / "secret.mtl")
    (folder / "large.mtl").write_bytes(b" " * (5 << 20))
    (folder / "pictures.mtl").write_text("newmtl a\nmap_Kd ../wall.png\nKd x y z\n")
    (tmp_path / "wall.png").write_bytes(made_models.PIXEL)
    path = folder / "house.obj"
    path.write_bytes(line.encode() + b"\n" + made_models.obj())
    found = answer(path)
    assert isinstance(found, Parts)
    assert said in "; ".join(f"{item.what}: {item.why}" for item in found.skipped)
    assert "secret" not in [paint.name for paint in found.paints]
    assert not found.pictures


def test_a_picture_that_is_none_is_not_kept(tmp_path: Path) -> None:
    tree, data = made_models.gltf(picture=None)
    uri = "data:image/png;base64," + base64.b64encode(SECRET).decode()
    tree |= {"textures": [{"source": 0}], "images": [{"uri": uri}]}
    tree["materials"][0]["pbrMetallicRoughness"]["baseColorTexture"] = {"index": 0}
    (tmp_path / "a.glb").write_bytes(made_models.glb(tree, data))
    city, _ = mesh.read(tmp_path / "a.glb", pictures=tmp_path / "pictures")
    assert city.appearance is not None
    assert city.appearance.images == ()
    assert not (tmp_path / "pictures").exists()


@pytest.mark.parametrize("read", [mesh.read, tiles3d.read])
def test_a_missing_file_is_told(read: Callable[..., tuple[City, Any]], tmp_path: Path) -> None:
    name = "gone.obj" if read is mesh.read else "tileset.json"
    with pytest.raises(DataError, match="cannot be opened: No such file"):
        read(tmp_path / name, pictures=tmp_path)


def test_what_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (ifc, las):
        monkeypatch.setattr(module, "find_spec", lambda _name: None)
    path = tmp_path / "a.ifc"
    path.write_bytes(b"ISO-10303-21;")
    with pytest.raises(DataError, match=r"Install it with: pip install twin\[ifc\]"):
        ifc.read(path, pictures=tmp_path)
    with pytest.raises(
        DataError, match=r"\(laspy\) is not installed\. Install it with: pip install twin\[las\]"
    ):
        las.read(path, id="a", title="a")

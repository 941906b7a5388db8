"""Small models in many formats, written by hand: a house of two parts, and bytes to break."""

import base64
import json
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

CORNERS = np.array(
    [[0, 0, 0], [4, 0, 0], [4, 3, 0], [0, 3, 0], [0, 0, 2], [4, 0, 2], [4, 3, 2], [0, 3, 2]], dtype=float
)
"""Of a block of 4 × 3 × 2 m with z up."""
SIDES = [[0, 3, 2, 1], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]]
TRIANGLES = np.array([t for a, b, c, d in SIDES for t in ((a, b, c), (a, c, d))])
MATERIALS = "newmtl brick\nKd 0.8 0.3 0.2\nd 0.75\nmap_Kd wall.png\nnewmtl glass\nKd 0.1 0.2 0.9\n"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one point."""


def obj() -> bytes:
    points = "".join(f"v {x:g} {y:g} {z:g}\n" for x, y, z in CORNERS)
    faces = [" ".join(f"{i + 1}/{k + 1}" for k, i in enumerate(side)) for side in SIDES]
    head = "# a house\nmtllib house.mtl\n" + points + "vt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\n"
    walls = "".join(f"f {face}\n" for face in faces[2:])
    return (
        head + f"o House\ng Walls\nusemtl brick\n{walls}g Lids\nusemtl glass\nf {faces[0]}\nf {faces[1]}\n"
    ).encode()


def off() -> bytes:
    points = "".join(f"{x:g} {y:g} {z:g}\n" for x, y, z in CORNERS)
    faces = "".join(f"3 {a} {b} {c}\n" for a, b, c in TRIANGLES)
    return f"OFF\n8 12 0\n{points}{faces}".encode()


def stl() -> bytes:
    rows = np.zeros(12, dtype=[("n", "<f4", 3), ("v", "<f4", (3, 3)), ("a", "<u2")])
    rows["v"] = CORNERS[TRIANGLES]
    return b"made by hand".ljust(80) + struct.pack("<I", 12) + rows.tobytes()


def text_stl() -> bytes:
    def facet(corners: np.ndarray) -> str:
        ring = "".join(f"vertex {x:g} {y:g} {z:g}\n" for x, y, z in corners)
        return f"facet normal 0 0 0\nouter loop\n{ring}endloop\nendfacet\n"

    solids = {"Low": TRIANGLES[:4], "High": TRIANGLES[4:]}
    texts = {name: "".join(facet(CORNERS[t]) for t in part) for name, part in solids.items()}
    return "".join(f"solid {name}\n{text}endsolid {name}\n" for name, text in texts.items()).encode()


def ply(*, binary: bool = False) -> bytes:
    head = (
        f"ply\nformat {'binary_little_endian' if binary else 'ascii'} 1.0\nelement vertex 8\n"
        "property float x\nproperty float y\nproperty float z\n"
        "element face 12\nproperty list uchar int vertex_indices\nend_header\n"
    ).encode()
    if binary:
        return (
            head + CORNERS.astype("<f4").tobytes() + b"".join(struct.pack("<B3i", 3, *t) for t in TRIANGLES)
        )
    lines = [f"{x:g} {y:g} {z:g}" for x, y, z in CORNERS] + [f"3 {a} {b} {c}" for a, b, c in TRIANGLES]
    return head + "\n".join(lines).encode() + b"\n"


class Buffer:
    """The binary part of a glTF and what describes it."""

    def __init__(self) -> None:
        self.data = b""
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []

    def view(self, data: bytes) -> int:
        self.data += b"\0" * (-len(self.data) % 8)
        self.views.append({"buffer": 0, "byteOffset": len(self.data), "byteLength": len(data)})
        self.data += data
        return len(self.views) - 1

    def numbers(self, values: np.ndarray, component: int, kind: str) -> int:
        view = self.view(np.ascontiguousarray(values).tobytes())
        self.accessors.append(
            {"bufferView": view, "componentType": component, "count": len(values), "type": kind}
        )
        return len(self.accessors) - 1


def upward(points: np.ndarray) -> np.ndarray:
    """With y up, as glTF has it."""
    return np.column_stack([points[:, 0], points[:, 2], -points[:, 1]])


def gltf(*, batches: bool = False, picture: str | None = "inside") -> tuple[dict[str, Any], bytes]:
    """A tree and its buffer: a house with a tower that stands 10 m east on it, twice as high."""
    buffer = Buffer()
    mesh: dict[str, Any] = {
        "attributes": {
            "POSITION": buffer.numbers(upward(CORNERS).astype("<f4"), 5126, "VEC3"),
            "TEXCOORD_0": buffer.numbers(np.tile([[0.0, 0.25]], (8, 1)).astype("<f4"), 5126, "VEC2"),
        },
        "indices": buffer.numbers(TRIANGLES.astype("<u2").ravel(), 5123, "SCALAR"),
        "material": 0,
    }
    if batches:
        mesh["attributes"]["_BATCHID"] = buffer.numbers(np.zeros(8, "<f4"), 5126, "SCALAR")
    images: list[dict[str, Any]] = []
    if picture == "inside":
        images = [{"bufferView": buffer.view(PIXEL), "mimeType": "image/png"}]
    elif picture:
        images = [{"uri": picture}]
    pbr: dict[str, Any] = {"baseColorFactor": [1, 0, 0.5, 0.25]}
    tree: dict[str, Any] = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [
            {"name": "Group", "children": [1], "extras": {"owner": "City"}},
            {"name": "House", "mesh": 0, "children": [2], "extras": {"storeys": 2, "use": {"main": "home"}}},
            {"name": "Tower", "mesh": 0, "translation": [10, 2, 0], "scale": [1, 2, 1]},
        ],
        "meshes": [{"name": "block", "primitives": [mesh]}],
        "materials": [{"name": "red", "alphaMode": "BLEND", "pbrMetallicRoughness": pbr}],
        "accessors": buffer.accessors,
        "bufferViews": buffer.views,
        "buffers": [{"byteLength": len(buffer.data)}],
    }
    if images:
        pbr["baseColorTexture"] = {"index": 0}
        tree |= {"textures": [{"source": 0}], "images": images}
    return tree, buffer.data


def glb(tree: Mapping[str, Any], data: bytes) -> bytes:
    text = json.dumps(tree).encode()
    text += b" " * (-len(text) % 8)
    data += b"\0" * (-len(data) % 8)
    body = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(data), b"BIN\0") + data
    return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body


def dae() -> bytes:
    points = " ".join(f"{v:g}" for v in (CORNERS * 100).ravel())
    corners = " ".join(f"{i} 0" for side in SIDES for i in side)
    counts = " ".join("4" for _ in SIDES)
    return f"""<?xml version="1.0"?>
<COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1">
<asset><unit name="centimeter" meter="0.01"/><up_axis>Z_UP</up_axis></asset>
<library_effects><effect id="fx"><profile_COMMON><technique sid="t"><lambert><diffuse>
<color>0.2 0.4 0.6 1</color></diffuse></lambert></technique></profile_COMMON></effect></library_effects>
<library_materials><material id="mat" name="blue"><instance_effect url="#fx"/></material></library_materials>
<library_geometries><geometry id="box"><mesh>
<source id="p"><float_array id="pa" count="24">{points}</float_array><technique_common>
<accessor source="#pa" count="8" stride="3"/></technique_common></source>
<source id="t"><float_array id="ta" count="2">0 1</float_array><technique_common>
<accessor source="#ta" count="1" stride="2"/></technique_common></source>
<vertices id="v"><input semantic="POSITION" source="#p"/></vertices>
<polylist count="6" material="M"><input semantic="VERTEX" source="#v" offset="0"/>
<input semantic="TEXCOORD" source="#t" offset="1"/><vcount>{counts}</vcount><p>{corners}</p></polylist>
</mesh></geometry></library_geometries>
<library_visual_scenes><visual_scene id="s"><node id="n1" name="House">
<instance_geometry url="#box"><bind_material><technique_common><instance_material symbol="M" target="#mat"/>
</technique_common></bind_material></instance_geometry>
<node id="n2" name="Tower"><translate>1000 0 200</translate><rotate>0 0 1 90</rotate><scale>1 1 2</scale>
<instance_geometry url="#box"/></node></node></visual_scene></library_visual_scenes>
<scene><instance_visual_scene url="#s"/></scene></COLLADA>""".encode()


def b3dm(model: bytes, features: Mapping[str, Any], batches: Mapping[str, Any], binary: bytes = b"") -> bytes:
    first, second = json.dumps(features).encode(), json.dumps(batches).encode()
    first += b" " * (-(28 + len(first)) % 8)
    second += b" " * (-len(second) % 8)
    sizes = (len(first), 0, len(second), len(binary))
    length = 28 + sum(sizes) + len(model)
    return struct.pack("<4s6I", b"b3dm", 1, length, *sizes) + first + second + binary + model


def las(points: np.ndarray, *, classes: int = 2, count: int | None = None, epsg: int = 3879) -> bytes:
    """LAS 1.2, format 2, with the EPSG code as GeoTIFF keys."""
    keys = struct.pack("<8H", 1, 1, 0, 1, 3072, 0, 1, epsg) if epsg else b""
    record = struct.pack("<H16sHH32s", 0, b"LASF_Projection", 34735, len(keys), b"") + keys if keys else b""
    rows = np.zeros(len(points), "<i4,<i4,<i4,<u2,u1,u1,i1,u1,<u2,<u2,<u2,<u2")
    low = points.min(0) if len(points) else np.zeros(3)
    whole = np.round((points - low) / 0.01).astype("<i4")
    for axis in range(3):
        rows[f"f{axis}"] = whole[:, axis]
    rows["f3"], rows["f5"] = 7, classes
    rows["f9"], rows["f10"], rows["f11"] = 65280, 32768, 256
    offset = 227 + len(record)
    high = points.max(0) if len(points) else low
    head = struct.pack("<4sHH16sBB32s32sHHH", b"LASF", 0, 0, b"", 1, 2, b"", b"", 1, 2026, 227)
    head += struct.pack(
        "<IIBHI5I", offset, len(record) > 0, 2, 26, len(points) if count is None else count, *[0] * 5
    )
    head += struct.pack("<12d", 0.01, 0.01, 0.01, *low, high[0], low[0], high[1], low[1], high[2], low[2])
    return head + record + rows.tobytes()


def beside(folder: Path) -> None:
    """What the OBJ needs."""
    (folder / "house.mtl").write_text(MATERIALS)
    (folder / "wall.png").write_bytes(PIXEL)


def models() -> dict[str, bytes]:
    """A file of each format, by name."""
    tree, data = gltf()
    uri = "data:application/octet-stream;base64," + base64.b64encode(data).decode()
    return {
        "house.obj": obj(),
        "house.off": off(),
        "house.stl": stl(),
        "text.stl": text_stl(),
        "house.ply": ply(),
        "binary.ply": ply(binary=True),
        "house.glb": glb(tree, data),
        "house.gltf": json.dumps(tree | {"buffers": [{"byteLength": len(data), "uri": uri}]}).encode(),
        "house.dae": dae(),
    }


def mutants(data: bytes, count: int, seed: int) -> Iterator[bytes]:
    """The same bytes with a few of them changed, left out or put in, always the same ones."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        broken = bytearray(data)
        for _ in range(int(rng.integers(1, 6))):
            at = int(rng.integers(len(broken)))
            kind = int(rng.integers(4))
            if kind == 0:
                broken[at] = int(rng.integers(256))
            elif kind == 1:
                del broken[at : at + int(rng.integers(1, 20))]
            elif kind == 2:
                broken[at:at] = broken[: int(rng.integers(1, 40))]
            else:
                broken[at : at + 4] = b"\xff\xff\xff\x7f"
            if not broken:
                broken = bytearray(b" ")
        yield bytes(broken)

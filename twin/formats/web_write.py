"""Writes a page as a folder that any browser opens, without server and network."""

from __future__ import annotations

import base64
import io
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats.atomic import replace_file
from twin.model.state import Camera
from twin.model.web_page import Bounds, Hills, Patch, Solid, Step, Variant, Veil, WebPage

WEB = Path(__file__).parents[2] / "web"
"""Where the parts of the page that never change lie."""
FILES = {"index.html": "src/index.html", "style.css": "src/style.css", "viewer.js": "dist/viewer.js"}
CELL = 0.5
"""Side of a pixel of the ground. [m]"""
LARGEST = 4096
"""Side of a picture of the ground, which every graphics card takes. [px]"""
FINER = 2
"""The ground is drawn so many times finer, so that its edges are smooth."""
QUALITY = 88
NOTICES = "LICENCES.txt"


def check() -> None:
    """Raises DataError where the viewer was not made yet (`scripts/make_viewer.py`)."""
    missing = [name for name in FILES.values() if not (WEB / name).is_file()]
    if missing:
        raise DataError(
            WEB / missing[0], "", "is missing", "Make the viewer once: python3 scripts/make_viewer.py."
        )


def write(page: WebPage, folder: Path, *, progress: Callable[[float], None] = lambda _fraction: None) -> int:
    """Writes the page, and returns the size of all its files. [byte]

    Raises DataError.
    """
    check()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(folder, "", f"cannot be made: {error}", "Choose another folder.") from None
    images: dict[int, str] = {}
    tree: dict[str, Any] = {
        "title": page.title,
        "language": page.language,
        "words": dict(page.words),
        "day": page.day,
        "home": _camera(page.home),
        "bounds": list(page.bounds),
        "base": _solid(page.base),
        "scenarios": [],
        "suns": [{"hour": hour, "altitude": up, "azimuth": around} for hour, up, around in page.suns],
        "story": [_step(step) for step in page.story],
        "sources": list(page.sources),
        "crs": page.crs,
        "heights": page.heights,
        "hills": _hills(page.hills),
    }
    for number, variant in enumerate(page.variants):
        progress(number / len(page.variants))
        tree["scenarios"].append(_variant(variant, page, images))
    content = msgspec.json.encode(tree)
    # as text of a script, "</script" would end it, and so would two rare ends of lines in old browsers
    content = (
        content.replace(b"</", b"<\\/")
        .replace(b"\xe2\x80\xa8", b"\\u2028")
        .replace(b"\xe2\x80\xa9", b"\\u2029")
    )
    replace_file(folder / "data.js", b"window.TWIN = " + content + b";\n")
    for name, source in FILES.items():
        shutil.copyfile(WEB / source, folder / name)
    text = "\n".join(["Data of this page", *page.sources, "", "three.js: MIT, (c) three.js authors", ""])
    replace_file(folder / NOTICES, text.encode())
    progress(1.0)
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())


def _hills(hills: Hills | None) -> dict[str, Any] | None:
    if hills is None:
        return None
    rows, columns = hills.heights.shape
    return {"rows": rows, "columns": columns, "heights": _bytes(hills.heights.astype("<f4"))}


def _variant(variant: Variant, page: WebPage, images: dict[int, str]) -> dict[str, Any]:
    return {
        "id": variant.id,
        "title": variant.title,
        "description": variant.description,
        "gone": variant.gone.tolist(),
        "added": _solid(variant.added),
        "ground": _once(painted(variant.ground, page.bounds, page.ground), "JPEG", images),
        "trees": _bytes(variant.trees.astype("<f4")),
        "overlays": [_veil(veil, images) for veil in variant.veils],
        "figures": [list(figure) for figure in variant.figures],
    }


def _veil(veil: Veil, images: dict[int, str]) -> dict[str, Any]:
    key = veil.key
    return {
        "id": veil.id,
        "title": veil.title,
        "image": _once(veil.image, "PNG", images),
        "bounds": list(veil.bounds),
        "legend": {
            "title": key.title,
            "unit": key.unit,
            "entries": [list(entry) for entry in key.entries],
            "source": key.source,
            "note": key.note,
        },
    }


def painted(patches: tuple[Patch, ...], bounds: Bounds, colour: str) -> NDArray[np.uint8]:
    """The ground from above, north up: (rows, columns, 3)."""
    from PIL import Image, ImageDraw

    west, south, east, north = bounds
    cell = max(CELL, (east - west) / LARGEST, (north - south) / LARGEST)
    columns, rows = round((east - west) / cell), round((north - south) / cell)
    picture = Image.new("RGB", (columns * FINER, rows * FINER), colour)
    pen = ImageDraw.Draw(picture)
    scale = FINER / cell

    def points(ring: shapely.Geometry, left: int = 0, top: int = 0) -> list[tuple[float, float]]:
        at = shapely.get_coordinates(ring)
        across, down = (at[:, 0] - west) * scale - left, (north - at[:, 1]) * scale - top
        return list(zip(across.tolist(), down.tolist(), strict=True))

    for patch in patches:
        for shape, tint in zip(patch.geometry, patch.colours.tolist(), strict=True):
            for polygon in shapely.get_parts(shape):
                if polygon.geom_type != "Polygon" or polygon.is_empty:
                    continue
                if not len(polygon.interiors):
                    pen.polygon(points(polygon.exterior), fill=tuple(tint))
                    continue
                # what shows through a hole is what was there before
                low, bottom, high, top = polygon.bounds
                box = (
                    max(math.floor((low - west) * scale) - 1, 0),
                    max(math.floor((north - top) * scale) - 1, 0),
                    min(math.ceil((high - west) * scale) + 2, picture.width),
                    min(math.ceil((north - bottom) * scale) + 2, picture.height),
                )
                if box[0] >= box[2] or box[1] >= box[3]:
                    continue
                mask = Image.new("L", (box[2] - box[0], box[3] - box[1]), 0)
                cut = ImageDraw.Draw(mask)
                cut.polygon(points(polygon.exterior, *box[:2]), fill=255)
                for hole in polygon.interiors:
                    cut.polygon(points(hole, *box[:2]), fill=0)
                picture.paste(tuple(tint), box, mask)
    return np.asarray(picture.resize((columns, rows), Image.Resampling.BOX))


def _once(image: NDArray[np.uint8], kind: str, known: dict[int, str]) -> str:
    """A picture as text of its own."""
    from PIL import Image

    name = hash((image.shape, image.tobytes()))
    if name not in known:
        content = io.BytesIO()
        Image.fromarray(image).save(content, kind, quality=QUALITY, optimize=True)
        text = base64.b64encode(content.getvalue()).decode()
        known[name] = f"data:image/{kind.lower()};base64,{text}"
    return known[name]


def _solid(solid: Solid) -> dict[str, Any]:
    rows = zip(solid.titles, solid.kinds, solid.facts, strict=True)
    return {
        "positions": _bytes(solid.positions.astype("<f4")),
        "colours": _bytes(solid.colours),
        "triangles": _bytes(solid.triangles.astype("<u4")),
        "owners": _bytes(solid.owners.astype("<u4")),
        "rows": [
            {"title": title, "kind": kind, "facts": [list(pair) for pair in facts]}
            for title, kind, facts in rows
        ],
    }


def _bytes(array: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def _camera(camera: Camera | None) -> dict[str, Any] | None:
    if camera is None:
        return None
    return {"position": list(camera.position), "target": list(camera.target), "angle": camera.angle}


def _step(step: Step) -> dict[str, Any]:
    return {
        "title": step.title,
        "text": step.text,
        "scenario": step.scenario,
        "overlay": step.overlay,
        "hour": step.hour,
        "camera": _camera(step.camera),
    }

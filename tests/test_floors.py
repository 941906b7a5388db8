"""Holds the floors of the house: who may look at whom, and who may touch which library."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TWIN = Path(__file__).parent.parent / "twin"

LOOKS_AT = {
    "errors": set(),
    "model": {"errors"},
    "formats": {"errors", "model"},
    "feeds": {"errors", "model"},
    "analysis": {"errors", "model"},
    "scene": {"errors", "model", "analysis"},
    "session": {"errors", "model", "analysis", "scene"},
    "render": {"errors", "model", "scene"},
    "app": {"errors", "model", "formats", "feeds", "analysis", "scene", "session", "render"},
    "cli": {"errors", "model", "formats", "feeds", "analysis", "scene", "session", "render", "app"},
}
TOUCHES = {
    "errors": set(),
    "model": {"numpy", "shapely", "pyproj", "mapbox_earcut"},
    "formats": {
        *("numpy", "shapely", "pyproj", "lxml", "msgspec", "rasterio", "pyogrio", "platformdirs"),
        *("numba", "trimesh", "laspy", "ifcopenshell", "PIL"),
        *("osmium", "xlsxwriter", "pyarrow", "h5netcdf", "h5py", "ezdxf"),
    },
    "feeds": {
        *("numpy", "shapely", "pyproj", "msgspec", "lxml", "httpx", "paho", "keyring", "pint", "google"),
        *("pyarrow", "httpcore"),  # httpcore: what httpx opens its connections with
    },
    "analysis": {"numpy", "shapely", "scipy", "pvlib", "numba"},
    "scene": {"numpy", "shapely", "cmcrameri"},
    "session": {"distributed"},
    "render": {"numpy", "shapely", "vtkmodules"},
    "app": {"numpy", "pyqtgraph", "PySide6", "pyvistaqt", "vtkmodules"},
    "cli": {"numpy", "msgspec"},
}
MODULES = sorted(p for p in TWIN.rglob("*.py") if p.parent != TWIN or p.stem == "errors")


@cache
def imports(path: Path) -> tuple[tuple[int, str], ...]:
    """Lines and full names; kept, because two tests ask for them."""
    found = []
    for node in statements(ast.parse(path.read_text(encoding="utf-8")).body):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            module = node.module or ""
            names = [f"twin.{alias.name}" for alias in node.names] if module == "twin" else [module]
            found += [(node.lineno, name) for name in names]
    return tuple(found)


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Each with all that stand in it; what a statement is made of holds no import."""
    for statement in body:
        yield statement
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            yield from statements(getattr(statement, part, []))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(TWIN)))
def test_floor(path: Path) -> None:
    floor = path.relative_to(TWIN).parts[0].removesuffix(".py")
    for line, name in imports(path):
        top, *rest = name.split(".")
        if top == "twin":
            if rest and not rest[0].startswith("__"):
                assert rest[0] == floor or rest[0] in LOOKS_AT[floor], (
                    f"{path}:{line}: {floor} may not see {name}"
                )
        elif top not in sys.stdlib_module_names:
            assert top in TOUCHES[floor], f"{path}:{line}: {floor} may not touch {name}"


def test_every_floor_is_in_the_table() -> None:
    folders = {p.name for p in TWIN.iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert folders <= LOOKS_AT.keys()


def test_vtk_stays_in_render_and_the_canvas() -> None:
    for path in MODULES:
        touched = {name.split(".")[0] for _, name in imports(path)}
        if touched & {"pyvista", "vtkmodules", "pyvistaqt"} and path.parent.name != "render":
            assert path in {TWIN / "app" / "canvas.py", TWIN / "app" / "card_widget.py"}


def test_no_forbidden_module_names() -> None:
    assert not {p.stem for p in MODULES} & {"utils", "helpers", "common", "misc", "core"}

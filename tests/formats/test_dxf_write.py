"""Footprints as DXF, read back by the library that knows the format."""

from pathlib import Path

import pytest
import shapely
from made_cities import HELSINKI

from twin.analysis.extrude import block
from twin.formats import write_city
from twin.model.city import CityObject, from_objects

ezdxf = pytest.importorskip("ezdxf", reason="the extra [dxf] is not installed")


def test_outlines_lie_where_the_buildings_stand(tmp_path: Path) -> None:
    yard = shapely.box(0, 0, 40, 30) - shapely.box(10, 10, 30, 20)
    city = from_objects(
        HELSINKI,
        [
            CityObject("yard", "Building", -1, {}, block(yard, base=2.0, height=15.0)),
            CityObject("tower", "BuildingPart", 0, {}, block(shapely.box(0, 0, 5, 5), base=2.0, height=40.0)),
            CityObject("bridge", "Bridge", -1, {}, block(shapely.box(60, 0, 70, 5), base=5.0, height=6.0)),
        ],
    )
    path = tmp_path / "a.dxf"
    told = write_city.write(city, path, attribution="© A, CC BY 4.0", title="Asema")
    assert "3 outlines" in told[0]
    drawing = ezdxf.readfile(path)
    assert drawing.audit().errors == []
    assert dict(drawing.header.custom_vars.properties)["SOURCE"] == "© A, CC BY 4.0"
    lines = list(drawing.modelspace().query("LWPOLYLINE"))
    assert sorted(line.dxf.layer for line in lines) == ["Bridge", "Building", "Building"]
    outlines = {
        line.dxf.layer: shapely.Polygon(line.get_points("xy")) for line in lines if line.dxf.layer == "Bridge"
    }
    east, north, up = HELSINKI.origin
    assert outlines["Bridge"].equals(shapely.box(east + 60, north, east + 70, north + 5))
    areas = sorted(shapely.Polygon(line.get_points("xy")).area for line in lines)
    assert areas == pytest.approx([50, 200, 1200], abs=0.01)
    (name, high) = (lines[0].get_xdata("TWIN")[0].value, lines[0].get_xdata("TWIN")[1].value)
    assert (name, high) == ("yard", pytest.approx(38.0))
    assert lines[0].dxf.elevation == pytest.approx(2 + up)

"""Makes the project of Laajasalo in Helsinki, with ten stations that measured there in the summer of 2023.

    python scripts/make_laajasalo.py DATA OUT [--osm FILE]

DATA: a folder of open data with `sensors/helsinki_r4c_all.parquet`, `heat/helsinki/` and `vectors/helsinki/`.
OUT: a folder; `laajasalo.twin.json` comes into it. --osm: an extract of OpenStreetMap that covers Laajasalo,
for its buildings and streets; without one there are the squares of the population grid and the heat map only.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

RADIUS = 2400
"""[m]"""
CREDIT = "Forum Virium Helsinki, sensors of the R4C project, CC BY 4.0"
STATIONS = Path("heat/helsinki/sensors_vs_satellite/max_20230711_with_sat.geojson")
READINGS = Path("sensors/helsinki_r4c_all.parquet")
PEOPLE = Path("vectors/helsinki/hsy_populationgrid.json")
HEAT = Path("heat/helsinki/Urban_Heat_Exposure_Index.tif")
OWNERS = {
    "hsy_populationgrid": ("Inhabitants by squares of 250 m", "HSY, CC BY 4.0", "#ece0cb"),
    "urban_heat_exposure_index": ("Urban Heat Exposure Index", "Forum Virium Helsinki, HSY, CC BY 4.0", ""),
}
"""Id of a source to title, owner and colour; the files do not say them."""
VALUES = {"air_temperature": "temprh_temp", "relative_humidity": "temprh_rh", "battery": "batt"}
HEIGHT = "Estimated height from the ground level (m)"


def main() -> None:
    """Make it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("data", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--osm", type=Path)
    given = options.parse_args()
    missing = [name for name in (READINGS, STATIONS, PEOPLE, HEAT) if not (given.data / name).is_file()]
    if missing:
        sys.exit(f"{given.data}: has no {', '.join(map(str, missing))}.")
    given.out.mkdir(parents=True, exist_ok=True)
    project = given.out / "laajasalo.twin.json"
    features = stations(json.loads((given.data / STATIONS).read_text(encoding="utf-8")))
    longitudes, latitudes = zip(
        *(feature["geometry"]["coordinates"][:2] for feature in features), strict=True
    )
    middle = f"{(min(latitudes) + max(latitudes)) / 2:.5f},{(min(longitudes) + max(longitudes)) / 2:.5f}"
    run(
        "import", str(project), "--centre", middle, "--radius", str(RADIUS), "--name", "Laajasalo",
        "--vector", str(given.data / PEOPLE), "--raster", str(given.data / HEAT),
        *(("--osm", str(given.osm)) if given.osm else ()), "--replace",
    )  # fmt: skip
    shutil.copyfile(given.data / READINGS, given.out / "readings.parquet")
    tree = {"type": "FeatureCollection", "features": features}
    (given.out / "stations.geojson").write_text(json.dumps(tree, indent=1), encoding="utf-8")
    run(
        "feed", "add", str(project), "series", "readings.parquet", "--id", "r4c", "--title", "Laajasalo",
        "--attribution", CREDIT, "--option", 'station="dev-id"', "--option", "interval=600",
        "--option", 'stations="stations.geojson"', "--option", 'key="id"',
        "--option", f"values={json.dumps(VALUES)}",
    )  # fmt: skip
    run("sensors", str(project), "--record", "10")  # ends when the file is read
    content = json.loads(project.read_text(encoding="utf-8"))
    content["time"] = "2023-07-11T15:00"
    for source in content["sources"]:
        title, owner, colour = OWNERS.get(source["id"], ("", "", ""))
        source.update({"title": title, "attribution": owner} if title else {})
        source.update({"style": {"colour": colour}} if colour else {})
    project.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(project)


def stations(tree: dict[str, Any]) -> list[dict[str, Any]]:
    """The points of the stations, each with the id that its readings name."""
    return [
        {
            "type": "Feature",
            "geometry": feature["geometry"],
            "properties": {
                "id": feature["properties"]["dev-id"],
                "name": feature["properties"]["name"],
                "height": feature["properties"].get(HEIGHT),
            },
        }
        for feature in tree["features"]
    ]


def run(*arguments: str) -> None:
    """The program itself, as from a command line."""
    subprocess.run([sys.executable, "-m", "twin", *arguments], check=True)  # our own program


if __name__ == "__main__":
    main()

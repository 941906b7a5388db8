"""Makes assets/helsinki/sensors: two days of twelve sensors that do not exist, to try without network.

    .venv/bin/python scripts/make_synthetic_sensors.py

Every value is made up by the formulas below; the program calls them synthetic wherever they are shown.
"""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

OUT = Path(__file__).parent.parent / "assets" / "helsinki" / "sensors"
ZONE = ZoneInfo("Europe/Helsinki")
BEGIN, HOURS, EVERY = datetime(2026, 7, 14, 12, tzinfo=ZONE), 48, 30
"""EVERY: between two readings. [min]"""
PLACES = {
    "Rautatientori": (24.9446, 60.1713, 0.9, 66.0),
    "Elielinaukio": (24.93823, 60.1721, 1.2, 68.0),
    "Asema-aukio": (24.9405, 60.1707, 0.8, 69.0),
    "Kaisaniemi": (24.9465, 60.1742, -1.4, 54.0),
    "Kluuvi": (24.94764, 60.16987, 0.4, 64.0),
    "Ateneum": (24.94438, 60.17033, 0.6, 65.0),
    "Töölönlahti": (24.9350, 60.1755, -1.8, 52.0),
    "Kansalaistori": (24.9369, 60.1733, 0.1, 58.0),
    "Mannerheimintie": (24.9370, 60.1712, 1.6, 72.0),
    "Aleksanterinkatu": (24.94493, 60.1689, 0.7, 67.0),
    "Vuorikatu": (24.94907, 60.1716, 0.3, 60.0),
    "Linjat": (24.9425, 60.1752, 1.1, 63.0),
}
"""Longitude, latitude, warmer than the mean [K], usual sound level [dB]."""
SILENT_AFTER, BROKEN = 22.0, "Kluuvi"
"""Vuorikatu says nothing more after so many hours; BROKEN sends impossible values in the second afternoon."""
SEED = 7


def main() -> None:
    """Write the readings and the places of the stations."""
    OUT.mkdir(exist_ok=True)
    chance = np.random.default_rng(SEED)
    rows = []
    for step in range(HOURS * 60 // EVERY):
        when = BEGIN + timedelta(minutes=EVERY * step)
        hours = EVERY * step / 60.0
        for name, (_, _, warmer, loud) in PLACES.items():
            if name == "Vuorikatu" and hours > SILENT_AFTER:
                continue
            values = readings(when, warmer, loud, chance)
            if name == BROKEN and when.day == 15 and 13 <= when.hour < 19:
                values = (85.0, *values[1:])
            rows.append((when.isoformat(), name, *(f"{value:.1f}" for value in values)))
    with (OUT / "synthetic.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("time", "station", "air_temperature", "relative_humidity", "noise", "pm2_5"))
        out.writerows(rows)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
            "properties": {"id": name, "name": f"{name} (synthetic)", "height": 3.0},
        }
        for name, (longitude, latitude, _, _) in PLACES.items()
    ]
    tree = {"type": "FeatureCollection", "features": features}
    text = json.dumps(tree, ensure_ascii=False, indent=1) + "\n"
    (OUT / "stations.geojson").write_text(text, encoding="utf-8")


def readings(
    when: datetime, warmer: float, loud: float, chance: np.random.Generator
) -> tuple[float, float, float, float]:
    """Air temperature [°C], relative humidity [%], sound level [dB], fine particles [µg/m³] of a hot day."""
    hour = when.hour + when.minute / 60.0
    sun = max(np.sin((hour - 6.0) / 16.0 * np.pi), -0.35) if 4.0 < hour < 23.5 else -0.35
    temperature = 22.0 + 6.5 * sun + warmer * (0.6 + 0.4 * (sun < 0)) + chance.normal(0, 0.25)
    humidity = 62.0 - 2.6 * (temperature - 20.0) + chance.normal(0, 1.5)
    busy = -9.0 if hour < 5.5 else 1.5 if 7 <= hour < 9 or 15 <= hour < 18 else 0.0
    noise = loud + busy + chance.normal(0, 1.2)
    particles = 6.0 + 0.28 * (noise - 55.0) + abs(chance.normal(0, 1.4))
    return float(temperature), float(humidity), float(noise), float(max(particles, 0.5))


if __name__ == "__main__":
    main()

"""The vocabulary of observed properties: one name, one unit, what a value can be, and other names for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

DOMAINS = ("energy", "transport", "construction", "data", "governance")
"""Of the FinEst Urban Open Platform (Soe, Ruohomäki, Patzig 2022, Applied Sciences 12:700)."""


@dataclass(frozen=True, slots=True)
class ObservedProperty:
    """What can be measured."""

    id: str
    title: str
    unit: str
    """Of kept values, as it is shown; empty for counts."""
    domain: str
    lowest: float = float("-inf")
    """What is below was not measured but broken. [unit]"""
    highest: float = float("inf")
    """What is above was not measured but broken. [unit]"""
    jump: float = float("inf")
    """Further than this from the value before is a spike, unless the next value agrees. [unit]"""
    stuck: float = float("inf")
    """The same number for longer than this is a sensor that hangs. [s]"""
    names: tuple[str, ...] = ()
    """What others call it, in lower case with _ between words."""
    direction: bool = False
    """Values are angles: 359 is next to 0."""


_DAY = 86400.0
_ALL = (
    ObservedProperty(
        "air_temperature", "Air temperature", "°C", "data", -60.0, 60.0, 10.0, _DAY,
        ("temperature", "temp", "air_temp", "ta", "t2m", "temprh_temp", "ilman_lampotila",
         "ambient_temperature"),
    ),
    ObservedProperty(
        "surface_temperature", "Surface temperature", "°C", "transport", -60.0, 90.0, 20.0, _DAY,
        ("road_temperature", "tie_1", "tie_2", "surface_temp", "soil_temperature"),
    ),
    ObservedProperty(
        "relative_humidity", "Relative humidity", "%", "data", 0.0, 105.0, 40.0, 2 * _DAY,
        ("humidity", "rh", "temprh_rh", "relativehumidity", "ilman_kosteus", "hum"),
    ),
    ObservedProperty(
        "air_pressure", "Air pressure", "hPa", "data", 850.0, 1100.0, 10.0, _DAY,
        ("pressure", "atmospheric_pressure", "barometric_pressure", "p_sea", "pa"),
    ),
    ObservedProperty(
        "wind_speed", "Wind speed", "m/s", "data", 0.0, 75.0, 25.0, _DAY,
        ("windspeed", "ws", "ws_10min", "windspeedms", "keskituuli", "wind"),
    ),
    ObservedProperty(
        "wind_gust", "Wind gust", "m/s", "data", 0.0, 110.0, 40.0, _DAY, ("gust", "wg_10min", "maksimituuli"),
    ),
    ObservedProperty(
        "wind_direction", "Wind direction", "°", "data", 0.0, 360.0, stuck=2 * _DAY,
        names=("winddirection", "wd", "wd_10min", "tuulen_suunta"), direction=True,
    ),
    ObservedProperty(
        "precipitation", "Precipitation", "mm", "data", 0.0, 300.0,
        names=("rain", "rainfall", "r_1h", "rain_1h"),
    ),
    ObservedProperty(
        "global_radiation", "Global radiation", "W/m²", "energy", -10.0, 1500.0,
        names=("glob_1min", "solar_radiation", "ghi", "irradiance", "solarradiation"),
    ),
    ObservedProperty(
        "illuminance", "Illuminance", "lx", "energy", 0.0, 200000.0, names=("light", "light_level", "lux"),
    ),
    ObservedProperty(
        "pm2_5", "PM2.5", "µg/m³", "data", 0.0, 2000.0, 500.0, _DAY,
        ("pm25", "pm2.5", "pm_2_5", "pm25_concentration", "particulate_matter_2_5"),
    ),
    ObservedProperty(
        "pm10", "PM10", "µg/m³", "data", 0.0, 5000.0, 1000.0, _DAY, ("pm_10", "particulate_matter_10"),
    ),
    ObservedProperty(
        "no2", "Nitrogen dioxide", "µg/m³", "data", 0.0, 2000.0, 500.0, _DAY, ("nitrogen_dioxide",),
    ),
    ObservedProperty("ozone", "Ozone", "µg/m³", "data", 0.0, 1000.0, 300.0, _DAY, ("o3",)),
    ObservedProperty(
        "co2", "Carbon dioxide", "ppm", "construction", 250.0, 20000.0, 3000.0, _DAY,
        ("carbon_dioxide", "co2_concentration"),
    ),
    ObservedProperty(
        "noise", "Sound level", "dB", "governance", 10.0, 140.0, names=(
            "sound_level", "laeq", "noise_level", "sound_pressure_level", "sound", "db",
        ),
    ),
    ObservedProperty(
        "people_count", "People counted", "", "governance", 0.0, 1e6,
        names=("people", "pedestrians", "people_counter", "visitors", "occupancy", "persons"),
    ),
    ObservedProperty(
        "vehicle_count", "Vehicles counted", "", "transport", 0.0, 1e6,
        names=("vehicles", "traffic_volume", "intensity", "ohitukset_60min_kiintea_suunta1"),
    ),
    ObservedProperty(
        "vehicle_speed", "Vehicle speed", "km/h", "transport", 0.0, 400.0,
        names=("speed", "average_vehicle_speed", "averagevehiclespeed"),
    ),
    ObservedProperty(
        "energy", "Energy", "kWh", "energy", names=("energy_consumption", "electricity", "active_energy"),
    ),
    ObservedProperty("power", "Power", "kW", "energy", names=("active_power", "ac_power", "pv_power")),
    ObservedProperty(
        "soil_moisture", "Soil moisture", "%", "governance", 0.0, 100.0, names=("moisture",),
    ),
    ObservedProperty(
        "water_level", "Water level", "m", "governance", -50.0, 500.0, names=("waterlevel", "sea_level"),
    ),
    ObservedProperty(
        "battery", "Battery voltage", "V", "data", 0.0, 60.0, names=("batt", "battery_voltage", "vbat"),
    ),
)  # fmt: skip
OBSERVED = {observed.id: observed for observed in _ALL}
"""By id."""
UNKNOWN = ObservedProperty("unknown", "Unknown", "", "data")
"""Kept and drawn with the name and unit of its source."""
_NAMES = {name: observed.id for observed in _ALL for name in (observed.id, *observed.names)}


def observed_for(*names: str) -> str:
    """Id of the observed property that a source calls by one of the names; `unknown` when none is known.

    The first name that is known decides. Names may be texts, keys, or addresses of definitions.
    """
    for name in names:
        plain = _plain(name.rstrip("/").rpartition("/")[2].rpartition("#")[2])
        if plain in _NAMES:
            return _NAMES[plain]
    return UNKNOWN.id


def _plain(name: str) -> str:
    """Lower case with _ between words: `airTemperature`, `Air temperature` and `air-temperature` are one."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", "_", name.strip())
    return re.sub(r"[\s\-]+", "_", words).lower()

"""What sensors show at a time: good, old and bad values, means, and never a 0 nobody measured."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from twin.analysis.thresholds import alarms, passed, thresholds
from twin.feeds.heard import Teller
from twin.feeds.store import Store
from twin.formats import state_json
from twin.model.observed import OBSERVED
from twin.model.place import Place
from twin.model.sensor import Datastream, Feed, Quality, Station, columns
from twin.model.state import State
from twin.scene.sensor_marks import BAD, GOOD, STALE
from twin.scene.sensors import HEARD, marks, observed_of, sensed

HELSINKI = ZoneInfo("Europe/Helsinki")
PLACE = Place("EPSG:3879", (25496900.0, 6673200.0, 0.0), 24.944, 60.172, "Europe/Helsinki")
NOON = datetime(2026, 7, 15, 12, 0, tzinfo=HELSINKI)
AT = NOON.timestamp()


def stream(name: str, observed: str = "air_temperature", *, synthetic: bool = False) -> Datastream:
    station = Station(f"f/{name}", name.title(), 24.944, 60.172)
    return Datastream(
        f"f/{name}", station, observed, OBSERVED[observed].unit, interval=600.0, synthetic=synthetic
    )


@pytest.fixture
def teller(tmp_path: Path):
    store = Store(tmp_path / "a.observations.sqlite")
    store.describe(
        [stream("fresh"), stream("old"), stream("broken"), stream("silent"), stream("wet", "noise")]
    )
    store.add(
        columns(
            [
                ("f/fresh", AT - 3600, AT, 26.0, 0),
                ("f/fresh", AT - 60, AT, 28.0, 0),
                ("f/old", AT - 7200, AT, 21.0, 0),
                ("f/broken", AT - 60, AT, 999.0, Quality.RANGE),
                ("f/wet", AT - 60, AT, 70.0, 0),
            ]
        )
    )
    yield Teller(store, PLACE, [Feed("f", "series", "a.csv", attribution="Somebody, CC0")])
    store.close()


def test_each_sensor_says_whether_it_can_be_trusted(teller: Teller) -> None:
    heard = teller.heard()
    found = sensed(heard, "air_temperature", AT)
    of = {heard.streams[number].id: row for row, number in enumerate(found.streams)}
    status = {name: int(found.status[row]) for name, row in of.items()}
    assert status == {"f/fresh": GOOD, "f/old": STALE, "f/broken": BAD, "f/silent": BAD}
    labels = {name: found.labels[row] for name, row in of.items()}
    assert labels["f/fresh"] == "28.0 °C !"  # above a threshold
    assert labels["f/old"] == "21.0 °C, 2 h ago"
    assert labels["f/broken"] == "impossible"
    assert labels["f/silent"] == "none yet"


def test_what_is_bad_has_no_value_and_no_bar(teller: Teller) -> None:
    found = sensed(teller.heard(), "air_temperature", AT)
    bad = found.status == BAD
    assert np.isnan(found.values[bad]).all()
    assert (found.heights[bad] == 0).all()


def test_an_earlier_time_shows_what_was_then(teller: Teller) -> None:
    found = sensed(teller.heard(), "air_temperature", AT - 3000)
    assert "26.0 °C" in found.labels


def test_a_range_shows_means_of_good_values(teller: Teller) -> None:
    found = sensed(teller.heard(), "air_temperature", AT, 2.0)
    assert "mean 27.0 °C" in found.labels
    assert found.labels.count("no value") == 2


def test_the_property_of_most_sensors_is_shown_at_first_and_another_when_chosen(teller: Teller) -> None:
    state = State("today", NOON)
    heard = teller.heard()
    assert observed_of(heard, state) == "air_temperature"
    assert observed_of(heard, replace(state, observed="noise")) == "noise"
    assert observed_of(heard, replace(state, observed="pm10")) == "air_temperature"


def test_sensors_are_asked_for_and_hidden_as_a_layer(teller: Teller) -> None:
    heard, wanted = teller.heard(), []
    state = State("today", NOON)
    assert marks(state, {HEARD: heard}, None, wanted, []) == (None, None)
    (request,) = wanted
    results = {HEARD: heard, request.key: request.function(*request.inputs)}
    item, legend = marks(state, results, None, [], [])
    assert item is not None
    assert legend is not None
    assert "FMI" in legend.note
    assert legend.source == "Somebody, CC0"
    assert marks(replace(state, hidden=frozenset({"sensors"})), results, None, [], []) == (None, None)


def test_made_up_values_are_called_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "b.observations.sqlite")
    store.describe([stream("x", synthetic=True)])
    heard = Teller(store, PLACE, [Feed("f", "series", "a.csv", title="Demo", synthetic=True)]).heard()
    results = {HEARD: heard}
    wanted = []
    marks(State("today", NOON), results, None, wanted, [])
    results[wanted[0].key] = wanted[0].function(*wanted[0].inputs)
    _, legend = marks(State("today", NOON), results, None, [], [])
    assert legend is not None
    assert "synthetic" in legend.title
    assert "ynthetic" in legend.source
    store.close()


def test_thresholds_rise_and_alarms_name_their_source() -> None:
    for rows in thresholds().values():
        values = [row.above for row in rows]
        assert values == sorted(set(values))
        assert all(row.source for row in rows if row.alarm)
        levels = [row.alarm for row in rows if row.alarm]
        assert levels == sorted(levels)


def test_a_value_at_a_threshold_is_not_above_it() -> None:
    assert passed("air_temperature", 27.0) is None
    found = passed("air_temperature", 30.5)
    assert found is not None
    assert "level 2" in found.source


def test_only_good_and_fresh_readings_raise_alarms(teller: Teller) -> None:
    heard = teller.heard()
    found = alarms(heard, heard.latest([stream.id for stream in heard.streams], AT))
    assert [(each.stream.id, each.threshold.alarm) for each in found] == [("f/wet", 2), ("f/fresh", 1)]


def test_sensors_of_a_state_survive_json() -> None:
    state = State(
        "today", NOON, observed="noise", sensor_bars=True, time_mode="range", time_range=6.0, charted=("f/a",)
    )
    assert state_json.decode(state_json.encode(state), HELSINKI) == state
    assert state_json.decode({"scenario": "today", "time": "2026-07-15T12:00:00+03:00"}, HELSINKI) == State(
        "today", NOON
    )


def test_a_store_that_grows_is_asked_anew(teller: Teller) -> None:
    first, second = teller.heard(), teller.heard()
    at = AT + timedelta(minutes=1).total_seconds()
    assert first is not second
    assert sensed(first, "noise", at).labels == sensed(second, "noise", at).labels

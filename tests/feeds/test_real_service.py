"""A real SensorThings service: what it holds and pushes, and ten real stations at a thousand times the speed.

All tests of it stand here, so that only one process starts it.
"""

import itertools
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bridge import Bridge
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion
from real_servers import Broker, Service
from test_receiver import sender, settled, until
from test_sensorthings import AREA, NINE, QUICK

from twin.feeds.net import Net
from twin.feeds.receiver import Receiver
from twin.feeds.sensorthings import SensorThings
from twin.feeds.sources import runs
from twin.feeds.store import Store
from twin.model.sensor import Feed, Quality

SPEED = 1000.0
BEGIN, HOURS = datetime(2023, 7, 11, 6, tzinfo=UTC), 0.75
"""Of the summer's day that is loaded: what passes of it in two seconds, after what is read at first."""
READ = 900.0
"""What the service holds before. [s]"""
EAST = (26.9, 60.1, 27.1, 60.3)
"""Where the service has nothing of other tests."""


def fill(service: Service, name: str, longitude: float, results: list[float]) -> str:
    """A Thing with temperatures every ten minutes from nine; the id of its Datastream."""
    stream, feature = service.station(name, longitude)
    minutes = [f"2023-07-11T{9 + n // 6:02d}:{n % 6}0:00Z" for n in range(len(results))]
    service.observe(stream, feature, zip(minutes, results, strict=True))
    return stream


def readings(path: Path) -> list[tuple[str, float, float]]:
    """Device, moment and temperature of all that was measured in the time that is watched."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="twin[parquet] is not installed")
    rows = parquet.read_table(path, columns=["dev-id", "time", "temprh_temp"]).to_pylist()
    end = BEGIN.timestamp() + HOURS * 3600.0
    found = [(row["dev-id"], row["time"].timestamp(), row["temprh_temp"]) for row in rows]
    return sorted(
        (row for row in found if BEGIN.timestamp() <= row[1] < end and row[2] is not None),
        key=lambda row: row[1],
    )


def stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()


def create(service: Service, known: dict[str, tuple[str, str]], rows: list[tuple[str, float, float]]) -> None:
    """Post observations, a batch for each device."""
    for device, group in itertools.groupby(sorted(rows), key=lambda row: row[0]):
        service.observe(*known[device], [(stamp(when), value) for _, when, value in group])


def test_a_real_service_gives_streams_of_the_area_and_all_observations(service: Service) -> None:
    results = [20.0 + n / 10 for n in range(60)]
    inside = fill(service, "Inside", 25.0, results)
    fill(service, "Outside", 26.0, [1.0])
    with Net(limits=QUICK) as net:
        client = SensorThings(net, service.url + "/", "r4c")
        streams = {stream.station.title: stream for stream in client.datastreams(AREA)}
        assert "Outside" not in streams
        found = streams["Inside"]
        assert (found.id, found.observed, found.unit) == (f"r4c/{inside}", "air_temperature", "°C")
        assert (found.station.longitude, found.station.latitude) == (25.0, 60.2)
        assert (found.interval, found.source_unit) == (600.0, "degree Celsius")
        assert "Outside" in {stream.station.title for stream in client.datastreams()}
        readings = [reading for page in client.observations(found.id) for reading in page]
        assert [reading.result for reading in readings] == results
        assert [reading.time for reading in readings] == [NINE + 600 * n for n in range(60)]
        later = [r for page in client.observations(found.id, NINE + 600 * 57) for r in page]
        assert [r.result for r in later] == pytest.approx(results[58:])
        until = [r for page in client.observations(found.id, NINE, NINE + 1200) for r in page]
        assert [r.result for r in until] == pytest.approx(results[1:3])
        assert client.topic(found.id) == f"v1.1/Datastreams('{inside}')/Observations"


def test_a_real_service_is_read_and_then_pushes(service: Service, broker: Broker, tmp_path: Path) -> None:
    own = fill(service, "Pushed", 25.05, [20.0, 20.5, 21.0])
    store = Store(tmp_path / "a.sqlite")
    feed = Feed("sta", "sensorthings", service.url, options={"history": 0, "mqtt": broker.url})
    receiver = Receiver(store, area=(25.04, 60.1, 25.06, 60.3))
    receiver.start(runs([feed], None))
    stream = f"sta/{own}"
    until(lambda: len(store.series([stream])[stream]) == 3 and receiver.hearings[0].state == "")
    client = sender(broker)
    bridge = Bridge(service.url, lambda topic, payload: client.publish(topic, payload, qos=1))
    half_past = {"phenomenonTime": "2023-07-11T09:30:00Z", "resultTime": "2023-07-11T09:30:00Z"}
    service.post("Observations", {**half_past, "Datastream": {"@iot.id": own}, "result": 21.5})
    assert (bridge.pass_on(), bridge.pass_on()) == (1, 0)
    bridge.close()
    until(lambda: len(store.series([stream])[stream]) == 4)
    assert store.series([stream])[stream].values.tolist() == [20.0, 20.5, 21.0, 21.5]
    assert store.span() == (NINE, NINE + 1800)
    client.loop_stop()
    receiver.close()
    again = Receiver(store, area=AREA)
    again.start(runs([Feed("sta", "sensorthings", service.url, options={"history": 0, "once": True})], None))
    until(lambda: again.hearings[0].state == "" and settled(again))
    assert again.hearings[0].added.aside == 0
    again.close()
    store.close()


def test_real_stations_are_watched_at_a_thousand_times_the_speed(
    service: Service, broker: Broker, shared_data: Path, tmp_path: Path
) -> None:
    rows = readings(shared_data / "sensors" / "helsinki_r4c_all.parquet")
    devices = sorted({row[0] for row in rows})
    assert len(devices) == 10
    known = {device: service.station(device, 26.95 + 0.01 * number) for number, device in enumerate(devices)}
    before = [row for row in rows if row[1] < BEGIN.timestamp() + READ]
    create(service, known, before)

    store = Store(tmp_path / "a.sqlite")
    receiver = Receiver(store, area=EAST)
    options = {"history": 0, "mqtt": broker.url}
    receiver.start(runs([Feed("r4c", "sensorthings", service.url, options=options)], None))
    until(lambda: receiver.hearings[0].added.new == len(before))
    until(lambda: receiver.hearings[0].state == "")

    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    bridge = Bridge(service.url, lambda topic, payload: client.publish(topic, payload, qos=1), area=EAST)
    left, passed, began = rows[len(before) :], 0, time.monotonic()
    while left:
        now = BEGIN.timestamp() + READ + (time.monotonic() - began) * SPEED
        due = [row for row in left if row[1] <= now]
        left = left[len(due) :]
        if due:
            create(service, known, due)
            passed += bridge.pass_on()
    spent = time.monotonic() - began
    until(lambda: receiver.hearings[0].added.new == len(rows))
    assert passed == len(rows) - len(before)
    assert spent >= (HOURS * 3600.0 - READ - 600) / SPEED
    for device in devices:
        stream = f"r4c/{known[device][0]}"
        found = store.series([stream])[stream]
        real = [(when, value) for name, when, value in rows if name == device]
        assert found.times.tolist() == pytest.approx([when for when, _ in real])
        assert found.values.tolist() == pytest.approx([value for _, value in real])
        # they are years old, and yet no clock is wrong: each follows what came before it
        assert Quality.ANCIENT not in found.quality
    bridge.close()
    client.loop_stop()
    receiver.close()
    store.close()

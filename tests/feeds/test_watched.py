"""Ten real stations in a real SensorThings service, watched live at a thousand times the speed."""

import itertools
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bridge import Bridge
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion
from real_servers import Broker, Service
from test_receiver import until

from twin.feeds.receiver import Receiver
from twin.feeds.sources import runs
from twin.feeds.store import Store
from twin.model.sensor import Feed, Quality

SPEED = 1000.0
BEGIN, HOURS = datetime(2023, 7, 11, 6, tzinfo=UTC), 0.75
"""Of the summer's day that is loaded: what passes of it in two seconds, after what is read at first."""
READ = 900.0
"""What the service holds before. [s]"""
AREA = (26.9, 60.1, 27.1, 60.3)
"""Where the service has nothing of other tests."""


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
    receiver = Receiver(store, area=AREA)
    options = {"history": 0, "mqtt": broker.url}
    receiver.start(runs([Feed("r4c", "sensorthings", service.url, options=options)], None))
    until(lambda: receiver.hearings[0].added.new == len(before))
    until(lambda: receiver.hearings[0].state == "")

    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    bridge = Bridge(service.url, lambda topic, payload: client.publish(topic, payload, qos=1), area=AREA)
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

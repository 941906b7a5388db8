"""Feeds in threads: a real broker that is killed, and full disks."""

import json
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion
from real_servers import Broker

from twin.errors import DataError, TwinError
from twin.feeds.intake import Reading
from twin.feeds.receiver import Ear, Receiver
from twin.feeds.sources import run_of, runs
from twin.feeds.store import Store
from twin.model.sensor import Datastream, Feed, Quality, Station

LORA = Feed(
    "lora",
    "mqtt",
    "",
    options={
        "topics": ["lab/+/up"],
        "device": "topic:1",
        "time": "t",
        "values": {"air_temperature": "v.temp", "co2": {"path": "v.co2", "unit": "ppm"}},
        "devices": {"d1": {"title": "Yard", "longitude": 25.0, "latitude": 60.2, "interval": 60}},
    },
)


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for what other threads do."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it did not come about in time"
        threading.Event().wait(0.01)


def sender(broker: Broker) -> paho.Client:
    made = paho.Client(CallbackAPIVersion.VERSION2)
    made.reconnect_delay_set(1, 1)
    made.max_inflight_messages_set(500)
    made.connect("127.0.0.1", broker.port)
    made.loop_start()
    return made


def message(number: int, **more: Any) -> bytes:
    return json.dumps({"t": 1.7e9 + number, "v": {"temp": 20 + number % 7 / 10, **more}}).encode()


def listening(store: Store, broker: Broker) -> Receiver:
    made = Receiver(store)
    feed = Feed("lora", "mqtt", broker.url, options=LORA.options)
    made.start(runs([feed], None))
    until(lambda: made.hearings[0].state == "")
    return made


def settled(receiver: Receiver) -> bool:
    return receiver.waiting == 0


def test_messages_of_a_real_broker_are_kept_with_both_times(broker: Broker, tmp_path: Path) -> None:
    store = Store(tmp_path / "a.sqlite")
    receiver, client = listening(store, broker), sender(broker)
    before = time.time()
    client.publish("lab/d1/up", message(0, co2=420), qos=1)
    client.publish("lab/d1/up", message(1, co2=None), qos=1)
    client.publish("lab/d2/up", b"not json", qos=1)
    client.publish("lab/d2/up", b'{"v": {"temp": "offline"}, "t": 1700000000}', qos=1)
    until(lambda: receiver.hearings[0].added.new == 5)
    streams = {stream.id: stream for stream in store.datastreams()}
    assert streams["lora/d1/co2"].station == Station(
        "lora/d1", "Yard", 25.0, 60.2, streams["lora/d1/co2"].station.height
    )
    found = store.series(["lora/d1/co2"])["lora/d1/co2"]
    assert found.values[0] == 420
    assert found.quality.tolist() == [Quality.ANCIENT, Quality.MISSING]
    assert (found.times == [1.7e9, 1.7e9 + 1]).all()
    assert (found.arrivals >= before).all()
    assert store.series(["lora/d2/air_temperature"])["lora/d2/air_temperature"].quality[0] == Quality.TEXT
    assert receiver.hearings[0].refused == 1
    client.loop_stop()
    receiver.close()
    store.close()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_no_message_is_lost_when_the_broker_goes(broker: Broker, tmp_path: Path, how: int) -> None:
    """A broker that is killed forgets what it has just taken, so it holds nothing then."""
    store = Store(tmp_path / "a.sqlite")
    receiver, client = listening(store, broker), sender(broker)
    stream = "lora/d1/air_temperature"
    for number in range(200):
        client.publish("lab/d1/up", message(number), qos=1)
    if how == signal.SIGKILL:
        until(lambda: receiver.hearings[0].added.new == 200)
    broker.kill(how)
    until(lambda: receiver.hearings[0].state != "")
    for number in range(200, 250):  # the sender keeps them until the broker is back
        client.publish("lab/d1/up", message(number), qos=1)
    broker.start()
    back = time.monotonic()
    until(lambda: receiver.hearings[0].state == "")
    assert time.monotonic() - back < 5.5
    until(lambda: len(store.series([stream])[stream]) == 250)
    until(lambda: settled(receiver))
    assert receiver.hearings[0].lost == 0
    client.loop_stop()
    receiver.close()
    store.close()


def test_what_comes_while_the_program_is_away_is_heard_later(broker: Broker, tmp_path: Path) -> None:
    store = Store(tmp_path / "a.sqlite")
    listening(store, broker).close()
    client = sender(broker)
    for number in range(30):
        client.publish("lab/d1/up", message(number), qos=1).wait_for_publish(10)
    receiver = listening(store, broker)
    until(lambda: len(store.series(["lora/d1/air_temperature"])["lora/d1/air_temperature"]) == 30)
    client.loop_stop()
    receiver.close()
    store.close()


def test_a_retained_message_of_long_ago_is_no_wrong_clock(broker: Broker, tmp_path: Path) -> None:
    client = sender(broker)
    client.publish("lab/d1/up", message(0), qos=1, retain=True).wait_for_publish(10)
    store = Store(tmp_path / "a.sqlite")
    receiver = listening(store, broker)
    until(lambda: receiver.hearings[0].added.new == 1)
    found = store.series(["lora/d1/air_temperature"])["lora/d1/air_temperature"]
    assert found.quality.tolist() == [Quality.GOOD]
    assert store.latest(["lora/d1/air_temperature"]).stale.tolist() == [True]
    client.loop_stop()
    receiver.close()
    store.close()


def test_a_feed_that_fails_says_why_and_the_others_go_on(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.sqlite")
    receiver = Receiver(store)
    stream = Datastream("good/t", Station("good", "Good", 25.0, 60.2), "air_temperature", "°C")

    def broken(ear: Ear) -> None:
        raise ValueError("a fault of ours")

    def good(ear: Ear) -> None:
        ear.hear([Reading("good/t", 1.7e9, 20.0)], [stream])
        ear.tell("")

    receiver.start([(Feed("bad", "x", ""), broken), (Feed("good", "x", ""), good)])
    until(lambda: receiver.hearings[1].added.new == 1)
    assert "unexpected ValueError: a fault of ours" in receiver.hearings[0].state
    receiver.close()
    store.close()


def test_a_full_disk_is_waited_for_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "a.sqlite")
    stream = Datastream("f/t", Station("f/s", "S", 25.0, 60.2), "air_temperature", "°C")
    real, full, kept = store.add, threading.Event(), threading.Event()
    full.set()

    def add(batch: Any) -> Any:
        if full.is_set():
            raise DataError(store.path, "", "cannot be written: the disk is full")
        return real(batch)

    monkeypatch.setattr(store, "add", add)
    receiver = Receiver(store)

    def run(ear: Ear) -> None:
        ear.hear([Reading("f/t", 1.7e9, 20.0)], [stream], kept=kept.set)

    receiver.start([(Feed("f", "x", ""), run)])
    until(lambda: "disk is full" in receiver.problem)
    assert not kept.is_set()
    full.clear()
    assert kept.wait(10)
    until(lambda: receiver.problem == "")
    assert receiver.hearings[0].lost == 0
    receiver.close()
    store.close()


@pytest.mark.parametrize(
    ("feed", "said"),
    [
        (Feed("f", "telepathy", "x"), "'telepathy' is not known"),
        (Feed("f", "mqtt", "mqtt://a"), "missing required field `topics`"),
        (
            Feed("f", "mqtt", "mqtt://a", options={"topics": ["a"], "password": "x"}),
            "unknown field `password`",
        ),
        (Feed("f", "sensorthings", "http://a", options={"every": 0}), "every is 1 to 86400"),
        (Feed("f", "sensorthings", "http://a", options={"evry": 5}), "unknown field `evry`"),
    ],
)
def test_options_are_checked_before_anything_is_heard(feed: Feed, said: str) -> None:
    with pytest.raises(TwinError, match=said):
        run_of(feed, None)

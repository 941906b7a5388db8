"""Measures how sensors are heard and kept: `.venv/bin/python scripts/bench_sensors.py [flood|kills|store]`.

Needs the mosquitto broker for the first two. Says what was asked, what was measured, and whether it is so.
"""

from __future__ import annotations

import json
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "feeds"))

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion
from real_servers import Broker

from twin.feeds.receiver import Receiver
from twin.feeds.sources import runs
from twin.feeds.store import Store
from twin.model.sensor import Datastream, Feed, Observations, Station

SECONDS, RATE, DEVICES, KILLS = 60, 1000, 100, 20
STREAMS, ROWS = 1000, 10_000
START = time.time()
OPTIONS = {"topics": ["lab/+"], "device": "topic:1", "time": "t", "values": {"air_temperature": "v"}}


def main(asked: list[str]) -> None:
    """Measure what is asked for, or all."""
    chosen = {"flood": flood, "kills": kills, "store": store}
    for name, measure in chosen.items():
        if not asked or name in asked:
            with tempfile.TemporaryDirectory(prefix="bench-sensors-") as folder:
                measure(Path(folder))


def flood(folder: Path) -> None:
    """1,000 observations a second for a minute."""
    broker, kept, receiver, client = started(folder, careful=False)
    before, late = memory(), list[float]()
    stop = threading.Event()

    def look() -> None:  # as a window does, ten times a second
        while not stop.wait(0.1):
            began = time.perf_counter()
            _ = receiver.hearings, receiver.version
            kept.latest([f"lab/d{n}/air_temperature" for n in range(DEVICES)])
            late.append(time.perf_counter() - began)

    watcher = threading.Thread(target=look)
    watcher.start()
    began = time.monotonic()
    sent = SECONDS * RATE
    subprocess.run([sys.executable, __file__, "--send", str(broker.port)], check=True)
    sending = time.monotonic() - began
    complete = wait(lambda: total(kept) == sent, 60)
    stop.set()
    watcher.join()
    hearing = receiver.hearings[0]
    print(f"flood: {sent} sent in {sending:.1f} s, {total(kept)} kept, {hearing.lost} lost, all: {complete}")
    print(f"  behind by {time.monotonic() - began - sending:.1f} s at the end; goal: none lost")
    print(
        f"  a look at {DEVICES} streams: median {1e3 * np.median(late):.1f}, worst {1e3 * max(late):.1f} ms"
    )
    print(f"  memory grew by {memory() - before:.1f} MiB; goal: < 20 MiB")
    ended(broker, kept, receiver, client)


def send(port: int) -> None:
    """What floods, in a process of its own."""
    client = sender(port)
    began, sent = time.monotonic(), 0
    while sent < SECONDS * RATE:
        due = min(int((time.monotonic() - began) * RATE), SECONDS * RATE)
        for number in range(sent, due):
            last = client.publish(f"lab/d{number % DEVICES}", message(number), qos=1)
        sent = due
        time.sleep(0.01)
    last.wait_for_publish(60)
    client.disconnect()
    client.loop_stop()


def kills(folder: Path) -> None:
    """A broker that is ended 20 times while messages come, every other time without a word."""
    broker, kept, receiver, client = started(folder)
    sent, back = 0, list[float]()

    def more(count: int) -> int:
        for number in range(sent, sent + count):
            client.publish(f"lab/d{number % DEVICES}", message(number), qos=1)
        return sent + count

    for turn in range(KILLS):
        sent = more(200)
        sudden = turn % 2 == 0
        if sudden:  # what a killed broker has just taken is lost by the broker, so it holds nothing then
            wait(lambda count=sent: total(kept) == count, 30)
        broker.kill(signal.SIGKILL if sudden else signal.SIGTERM)
        wait(lambda: receiver.hearings[0].state != "", 30)
        sent = more(50)
        broker.start()
        up = time.monotonic()
        wait(lambda: receiver.hearings[0].state == "", 30)
        back.append(time.monotonic() - up)
    wait(lambda: total(kept) == sent, 60)
    print(f"kills: {KILLS} times; {sent} sent, {total(kept)} kept, {receiver.hearings[0].lost} lost")
    print(f"  back after median {np.median(back):.1f}, worst {max(back):.1f} s; goal: <= 5 s, none lost")
    ended(broker, kept, receiver, client)


def store(folder: Path) -> None:
    """10 million rows."""
    kept = Store(folder / "a.sqlite")
    station = Station("f/s", "S", 25.0, 60.2)
    streams = [Datastream(f"f/{n}", station, "air_temperature", "°C", interval=600) for n in range(STREAMS)]
    kept.describe(streams)
    times = np.arange(ROWS) * 600.0 + 1.7e9
    began = time.perf_counter()
    for stream in streams:
        rows, good = np.zeros(ROWS, np.int32), np.zeros(ROWS, np.uint8)
        kept.add(Observations((stream.id,), rows, times, times + 2.0, times % 30, good))
    spent = time.perf_counter() - began
    size = (folder / "a.sqlite").stat().st_size / 2**20
    print(f"store: {STREAMS * ROWS / 1e6:.0f} million rows written in {spent:.0f} s, {size:.0f} MiB")
    names = [stream.id for stream in streams]
    week = 7 * 86400.0
    asked = {
        "100 streams over a week (goal <= 200 ms)": lambda n: kept.series(
            names[n * 100 : n * 100 + 100], times[n * 500], times[n * 500] + week
        ),
        "1 stream, all of it": lambda n: kept.series(names[n : n + 1]),
        "what 500 streams showed at a moment": lambda n: kept.latest(names[:500], times[n * 900]),
        "first and last time of all": lambda _n: kept.span(),
    }
    for name, ask in asked.items():
        spents = []
        for turn in range(9):
            began = time.perf_counter()
            ask(turn)
            spents.append(1e3 * (time.perf_counter() - began))
        print(f"  {name}: first {spents[0]:.0f}, median {np.median(spents):.0f}, worst {max(spents):.0f} ms")
    kept.close()


def started(folder: Path, *, careful: bool = True) -> tuple[Broker, Store, Receiver, paho.Client]:
    """A broker, one who hears it, and one who sends."""
    broker, kept = Broker(folder, careful=careful), Store(folder / "a.sqlite")
    receiver = Receiver(kept)
    receiver.start(runs([Feed("lab", "mqtt", broker.url, options=OPTIONS)], None))
    assert wait(lambda: receiver.hearings[0].state == "", 20)
    client = sender(broker.port)
    return broker, kept, receiver, client


def sender(port: int) -> paho.Client:
    """One who sends."""
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.reconnect_delay_set(1, 1)
    client.max_inflight_messages_set(1000)
    client.on_socket_open = lambda _c, _d, made: made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.connect("127.0.0.1", port)
    client.loop_start()
    return client


def ended(broker: Broker, kept: Store, receiver: Receiver, client: paho.Client) -> None:
    """Let go of all."""
    client.loop_stop()
    receiver.close()
    kept.close()
    broker.kill()


def message(number: int) -> bytes:
    """A reading of its own moment, a millisecond after the one before."""
    moment = START + number / 1000
    return json.dumps({"t": moment, "v": number % 30}).encode()


def total(kept: Store) -> int:
    """How many observations there are."""
    return sum(len(series) for series in kept.series([s.id for s in kept.datastreams()]).values())


def wait(true: Callable[[], bool], seconds: float) -> bool:
    """Whether it came about in time."""
    ends = time.monotonic() + seconds
    while not true():
        if time.monotonic() > ends:
            return False
        time.sleep(0.05)
    return True


def memory() -> float:
    """Most that this process has held. [MiB]"""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if sys.argv[1:2] == ["--send"]:
        send(int(sys.argv[2]))
    else:
        main(sys.argv[1:])

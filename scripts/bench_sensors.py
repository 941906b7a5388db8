"""Measures how sensors are heard, kept and shown, and prints the goal beside each figure.

    .venv/bin/python scripts/bench_sensors.py [flood|kills|window|store|chart|play …]

Needs the mosquitto broker for the first three, a display for `window`, `chart` and `play` (`xvfb-run -s
"-screen 0 1920x1200x24" …` where there is none), and an otherwise idle machine.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "feeds"))

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion
from real_servers import Broker

from twin.feeds.receiver import Receiver
from twin.feeds.sources import runs
from twin.feeds.store import Store
from twin.feeds.store_file import beside
from twin.model.sensor import Datastream, Feed, Observations, Station
from twin.scene.sensors import heard_of

SECONDS, RATE, DEVICES, KILLS = 60, 1000, 100, 20
STREAMS, ROWS = 1000, 10_000
STATIONS, HOURS = 500, 365 * 24
PLAYED = 10.0
"""Time passes for so long. [s]"""
PROJECT = Path(__file__).resolve().parents[1] / "assets" / "helsinki.twin.json"
START = time.time()
OPTIONS = {"topics": ["lab/+"], "device": "topic:1", "time": "t", "values": {"air_temperature": "v"}}


def main(asked: list[str]) -> None:
    """Measure what is asked for, or all."""
    chosen = {"flood": flood, "kills": kills, "window": window, "store": store, "chart": chart, "play": play}
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
    print(f"flood: {sent} sent in {sending:.1f} s, {total(kept)} kept, all: {complete}")
    print(f"  {hearing.received} came, {hearing.added}, {hearing.refused} refused, {hearing.lost} lost")
    print(f"  behind by {time.monotonic() - began - sending:.1f} s at the end; goal: none lost")
    print(
        f"  a look at {DEVICES} streams: median {1e3 * np.median(late):.1f}, worst {1e3 * max(late):.1f} ms"
    )
    print(f"  memory grew by {memory() - before:.1f} MiB; goal: < 20 MiB")
    ended(broker, kept, receiver, client)


def send(port: int) -> None:
    """What floods, in a process of its own."""
    client = sender(port)
    acknowledged = [0]

    def count(*_: object) -> None:
        acknowledged[0] += 1

    client.on_publish = count
    began, sent = time.monotonic(), 0
    while sent < SECONDS * RATE:
        due = min(int((time.monotonic() - began) * RATE), SECONDS * RATE)
        for number in range(sent, due):
            client.publish(f"lab/d{number % DEVICES}", message(number), qos=1)
        sent = due
        time.sleep(0.01)
    wait(lambda: acknowledged[0] == sent, 60)
    print(f"  sender: {sent} sent in {time.monotonic() - began:.1f} s, the broker took {acknowledged[0]}")
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


def window(folder: Path) -> None:
    """The same flood, in a window that follows it."""
    from PySide6.QtCore import QTimer

    broker = Broker(folder, careful=False)
    feed = {"id": "lab", "kind": "mqtt", "url": broker.url, "options": {**OPTIONS, "devices": places()}}
    made = opened(copied(folder, [feed]))
    made.actions_by_id["live"].trigger()
    spin(lambda: heard_well(made), 20)
    frames, late = [], list[float]()
    made.viewport.drawn.connect(lambda: frames.append(time.monotonic()))
    expected = [time.monotonic() + 0.01]

    def tick() -> None:
        now = time.monotonic()
        late.append(max(now - expected[0], 0.0))
        expected[0] = now + 0.01

    clock = QTimer(interval=10)
    clock.timeout.connect(tick)
    clock.start()
    before = memory()
    with subprocess.Popen([sys.executable, __file__, "--send", str(broker.port)]) as process:
        spin(lambda: process.poll() is not None, SECONDS + 90)
    receiver = made.sensors._receiver
    spin(lambda: receiver.hearings[0].added.new == SECONDS * RATE, 60)
    clock.stop()
    p = np.percentile(late, [50, 95, 99]) * 1e3
    print(
        f"window: {receiver.hearings[0].added.new} of {SECONDS * RATE} kept, {receiver.hearings[0].lost} lost"
    )
    print(
        f"  late by median {p[0]:.0f}, p95 {p[1]:.0f}, p99 {p[2]:.0f}, worst {1e3 * max(late):.0f} ms; "
        f"goal: <= 100 ms; {len(frames) / (SECONDS):.1f} pictures/s"
    )
    print(f"  memory grew by {memory() - before:.0f} MiB")
    closed(made)
    broker.kill()


def chart(folder: Path) -> None:
    """Curves of eight of 500 stations over a year, from the click to the picture."""
    from PySide6.QtWidgets import QApplication

    from twin.app.chart_panel import ChartPanel
    from twin.app.sensor_time import counted
    from twin.feeds.heard import Teller
    from twin.formats.open_project import first_state, open_project
    from twin.scene.sensors import HEARD
    from twin.session.sensor_commands import chart_only
    from twin.session.session import Session

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    kept = Store(folder / "a.sqlite")
    year(kept)
    project = open_project(PROJECT)
    session = Session(project, first_state(project))
    began = time.perf_counter()
    heard = Teller(kept, project.place, ()).heard()
    print(f"chart: {STATIONS} stations, {STATIONS * HOURS / 1e6:.1f} million values; ", end="")
    print(f"all is told in {1e3 * (time.perf_counter() - began):.0f} ms")
    session.bring(HEARD, heard)
    panel = ChartPanel(session, lambda *_: None)
    session.changed.connect(panel.refresh)
    panel.resize(1280, 300)
    panel.show()
    ids, spents = [stream.id for stream in heard.streams], []
    for turn in range(9):
        began = time.perf_counter()
        session.do(chart_only, tuple(ids[turn * 8 : turn * 8 + 8]))
        app.processEvents()
        panel.plot.viewport().repaint()
        spents.append(1e3 * (time.perf_counter() - began))
    print(f"  8 curves of a year: first {spents[0]:.0f}, median {np.median(spents):.0f} ms; goal: <= 300 ms")
    began = time.perf_counter()
    counted(heard, "air_temperature", progress=lambda _f: None)
    print(f"  strip of all values, beside the window: {1e3 * (time.perf_counter() - began):.0f} ms")
    panel.close()
    session.close()
    kept.close()


def play(folder: Path) -> None:
    """Time passes over 500 stations, in a window of 1280 x 720."""
    path = copied(folder, [])
    kept = Store(beside(path))
    year(kept)
    kept.close()
    made = opened(path)
    spin(lambda: heard_of(made.session.results) is not None, 30)
    spin(lambda: not made.session.scene.wanted, 30)
    panel, frames = made.panel("time"), list[float]()
    made.viewport.drawn.connect(lambda: frames.append(made.session.state.time.timestamp()))
    for row in range(panel.speed.count()):
        panel.speed.setCurrentIndex(row)
        frames.clear()
        panel.toggle_play()
        ends = time.monotonic() + PLAYED
        spin(lambda ends=ends: time.monotonic() > ends, 2 * PLAYED)
        panel.pause()
        moments = sum(before != after for before, after in pairwise(frames))
        told = f"{moments / PLAYED:.1f} moments/s, {len(frames) / PLAYED:.1f} pictures/s"
        print(
            f"play: {STATIONS} stations at {panel.speed.currentText()}: {told}; goal: >= 15 at the quickest"
        )
    closed(made)


def year(kept: Store) -> None:
    """A year of hours of many stations around the Helsinki demo, each its own day and noise."""
    chance = np.random.default_rng(5)
    streams = [
        Datastream(
            f"y/{n}/t",
            Station(f"y/{n}", f"Station {n}", *where),
            "air_temperature",
            "°C",
            interval=3600.0,
            source_unit="°C",
        )
        for n, where in enumerate(chance.uniform((24.930, 60.166), (24.952, 60.177), (STATIONS, 2)).tolist())
    ]
    kept.describe(streams)
    times = 1.7673e9 + np.arange(HOURS) * 3600.0  # all of 2026
    day = 12 - 10 * np.cos(2 * np.pi * np.arange(HOURS) / HOURS) + 5 * np.sin(times / 86400 * 2 * np.pi)
    for stream in streams:
        values = day + chance.normal(0, 1, HOURS)
        rows, good = np.zeros(HOURS, np.int32), np.zeros(HOURS, np.uint8)
        kept.add(Observations((stream.id,), rows, times, times + 2.0, values, good))


def places() -> dict[str, dict[str, object]]:
    """Where the devices of the flood stand."""
    return {
        f"d{n}": {"longitude": 24.932 + n % 10 * 0.002, "latitude": 60.167 + n // 10 * 0.001, "interval": 10}
        for n in range(DEVICES)
    }


def copied(folder: Path, feeds: list[dict[str, object]]) -> Path:
    """The Helsinki demo with other feeds."""
    for name in ("assets", "scenarios"):
        shutil.copytree(PROJECT.parents[1] / name, folder / name, ignore=shutil.ignore_patterns(".*"))
    path = folder / "assets" / PROJECT.name
    path.write_text(json.dumps({**json.loads(path.read_text()), "feeds": feeds}))
    return path


def opened(path: Path) -> Any:
    """A window on a project, once it is drawn."""
    os.environ["TWIN_SETTINGS"] = str(path.with_name("settings.ini"))
    from twin.app.app import application
    from twin.app.settings import Settings
    from twin.app.window import Window

    application()
    made = Window(Settings())
    made.resize(1280, 720)
    made.show()
    made.open(path)
    spin(lambda: made.session is not None and made.sensors is not None, 60)
    spin(lambda: not made.session.scene.wanted, 60)
    return made


def closed(made: Any) -> None:
    """Close it without a question."""
    made.changed_since_saving = False
    made.close()
    spin(lambda: False, 0.5)


def heard_well(made: Any) -> bool:
    """Whether the broker knows us."""
    receiver = made.sensors._receiver
    return bool(receiver and receiver.hearings and receiver.hearings[0].state == "")


def spin(true: Callable[[], bool], seconds: float) -> bool:
    """Let the window run until it came about, or the time is over."""
    from PySide6.QtCore import QEventLoop, QTimer

    ends = time.monotonic() + seconds
    while not true():
        if time.monotonic() > ends:
            return False
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()  # as the program does; to process events in a circle would take its processor away
    return True


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

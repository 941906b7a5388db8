"""Observations are kept once, whole, through kill -9, and found quickly."""

import math
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin.errors import DataError
from twin.feeds.recording import copy
from twin.feeds.store import Added, Store
from twin.feeds.store_file import beside
from twin.model.sensor import Datastream, Observations, Quality, Station, columns

HERE = Station("f/s", "Yard", 25.0, 60.2)
A, B = (Datastream(f"f/{name}", HERE, "air_temperature", "°C", "temp", 600.0, "Air", "Cel") for name in "ab")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "a.sqlite")
    made.describe([A, B])
    yield made
    made.close()


Row = tuple[str, float, float, float, int]


def row(stream: Datastream, when: float, value: float, quality: int = 0) -> Row:
    return stream.id, when, when + 2.0, value, quality


def test_what_is_added_comes_back_in_order_of_time_with_all_columns(store: Store) -> None:
    assert store.add(columns([row(A, 20.25, 2.0), row(A, 10.5, 1.0), row(B, 5.0, 9.0)])) == Added(new=3)
    found = store.series([A.id, "f/none"], 0, 100)
    assert found[A.id].times.tolist() == [10.5, 20.25]
    assert found[A.id].arrivals.tolist() == [12.5, 22.25]
    assert found[A.id].values.tolist() == [1.0, 2.0]
    assert len(found["f/none"]) == 0
    assert store.series([A.id], 10.5, 20.25)[A.id].times.tolist() == [10.5]
    assert store.span() == (5.0, 20.25)
    assert store.span(["f/none"]) is None
    assert store.counts([A.id, B.id], 0.0, 30.0, 3).tolist() == [1.0, 1.0, 1.0]
    assert store.counts([A.id, "f/none"], 10.5, 20.25, 2).tolist() == [1.0, 0.0]


def test_datastreams_come_back_as_they_were_described(store: Store, tmp_path: Path) -> None:
    (found,) = (stream for stream in store.datastreams() if stream.id == A.id)
    assert repr(found) == repr(A)
    moved = Datastream(
        A.id, Station("f/s", "Moved", 26.0, 60.3, 4.0, "energy"), "noise", "dB", synthetic=True
    )
    store.describe([moved])
    assert {stream.station.title for stream in store.datastreams()} == {"Moved"}
    assert repr(next(s for s in store.datastreams() if s.id == A.id)) == repr(moved)


def test_the_same_is_kept_once_and_another_value_for_the_same_time_aside(store: Store) -> None:
    batch = columns([row(A, 10.0, 1.0), row(A, 10.0, 1.0), row(A, 10.0, 7.0)])
    assert store.add(batch) == Added(new=1, known=1, aside=1)
    assert store.add(batch) == Added(known=3)
    assert store.series([A.id])[A.id].values.tolist() == [1.0]
    assert store.aside() == ((A.id, 10.0, 12.0, 7.0, Quality.DUPLICATE, ""),)
    assert store.reasons() == {A.id: {Quality.GOOD: 1, Quality.DUPLICATE: 1}}


def test_no_number_is_nan_never_zero_and_text_is_kept(store: Store) -> None:
    missing = row(A, 10.0, math.nan, Quality.MISSING), row(A, 20.0, math.nan, Quality.TEXT)
    store.add(columns(missing, {1: "=HYPERLINK(1)"}))
    found = store.series([A.id])[A.id]
    assert np.isnan(found.values).all()
    assert len(found.good) == 0
    assert store.aside()[0][5] == "=HYPERLINK(1)"


def test_what_nobody_described_and_what_has_no_time_is_counted(store: Store) -> None:
    assert store.add(
        columns([("f/x", 1.0, 1.0, 1.0, 0), row(A, math.nan, 1.0), row(A, 1e300, 1.0)])
    ) == Added(strange=3)
    assert store.add(columns([])) == Added()


def test_the_latest_is_until_a_moment_and_stale_after_three_intervals(store: Store) -> None:
    store.add(columns([row(A, 1000.0, 1.0), row(A, 2000.0, 2.0), row(B, 500.0, math.nan, Quality.MISSING)]))
    found = store.latest([A.id, B.id, "f/none"], 1999.0)
    assert found.values.tolist()[0] == 1.0
    assert np.isnan(found.values[1:]).all()
    assert found.stale.tolist() == [False, False, True]
    assert store.latest([A.id], 2000.0 + 1800.0).stale.tolist() == [False]
    assert store.latest([A.id], 2000.0 + 1801.0).stale.tolist() == [True]


def test_the_latest_of_many_is_that_of_each(store: Store) -> None:
    many = [Datastream(f"f/n{n}", HERE, "air_temperature", "°C", interval=600.0) for n in range(30)]
    store.describe(many)
    rows = [
        row(stream, 1000.0 + 10 * n + k, n + k / 10) for n, stream in enumerate(many[:25]) for k in range(5)
    ]
    store.add(columns([*rows, row(many[3], 1034.5, math.nan, Quality.MISSING)]))
    names = [stream.id for stream in reversed(many)]
    together = store.latest(names, 1100.5)
    for place, name in enumerate(names):
        alone = store.latest([name], 1100.5)
        for column in ("times", "arrivals", "values", "quality", "stale"):
            np.testing.assert_array_equal(getattr(together, column)[place], getattr(alone, column)[0])
    assert np.isnan(together.times).sum() == 5 + 14  # those without any, and those that came later


def test_a_clock_that_is_ahead_does_not_hide_what_is_now(store: Store) -> None:
    now = time.time()
    store.add(columns([row(A, now - 5.0, 1.0), row(A, now + 86400.0, 9.0, Quality.FUTURE)]))
    assert store.latest([A.id]).values.tolist() == [1.0]


Rows = st.lists(
    st.tuples(
        st.sampled_from([A.id, B.id, "f/none"]),
        st.floats(-1e12, 1e12) | st.just(math.nan),
        st.floats(0, 2e9),
        st.floats(allow_nan=True, allow_infinity=True),
        st.integers(0, 9),
    ),
    max_size=30,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(Rows)
def test_all_that_comes_is_counted_and_comes_again_changes_nothing(store: Store, rows: list[Row]) -> None:
    before = {stream: len(series) for stream, series in store.series([A.id, B.id]).items()}
    added = store.add(columns(rows))
    assert added.new + added.known + added.aside + added.strange == len(rows)
    after = {stream: len(series) for stream, series in store.series([A.id, B.id]).items()}
    assert sum(after.values()) - sum(before.values()) == added.new
    assert store.add(columns(rows)).new == 0


KILLED = """
import sys, itertools
from pathlib import Path
from twin.feeds.store import Store
from twin.model.sensor import Datastream, Station, columns
store = Store(Path(sys.argv[1]))
store.describe([Datastream("f/a", Station("f/s", "S", 25.0, 60.2), "air_temperature", "C")])
first = store.span()
begin = 0 if first is None else int(first[1]) + 1
for batch in itertools.count():
    at = begin + batch * 50
    store.add(columns([("f/a", float(at + n), 1.0, float(at + n), 0) for n in range(50)]))
    print(at + 50, flush=True)
"""


def test_kill_minus_9_loses_nothing_that_was_kept_and_breaks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", KILLED, path], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for _ in range(20):
                promised = int(process.stdout.readline())
            process.send_signal(signal.SIGKILL)
        store = Store(path)
        found = store.series(["f/a"])["f/a"]
        store.close()
        assert len(found) >= promised
        assert len(found) % 50 == 0
        assert (found.values == found.times).all()
    with sqlite3.connect(path) as check:
        assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check.close()


def test_readers_in_other_threads_never_wait_for_the_writer(store: Store) -> None:
    stop, seen, faults = threading.Event(), [], []

    def read() -> None:
        try:
            while not stop.is_set():
                seen.append(len(store.series([A.id])[A.id]))
                store.latest([A.id])
        except Exception as error:  # what comes here fails the test
            faults.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for batch in range(50):
        store.add(columns([row(A, batch * 100.0 + n, 1.0) for n in range(100)]))
    stop.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert all(count % 100 == 0 for count in seen)
    assert len(store.series([A.id])[A.id]) == 5000


def test_the_file_lies_beside_the_project_and_in_no_folder_that_cannot_be_written(tmp_path: Path) -> None:
    assert beside(tmp_path / "helsinki.twin.json") == tmp_path / "helsinki.observations.sqlite"
    store = Store(tmp_path / "missing" / "a.sqlite")
    store.describe([A])
    assert store.add(columns([row(A, 1.0, 1.0)])).new == 1
    assert not store.kept
    held = store.path
    store.close()
    assert not held.exists()


def test_a_recording_is_copied_with_arrivals_and_qualities_and_is_not_touched(
    store: Store, tmp_path: Path
) -> None:
    store.add(columns([row(A, 10.0, 1.0), row(A, 20.0, 99.0, Quality.RANGE), row(B, 30.0, 3.0)]))
    recording = Store(tmp_path / "r.sqlite")
    assert copy(store, recording, 10.0, 30.0).new == 2
    recording.close()
    before = (tmp_path / "r.sqlite").read_bytes()
    source, other = Store(tmp_path / "r.sqlite", read_only=True), Store(None)
    with pytest.raises(DataError, match="cannot be written"):
        source.describe([A])
    copy(source, other)
    assert other.series([A.id])[A.id].arrivals.tolist() == [12.0, 22.0]
    assert other.series([A.id])[A.id].quality.tolist() == [Quality.GOOD, Quality.RANGE]
    source.close()
    other.close()
    assert (tmp_path / "r.sqlite").read_bytes() == before


def test_files_that_are_not_ours_are_refused_and_stay_as_they_are(tmp_path: Path) -> None:
    text = tmp_path / "a.sqlite"
    text.write_text("Dear diary, " * 100)
    with pytest.raises(DataError, match="cannot be used"):
        Store(text)
    assert text.read_text().startswith("Dear diary")
    foreign = tmp_path / "b.sqlite"
    with sqlite3.connect(foreign) as other:
        other.execute("CREATE TABLE stream (x)")
    other.close()
    with pytest.raises(DataError, match="another program's"):
        Store(foreign)
    ours = Store(tmp_path / "c.sqlite")
    ours.close()
    with sqlite3.connect(tmp_path / "c.sqlite") as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(DataError, match="newer version"):
        Store(tmp_path / "c.sqlite")


def test_a_hundred_streams_over_a_week_are_found_among_many(tmp_path: Path) -> None:
    """All of the question, a part of the rows; scripts/bench_sensors.py has all of it."""
    store = Store(tmp_path / "a.sqlite")
    streams = [Datastream(f"f/{n}", HERE, "air_temperature", "°C") for n in range(100)]
    store.describe(streams)
    times = np.arange(1500) * 600.0
    for stream in streams:
        fill = Observations(
            (stream.id,), np.zeros(1500, np.int32), times, times, times / 1e6, np.zeros(1500, np.uint8)
        )
        store.add(fill)
    week = 7 * 86400.0
    spent = []
    for _ in range(3):
        began = time.perf_counter()
        found = store.series([stream.id for stream in streams], 0.0, week)
        spent.append(time.perf_counter() - began)
    assert sum(len(series) for series in found.values()) == 100 * 1008
    assert min(spent) < 1.0
    store.close()
    assert (tmp_path / "a.sqlite").stat().st_size < 50 * 150_000


def test_a_look_that_began_earlier_hides_no_new_datastream_from_who_adds(store: Store) -> None:
    """It read the table before the datastream was described, and is done while its first value is added."""
    new = replace(A, id="f/new")
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def pause() -> int:
        begun.set()
        return int(not go_on.wait(10))

    def look() -> None:
        reader = store._file.reader
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM stream").fetchone()  # what it sees is settled from here on
        reader.set_progress_handler(pause, 1)
        store.latest(["f/unknown"])
        reader.execute("COMMIT")
        ended.set()

    class Watched(dict[str, int]):
        def __contains__(self, key: object) -> bool:
            found = super().__contains__(key)
            go_on.set()
            assert ended.wait(10)
            return found

    looking = threading.Thread(target=look)
    looking.start()
    assert begun.wait(10)
    store.describe([new])
    store._numbers = Watched(store._numbers)
    added = store.add(columns([row(new, 20.0, 1.0)]))
    looking.join()
    assert added == Added(new=1)

"""What is let go of goes back to the system, whichever thread it was made in."""

import subprocess
import sys

import pytest

GROWN = """
import sys, threading
from pathlib import Path
from twin.app import memory

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

def work():
    pieces = [bytearray(50_000) for _ in range(400)]
    pin.append(pieces[-1])  # something small lives on, and would keep the heap below it

pin = []
if "share" in sys.argv:
    assert memory.share_heaps()
before = held()
threads = [threading.Thread(target=work) for _ in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
if "back" in sys.argv:
    assert memory.give_back()
print(held() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc keeps memory by threads")
def test_heaps_of_threads_that_have_ended_do_not_stay() -> None:
    done = subprocess.run(
        [sys.executable, "-c", GROWN, "share", "back"], capture_output=True, text=True, check=True
    )
    assert float(done.stdout) < 8.0


def test_elsewhere_nothing_is_asked_of_the_c_library(monkeypatch: pytest.MonkeyPatch) -> None:
    from twin.app import memory

    monkeypatch.setattr(sys, "platform", "win32")
    memory._glibc.cache_clear()
    assert not memory.share_heaps()
    assert not memory.give_back()
    memory._glibc.cache_clear()

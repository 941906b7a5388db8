"""Real servers, started once for all tests that ask for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from real_servers import PYTHON, Broker, Service, broker_of_tests


@pytest.fixture
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker of one test's own, which it may kill."""
    yield from broker_of_tests(tmp_path_factory.mktemp("broker"))


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """An empty SensorThings service; tests put what they need into it."""
    if not PYTHON.exists():
        pytest.skip("no SensorThings service: `python3 scripts/servers.py` makes .venv-servers")
    made = Service(tmp_path_factory.mktemp("service"))
    yield made
    made.stop()

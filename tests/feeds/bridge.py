"""Sends new Observations of a SensorThings service to a broker, as its MQTT extension asks."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable

from twin.feeds.intake import stamp_of
from twin.feeds.net import Net
from twin.feeds.sensorthings import Area, SensorThings


class Bridge:
    """Publishes each Observation of a service once, from those on that come after the bridge.

    publish: takes topic and payload.
    """

    def __init__(
        self, url: str, publish: Callable[[str, bytes], object], *, area: Area | None = None
    ) -> None:
        """area: of the Things whose Observations are passed on; None: all."""
        self._net, self._publish = Net(), publish
        self._service = SensorThings(self._net, url, "bridge")
        self._last: dict[str, float] = {}
        self._streams = self._service.datastreams(area)
        self.pass_on(first=True)

    def pass_on(self, *, first: bool = False) -> int:
        """Publish what is new; how many. first: only look how far the service is."""
        passed = 0
        for stream in self._streams:
            for page in self._service.observations(stream.id, self._last.get(stream.id, -math.inf)):
                for reading in page:
                    self._last[stream.id] = max(self._last.get(stream.id, -math.inf), reading.time)
                    if first:
                        continue
                    now = stamp_of(time.time())
                    entity = {"phenomenonTime": stamp_of(reading.time), "resultTime": now}
                    payload = json.dumps({**entity, "result": reading.result}).encode()
                    self._publish(self._service.topic(stream.id), payload)
                    passed += 1
        return passed

    def close(self) -> None:
        """Let go of the service."""
        self._net.close()

"""Says what is known of a station: each value with its time, its quality and its source."""

from __future__ import annotations

import math
from datetime import datetime

from twin.analysis.thresholds import LEVELS, passed
from twin.app import texts
from twin.app.facts import Facts, Section
from twin.app.texts import tr
from twin.model.sensor import Quality
from twin.model.state import Selection
from twin.scene.sensors import REASONS, age_of, heard_of, moment_of
from twin.session.session import Session


def sensor_facts(session: Session, selection: Selection) -> Facts:
    """A section for each datastream of the station, at the time of the state."""
    heard = heard_of(session.results)
    streams = [stream for stream in (heard.streams if heard else ()) if stream.station.id == selection.id]
    if heard is None or not streams:
        text = tr("It was not heard yet.")
        return Facts(selection.id, tr("Sensor"), "place", (Section(tr("Note"), ((tr("Note"), text),)),))
    station, zone = streams[0].station, session.project.place.zone
    at = moment_of(session.state)
    now = session.state.time.timestamp() if at is None else at
    latest = heard.latest([stream.id for stream in streams], at)
    sections = []
    for row, stream in enumerate(streams):
        value, when = float(latest.values[row]), float(latest.times[row])
        quality = Quality(int(latest.quality[row]))
        pairs = []
        if math.isnan(when):
            pairs.append((tr("Value"), tr("nothing until then")))
        else:
            shown = texts.amount(value, stream.unit) if math.isfinite(value) else tr("no number")
            pairs.append((tr("Value"), shown))
            stamp = f"{datetime.fromtimestamp(when, zone):%Y-%m-%d %H:%M:%S %Z}"
            pairs.append((tr("Measured"), stamp))
            arrived = f"{datetime.fromtimestamp(float(latest.arrivals[row]), zone):%Y-%m-%d %H:%M:%S}"
            pairs.append((tr("Arrived"), arrived))
            told = tr("good") if quality == Quality.GOOD else tr("bad: {0}").format(REASONS[quality])
            if latest.stale[row]:
                told = tr("{0}, old: {1} ago").format(told, age_of(now - when))
            pairs.append((tr("Quality"), told))
            threshold = passed(stream.observed, value) if quality == Quality.GOOD else None
            if threshold is not None:
                text = f"{tr(LEVELS[threshold.alarm])}: {threshold.title} ({threshold.source})"
                pairs.append((tr("Alarm"), text))
        if math.isfinite(stream.interval):
            pairs.append((tr("Usual interval"), age_of(stream.interval)))
        title = f"{stream.property.title} ({tr('synthetic')})" if stream.synthetic else stream.property.title
        sections.append(Section(title, tuple(pairs)))
    about = [(tr("Id"), station.id), (tr("Source"), heard.source_of(streams))]
    if math.isfinite(station.height):
        about.insert(0, (tr("Above the ground"), texts.amount(station.height, "m")))
    sections.append(Section(tr("Station"), tuple(about)))
    kind = tr("Sensor, synthetic values") if any(s.synthetic for s in streams) else tr("Sensor")
    return Facts(station.title or station.id, kind, "place", tuple(sections))

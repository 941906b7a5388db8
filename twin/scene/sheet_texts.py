"""The words of a sheet in English, Finnish, Swedish and Estonian."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from twin.analysis.sun import Sun
from twin.model.sheet import Language
from twin.scene.colours import Classes
from twin.scene.overlays import HEIGHT_NOTE
from twin.scene.scene import Legend
from twin.scene.sensor_marks import SensorMarks
from twin.scene.sheet_names import NAMES
from twin.scene.sheet_phrases import day_text, phrased

WORDS: dict[str, tuple[str, str, str, str]] = {
    "scenario": ("Scenario", "Skenaario", "Scenario", "Stsenaarium"),
    "illustrative": ("illustrative", "havainnollistava", "illustrativ", "näitlik"),
    "time": ("Date and time", "Päivä ja kellonaika", "Datum och tid", "Kuupäev ja kellaaeg"),
    "sun": ("Sun", "Aurinko", "Solen", "Päike"),
    "height": ("height", "korkeus", "höjd", "kõrgus"),
    "azimuth": ("azimuth", "atsimuutti", "azimut", "asimuut"),
    "night": (
        "below the horizon",
        "horisontin alapuolella",
        "under horisonten",
        "horisondi all",
    ),
    "sun at": ("sun {} high", "aurinko {} korkealla", "solen {} hög", "päike {} kõrgusel"),
    "sun is down": (
        "sun below the horizon",
        "aurinko horisontin alapuolella",
        "solen under horisonten",
        "päike horisondi all",
    ),
    "trees in": ("trees in", "puut vuonna", "träd år", "puud aastal"),
    "scale": ("Scale", "Mittakaava", "Skala", "Mõõtkava"),
    "at the cross": ("at the cross", "ristin kohdalla", "vid krysset", "risti juures"),
    "at the centre": ("at the centre", "kuvan keskellä", "i bildens mitt", "pildi keskel"),
    "across the view": ("across the view", "kuvan leveyssuunnassa", "tvärs över bilden", "vaate laiuses"),
    "section": ("Section", "Leikkaus", "Sektion", "Lõige"),
    "without perspective": (
        "Without perspective",
        "Ilman perspektiiviä",
        "Utan perspektiv",
        "Ilma perspektiivita",
    ),
    "north": ("N", "P", "N", "N"),
    "looking": ("Looking towards", "Katselusuunta", "Blickriktning", "Vaate suund"),
    "crs": ("Coordinates", "Koordinaatisto", "Koordinatsystem", "Koordinaatsüsteem"),
    "heights": ("Heights from", "Korkeudet", "Höjder från", "Kõrgused"),
    "ground": ("the ground", "maanpinnasta", "markytan", "maapinnast"),
    "sources": ("Sources", "Lähteet", "Källor", "Allikad"),
    "note": ("Note", "Huomautus", "Anmärkning", "Märkus"),
    "made": ("Made with", "Tehty ohjelmalla", "Gjord med", "Tehtud programmiga"),
    "study": ("Sun study", "Varjotutkielma", "Solstudie", "Päikeseuuring"),
    "and {0} more": ("and {0} more", "ja {0} muuta", "och {0} till", "ja veel {0}"),
    "before": ("Before", "Ennen", "Före", "Enne"),
    "after": ("After", "Jälkeen", "Efter", "Pärast"),
    "Building use": ("Building use", "Käyttötarkoitus", "Byggnadens användning", "Hoone kasutus"),
    "Building height": ("Building height", "Rakennuksen korkeus", "Byggnadens höjd", "Hoone kõrgus"),
    "Sun hours": ("Sun hours", "Auringonpaistetunnit", "Soltimmar", "Päikesetunnid"),
    "Clear sky.": ("Clear sky.", "Selkeä taivas.", "Klar himmel.", "Selge taevas."),
    "Clear sky; heights above flat ground.": (
        "Clear sky; heights above flat ground.",
        "Selkeä taivas; korkeudet tasaisesta maasta.",
        "Klar himmel; höjder från plan mark.",
        "Selge taevas; kõrgused tasasest maapinnast.",
    ),
    HEIGHT_NOTE: (
        "Where the data has no height, it is that of the shape.",
        "Missä aineistossa ei ole korkeutta, se on muodosta.",
        "Där data saknar höjd är den tagen ur formen.",
        "Kui andmetes kõrgust pole, on see kujust.",
    ),
    "Sun and shade": ("Sun and shade", "Aurinko ja varjo", "Sol och skugga", "Päike ja vari"),
    "lit fraction": ("lit fraction", "valaistu osuus", "belyst andel", "valgustatud osa"),
    "residential": ("residential", "asuminen", "bostäder", "elamu"),
    "office": ("office", "toimisto", "kontor", "büroo"),
    "commercial": ("commercial", "liiketila", "handel", "äri"),
    "hotel": ("hotel", "hotelli", "hotell", "hotell"),
    "civic": ("civic", "julkinen", "offentlig", "avalik"),
    "education": ("education", "opetus", "utbildning", "haridus"),
    "culture": ("culture", "kulttuuri", "kultur", "kultuur"),
    "religious": ("religious", "uskonnollinen", "religiös", "sakraalne"),
    "transport": ("transport", "liikenne", "trafik", "transport"),
    "parking": ("parking", "pysäköinti", "parkering", "parkimine"),
    "other": ("other", "muu", "övrigt", "muu"),
}
LANGUAGES: tuple[Language, ...] = ("en", "fi", "sv", "et")
FURTHER = re.compile(r"(.*?)((?: between sensors)?(?: \(synthetic\))?(?:: difference)?)")
"""What is called like something else, and what is added to its name."""
JOINED: dict[Language, tuple[str, str, str]] = {
    "en": ("{0} without value", "{0} to {1}", "{0} bad"),
    "fi": ("{0} ilman arvoa", "{0} – {1}", "{0} virheellistä"),
    "sv": ("{0} utan värde", "{0} till {1}", "{0} felaktiga"),
    "et": ("{0} väärtuseta", "{0} kuni {1}", "{0} vigast"),
}
"""What labels of several sensors say."""
WINDS = {
    "en": ("N", "NE", "E", "SE", "S", "SW", "W", "NW"),
    "fi": ("P", "Ko", "I", "Ka", "E", "Lo", "L", "Lu"),
    "sv": ("N", "NO", "O", "SO", "S", "SV", "V", "NV"),
    "et": ("N", "NE", "E", "SE", "S", "SW", "W", "NW"),
}


def word(name: str, language: Language) -> str:
    """A word of the table, or a sentence with figures in it; what is not known stays as it is."""
    number = LANGUAGES.index(language)
    if found := WORDS.get(name):
        return found[number]
    if language != "en" and (named := NAMES.get(name)):
        return named[number - 1]
    return phrased(name, language)


def named(title: str, language: Language) -> str:
    """A title or a class that may say two things, as `Ground, grass` or `over 27: hot`."""
    if (found := FURTHER.fullmatch(title)) and found[2]:
        return named(found[1], language) + phrased(found[2], language)
    for between in (", ", ": "):
        head, there, tail = title.partition(between)
        if there and any(part in NAMES or part in WORDS for part in (head, tail)):
            return f"{word(head, language)}{between}{word(tail, language)}"
    return word(title, language)


def date_text(time: datetime, language: Language) -> str:
    """The day as it is written in the language."""
    return day_text(time, language)


def time_text(time: datetime, language: Language) -> str:
    """Day, clock and how far it is from UTC."""
    offset = time.utcoffset()
    minutes = 0 if offset is None else round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    zone = f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    return f"{date_text(time, language)}, {time:%H:%M} ({zone})"


def sun_text(sun: Sun, language: Language) -> str:
    """How high the sun stands, and where."""
    if sun.altitude <= 0:
        return word("night", language)
    high, turn = word("height", language), word("azimuth", language)
    return f"{high} {sun.altitude:.1f}°, {turn} {sun.azimuth:.0f}°"


def wind_text(heading: float, language: Language) -> str:
    """A compass direction, as `NE (45°)`."""
    return f"{WINDS[language][round(heading / 45) % 8]} ({heading % 360:.0f}°)"


def worded(legend: Legend, language: Language, *, day: datetime | None = None) -> Legend:
    """In the language of the picture, with a note that needs no window. day: said in the title; None: not."""
    scale = legend.scale
    if isinstance(scale, Classes):
        scale = replace(scale, colours=tuple((named(name, language), shown) for name, shown in scale.colours))
    head, comma, _ = legend.title.partition(",")
    title = word(head, language) if head in WORDS else named(legend.title, language)
    if head in WORDS and comma and day is not None:
        title = f"{title}, {date_text(day, language)}"
    note, source = word(legend.note, language), phrased(legend.source, language)
    return replace(
        legend, title=title, unit=word(legend.unit, language), scale=scale, note=note, source=source
    )


def sensors_worded(item: SensorMarks, language: Language) -> SensorMarks:
    """With labels in the language of the picture."""
    found = item.sensed
    labels = tuple(named(label, language) for label in found.labels)
    return replace(item, sensed=replace(found, labels=labels, joined=JOINED[language]))

"""Says of common coordinate systems where they are used, for those who do not know their numbers."""

from __future__ import annotations

from twin.app.texts import QT_TRANSLATE_NOOP, tr
from twin.formats.crs_area import LIKELY

WORDS = {
    3067: QT_TRANSLATE_NOOP("texts", "Finland, TM35FIN"),
    3301: QT_TRANSLATE_NOOP("texts", "Estonia, L-EST97"),
    3006: QT_TRANSLATE_NOOP("texts", "Sweden, SWEREF 99 TM"),
    28992: QT_TRANSLATE_NOOP("texts", "Netherlands, RD New"),
    31370: QT_TRANSLATE_NOOP("texts", "Belgium, Lambert 72"),
    2154: QT_TRANSLATE_NOOP("texts", "France, Lambert-93"),
    2056: QT_TRANSLATE_NOOP("texts", "Switzerland, LV95"),
    21781: QT_TRANSLATE_NOOP("texts", "Switzerland, LV03"),
    27700: QT_TRANSLATE_NOOP("texts", "Great Britain, National Grid"),
    3068: QT_TRANSLATE_NOOP("texts", "Berlin, Soldner"),
    5514: QT_TRANSLATE_NOOP("texts", "Czechia and Slovakia, Krovak"),
    2180: QT_TRANSLATE_NOOP("texts", "Poland, CS92"),
    6697: QT_TRANSLATE_NOOP("texts", "Japan, degrees and heights"),
    4326: QT_TRANSLATE_NOOP("texts", "degrees, WGS 84"),
}
STRIPS = (
    (QT_TRANSLATE_NOOP("texts", "Finland, GK{0}"), 3854, range(19, 32)),
    (QT_TRANSLATE_NOOP("texts", "Germany, Gauss-Krüger {0}"), 31464, range(2, 6)),
    (QT_TRANSLATE_NOOP("texts", "Europe, UTM {0} (ETRS89)"), 25800, range(31, 36)),
)
"""Zones of one kind: what they are called, what their numbers are added to, and their numbers."""
DEGREES = (6697, 4326)
"""Without these: a drawing is in metres."""
ZONES = range(3873, 3886)
"""Strips of Finland."""


def in_words(crs: str) -> str:
    """`EPSG:2056` with where it is used, as far as that is known here."""
    number = crs.removeprefix("EPSG:")
    words = _words(int(number)) if number.isdecimal() else ""
    return f"{crs} · {words}" if words else crs


def _words(code: int) -> str:
    for words, base, zones in STRIPS:
        if code - base in zones:
            return tr(words).format(code - base)
    return tr(WORDS[code]) if code in WORDS else ""


def code_of(text: str) -> str:
    """What `in_words` was made of, or what was written."""
    return text.partition(" · ")[0].strip()


def in_metres() -> list[str]:
    """All that cities often publish in, as `EPSG:code`, those of whole countries first."""
    codes = sorted((code for code in LIKELY if code not in DEGREES), key=ZONES.__contains__)
    return [f"EPSG:{code}" for code in codes]

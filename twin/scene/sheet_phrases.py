"""Says in Finnish, Swedish and Estonian what legends and sources say with figures in them."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from twin.model.sheet import Language

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "et": "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
}
DAY = rf"(\d{{1,2}}) ({MONTHS['en'].replace(' ', '|')})(?: (\d{{4}}))?"
ORDER: tuple[Language, ...] = ("fi", "sv", "et")
PHRASES = (
    (
        r"Computed: shadows every (\d+) min on a ([\d.]+) m grid (\(.*?\)), sun by NREL SPA",
        r"Laskettu: varjot \1 min välein \2 m:n ruudukossa \3, auringon paikka NREL SPA",
        r"Beräknat: skuggor med \1 min mellanrum i ett rutnät på \2 m \3, solens läge enligt NREL SPA",
        r"Arvutatud: varjud iga \1 min järel \2 m ruudustikus \3, päikese asend NREL SPA järgi",
    ),
    (
        r"Computed on a ([\d.]+) m grid \((.*?); trees: (.*?)\)",
        r"Laskettu \1 m:n ruudukossa (\2; puut: \3)",
        r"Beräknat i ett rutnät på \1 m (\2; träd: \3)",
        r"Arvutatud \1 m ruudustikus (\2; puud: \3)",
    ),
    (r"Computed \(", "Laskettu (", "Beräknat (", "Arvutatud ("),
    (r", ([\d.]+) m grid\b", r", \1 m:n ruudukko", r", rutnät på \1 m", r", \1 m ruudustik"),
    (
        ", the finest that this area allows",
        ", hienoin jonka alue sallii",
        ", det finaste som området tillåter",
        ", peenim, mida ala võimaldab",
    ),
    (
        r"(\S+): owner and licence not stated",
        r"\1: omistajaa ja lisenssiä ei kerrota",
        r"\1: ägare och licens anges inte",
        r"\1: omanikku ja litsentsi ei öelda",
    ),
    ("Source not stated", "Lähdettä ei kerrota", "Källan anges inte", "Allikat ei öelda"),
    (
        r"^over (\d+), extreme heat$",
        r"yli \1, äärimmäinen kuumuus",
        r"över \1, extrem hetta",
        r"üle \1, äärmuslik kuumus",
    ),
    (
        r"^(\S+), very strong heat$",
        r"\1, erittäin voimakas kuumuus",
        r"\1, mycket stark hetta",
        r"\1, väga tugev kuumus",
    ),
    (r"^(\S+), strong heat$", r"\1, voimakas kuumuus", r"\1, stark hetta", r"\1, tugev kuumus"),
    (r"^(\S+), moderate heat$", r"\1, kohtalainen kuumuus", r"\1, måttlig hetta", r"\1, mõõdukas kuumus"),
    (r"^(\S+), no stress$", r"\1, ei rasitusta", r"\1, ingen belastning", r"\1, koormuseta"),
    (r"^(\S+), slight cold$", r"\1, lievä kylmyys", r"\1, lätt kyla", r"\1, kerge külm"),
    (r"^under 0, cold$", "alle 0, kylmyys", "under 0, kyla", "alla 0, külm"),
    ("^not rated$", "ei arvioitu", "inte bedömt", "hindamata"),
    (
        "^Mean radiant temperature",
        "Keskisäteilylämpötila",
        "Medelstrålningstemperatur",
        "Keskmine kiirgustemperatuur",
    ),
    (
        r"^Hours of UTCI above (\d+ °C)",
        r"Tunnit, joina UTCI on yli \1",
        r"Timmar med UTCI över \1",
        r"Tunnid, mil UTCI on üle \1",
    ),
    (
        r"Design hot day: (\S+) to (\S+) °C, dew point (\S+) °C, wind (\S+) m/s",
        r"Mitoitushellepäivä: \1–\2 °C, kastepiste \3 °C, tuuli \4 m/s",
        r"Dimensionerande het dag: \1–\2 °C, daggpunkt \3 °C, vind \4 m/s",
        r"Arvutuslik kuum päev: \1–\2 °C, kastepunkt \3 °C, tuul \4 m/s",
    ),
    (
        r", (\d+) % of clear sky",
        r", \1 % selkeästä taivaasta",
        r", \1 % av klar himmel",
        r", \1 % selgest taevast",
    ),
    (r"^Weather: ", "Sää: ", "Väder: ", "Ilm: "),
    (
        "Air and wind are the same everywhere; expect errors of some 5 K of Tmrt at a point.",
        "Ilma ja tuuli ovat kaikkialla samat; yksittäisessä pisteessä Tmrt:n virhe on noin 5 K.",
        "Luft och vind är desamma överallt; räkna med fel på omkring 5 K i Tmrt i en punkt.",
        "Õhk ja tuul on kõikjal samad; punktis võib Tmrt viga olla umbes 5 K.",
    ),
    (
        r"Heights of the ground are drawn × (\S+)\.",
        r"Maanpinnan korkeudet on piirretty × \1.",
        r"Markens höjder är ritade × \1.",
        r"Maapinna kõrgused on joonistatud × \1.",
    ),
    (
        r"^Hours above (\d+ °C) \(day\)$",
        r"Tunnit yli \1 (päivä)",
        r"Timmar över \1 (dag)",
        r"Tunnid üle \1 (päev)",
    ),
    (" between sensors", " anturien välillä", " mellan sensorer", " andurite vahel"),
    (r"^up to (\S+)$", r"enintään \1", r"högst \1", r"kuni \1"),
    (r"^over (\S+)(:|$)", r"yli \1\2", r"över \1\2", r"üle \1\2"),
    (r"^any value \[(.+)\]$", r"mikä tahansa arvo [\1]", r"vilket värde som helst [\1]", r"iga väärtus [\1]"),
    (r"^(\d+) sensors", r"\1 anturia", r"\1 sensorer", r"\1 andurit"),
    (r"(?<=, )(\d+) old(?=[,.])", r"\1 vanhaa", r"\1 gamla", r"\1 vana"),
    (r"(?<=, )(\d+) bad(?=[,.]|$)", r"\1 virheellistä", r"\1 felaktiga", r"\1 vigast"),
    (
        r"Classes and alarms \(!\): ",
        "Luokat ja hälytykset (!): ",
        "Klasser och larm (!): ",
        "Klassid ja häired (!): ",
    ),
    (
        "FMI heat warning",
        "Ilmatieteen laitoksen hellevaroitus",
        "Meteorologiska institutets värmevarning",
        "Soome ilmateenistuse kuumahoiatus",
    ),
    (
        r"WHO global air quality guidelines (\d+)",
        r"WHO:n ilmanlaatuohjeet \1",
        r"WHO:s riktlinjer för luftkvalitet \1",
        r"WHO õhukvaliteedi suunised \1",
    ),
    (
        r"WHO environmental noise guidelines (\d+)",
        r"WHO:n meluohjeet \1",
        r"WHO:s riktlinjer för buller \1",
        r"WHO mürasuunised \1",
    ),
    (r"Directive (\S+)", r"Direktiivi \1", r"Direktiv \1", r"Direktiiv \1"),
    (r"Means of (\S+) h\.", r"\1 tunnin keskiarvoja.", r"Medelvärden över \1 h.", r"\1 tunni keskmised."),
    (r"^mean (\S.*)$", r"keskiarvo \1", r"medel \1", r"keskmine \1"),
    (r"^(\S+ \S+|\S+), (\d+ \S+) ago$", r"\1, \2 sitten", r"\1, för \2 sedan", r"\1, \2 tagasi"),
    (r"^(\d+) without value$", r"\1 ilman arvoa", r"\1 utan värde", r"\1 väärtuseta"),
    (
        r"(\S+) of (\S+) objects have a value\.",
        r"\1 kohteella \2:sta on arvo.",
        r"\1 av \2 objekt har ett värde.",
        r"\1 objektil \2-st on väärtus.",
    ),
    (
        r"One range for (\d+) scenarios\.",
        r"Sama asteikko \1 skenaariolle.",
        r"Samma skala för \1 scenarier.",
        r"Sama skaala \1 stsenaariumile.",
    ),
    (
        r"Classes of about equal counts\.",
        "Luokissa on suunnilleen yhtä monta.",
        "Klasser med ungefär lika många.",
        "Klassides on enam-vähem sama palju.",
    ),
    (
        r"Synthetic: made up by (\S+), measured by nobody",
        r"Synteettinen: keksitty ohjelmalla \1, kukaan ei ole mitannut",
        r"Syntetiskt: påhittat av \1, mätt av ingen",
        r"Sünteetiline: väljamõeldud programmiga \1, keegi pole mõõtnud",
    ),
    (r"Classes of equal width\.", "Tasaväliset luokat.", "Lika breda klasser.", "Võrdse laiusega klassid."),
    (
        r"Values go from (\S+) to (\S+)\. ",
        r"Arvot ovat välillä \1 … \2. ",
        r"Värdena går från \1 till \2. ",
        r"Väärtused on vahemikus \1–\2. ",
    ),
    (r" No value: grey\.", " Ei arvoa: harmaa.", " Inget värde: grått.", " Väärtus puudub: hall."),
    (r"^below (\S+)$", r"alle \1", r"under \1", r"alla \1"),
    (r"^under (\S+)$", r"alle \1", r"under \1", r"alla \1"),
    (r"^(\S+) and (?:above|over)$", r"\1 tai enemmän", r"\1 eller mer", r"\1 või rohkem"),
    (r"^other \((\d+)\)$", r"muu (\1)", r"övrigt (\1)", r"muu (\1)"),
    (r"^(.+) compared with (.+)$", r"\1 verrattuna: \2", r"\1 jämfört med \2", r"\1 võrreldes: \2"),
    (r": difference$", ": erotus", ": skillnad", ": erinevus"),
    (r"^(.+?) less (.+?)\. ", r"\1 miinus \2. ", r"\1 minus \2. ", r"\1 miinus \2. "),
    (r"From (\S+) to (\S+)\. ", r"Arvot \1 … \2. ", r"Från \1 till \2. ", r"Väärtused \1 … \2. "),
    (r"No difference\.", "Ei eroa.", "Ingen skillnad.", "Erinevust pole."),
    (
        r"(\d+) of (\d+) objects differ\.",
        r"\1 kohdetta \2:sta eroaa.",
        r"\1 av \2 objekt skiljer sig.",
        r"\1 objekti \2-st erineb.",
    ),
    (
        r"Green-blue: added\. Red outline: removed\. Striped: changed\.",
        "Sinivihreä: lisätty. Punainen ääriviiva: poistettu. Raidoitus: muutettu.",
        "Blågrönt: tillagt. Röd kontur: borttaget. Randigt: ändrat.",
        "Sinakasroheline: lisatud. Punane kontuur: eemaldatud. Triibuline: muudetud.",
    ),
    (r"^(\S+) points$", r"\1 pistettä", r"\1 punkter", r"\1 punkti"),
    (
        r"Thinned evenly: (\S+) of (\S+) points are shown\.",
        r"Harvennettu tasaisesti: näkyvissä \1 pistettä \2:sta.",
        r"Jämnt utglesat: \1 av \2 punkter visas.",
        r"Ühtlaselt hõrendatud: näha on \1 punkti \2-st.",
    ),
    (
        r"Inverse distance squared of (\d+) sensors, within their hull only\. Left out one by one "
        r"they are off by (\S+) (\S*) \(RMSE\), (\S+) on average\.",
        r"\1 anturin käänteisen etäisyyden neliö, vain niiden rajaamalla alueella. Yksi kerrallaan "
        r"pois jätettynä virhe on \2 \3 (RMSE), keskimäärin \4.",
        r"Inverterat avstånd i kvadrat av \1 sensorer, endast inom deras hölje. Utelämnade en i taget "
        r"blir felet \2 \3 (RMSE), i medeltal \4.",
        r"\1 anduri pöördkauguse ruut, ainult nende piirjoones. Ükshaaval välja jättes on viga \2 \3 "
        r"(RMSE), keskmiselt \4.",
    ),
    (
        "Surface temperature from space is not felt heat: it is that of roofs, tree tops and roads, "
        "at one time\\.",
        "Avaruudesta mitattu pintalämpötila ei ole koettua kuumuutta: se on kattojen, latvusten ja "
        "teiden lämpötila yhdellä hetkellä.",
        "Yttemperatur från rymden är inte upplevd värme: den är takens, trädtopparnas och vägarnas "
        "vid ett tillfälle.",
        "Kosmosest mõõdetud pinnatemperatuur ei ole tuntav kuumus: see on katuste, puulatvade ja "
        "teede temperatuur ühel hetkel.",
    ),
    (r" \(synthetic\)", " (synteettinen)", " (syntetisk)", " (sünteetiline)"),
)
"""Patterns, and what they become in each language of ORDER; what no pattern fits stays as it is."""


@lru_cache(maxsize=512)
def phrased(text: str, language: Language) -> str:
    """A sentence of a legend or a source in another language, as far as its parts are known."""
    if language == "en":
        return text
    number = ORDER.index(language)
    for pattern, *becomes in PHRASES:
        text = re.sub(pattern, becomes[number], text)
    return re.sub(DAY, lambda found: _day(found, language), text)


def day_text(day: date, language: Language, *, year: bool = True) -> str:
    """A day as it is written in the language."""
    if language == "fi":
        return f"{day.day}.{day.month}." + (f"{day.year}" if year else "")
    point = "." if language == "et" else ""
    written = f"{day.day}{point} {MONTHS[language].split()[day.month - 1]}"
    return f"{written} {day.year}" if year else written


def _day(found: re.Match[str], language: Language) -> str:
    month = MONTHS["en"].split().index(found[2]) + 1
    try:
        day = date(int(found[3] or 2000), month, int(found[1]))
    except ValueError:
        return found[0]
    return day_text(day, language, year=bool(found[3]))

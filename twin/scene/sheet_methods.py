"""How indicators are worked out, and from what, in English, Finnish, Swedish and Estonian."""

from __future__ import annotations

from twin.analysis.kpi_heat import INPUTS as HEAT
from twin.analysis.kpi_heat import SPAN
from twin.analysis.measures import STOREY_HEIGHT
from twin.model.sheet import Language
from twin.scene.sheet_names import Names
from twin.scene.sheet_texts import LANGUAGES

HOURS = SPAN.replace(" to ", "–")

FORMULAS: Names = {
    "Footprint times storeys above the ground, of every building and part, by use": (
        "Pohjan ala kertaa maanpäälliset kerrokset, rakennuksittain ja osittain, käytön mukaan",
        "Byggnadsarea gånger våningar ovan mark, av varje byggnad och del, efter användning",
        "Ehitisealune pind korda maapealsed korrused, igast hoonest ja osast, kasutuse järgi",
    ),
    "What buildings cover seen from above": (
        "Mitä rakennukset peittävät ylhäältä nähtynä",
        "Det som byggnader täcker sett uppifrån",
        "Mida hooned katavad ülalt vaadates",
    ),
    "Space between the surfaces of every building and its lowest corner": (
        "Tila jokaisen rakennuksen pintojen ja sen alimman kulman välillä",
        "Utrymmet mellan varje byggnads ytor och dess lägsta hörn",
        "Ruum iga hoone pindade ja selle madalaima nurga vahel",
    ),
    "Buildings with their parts": (
        "Rakennukset osineen",
        "Byggnader med sina delar",
        "Hooned koos osadega",
    ),
    "Gross floor area by built-up area": (
        "Kerrosala jaettuna rakennetulla alalla",
        "Bruttoarea delad med byggnadsarea",
        "Brutopind jagatud ehitisealuse pinnaga",
    ),
    "Trees of the tree layer": ("Puutason puut", "Trädlagrets träd", "Puude kihi puud"),
    "Circles of the crown diameters; crowns that overlap count twice, trees without a crown do not count": (
        "Latvusten halkaisijoiden ympyrät; päällekkäiset lasketaan kahdesti, puita ilman latvusta ei",
        "Cirklar med kronornas diametrar; överlappande räknas två gånger, träd utan krona inte alls",
        "Võrade läbimõõtude ringid; kattuvad võrad loetakse kaks korda, võrata puid ei loeta",
    ),
    "Area by surface; what lies on top counts": (
        "Ala pinnoittain; päällimmäinen lasketaan",
        "Yta efter beläggning; det som ligger överst räknas",
        "Pindala katte järgi; arvestatakse pealmist",
    ),
    "Mean over the ground people walk on, at the hour in view": (
        "Keskiarvo maasta, jolla kävellään, näytettävänä tuntina",
        "Medelvärde över marken man går på, vid den timme som visas",
        "Keskmine üle maapinna, kus käiakse, nähtaval tunnil",
    ),
    f"Mean over the ground people walk on and over {SPAN}": (
        f"Keskiarvo maasta, jolla kävellään, ja ajasta {HOURS}",
        f"Medelvärde över marken man går på och över {HOURS}",
        f"Keskmine üle maapinna, kus käiakse, ja üle aja {HOURS}",
    ),
    f"Share of the ground people walk on with over 32 °C UTCI in the mean of {SPAN}": (
        f"Osuus maasta, jolla kävellään ja jolla UTCI on keskimäärin yli 32 °C aikana {HOURS}",
        f"Andel av marken man går på med UTCI över 32 °C i medeltal {HOURS}",
        f"Osa maapinnast, kus käiakse ja kus UTCI on keskmiselt üle 32 °C ajal {HOURS}",
    ),
}
INPUTS: Names = {
    f"City model: surfaces, storeys; where they are unknown, one storey for {STOREY_HEIGHT} m of height": (
        f"Kaupunkimalli: pinnat, kerrokset; tuntemattomista kerros korkeuden {STOREY_HEIGHT} metriä kohti",
        f"Stadsmodell: ytor, våningar; där de är okända en våning per {STOREY_HEIGHT} m höjd",
        f"Linnamudel: pinnad, korrused; kui need on teadmata, üks korrus iga {STOREY_HEIGHT} m kõrguse kohta",
    ),
    "City model: surfaces": ("Kaupunkimalli: pinnat", "Stadsmodell: ytor", "Linnamudel: pinnad"),
    "City model": ("Kaupunkimalli", "Stadsmodell", "Linnamudel"),
    "As both": ("Kuten molemmat", "Som båda", "Nagu mõlemad"),
    "Layer of trees": ("Puutaso", "Trädlager", "Puude kiht"),
    "Layer of trees: crown": ("Puutaso: latvus", "Trädlager: krona", "Puude kiht: võra"),
    "Layers of the ground: surface": (
        "Maanpinnan tasot: pinnoite",
        "Marklager: beläggning",
        "Maapinna kihid: kate",
    ),
    HEAT: (
        "Skenaario, puut, maanpinta ja päivän sää, kuten UTCI-karttataso ne näyttää",
        "Scenario, träd, mark och dagens väder, som UTCI-kartan visar dem",
        "Stsenaarium, puud, maapind ja päeva ilm, nagu UTCI kaart neid näitab",
    ),
    "Count": ("Lukumäärä", "Antal", "Loendus"),
    "Plane geometry": ("Tasogeometria", "Plangeometri", "Tasandigeomeetria"),
    "Divergence theorem": ("Divergenssilause", "Divergenssatsen", "Divergentsiteoreem"),
}
METHODS = FORMULAS | INPUTS
"""Both."""


def explained(text: str, language: Language) -> str:
    """A formula, inputs or a source in another language; names of papers stay as they are."""
    found = METHODS.get(text)
    return found[LANGUAGES.index(language) - 1] if found and language != "en" else text

"""Says in plain attributes what a building is and is called."""

from __future__ import annotations

from twin.model.table import Value

USES = {
    "building": {
        "apartments": "residential",
        "residential": "residential",
        "office": "office",
        "retail": "commercial",
        "commercial": "commercial",
        "kiosk": "commercial",
        "hotel": "hotel",
        "train_station": "transport",
        "entrance": "transport",
        "underpass_entrance": "transport",
        "public": "civic",
        "school": "education",
        "university": "education",
        "museum": "culture",
        "cathedral": "religious",
        "church": "religious",
        "chapel": "religious",
    },
    "amenity": {
        "arts_centre": "culture",
        "bank": "commercial",
        "bandstand": "culture",
        "cinema": "culture",
        "college": "education",
        "courthouse": "civic",
        "fast_food": "commercial",
        "fire_station": "civic",
        "library": "culture",
        "marketplace": "commercial",
        "parking": "parking",
        "place_of_worship": "religious",
        "pub": "commercial",
        "public_building": "civic",
        "restaurant": "commercial",
        "school": "education",
        "theatre": "culture",
        "townhall": "civic",
        "university": "education",
    },
    "tourism": {"hotel": "hotel", "hostel": "hotel", "museum": "culture", "gallery": "culture"},
    "office": {"government": "civic"},
}
"""The simplified use that a tag stands for."""
ORDER = ("amenity", "tourism", "shop", "office", "railway", "public_transport", "building")
"""Which tag decides first: what a building is used for now says more than what it was built as."""


def use(tags: dict[str, str]) -> str:
    """One of residential, office, commercial, civic, transport, religious, education, culture, hotel,
    parking, other.
    """
    for key in ORDER:
        value = tags.get(key)
        if value is None:
            continue
        found = USES.get(key, {}).get(value)
        if found is None and key in ("shop", "office"):
            found = "commercial" if key == "shop" else "office"
        if found is None and value == "station":
            found = "transport"
        if found is not None:
            return found
    return "other"


def attributes(tags: dict[str, str]) -> dict[str, Value]:
    """Name, use, function, year of construction, roof and address, as far as they are tagged."""
    found: dict[str, Value] = {
        "name": tags.get("name"),
        "use": use(tags),
        "function": tags.get("building") or f"part {tags.get('building:part', 'yes')}",
    }
    start = tags.get("start_date", "")
    digits = next((start[i : i + 4] for i in range(len(start) - 3) if start[i : i + 4].isdigit()), None)
    if digits is not None:
        found["yearOfConstruction"] = int(digits)
        if start != digits:
            found["start_date"] = start
    if "roof:shape" in tags:
        found["roof"] = tags["roof:shape"]
    street = " ".join(tags[k] for k in ("addr:street", "addr:housenumber") if k in tags)
    if street:
        found["address"] = street
    return {key: value for key, value in found.items() if value is not None}

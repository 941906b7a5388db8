"""Makes broken city files out of whole ones, always the same ones."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
GML = tuple(f"house_v{n}.gml" for n in (1, 2, 3))
JSON = ("house_v10.city.json", "house_v11.city.json", "house_v20.city.json")
LINES = "house.city.jsonl"
WHOLE = (*GML, *JSON, LINES)

NUMBERS = (
    "NaN",
    "nan",
    "INF",
    "-Infinity",
    "1e999",
    "-1e400",
    "abc",
    "0x10",
    "1,5",
    "--1",
    "1e",
    "∞",
    "1_0",
    "٣",
)
SYSTEMS = (
    *("EPSG:", "EPSG:99999", "EPSG:abc", "urn:ogc:def:crs:EPSG::", "urn:ogc:def:crs:EPSG::0", "4326x"),
    *("file:///etc/passwd", "/vsicurl/http://127.0.0.1:9/crs", "http://127.0.0.1:9/crs", "\\\\host\\share"),
    *("+init=epsg:4326", "+proj=nothing", "x" * 5000, "EPSG:4326+EPSG:", "EPSG:-1", "EPSG:999999999999"),
)
ENTITIES = (
    '<!DOCTYPE a [<!ENTITY x "y">]>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
    '<!DOCTYPE a PUBLIC "-//A//B" "http://127.0.0.1:9/a.dtd">',
    '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/a.dtd"> %x;]>',
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>',
    "<!DOCTYPE a>",
    '<!DOCTYPE a [<!ATTLIST Building id CDATA "x">]>',
)
WRONG = (None, 7, -1.5, "text", [], {}, [None], {"a": None}, True, [[[[[]]]]])
"""What may stand where something else is meant."""
INDICES = (-1, 999, 2**31, 2**63, 2**200, 1.5, "0", None, [], {}, True, 1e300)


def damaged() -> Iterator[tuple[str, bytes]]:
    """Files that cannot be read whole, by a name that ends as their format does."""
    for name in WHOLE:
        whole = (DATA / name).read_bytes().rstrip()
        for percent in range(100):
            yield f"cut-{percent}-{name}", whole[: len(whole) * percent // 100]
    for name in GML:
        yield from _damaged_xml(name, (DATA / name).read_text(encoding="utf-8"))
    for name in JSON:
        yield from _damaged_json(name, (DATA / name).read_text(encoding="utf-8"))
    for ending in ("gml", "json", "jsonl", "gml.gz"):
        yield from _of_another_kind(ending)


def _damaged_xml(name: str, text: str) -> Iterator[tuple[str, bytes]]:
    def made(kind: str, changed: str) -> tuple[str, bytes]:
        assert changed != text, kind
        return f"{kind}-{name}", changed.encode()

    first = "25496000.0 6673000.0 2 25496010.0"
    for number in NUMBERS:
        yield made(f"number-{number!a}", text.replace(first, f"25496000.0 6673000.0 {number} 25496010.0", 1))
    yield made("odd", text.replace(first, "25496000.0 6673000.0 2 7 25496010.0", 1))
    for row, srs in enumerate(SYSTEMS):
        yield made(f"srs-{row}", text.replace("urn:ogc:def:crs:EPSG::3879", srs.replace("&", "&amp;")))
    for number, entity in enumerate(ENTITIES):
        yield made(f"entity-{number}", text.replace("?>", f"?>{entity}", 1))
    for depth in (300, 5000, 100_000):
        yield made(
            f"deep-{depth}", text.replace("<cityObjectMember>", "<cityObjectMember>" + "<a>" * depth, 1)
        )
        closed = "<a>" * depth + "</a>" * depth
        yield made(f"nested-{depth}", text.replace("<cityObjectMember>", f"<cityObjectMember>{closed}", 1))
    yield made("unclosed", text.replace("</gml:posList>", "", 1))
    yield made(
        "crossed", text.replace("</gml:posList></gml:LinearRing>", "</gml:LinearRing></gml:posList>", 1)
    )
    yield made("prefix", text.replace("xmlns:gml=", "xmlns:other=", 1))
    yield made("twice", text.replace('gml:id="house"', 'gml:id="house" gml:id="house"', 1))
    yield made("nul", text.replace("Old depot", "Old\0depot"))
    yield made("undefined", text.replace("Old depot", "&undefined;"))
    yield f"latin-{name}", text.replace("Old depot", "Vanhä varikko").encode("latin-1")
    yield f"utf16-{name}", text.replace("UTF-8", "UTF-16").encode()
    yield f"unknown-encoding-{name}", text.replace("UTF-8", "klingon").encode()
    yield made("second-root", text + "<a/>")
    yield made("tail", text + "tail")
    yield made("missing-link", text.replace('xlink:href="#p_roof"', 'xlink:href="#nowhere"'))
    yield made("outer-link", text.replace('xlink:href="#p_roof"', 'xlink:href="other.gml#p_roof"'))
    yield made("web-link", text.replace('xlink:href="#p_roof"', 'xlink:href="http://127.0.0.1:9/#a"'))


def _damaged_json(name: str, text: str) -> Iterator[tuple[str, bytes]]:
    def made(kind: str, changed: Any) -> tuple[str, bytes]:
        return f"{kind}-{name}", json.dumps(changed).encode()

    for key in json.loads(text):
        for number, wrong in enumerate(WRONG):
            tree = json.loads(text)
            if key == "type" or (key in ("CityObjects", "vertices") and type(wrong) is not type(tree[key])):
                yield made(f"{key}-{number}", {**tree, key: wrong})
    for number, index in enumerate(INDICES):
        tree = json.loads(text)
        tree["CityObjects"]["house"]["geometry"][1]["boundaries"][0][0][1] = index
        yield made(f"index-{number}", tree)
        tree = json.loads(text)
        tree["CityObjects"]["house"]["geometry"][1]["boundaries"][2] = index
        yield made(f"surface-{number}", tree)
    for number in NUMBERS:
        yield (
            f"vertex-{number!a}-{name}",
            text.replace("[0, 0, 2000]", f"[0, {number}, 2000]", 1).encode(),
        )
        yield f"scale-{number!a}-{name}", text.replace("[0.001,", f"[{number},", 1).encode()
        yield f"year-{number!a}-{name}", text.replace("1919", number, 1).encode()
    for number, short in enumerate(([], [0], [0, 0], [0, 0, 0, 0], None, "0,0,0")):
        tree = json.loads(text)
        tree["vertices"][0] = short
        yield made(f"short-{number}", tree)
    for depth in (100, 5000, 200_000):
        yield f"deep-{depth}-{name}", text.replace("1919", "[" * depth + "]" * depth, 1).encode()
        yield f"open-{depth}-{name}", text.replace("1919", "[" * depth, 1).encode()
    for parents in (["house"], ["shed"], ["nobody"], [7], "house"):
        tree = json.loads(text)
        tree["CityObjects"]["house"]["parents"] = parents
        yield made(f"parents-{parents!r}", tree)
    yield f"comma-{name}", text.replace('"version": ', '"version": ,', 1).encode()
    yield f"trailing-{name}", (text.rstrip() + "]").encode()
    yield f"latin-{name}", text.replace("Old depot", "Vanhä varikko").encode("latin-1")
    yield f"surrogate-{name}", text.replace("Old depot", "\\ud800").encode()


def _of_another_kind(ending: str) -> Iterator[tuple[str, bytes]]:
    others = {
        "empty": b"",
        "blank": b" \n\t\n",
        "bom": b"\xef\xbb\xbf",
        "png": b"\x89PNG\r\n\x1a\n" + bytes(64),
        "zip": b"PK\x03\x04" + bytes(64),
        "gzip": b"\x1f\x8b\x08\x00" + bytes(20),
        "html": b"<!doctype html><html><body>404 Not Found</body></html>",
        "text": b"Moved permanently",
        "list": b"[1, 2, 3]",
        "null": b"null",
        "number": b"7",
        "nothing": b"{}",
        "zeros": bytes(4096),
        "ones": b"\xff" * 4096,
        "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        "bare": b'<?xml version="1.0"?>',
        "model": b'<CityModel xmlns="http://www.opengis.net/citygml/2.0"/>',
        "error": b"<ServiceExceptionReport><ServiceException>no</ServiceException></ServiceExceptionReport>",
        "features": b'{"type": "FeatureCollection", "features": []}',
    }
    for kind, content in others.items():
        yield f"{kind}.{ending}", content


def mutants(name: str, count: int) -> Iterator[bytes]:
    """The file with bytes and pieces of it changed, doubled, moved and lost."""
    whole = (DATA / name).read_bytes()
    chance = random.Random(name)  # noqa: S311  # chance that can be repeated
    for _ in range(count):
        mutant = bytearray(whole)
        for _ in range(chance.choice((1, 1, 1, 2, 4, 16))):
            at = chance.randrange(len(mutant))
            end = min(at + chance.choice((1, 1, 2, 5, 20, 200)), len(mutant))
            match chance.randrange(8):
                case 0:
                    mutant[at] = chance.randrange(256)
                case 1:
                    mutant[at] ^= 1 << chance.randrange(8)
                case 2:
                    del mutant[at:end]
                case 3:
                    mutant[at:at] = mutant[at:end]
                case 4:
                    other = chance.randrange(len(mutant))
                    mutant[at:end] = mutant[other : other + end - at]
                case 5:
                    mutant[at:at] = chance.choice(
                        (b"<", b">", b'"', b"[", b"]", b"{", b"}", b",", b"-", b"\0")
                    )
                case 6:
                    mutant[at:end] = chance.choice(
                        (b"NaN", b"1e999", b"9" * 400, b"-1", b"null", b"&amp;", b"0")
                    )
                case _:
                    digits = [k for k in range(at, min(at + 400, len(mutant))) if 48 <= mutant[k] <= 57]
                    if digits:
                        mutant[chance.choice(digits)] = chance.choice(b"0123456789.-e")
        yield bytes(mutant)


def nodes(tree: Any) -> list[tuple[Any, Any]]:
    """Every container in a tree with each of its keys."""
    found = []
    stack = [tree]
    while stack:
        top = stack.pop()
        inner = list(top.items()) if isinstance(top, dict) else list(enumerate(top))
        found += [(top, key) for key, _ in inner]
        stack += [value for _, value in inner if isinstance(value, dict | list)]
    return found

import gzip
import time
from pathlib import Path

import pytest

from twin.errors import DataError
from twin.formats import citygml, safe_xml

HIDDEN = "the cat sleeps in the cellar"
CITY = '<CityModel xmlns="http://www.opengis.net/citygml/2.0">{}</CityModel>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMBS = {
    "billion laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>' + CITY.format("&l9;"),
    "billion laughs in an attribute": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><CityModel a="&l9;"/>',
    "quadratic blowup": f'<!DOCTYPE a [<!ENTITY b "{"x" * 100_000}">]>' + CITY.format("&b;" * 10_000),
    "file as entity": '<!DOCTYPE a [<!ENTITY x SYSTEM "secret.txt">]>' + CITY.format("&x;"),
    "file as entity in an attribute": '<!DOCTYPE a [<!ENTITY x SYSTEM "secret.txt">]><CityModel a="&x;"/>',
    "file as parameter entity": '<!DOCTYPE a [<!ENTITY % x SYSTEM "secret.txt"> %x;]>' + CITY.format(""),
    "DTD of the network": '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">' + CITY.format(""),
    "DTD beside the file": '<!DOCTYPE a SYSTEM "secret.txt">' + CITY.format(""),
    "bare document type": "<!DOCTYPE a>" + CITY.format(""),
    "undefined entity": CITY.format("&nothing;"),
    "depth": CITY.format("<a>" * 10_000 + "</a>" * 10_000),
    "long prolog": "<!-- " + "x" * 1200 + " -->" + "<!-- y -->" * 200_000 + CITY.format(""),
}


@pytest.mark.parametrize("name", BOMBS)
def test_hostile_xml_is_refused_at_once(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(HIDDEN)
    path = tmp_path / "city.gml"
    path.write_text(BOMBS[name])
    begun = time.process_time()
    with pytest.raises(DataError) as refused:
        citygml.read(path)
    assert time.process_time() - begun < 1.0
    assert HIDDEN not in str(refused.value)
    assert str(refused.value).startswith("city.gml: ")


def test_the_line_of_the_fault_is_named(tmp_path: Path) -> None:
    path = tmp_path / "city.gml"
    path.write_text(CITY.format("\n\n<a></b>"))
    with pytest.raises(DataError, match="line 3: is not well-formed XML"):
        list(safe_xml.children(path, ["a"]))


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "city.gml"
    path.write_bytes(b"")
    with pytest.raises(DataError, match="is empty"):
        safe_xml.root(path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_encodings_do_not_matter(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "city.gml"
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    path.write_bytes((declared + CITY.format("<a>ä</a>")).encode(encoding))
    assert safe_xml.root(path)[1] == "CityModel"
    assert [element.text for element in safe_xml.children(path, ["a"])] == ["ä"]


def test_packed_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "city.gml.gz"
    path.write_bytes(gzip.compress(CITY.format("<a>1</a><a>2</a>").encode()))
    assert [element.text for element in safe_xml.children(path, ["a"])] == ["1", "2"]


def test_a_gzip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "city.gml.gz"
    path.write_bytes(gzip.compress(CITY.format("<a/>" * 3_000_000).encode()))
    begun = time.process_time()
    with pytest.raises(DataError, match=r"unpacks to more than 50 times its .* TWIN_UNPACK_RATIO"):
        list(safe_xml.children(path, ["b"]))
    assert time.process_time() - begun < 1.0


def test_a_large_bomb_is_refused_at_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "city.gml.gz"
    blank = gzip.compress(b" " * (1 << 20))
    path.write_bytes(gzip.compress(b"<CityModel>") + blank * 1000)
    with safe_xml.Source(path) as source, pytest.raises(DataError, match="50 times"):
        while source.read(1 << 16):
            pass
    assert source.unpacked < 20 << 20


def test_how_much_may_be_unpacked_can_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "city.gml.gz"
    path.write_bytes(gzip.compress(CITY.format("<a/>" * 4_000_000).encode()))
    monkeypatch.setenv(safe_xml.RATIO_VARIABLE, "2000")
    with safe_xml.Source(path) as source:
        while source.read(1 << 20):
            pass
    assert source.unpacked > 16_000_000
    for said in ("nan", "0", "-3"):
        monkeypatch.setenv(safe_xml.RATIO_VARIABLE, said)
        with safe_xml.Source(path) as source, pytest.raises(DataError, match="more than 1 times"):
            source.read(1 << 21)
    monkeypatch.setenv(safe_xml.RATIO_VARIABLE, "much")
    with pytest.raises(DataError, match="'much', which is no number"):
        safe_xml.root(path)


def test_broken_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "city.gml.gz"
    whole = gzip.compress(CITY.format("<a/>" * 1000).encode())
    for damaged in (whole[:-20], whole[:30], whole[:20] + b"\x00\xff" * 10 + whole[40:]):
        path.write_bytes(damaged)
        with pytest.raises(DataError, match=r"gzip|XML"):
            list(safe_xml.children(path, ["a"]))


def test_progress_ends_where_the_file_ends(tmp_path: Path) -> None:
    path = tmp_path / "city.gml"
    path.write_text(CITY.format("<a>text</a>" * 50_000))
    steps: list[float] = []
    for _ in safe_xml.children(path, ["a"], steps.append):
        pass
    assert steps == sorted(steps)
    assert 0 < steps[0] < 0.2
    assert steps[-1] == 1.0

"""How CityGML files are read in pieces."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from twin.errors import DataError
from twin.formats.citygml_pieces import Room, Text, pieces

MEMBER = "<cityObjectMember>\n<Building/>ä\n</cityObjectMember>\n"
FILE = f"<CityModel>\n{MEMBER * 40}</CityModel>\n".encode()


def read(path: Path, size: int) -> tuple[Text, list[bytes]]:
    text, room, found = Text(path), Room(), []
    for piece in pieces(path, text, room, size=size):
        assert not any(piece.data[piece.length : piece.length + 64])
        found.append(bytes(piece.data[: piece.length]))
        room.give_back(piece.data)
    return text, found


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("size", [16, 100, 1000, 1 << 20])
def test_pieces_end_with_members_and_their_text_can_be_had_again(
    tmp_path: Path, size: int, packed: bool
) -> None:
    path = tmp_path / "a.gml"
    path.write_bytes(gzip.compress(FILE) if packed else FILE)
    text, found = read(path, size)
    assert b"".join(found) == FILE
    assert all(part.endswith(b"</cityObjectMember>") for part in found[:-1])
    text.count_lines([part.count(b"\n") for part in found])
    base = sum(len(part) for part in found[:-1])
    assert text.get(base, base + 20) == FILE[base : base + 20]
    places = [*range(0, len(FILE), 37), 5]
    assert [text.line(place) for place in places] == [FILE[:place].count(b"\n") + 1 for place in places]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gml"
    path.write_bytes(FILE)
    text, _ = read(path, 100)
    with path.open("ab") as file:
        file.write(b" ")
    with pytest.raises(DataError, match="was changed while it was read"):
        text.get(0, 10)


def test_the_room_of_pieces_is_used_again(tmp_path: Path) -> None:
    path = tmp_path / "a.gml"
    path.write_bytes(FILE)
    text, room = Text(path), Room()
    rooms = set()
    for piece in pieces(path, text, room, size=200):
        rooms.add(id(piece.data))
        room.give_back(piece.data)
    assert len(rooms) < 4

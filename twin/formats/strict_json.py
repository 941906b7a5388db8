"""Reads JSON strictly, names the place of every fault, and writes without losing what it does not know."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from twin.errors import DataError

LIMIT = 16 * 2**20
"""Largest JSON file that is read. [byte]"""
BOM = b"\xef\xbb\xbf"
"""May stand before UTF-8, and means nothing."""

T = TypeVar("T")
_NAMES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "nothing",
}
_ANY = msgspec.json.Decoder(Any)
_NUMBERS = re.compile(r"\[\n\s+(-?[0-9][0-9.eE+-]*(?:,\n\s+-?[0-9][0-9.eE+-]*)*)\n\s+\]")


def read(path: Path) -> Any:
    """The decoded tree. NaN, infinity and files over LIMIT are refused. Raises DataError."""
    try:
        size = path.stat().st_size
        if size > LIMIT:
            raise DataError(
                path, "", f"is {size / 2**20:.0f} MB of JSON, over the limit of {LIMIT // 2**20} MB"
            )
        data = path.read_bytes()
    except OSError as error:
        raise DataError(path, "", f"cannot be read: {error.strerror or error}") from error
    return parse(data, path)


def parse(data: bytes, path: Path) -> Any:
    """The tree of a text that was read from `path`. Raises DataError."""
    return decode(data.removeprefix(BOM), _ANY, path)


def decode(
    data: bytes | msgspec.Raw,
    decoder: msgspec.json.Decoder[T],
    path: Path,
    *,
    at: str = "",
    first: int = 1,
) -> T:
    """JSON text as the type of the decoder; unknown fields of structs are ignored.

    Raises DataError with the place. at: the JSON path of the text; first: its line in the file.
    """
    try:
        return decoder.decode(data)
    except RecursionError as error:
        raise DataError(path, at, "is nested too deeply") from error
    except UnicodeDecodeError as error:
        raise DataError(path, at or f"byte {error.start}", "is not UTF-8", "Save it as UTF-8.") from error
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        raise DataError(path, (at + place.rstrip("`")).lstrip("."), _plain(message)) from error
    except msgspec.MsgspecError as error:
        raise DataError(path, at or _line(bytes(data), str(error), first), f"is not JSON: {error}") from error


def convert(tree: Any, kind: type[T], path: Path, *, at: str = "", remedy: str = "") -> T:
    """The tree as a struct or dataclass; unknown fields are ignored. Raises DataError with the JSON path.

    at: the JSON path of `tree` itself.
    """
    try:
        return msgspec.convert(tree, kind)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        inside = place.rstrip("`")
        raise DataError(path, (at + inside).lstrip("."), _plain(message), remedy) from error


def laid_over(raw: Any, value: Any, path: Path, at: str = "") -> Any:
    """The JSON tree of `value`, with the fields of `raw` that its types do not know kept where they were.

    Members of lists are matched by `id`. Fields at their default are left out unless `raw` has them.
    Raises DataError for NaN and infinity, naming the JSON path.
    """
    fields = _fields(value)
    if fields is not None:
        old = raw if isinstance(raw, Mapping) else {}
        fresh = dict(fields)
        names = dict.fromkeys([*old, *(name for name, (now, usual) in fresh.items() if now != usual)])
        return {
            name: laid_over(old.get(name), fresh[name][0], path, f"{at}.{name}".lstrip("."))
            if name in fresh
            else old[name]
            for name in names
        }
    if isinstance(value, float) and not math.isfinite(value):
        raise DataError(path, at, f"{value} is not a number that can be saved")
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): laid_over(None, v, path, f"{at}.{k}".lstrip(".")) for k, v in value.items()}
    if isinstance(value, Set):
        return sorted(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        old = {m.get("id"): m for m in raw if isinstance(m, Mapping)} if isinstance(raw, list) else {}
        return [
            laid_over(old.get(getattr(v, "id", None)), v, path, f"{at}[{i}]") for i, v in enumerate(value)
        ]
    return value


def dump(tree: Any) -> bytes:
    """Indented UTF-8 with a list of numbers on one line, in the order of the tree."""
    text = json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False)
    # no text can match: a line break inside a JSON string is written \n
    return (_NUMBERS.sub(lambda m: "[" + re.sub(r",\n\s+", ", ", m[1]) + "]", text) + "\n").encode()


def _fields(value: Any) -> Iterator[tuple[str, tuple[Any, Any]]] | None:
    """Name, value and default of each field of a struct or dataclass."""
    if isinstance(value, msgspec.Struct):
        return (
            (f.encode_name, (getattr(value, f.name), _default(f.default, f.default_factory)))
            for f in msgspec.structs.fields(value)
        )
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return (
            (f.name, (getattr(value, f.name), _default(f.default, f.default_factory)))
            for f in dataclasses.fields(value)
        )
    return None


def _default(default: Any, factory: Any) -> Any:
    missing = (msgspec.NODEFAULT, dataclasses.MISSING)
    if factory not in missing:
        return factory()
    return default


def _line(data: bytes, message: str, first: int) -> str:
    found = re.search(r"byte (\d+)", message)
    if not found:
        return f"line {first}" if first > 1 else ""
    before = data[: int(found[1])]
    return f"line {before.count(10) + first}, column {len(before) - before.rfind(10)}"


def _plain(message: str) -> str:
    words = re.sub(r"`([a-z]+)(?: \| null)?`", lambda m: _NAMES.get(m[1], m[0]), message).replace("`", "'")
    return words[:1].lower() + words[1:]

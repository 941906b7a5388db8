"""Reads what a glTF says of its features: property tables (EXT_structural_metadata) and feature ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from twin.formats.mesh_gltf_file import Fault, Gltf
from twin.formats.mesh_gltf_tree import Primitive
from twin.formats.report import Skips
from twin.model.table import Value

METADATA, FEATURES = "EXT_structural_metadata", "EXT_mesh_features"
NUMBERS = {
    **{f"INT{bits}": f"<i{bits // 8}" for bits in (8, 16, 32, 64)},
    **{f"UINT{bits}": f"<u{bits // 8}" for bits in (8, 16, 32, 64)},
    **{"FLOAT32": "<f4", "FLOAT64": "<f8"},
}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
IDS = ("gml:id", "gml_id", "gmlid", "id", "GlobalId", "name")
"""Columns that name a feature, the best first."""
MOST_FEATURES = 5_000_000
Column = list[Value]


class _Kind(Struct, rename="camel"):
    type: str = "SCALAR"
    component_type: str = ""
    enum_type: str = ""
    array: bool = False
    count: int = 0
    normalized: bool = False


class _Class(Struct, rename="camel"):
    properties: dict[str, _Kind] = field(default_factory=dict)


class _EnumValue(Struct, rename="camel"):
    name: str
    value: int


class _Enum(Struct, rename="camel"):
    values: list[_EnumValue] = field(default_factory=list)
    value_type: str = "UINT16"


class _Schema(Struct, rename="camel"):
    classes: dict[str, _Class] = field(default_factory=dict)
    enums: dict[str, _Enum] = field(default_factory=dict)


class _Property(Struct, rename="camel"):
    values: int
    string_offsets: int | None = None
    string_offset_type: str = "UINT32"
    array_offsets: int | None = None


class _Table(Struct, rename="camel"):
    count: int
    class_: str = field(default="", name="class")
    properties: dict[str, _Property] = field(default_factory=dict)


class _Metadata(Struct, rename="camel"):
    """`schema` is left out where it lies in another file."""

    schema: _Schema | None = None
    property_tables: list[_Table] = field(default_factory=list)


class _FeatureId(Struct, rename="camel"):
    feature_count: int = 0
    attribute: int | None = None
    property_table: int | None = None
    null_feature_id: int | None = None
    texture: Any = None


class _Features(Struct, rename="camel"):
    feature_ids: list[_FeatureId] = field(default_factory=list)


class Table:
    """What is known of features, by number."""

    def __init__(self, count: int, columns: dict[str, Column]) -> None:
        self.count, self.columns = count, columns

    def row(self, number: int) -> dict[str, Value]:
        """Of one feature; without what is absent."""
        if not 0 <= number < self.count:
            return {}
        return {
            name: values[number]
            for name, values in self.columns.items()
            if number < len(values) and values[number] is not None
        }


def tables(gltf: Gltf, skips: Skips) -> list[Table]:
    """The property tables of a document; what cannot be read is counted."""
    raw = gltf.tree.extensions.get(METADATA)
    if raw is None:
        return []
    try:
        found = msgspec.convert(raw, _Metadata)
    except msgspec.ValidationError as error:
        skips.at(METADATA, "property tables", f"they are not as they should be: {error}")
        return []
    if found.schema is None:
        skips.at(METADATA, "property tables", "their schema lies in another file", len(found.property_tables))
        return [Table(0, {}) for _ in found.property_tables]
    return [_table(gltf, found.schema, table, skips) for table in found.property_tables]


def feature_ids(
    gltf: Gltf, primitive: Primitive, count: int, skips: Skips, where: str
) -> tuple[int, NDArray[np.int64]] | None:
    """The property table of a primitive, and the feature of each of its points, -1: none. Raises Fault."""
    raw = primitive.extensions.get(FEATURES)
    if raw is None:
        return None
    try:
        sets = msgspec.convert(raw, _Features).feature_ids
    except msgspec.ValidationError as error:
        raise Fault(f"its feature ids are not as they should be: {error}") from error
    chosen = next((ids for ids in sets if ids.property_table is not None and ids.texture is None), None)
    if chosen is None or chosen.property_table is None:
        if sets:
            skips.at(where, "feature ids", "they lie in a texture, or name no property table", len(sets))
        return None
    if chosen.attribute is None:  # each point is a feature
        ids = np.arange(count)
    else:
        found = gltf.numbers(primitive.attributes.get(f"_FEATURE_ID_{chosen.attribute}"), 1)
        ids = whole(found, count)
    if chosen.null_feature_id is not None:
        ids = np.where(ids == chosen.null_feature_id, -1, ids)
    return chosen.property_table, ids


def whole(values: NDArray[Any], count: int) -> NDArray[np.int64]:
    """Numbers of features, which may be written as floats. Raises Fault."""
    if len(values) != count:
        raise Fault("it has not one feature id for each point")
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(values.astype(np.float64)) < 2**31, values, -1).astype(np.int64)


def name_of(row: dict[str, Value]) -> str:
    """What a feature calls itself; empty: nothing."""
    lower = {key.lower(): value for key, value in row.items()}
    for name in IDS:
        value = lower.get(name.lower())
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value)
    return ""


def _table(gltf: Gltf, schema: _Schema, table: _Table, skips: Skips) -> Table:
    columns: dict[str, Column] = {}
    kinds = schema.classes.get(table.class_, _Class()).properties
    if not 0 <= table.count <= MOST_FEATURES:
        skips.at(METADATA, "property table", f"it says it has {table.count} rows")
        return Table(0, {})
    for name, place in table.properties.items():
        try:
            kind = kinds.get(name)
            if kind is None:
                raise Fault("its class does not have it")
            columns[name] = _column(gltf, schema, kind, place, table.count)
        except Fault as fault:
            skips.at(f"{METADATA}: {name}", "attribute", str(fault), table.count)
    return Table(table.count, columns)


def _column(gltf: Gltf, schema: _Schema, kind: _Kind, place: _Property, count: int) -> Column:
    each = kind.count if kind.array else 1
    if kind.array and (not each or place.array_offsets is not None):
        raise Fault("lists of different lengths are not kept")
    data = gltf.view(place.values)[0]
    reader = _READERS.get(kind.type)
    if reader is not None:
        values = reader(gltf, schema, kind, place, data, count * each)
    elif kind.type in WIDTHS and kind.component_type in NUMBERS:
        width = WIDTHS[kind.type]
        values = _numbers(data, NUMBERS[kind.component_type], count * each * width)
        each *= width
    else:
        raise Fault(f"its type {kind.type} is not known")
    if each == 1:
        return values
    return ["; ".join(str(value) for value in values[i : i + each]) for i in range(0, count * each, each)]


def _numbers(data: memoryview, kind: str, count: int) -> Column:
    if np.dtype(kind).itemsize * count > len(data):
        raise Fault("its values are cut off")
    found = np.frombuffer(data, kind, count)
    if found.dtype.kind == "f":
        # shortest number that is the same in single precision
        single = found.dtype.itemsize == 4
        return [None if v != v else float(str(v)) if single else float(v) for v in found]
    return [str(v) if v >= 2**63 else v for v in found.tolist()]


def _strings(
    gltf: Gltf, _schema: _Schema, _kind: _Kind, place: _Property, data: memoryview, count: int
) -> Column:
    if place.string_offsets is None or place.string_offset_type not in NUMBERS:
        raise Fault("its texts have no offsets")
    ends = _numbers(gltf.view(place.string_offsets)[0], NUMBERS[place.string_offset_type], count + 1)
    found: Column = []
    for i in range(count):
        begin, end = ends[i], ends[i + 1]
        if not (isinstance(begin, int) and isinstance(end, int) and 0 <= begin <= end <= len(data)):
            raise Fault("its texts are cut off")
        found.append(bytes(data[begin:end]).decode("utf-8", errors="replace"))
    return found


def _booleans(
    _gltf: Gltf, _schema: _Schema, _kind: _Kind, _place: _Property, data: memoryview, count: int
) -> Column:
    if (count + 7) // 8 > len(data):
        raise Fault("its values are cut off")
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
    return [bool(bit) for bit in bits[:count]]


def _enums(
    _gltf: Gltf, schema: _Schema, kind: _Kind, _place: _Property, data: memoryview, count: int
) -> Column:
    enum = schema.enums.get(kind.enum_type)
    if enum is None or enum.value_type not in NUMBERS:
        raise Fault("its enum is not in the schema")
    names = {value.value: value.name for value in enum.values}
    numbers = _numbers(data, NUMBERS[enum.value_type], count)
    return [names.get(value) if isinstance(value, int) else None for value in numbers]


_Reader = Callable[[Gltf, _Schema, _Kind, _Property, memoryview, int], Column]
_READERS: dict[str, _Reader] = {"STRING": _strings, "BOOLEAN": _booleans, "ENUM": _enums}

"""Knows what a glTF 2.0 document is made of, as far as it is read."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

Extensions = dict[str, Any]


class SparseView(Struct, rename="camel"):
    """Where the numbers of a sparse accessor lie."""

    buffer_view: int
    byte_offset: int = 0
    component_type: int = 5126


class Sparse(Struct, rename="camel"):
    """The values of an accessor that differ."""

    count: int
    indices: SparseView
    values: SparseView


class Accessor(Struct, rename="camel"):
    """A column of numbers."""

    component_type: int
    count: int
    type: str
    buffer_view: int | None = None
    byte_offset: int = 0
    normalized: bool = False
    sparse: Sparse | None = None


class View(Struct, rename="camel"):
    """A part of a buffer."""

    buffer: int
    byte_length: int
    byte_offset: int = 0
    byte_stride: int | None = None
    extensions: Extensions = field(default_factory=dict)


class Buffer(Struct, rename="camel"):
    """Bytes in a file beside, in the text, or behind it."""

    byte_length: int
    uri: str | None = None


class Primitive(Struct, rename="camel"):
    """Triangles of one material."""

    attributes: dict[str, int]
    indices: int | None = None
    material: int | None = None
    mode: int = 4
    targets: list[Any] = field(default_factory=list)
    extensions: Extensions = field(default_factory=dict)


class Mesh(Struct, rename="camel"):
    """Shapes that nodes place."""

    primitives: list[Primitive] = field(default_factory=list)
    name: str = ""


class Node(Struct, rename="camel"):
    """A place in the tree of things."""

    name: str = ""
    mesh: int | None = None
    skin: int | None = None
    children: list[int] = field(default_factory=list)
    matrix: list[float] | None = None
    translation: tuple[float, float, float] = (0.0, 0.0, 0.0)
    rotation: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 1.0)
    scale: tuple[float, float, float] = (1.0, 1.0, 1.0)
    extras: Any = None
    extensions: Extensions = field(default_factory=dict)


class TextureRef(Struct, rename="camel"):
    """Which texture, by which coordinates."""

    index: int
    tex_coord: int = 0
    extensions: Extensions = field(default_factory=dict)


class Pbr(Struct, rename="camel"):
    """The colour of a material."""

    base_color_factor: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    base_color_texture: TextureRef | None = None


class Material(Struct, rename="camel"):
    """How faces look."""

    name: str = ""
    pbr_metallic_roughness: Pbr = field(default_factory=Pbr)
    alpha_mode: str = "OPAQUE"


class Texture(Struct, rename="camel"):
    """Which image."""

    source: int | None = None


class ImageRef(Struct, rename="camel"):
    """A picture in a file beside, in the text, or in a buffer."""

    uri: str | None = None
    buffer_view: int | None = None


class Scene(Struct, rename="camel"):
    """The uppermost nodes."""

    nodes: list[int] = field(default_factory=list)


class Asset(Struct, rename="camel"):
    """What the file says of itself."""

    version: str = ""


class Tree(Struct, rename="camel"):
    """All of it."""

    asset: Asset = field(default_factory=Asset)
    scene: int | None = None
    scenes: list[Scene] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    meshes: list[Mesh] = field(default_factory=list)
    materials: list[Material] = field(default_factory=list)
    textures: list[Texture] = field(default_factory=list)
    images: list[ImageRef] = field(default_factory=list)
    accessors: list[Accessor] = field(default_factory=list)
    buffer_views: list[View] = field(default_factory=list)
    buffers: list[Buffer] = field(default_factory=list)
    animations: list[Any] = field(default_factory=list)
    extensions: Extensions = field(default_factory=dict)
    extensions_required: list[str] = field(default_factory=list)

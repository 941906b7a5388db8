"""Scans the bytes of CityGML: elements become rows of numbers, text stays where it is.

Compiled, without the interpreter's lock. It knows XML; what the elements mean is in `citygml_grammar`, which
it asks about every new path of names. Where it doubts that the XML is well-formed it says so, and where it
does not understand a member it marks it: both are read again through the element tree.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code=assignment
# ruff: noqa: PLR1714, PLR0911, PLR0912, PLR0915, SIM109, SIM110  # one step is one instruction here
from __future__ import annotations

import numpy as np
from numba import njit

from twin.formats.attribute_texts import DEFAULT, ENTITY, FILLED, OWN, PART, WHOLE

# what an element is; see citygml_grammar
IGNORE, MEMBER, OBJECT, SURFACE, GEOMETRY, CONTAINER, WRAPPER, POLYGON, SIDE, RING, POSITIONS = range(11)
ATTRIBUTE, HEIGHT, GENERIC, GENERIC_SET, VALUE, NAME, ADDRESS, ADDRESS_PART = range(11, 19)
SKIP, SLOW, ENVELOPE, RELIEF_LOD, SURFACE_PROPERTY, WRAP_GENERIC, BOX = range(19, 26)
APPEARANCE, THEME, LOOK, CONTENT, AIM, TEXTURE_LIST, TEXTURE, FRONT, SHAPE_SKIP, LOOK_WRAPPER = range(26, 36)

# what an attribute is
OTHER, ID, HREF, SRS_NAME, SRS_DIMENSION, NAME_OF_GENERIC, NAMESPACE, UNIT, URI, RING_OF_TEXTURE = range(10)

# why the scan stopped
DONE, END, NEW_NODE, NEW_ATTRIBUTE, GROW, DOUBT, OPEN = range(7)

# the state between two calls
POS, DEPTH, MARKED, MEMBER_START, PROPERTY, ADDRESS_DEPTH, THEME_START, THEME_END = range(8)
ASK_PARENT, ASK_START, ASK_END, ATTRIBUTES, KEYS, KEY_BYTES, SRS, SRS_BYTES, UNITS, UNIT_BYTES = range(8, 18)
# and how many rows there are, now and when the member began
OBJECTS, POLYGONS, RINGS, CORNERS, LINKS, ENTRIES, SKIPS, IDS, HARD = range(18, 27)
LOOKS, AIMS, TEXTURES, PLACES, FACES, MEMBERS = range(27, 33)
COUNTS, COUNTED = 18, 15
BEFORE = COUNTS + COUNTED
STATE = BEFORE + COUNTED
"""Its length."""

# columns of the nodes
PARENT, FIRST, NEXT, LIKELY, TEXT, LENGTH, ACTION, ARGUMENT, MEASURED = range(9)
# of the stack
S_NODE, S_OBJECT, S_KIND, S_LOD, S_START, S_TEXT, S_MODE, S_FLAG, S_NAME, S_NAME_END, S_VALUE, S_VALUE_END = (
    range(12)
)
S_FACE = 12
# of the rows
O_ID, O_ID_END, O_TYPE, O_PARENT, O_START, O_HIGH, O_LOW, O_RELIEF, O_FLAGS, O_PROPERTY = range(10)
O_LODS = O_PROPERTY + 1
"""The first property of each LoD."""
P_OBJECT, P_KIND, P_LOD, P_TRIANGLE, P_RING, P_PROPERTY, P_FACE = range(7)
R_START, R_ID, R_REPEATS = range(3)
L_OBJECT, L_LOD, L_TARGET, L_START, L_KIND, L_FACE = range(6)
E_OBJECT, E_KEY, E_START, E_END, E_ORDER, E_FLAGS, E_UNIT, E_FACE = range(8)
K_NODE, K_OBJECT, K_START, K_ID, K_ID_END = range(5)
I_HASH, I_KIND, I_POLYGON, I_POLYGON_END, I_LINK, I_LINK_END = range(6)
H_INDEX, H_START, H_END = range(3)
K_LOOK, K_CONTENT, K_THEME, K_THEME_END, K_BEGIN, K_END, K_AIM, K_AIM_END = range(8)
A_TARGET, A_START, A_TEXTURE, A_TEXTURE_END = range(4)
T_RING, T_START, T_END = range(3)
F_PARENT, F_KIND = range(2)
M_START, M_END, M_SLOW, M_BEFORE = range(4)
COLUMNS = (O_LODS + 5, 7, 3, 0, 6, 8, 5, 6, 3, 8, 4, 3, 0, 2, M_BEFORE + COUNTED)
"""Of the rows that are counted; 0: plain numbers."""

# of an object: any surface without semantics, one in several properties, one at a tin, and from 8 on those of
# LoD 0 in several properties, from 16 on those of LoD 0 without semantics
UNTYPED, SEVERAL, TIN = 1, 2, 4
# of an id
A_POLYGON, A_GROUP, A_FACE = 0, 1, 2
# the keys of attributes that the scan knows: measuredHeight, and the gml:id of a face
HEIGHT_KEY, ID_KEY = 0, 1
# of a polygon, beside whether it is a triangle
DOUBLE = 2
# of a look
A_PICTURE, A_BACK = 1, 2

DEEPEST = 250
"""The element tree reads 256."""
LONGEST = 9_000_000
"""Text that the element tree reads is at most 10 MB."""
MOST_NODES = 4096
MOST_KEYS = 4096
MOST_WORDS = 64
FARTHEST = 1e9
"""No map has coordinates beyond this; as in `gml`."""

PLAIN, STOP, AMPERSAND, BRACKET, HIGH, BAD = range(6)
_KIND = np.zeros(256, np.uint8)
_KIND[:32] = BAD
_KIND[[9, 10, 13]] = PLAIN
_KIND[0x3C] = STOP
_KIND[0x26] = AMPERSAND
_KIND[0x5D] = BRACKET
_KIND[128:] = HIGH
_CDATA = np.frombuffer(b"[CDATA[", np.uint8).copy()
_SPACE = np.zeros(256, np.bool_)
_SPACE[[9, 10, 13, 32]] = True
_POWERS = np.array([float(f"1e{k}") for k in range(23)])
_MAY_HOLD_COMMENTS = np.zeros(LOOK_WRAPPER + 1, np.bool_)
_MAY_HOLD_COMMENTS[
    [
        *(IGNORE, MEMBER, OBJECT, SURFACE, GEOMETRY, CONTAINER, WRAPPER, POLYGON, SIDE, RING, BOX, SKIP),
        *(GENERIC, GENERIC_SET, WRAP_GENERIC, APPEARANCE, LOOK, LOOK_WRAPPER, TEXTURE_LIST, ENVELOPE),
    ]
] = True


_compiled = njit(cache=True, nogil=True, error_model="numpy")
_step = njit(nogil=True, error_model="numpy")
"""A part of what is compiled."""


@_step
def _hash(buf, start, end):
    found = np.int64(-3750763034362895579)
    for k in range(start, end):
        found = (found ^ np.int64(buf[k])) * np.int64(1099511628211)
    return found


@_compiled
def hash_of(buf):
    """The number that stands for an id."""
    return _hash(buf, 0, len(buf))


@_step
def _after_high(buf, i):
    """The place after a character beyond ASCII, or -1 where it is none that XML allows."""
    a = buf[i]
    b = buf[i + 1]
    if a < 0xC2 or a > 0xF4 or (b & 0xC0) != 0x80:
        return -1
    if a < 0xE0:
        return i + 2
    c = buf[i + 2]
    if (c & 0xC0) != 0x80:
        return -1
    if a < 0xF0:
        if (a == 0xE0 and b < 0xA0) or (a == 0xED and b > 0x9F):
            return -1
        if a == 0xEF and b == 0xBF and c >= 0xBE:
            return -1
        return i + 3
    if (buf[i + 3] & 0xC0) != 0x80 or (a == 0xF0 and b < 0x90) or (a == 0xF4 and b > 0x8F):
        return -1
    return i + 4


@_step
def _after_reference(buf, i):
    """The place after &lt; &#228; and the like, or -1."""
    a = buf[i + 1]
    b = buf[i + 2]
    if (a == 0x6C or a == 0x67) and b == 0x74 and buf[i + 3] == 0x3B:
        return i + 4
    if a == 0x61 and b == 0x6D and buf[i + 3] == 0x70 and buf[i + 4] == 0x3B:
        return i + 5
    if a == 0x61 and b == 0x70 and buf[i + 3] == 0x6F and buf[i + 4] == 0x73 and buf[i + 5] == 0x3B:
        return i + 6
    if a == 0x71 and b == 0x75 and buf[i + 3] == 0x6F and buf[i + 4] == 0x74 and buf[i + 5] == 0x3B:
        return i + 6
    if a != 0x23:
        return -1
    i += 2
    code = 0
    digits = 0
    if buf[i] == 0x78:
        i += 1
        while True:
            c = buf[i] | 0x20
            if 0x30 <= buf[i] <= 0x39:
                code = code * 16 + buf[i] - 0x30
            elif 0x61 <= c <= 0x66:
                code = code * 16 + c - 0x57
            else:
                break
            digits += 1
            i += 1
            if digits > 7:
                return -1
    else:
        while 0x30 <= buf[i] <= 0x39:
            code = code * 10 + buf[i] - 0x30
            digits += 1
            i += 1
            if digits > 8:
                return -1
    if digits == 0 or buf[i] != 0x3B:
        return -1
    allowed = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE
    if not (allowed or 0x10000 <= code <= 0x10FFFF):
        return -1
    return i + 1


@_step
def _is_odd_space(buf, i):
    """Whether a character beyond ASCII is one that Python strips from text, or a number stands for one."""
    a, b, c = buf[i], buf[i + 1], buf[i + 2]
    if a < 0x80:
        return a == 0x26 and b == 0x23
    if a == 0xC2:
        return b == 0x85 or b == 0xA0
    if a == 0xE1:
        return b == 0x9A and c == 0x80
    if a == 0xE2:
        return (b == 0x80 and (c <= 0x8A or c == 0xA8 or c == 0xA9 or c == 0xAF)) or (b == 0x81 and c == 0x9F)
    return a == 0xE3 and b == 0x80 and c == 0x80


@_step
def _quotient(mantissa, power):
    """mantissa / power rounded once, and whether that is sure; for mantissas beyond 2^53."""
    high = np.float64(mantissa)
    low = np.float64(mantissa - np.int64(high))
    q = high / power
    # the product of q and power without rounding, after Dekker
    big = q * 134217729.0
    q1 = big - (big - q)
    q2 = q - q1
    big = power * 134217729.0
    p1 = big - (big - power)
    p2 = power - p1
    product = q * power
    missing = ((q1 * p1 - product) + q1 * p2 + q2 * p1) + q2 * p2
    rest = (((high - product) - missing) + low) / power
    least = q + rest * (1 - 9.1e-13)
    most = q + rest * (1 + 9.1e-13)
    return q + rest, least == most


@_step
def _compare(buf, i, pool, start, length):
    for k in range(length):
        if buf[i + k] != pool[start + k]:
            return False
    return True


@_step
def _intern(buf, state, keys, key_slots, key_pool, within, within_end, name, name_end, kind):
    """The number of a generic attribute by name and kind; -1 where there are too many."""
    found = _hash(buf, name, name_end) * 31 + _hash(buf, within, within_end) * 17 + kind
    slot = found & (len(key_slots) - 1)
    first = within_end - within
    second = name_end - name
    while key_slots[slot] >= 0:
        k = key_slots[slot]
        if (
            keys[k, 0] == found
            and keys[k, 2] == first
            and keys[k, 3] == second
            and keys[k, 4] == kind
            and _compare(buf, within, key_pool, keys[k, 1], first)
            and _compare(buf, name, key_pool, keys[k, 1] + first, second)
        ):
            return k
        slot = (slot + 1) & (len(key_slots) - 1)
    k = state[KEYS]
    begin = state[KEY_BYTES]
    if k >= MOST_KEYS or begin + first + second > len(key_pool):
        return -1
    keys[k, 0] = found
    keys[k, 1] = begin
    keys[k, 2] = first
    keys[k, 3] = second
    keys[k, 4] = kind
    for m in range(first):
        key_pool[begin + m] = buf[within + m]
    for m in range(second):
        key_pool[begin + first + m] = buf[name + m]
    key_slots[slot] = k
    state[KEYS] = k + 1
    state[KEY_BYTES] = begin + first + second
    return k


@_step
def _word(buf, state, at, words, pool, start, end):
    """The number of a word in a short list; -1 where there are too many. state[at]: how many."""
    length = end - start
    for k in range(state[at]):
        if words[k, 1] == length and _compare(buf, start, pool, words[k, 0], length):
            return k
    begin = state[at + 1]
    k = state[at]
    if k >= MOST_WORDS or begin + length > len(pool):
        return -1
    for m in range(length):
        pool[begin + m] = buf[start + m]
    words[k, 0] = begin
    words[k, 1] = length
    state[at] = k + 1
    state[at + 1] = begin + length
    return k


@_step
def _numbers(buf, i, state, counter, size, corners, hard):
    """Read numbers up to the next tag: the place of the tag, -1: not understood, -2: no room."""
    count = state[counter]
    hards = state[HARD]
    begun = count
    room = len(corners) - 1
    while True:
        c = buf[i]
        while _SPACE[c]:
            i += 1
            c = buf[i]
        if c == 0x3C:
            break
        begin = i
        negative = c == 0x2D
        if negative or c == 0x2B:
            i += 1
            c = buf[i]
        mantissa = np.int64(0)
        digits = 0
        scale = 0
        total = 0
        while 0x30 <= c <= 0x39:
            total += 1
            if digits < 18:
                mantissa = mantissa * 10 + np.int64(c - 0x30)
                digits += mantissa > 0
            else:
                digits += 1
                scale += 1
            i += 1
            c = buf[i]
        if c == 0x2E:
            i += 1
            c = buf[i]
            while 0x30 <= c <= 0x39:
                total += 1
                if digits < 18:
                    mantissa = mantissa * 10 + np.int64(c - 0x30)
                    digits += mantissa > 0
                    scale -= 1
                else:
                    digits += 1
                i += 1
                c = buf[i]
        if total == 0:
            return -1
        if c == 0x45 or c == 0x65:
            i += 1
            c = buf[i]
            minus = c == 0x2D
            if minus or c == 0x2B:
                i += 1
                c = buf[i]
            power = 0
            total = 0
            while 0x30 <= c <= 0x39:
                total += 1
                power = min(power * 10 + np.int64(c - 0x30), 9999)
                i += 1
                c = buf[i]
            if total == 0:
                return -1
            scale += -power if minus else power
        if not (_SPACE[c] or c == 0x3C) or scale < -200 or scale > 200:
            return -1
        sure = True
        if digits <= 18 and (mantissa >> 53) == 0 and -22 <= scale <= 22:
            value = np.float64(mantissa)
            value = value / _POWERS[-scale] if scale < 0 else value * _POWERS[scale]
        elif digits <= 18 and -22 <= scale < 0:
            value, sure = _quotient(mantissa, _POWERS[-scale])
        else:
            value = np.float64(mantissa) * 10.0**scale
            sure = False
        if value >= FARTHEST:
            return -1
        if count >= room or hards >= len(hard):
            return -2
        if not sure:
            hard[hards, H_INDEX] = count if counter == CORNERS else -1 - count
            hard[hards, H_START] = begin
            hard[hards, H_END] = i
            hards += 1
        corners[count] = -value if negative else value
        count += 1
    if (count - begun) % size:
        return -1
    state[counter] = count
    state[HARD] = hards
    return i


@_step
def _entry(state, entries, thing, face, key, start, stop, order, flags, unit):
    k = state[ENTRIES]
    entries[k, E_OBJECT] = thing
    entries[k, E_FACE] = face
    entries[k, E_KEY] = key
    entries[k, E_START] = start
    entries[k, E_END] = stop
    entries[k, E_ORDER] = order
    entries[k, E_FLAGS] = flags
    entries[k, E_UNIT] = unit
    state[ENTRIES] = k + 1


@_step
def _leave_out(state, skips, number, thing, start, own_id, own_id_end):
    k = state[SKIPS]
    skips[k, K_NODE] = number
    skips[k, K_OBJECT] = thing
    skips[k, K_START] = start
    skips[k, K_ID] = own_id
    skips[k, K_ID_END] = own_id_end
    state[SKIPS] = k + 1


@_step
def _stripped(buf, start, stop):
    """The text without space around it."""
    stop = max(start, stop)
    while start < stop and _SPACE[buf[start]]:
        start += 1
    while stop > start and _SPACE[buf[stop - 1]]:
        stop -= 1
    return start, stop


@_step
def _has_hash(buf, start, end):
    for k in range(start, end):
        if buf[k] == 0x23:
            return True
    return False


@_step
def _close(state, rings, corners):
    """End a ring: drop the repeated last corner; False where fewer than 3 corners differ."""
    start = rings[state[RINGS] - 1, R_START]
    end = state[CORNERS]
    written = end
    while (
        end - start > 3
        and corners[end - 3] == corners[start]
        and corners[end - 2] == corners[start + 1]
        and corners[end - 1] == corners[start + 2]
    ):
        end -= 3
    state[CORNERS] = end
    rings[state[RINGS] - 1, R_REPEATS] = (written - end) // 3
    # three that differ: a second unlike the first, a third unlike both
    second = -1
    for k in range(start + 3, end, 3):
        if (
            corners[k] == corners[start]
            and corners[k + 1] == corners[start + 1]
            and corners[k + 2] == corners[start + 2]
        ):
            continue
        if second < 0:
            second = k
        elif (
            corners[k] != corners[second]
            or corners[k + 1] != corners[second + 1]
            or corners[k + 2] != corners[second + 2]
        ):
            return True
    return False


@_step
def _drop_hard(state, hard):
    while state[HARD] and hard[state[HARD] - 1, H_INDEX] >= state[CORNERS]:
        state[HARD] -= 1


@_step
def _corner_set(ring, state, rings, corners):
    """A number that is the same for rings with the same corners."""
    start = rings[ring, R_START]
    end = rings[ring + 1, R_START] if ring + 1 < state[RINGS] else state[CORNERS]
    bits = corners.view(np.int64)
    found = np.int64(0)
    for k in range(start, end, 3):
        known = False
        for m in range(start, k, 3):
            if (
                corners[m] == corners[k]
                and corners[m + 1] == corners[k + 1]
                and corners[m + 2] == corners[k + 2]
            ):
                known = True
                break
        if not known:
            one = np.int64(1469598103934665603)
            for m in range(3):
                # zero has a sign in its bits
                value = bits[k + m] if corners[k + m] != 0 else np.int64(0)
                one = (one ^ value) * np.int64(1099511628211)
                one ^= one >> 29
            found += one * np.int64(6364136223846793005)
    return found


@_step
def _drop_doubles(thing, state, objects, polygons, rings, corners, skips):
    """Mark what an object has twice in one LoD, where one of both is without semantics: that one goes."""
    flags = (objects[thing, O_FLAGS] >> 8) & (objects[thing, O_FLAGS] >> 16) & 31
    first = state[BEFORE + POLYGONS - COUNTS]
    size = 4
    while size < 2 * (state[POLYGONS] - first):
        size *= 2
    slots = np.full(size, -1, np.int64)
    sets = np.empty(size, np.int64)
    for untyped in range(2):
        for k in range(first, state[POLYGONS]):
            if polygons[k, P_OBJECT] != thing or not (flags >> polygons[k, P_LOD]) & 1:
                continue
            if (polygons[k, P_KIND] == 0) != untyped:
                continue
            found = _corner_set(polygons[k, P_RING], state, rings, corners) + polygons[k, P_LOD]
            slot = found & (size - 1)
            while slots[slot] >= 0 and sets[slot] != found:
                slot = (slot + 1) & (size - 1)
            if slots[slot] < 0:
                slots[slot] = k
                sets[slot] = found
            elif untyped and polygons[slots[slot], P_PROPERTY] != polygons[k, P_PROPERTY]:
                polygons[k, P_TRIANGLE] |= DOUBLE
                last = polygons[k + 1, P_RING] if k + 1 < state[POLYGONS] else state[RINGS]
                for m in range(last - polygons[k, P_RING]):
                    # the surface, and each of its holes
                    _leave_out(state, skips, min(m, 1), thing, objects[thing, O_START], 0, 0)


@_step
def _simple(state, objects, polygons, rings, corners, skips):
    """Whether it is plain what of a member is shown: no wholes around parts. Drops what is given twice."""
    first = state[BEFORE]
    for k in range(first, state[OBJECTS]):
        parent = objects[k, O_PARENT]
        if objects[k, O_HIGH] >= 0 and objects[k, O_TYPE] & 1 and parent >= first:
            high = objects[parent, O_HIGH]
            if 0 <= high < 2 and high < objects[k, O_HIGH]:
                return False
    for k in range(first, state[OBJECTS]):
        if (objects[k, O_FLAGS] >> 8) & (objects[k, O_FLAGS] >> 16) & 31:
            _drop_doubles(k, state, objects, polygons, rings, corners, skips)
    return True


@_compiled
def scan(
    buf, end, state, stack, nodes, pool, attributes, attribute_pool, keys, key_slots, key_pool,
    srs, srs_pool, units, unit_pool, objects, polygons, rings, corners, links, entries, skips, ids, hard,
    looks, aims, textures, places, faces, members,
):  # fmt: skip
    """Go on scanning `buf` up to `end`; there it holds zeros. Gives why it stopped."""
    pos = state[POS]
    depth = state[DEPTH]
    entity = False
    while True:
        # text up to the next tag
        begin = pos
        while True:
            kind = _KIND[buf[pos]]
            if kind == PLAIN:
                pos += 1
                continue
            if kind == STOP:
                break
            if kind == HIGH:
                pos = _after_high(buf, pos)
            elif kind == AMPERSAND:
                entity = True
                pos = _after_reference(buf, pos)
            elif kind == BRACKET:
                pos = -1 if buf[pos + 1] == 0x5D and buf[pos + 2] == 0x3E else pos + 1
            else:
                if pos >= end:
                    state[POS] = pos
                    state[DEPTH] = depth
                    return DONE if depth == 1 else OPEN
                pos = -1
            if pos < 0:
                return DOUBT
        if pos - begin > LONGEST:
            return DOUBT
        tag = pos
        c = buf[pos + 1]
        alone = False
        if c == 0x2F:
            node = stack[depth, S_NODE]
            length = nodes[node, LENGTH]
            if not _compare(buf, pos + 2, pool, nodes[node, TEXT], length):
                return DOUBT
            pos += 2 + length
            while _SPACE[buf[pos]]:
                pos += 1
            if buf[pos] != 0x3E:
                return DOUBT
            pos += 1
        elif c == 0x21:
            # a comment, or text that is marked as such
            if buf[pos + 2] == 0x2D and buf[pos + 3] == 0x2D:
                pos += 4
                while not (buf[pos] == 0x2D and buf[pos + 1] == 0x2D):
                    kind = _KIND[buf[pos]]
                    if kind == BAD:
                        return DOUBT
                    pos = _after_high(buf, pos) if kind == HIGH else pos + 1
                    if pos < 0:
                        return DOUBT
                if buf[pos + 2] != 0x3E:
                    return DOUBT
                pos += 3
                marks = not _MAY_HOLD_COMMENTS[nodes[stack[depth, S_NODE], ACTION]]
            else:
                for k in range(7):
                    if buf[pos + 2 + k] != _CDATA[k]:
                        return DOUBT
                pos += 9
                while not (buf[pos] == 0x5D and buf[pos + 1] == 0x5D and buf[pos + 2] == 0x3E):
                    kind = _KIND[buf[pos]]
                    if kind == BAD:
                        return DOUBT
                    pos = _after_high(buf, pos) if kind == HIGH else pos + 1
                    if pos < 0:
                        return DOUBT
                pos += 3
                marks = nodes[stack[depth, S_NODE], ACTION] != IGNORE
            if pos - tag > LONGEST:
                return DOUBT
            if depth > 1 and marks:
                state[MARKED] = 1
            continue
        else:
            # which element of the path it is
            parent = stack[depth, S_NODE]
            node = nodes[parent, LIKELY]
            known = False
            if node >= 0:
                length = nodes[node, LENGTH]
                if _compare(buf, pos + 1, pool, nodes[node, TEXT], length):
                    c = buf[pos + 1 + length]
                    known = c == 0x3E or _SPACE[c] or c == 0x2F
            if not known:
                node = nodes[parent, FIRST]
                while node >= 0:
                    length = nodes[node, LENGTH]
                    if _compare(buf, pos + 1, pool, nodes[node, TEXT], length):
                        c = buf[pos + 1 + length]
                        if c == 0x3E or _SPACE[c] or c == 0x2F:
                            break
                    node = nodes[node, NEXT]
                if node < 0:
                    k = pos + 1
                    while buf[k] > 0x20 and buf[k] != 0x3E and buf[k] != 0x2F and buf[k] != 0x3C:
                        k += 1
                    state[POS] = pos
                    state[DEPTH] = depth
                    state[ASK_PARENT] = parent
                    state[ASK_START] = pos + 1
                    state[ASK_END] = k
                    return NEW_NODE
                nodes[parent, LIKELY] = node
            pos += 1 + nodes[node, LENGTH]
            own_id = own_id_end = href = href_end = srs_name = srs_name_end = name = name_end = 0
            unit = unit_end = uri = uri_end = ring = ring_end = 0
            flat = False
            odd = False
            seen = np.int64(0)
            while True:
                c = buf[pos]
                if c == 0x3E:
                    pos += 1
                    break
                spaced = False
                while _SPACE[c]:
                    spaced = True
                    pos += 1
                    c = buf[pos]
                if c == 0x3E:
                    pos += 1
                    break
                if c == 0x2F:
                    if buf[pos + 1] != 0x3E:
                        return DOUBT
                    alone = True
                    pos += 2
                    break
                if not spaced:
                    return DOUBT
                k = pos
                while buf[k] > 0x20 and buf[k] != 0x3D and buf[k] != 0x3E and buf[k] != 0x2F:
                    k += 1
                length = k - pos
                number = -1
                for m in range(state[ATTRIBUTES]):
                    if attributes[m, 1] == length and _compare(
                        buf, pos, attribute_pool, attributes[m, 0], length
                    ):
                        number = m
                        break
                if number < 0:
                    state[POS] = tag
                    state[DEPTH] = depth
                    state[ASK_START] = pos
                    state[ASK_END] = k
                    return NEW_ATTRIBUTE
                if seen >> number & 1:
                    return DOUBT
                seen |= np.int64(1) << number
                pos = k
                while _SPACE[buf[pos]]:
                    pos += 1
                if buf[pos] != 0x3D:
                    return DOUBT
                pos += 1
                while _SPACE[buf[pos]]:
                    pos += 1
                quote = buf[pos]
                if quote != 0x22 and quote != 0x27:
                    return DOUBT
                pos += 1
                begin = pos
                strange = False
                while buf[pos] != quote:
                    kind = _KIND[buf[pos]]
                    if kind == PLAIN or kind == BRACKET:
                        strange |= buf[pos] < 0x20
                        pos += 1
                    elif kind == HIGH:
                        pos = _after_high(buf, pos)
                    elif kind == AMPERSAND:
                        strange = True
                        pos = _after_reference(buf, pos)
                    else:
                        return DOUBT
                    if pos < 0:
                        return DOUBT
                if pos - begin > LONGEST:
                    return DOUBT
                kind = attributes[number, 2]
                if kind != OTHER:
                    odd |= strange
                    if kind == ID:
                        odd |= own_id_end > 0 or buf[begin] == 0x20 or buf[pos - 1] == 0x20
                        own_id = begin
                        own_id_end = pos
                    elif kind == HREF:
                        href = begin
                        href_end = pos
                    elif kind == SRS_NAME:
                        srs_name = begin
                        srs_name_end = pos
                    elif kind == SRS_DIMENSION:
                        flat = pos - begin == 1 and buf[begin] == 0x32
                    elif kind == NAME_OF_GENERIC:
                        name = begin
                        name_end = pos
                    elif kind == UNIT:
                        unit = begin
                        unit_end = pos
                    elif kind == URI:
                        uri = begin
                        uri_end = pos
                    elif kind == RING_OF_TEXTURE:
                        ring = begin
                        ring_end = pos
                    else:
                        odd = True
                pos += 1
            action = nodes[node, ACTION]
            argument = nodes[node, ARGUMENT]
            if (
                state[OBJECTS] + 2 > len(objects)
                or state[POLYGONS] + 2 > len(polygons)
                or state[RINGS] + 2 > len(rings)
                or state[LINKS] + 2 > len(links)
                or state[ENTRIES] + 4 > len(entries)
                or state[SKIPS] + 2 > len(skips)
                or state[IDS] + 2 > len(ids)
                or state[LOOKS] + 2 > len(looks)
                or state[AIMS] + 2 > len(aims)
                or state[TEXTURES] + 2 > len(textures)
                or state[FACES] + 2 > len(faces)
                or state[MEMBERS] + 2 > len(members)
            ):
                state[POS] = tag
                state[DEPTH] = depth
                return GROW
            if depth + 1 >= DEEPEST:
                return DOUBT
            if odd:
                state[MARKED] = 1
            above = depth
            depth += 1
            thing = stack[above, S_OBJECT]
            stack[depth, S_NODE] = node
            stack[depth, S_OBJECT] = thing
            stack[depth, S_KIND] = stack[above, S_KIND]
            stack[depth, S_LOD] = stack[above, S_LOD]
            stack[depth, S_FACE] = stack[above, S_FACE]
            stack[depth, S_START] = tag
            stack[depth, S_TEXT] = pos
            stack[depth, S_MODE] = 0
            stack[depth, S_FLAG] = 0
            entity = False
            if action == MEMBER:
                for k in range(state[SRS]):  # of the whole file
                    srs[k, 2] += srs[k, 3]
                    srs[k, 3] = 0
                for k in range(COUNTED):
                    state[BEFORE + k] = state[COUNTS + k]
                state[MARKED] = odd or href_end > 0
                state[MEMBER_START] = tag
                stack[depth, S_OBJECT] = -1
                stack[depth, S_FACE] = -1
            elif state[MARKED]:
                pass
            elif action != IGNORE and action != SKIP:
                if action == BOX and srs_name_end > srs_name:
                    state[MARKED] = 1
                mode = 2 if action == OBJECT or action == SURFACE else 1
                if stack[above, S_MODE] not in (0, mode):
                    state[MARKED] = 1
                stack[above, S_MODE] = mode
                if href_end and action != GEOMETRY and action != WRAPPER:
                    state[MARKED] = 1
                if unit_end > unit and (action == ATTRIBUTE or action == HEIGHT or action == VALUE):
                    k = _word(buf, state, UNITS, units, unit_pool, unit, unit_end)
                    if k < 0:
                        return DOUBT
                    stack[depth, S_FLAG] = k + 1
                if srs_name_end > srs_name and (
                    action == POLYGON
                    or action == CONTAINER
                    or action == RING
                    or action == POSITIONS
                    or action == ENVELOPE
                ):
                    k = _word(buf, state, SRS, srs, srs_pool, srs_name, srs_name_end)
                    if k < 0:
                        return DOUBT
                    srs[k, 3] += 1
                if action == POSITIONS:
                    if flat:
                        state[MARKED] = 1
                    elif not alone:
                        before = state[CORNERS]
                        begin = _numbers(buf, pos, state, CORNERS, 3, corners, hard)
                        if begin == -2:
                            state[POS] = tag
                            state[DEPTH] = depth - 1
                            return GROW
                        if begin == -1 or begin - pos > LONGEST:
                            state[MARKED] = 1
                        else:
                            pos = begin
                            now = state[CORNERS]
                            if (
                                before > rings[state[RINGS] - 1, R_START]
                                and now > before
                                and corners[before] == corners[before - 3]
                                and corners[before + 1] == corners[before - 2]
                                and corners[before + 2] == corners[before - 1]
                            ):
                                # curves that make up a ring share their ends
                                for k in range(before + 3, now):
                                    corners[k - 3] = corners[k]
                                state[CORNERS] = now - 3
                                if state[HARD] and hard[state[HARD] - 1, H_INDEX] >= before:
                                    state[MARKED] = 1
                elif action == RING:
                    rings[state[RINGS], R_START] = state[CORNERS]
                    rings[state[RINGS], R_ID] = _hash(buf, own_id, own_id_end) if own_id_end else 0
                    state[RINGS] += 1
                    if flat or stack[depth - 2, S_FLAG]:
                        state[MARKED] = 1
                elif action == POLYGON or action == CONTAINER:
                    if flat:
                        state[MARKED] = 1
                    stack[depth, S_NAME] = -1
                    if own_id_end > own_id:
                        k = state[IDS]
                        stack[depth, S_NAME] = k
                        ids[k, I_HASH] = _hash(buf, own_id, own_id_end)
                        ids[k, I_KIND] = A_POLYGON if action == POLYGON else A_GROUP
                        ids[k, I_POLYGON] = state[POLYGONS]
                        ids[k, I_LINK] = state[LINKS]
                        state[IDS] = k + 1
                    if action == POLYGON:
                        k = state[POLYGONS]
                        polygons[k, P_OBJECT] = thing
                        polygons[k, P_KIND] = stack[depth, S_KIND]
                        polygons[k, P_LOD] = stack[depth, S_LOD]
                        polygons[k, P_TRIANGLE] = argument & 1
                        polygons[k, P_RING] = state[RINGS]
                        stack[depth, S_VALUE] = 0
                        stack[depth, S_NAME_END] = own_id
                        stack[depth, S_VALUE_END] = own_id_end
                        polygons[k, P_PROPERTY] = state[PROPERTY]
                        polygons[k, P_FACE] = stack[depth, S_FACE]
                        state[POLYGONS] = k + 1
                elif action == OBJECT:
                    k = state[OBJECTS]
                    objects[k, O_ID] = own_id
                    objects[k, O_ID_END] = own_id_end
                    objects[k, O_TYPE] = argument
                    objects[k, O_PARENT] = thing
                    objects[k, O_START] = tag
                    objects[k, O_HIGH] = -1
                    objects[k, O_LOW] = 99
                    objects[k, O_RELIEF] = -1
                    objects[k, O_FLAGS] = 0
                    for m in range(6):
                        objects[k, O_PROPERTY + m] = -1
                    state[OBJECTS] = k + 1
                    stack[depth, S_OBJECT] = k
                    stack[depth, S_KIND] = 0
                    stack[depth, S_FACE] = -1
                elif action == SURFACE:
                    stack[depth, S_KIND] = argument
                    face = state[FACES]
                    faces[face, F_PARENT] = stack[above, S_FACE]
                    faces[face, F_KIND] = argument
                    stack[depth, S_FACE] = face
                    state[FACES] = face + 1
                    if own_id_end > own_id:
                        _entry(state, entries, thing, face, ID_KEY, own_id, own_id_end, tag, FILLED, 0)
                        k = state[IDS]
                        ids[k, I_HASH] = _hash(buf, own_id, own_id_end)
                        ids[k, I_KIND] = A_FACE
                        state[IDS] = k + 1
                elif action == GEOMETRY or action == WRAPPER:
                    if action == GEOMETRY:
                        state[PROPERTY] += 1
                        if argument == 5:
                            argument = 0
                            if objects[thing, O_RELIEF] >= 0 and stack[depth - 1, S_OBJECT] == thing:
                                argument = objects[thing, O_RELIEF]
                            objects[thing, O_FLAGS] |= TIN
                        stack[depth, S_LOD] = argument
                    if href_end:
                        if href_end == href or (not alone and action == GEOMETRY):
                            state[MARKED] = 1
                        stack[depth, S_FLAG] = 1
                        k = href + 1
                        if buf[href] != 0x23 or _has_hash(buf, k, href_end):
                            state[MARKED] = 1
                        at = state[LINKS]
                        links[at, L_OBJECT] = thing
                        links[at, L_LOD] = stack[depth, S_LOD]
                        links[at, L_TARGET] = _hash(buf, k, href_end)
                        # the line of a link is that of the property of the object
                        k = depth
                        while nodes[stack[k, S_NODE], ACTION] != GEOMETRY:
                            k -= 1
                        links[at, L_START] = stack[k, S_START]
                        links[at, L_KIND] = stack[depth, S_KIND]
                        links[at, L_FACE] = stack[depth, S_FACE]
                        state[LINKS] = at + 1
                        stack[depth, S_MODE] = 1 if action == GEOMETRY else 0
                elif action == GENERIC or action == GENERIC_SET:
                    stack[depth, S_NAME] = name
                    stack[depth, S_NAME_END] = name_end
                    stack[depth, S_VALUE] = -1
                elif action == ADDRESS:
                    state[ADDRESS_DEPTH] = depth
                elif action == APPEARANCE:
                    state[THEME_START] = -1
                    state[THEME_END] = -1
                    stack[depth, S_VALUE] = state[LOOKS]
                elif action == LOOK:
                    k = state[LOOKS]
                    looks[k, K_LOOK] = argument
                    looks[k, K_CONTENT] = _hash(buf, own_id, own_id_end) + argument
                    looks[k, K_THEME] = state[THEME_START]
                    looks[k, K_THEME_END] = state[THEME_END]
                    looks[k, K_BEGIN] = tag
                    looks[k, K_AIM] = state[AIMS]
                    state[LOOKS] = k + 1
                elif action == AIM:
                    stack[depth, S_NAME] = uri
                    stack[depth, S_NAME_END] = uri_end
                    aims[state[AIMS], A_START] = tag
                    aims[state[AIMS], A_TEXTURE] = state[TEXTURES]
                elif action == TEXTURE:
                    k = state[TEXTURES]
                    if ring_end - ring < 2 or buf[ring] != 0x23 or alone:
                        state[MARKED] = 1
                    else:
                        textures[k, T_RING] = _hash(buf, ring + 1, ring_end)
                        textures[k, T_START] = state[PLACES]
                        begin = _numbers(buf, pos, state, PLACES, 2, places, hard)
                        if begin == -2:
                            state[POS] = tag
                            state[DEPTH] = depth - 1
                            return GROW
                        if begin == -1 or begin - pos > LONGEST:
                            state[MARKED] = 1
                        else:
                            pos = begin
                            textures[k, T_END] = state[PLACES]
                            state[TEXTURES] = k + 1
                elif action == SHAPE_SKIP:
                    _leave_out(state, skips, argument, thing, tag, own_id, own_id_end)
                elif action == SLOW:
                    state[MARKED] = 1
            elif action == SKIP:
                stack[above, S_MODE] = 1 if stack[above, S_MODE] == 0 else stack[above, S_MODE]
                stack[depth, S_FLAG] = href_end > href
            else:
                stack[above, S_MODE] = 1 if stack[above, S_MODE] == 0 else stack[above, S_MODE]
            if not alone:
                continue
        # the end of an element
        node = stack[depth, S_NODE]
        action = nodes[node, ACTION]
        if action == MEMBER:
            if state[SKIPS] + state[RINGS] - state[BEFORE + RINGS - COUNTS] + 2 > len(skips):
                state[POS] = tag
                state[DEPTH] = depth
                return GROW
            if not state[MARKED] and not _simple(state, objects, polygons, rings, corners, skips):
                state[MARKED] = 1
            k = state[BEFORE + COUNTED - 1]
            members[k, M_START] = state[MEMBER_START]
            members[k, M_END] = pos
            members[k, M_SLOW] = state[MARKED]
            for m in range(COUNTED):
                members[k, M_BEFORE + m] = state[BEFORE + m]
            if state[MARKED]:
                for m in range(COUNTED):
                    state[COUNTS + m] = state[BEFORE + m]
            state[MEMBERS] = k + 1
            for k in range(state[SRS]):
                if not state[MARKED]:
                    srs[k, 2] += srs[k, 3]
                srs[k, 3] = 0
        elif state[MARKED]:
            pass
        elif action == RING:
            if not _close(state, rings, corners):
                # without its exterior the polygon is lost, without a hole it is whole
                above = depth - 2
                state[RINGS] -= 1
                state[CORNERS] = rings[state[RINGS], R_START]
                number = nodes[node, ARGUMENT]
                if polygons[state[POLYGONS] - 1, P_RING] == state[RINGS]:
                    if nodes[stack[depth - 1, S_NODE], ARGUMENT]:  # a hole in nothing is lost, too
                        state[MARKED] = 1
                    stack[above, S_FLAG] = 1
                    number = nodes[stack[above, S_NODE], ARGUMENT] >> 1
                _leave_out(
                    state, skips, number, stack[depth, S_OBJECT], stack[depth, S_START],
                    stack[above, S_NAME_END], stack[above, S_VALUE_END],
                )  # fmt: skip
            _drop_hard(state, hard)
        elif action == POLYGON and stack[depth, S_FLAG]:
            state[POLYGONS] -= 1
            if stack[depth, S_NAME] >= 0:
                state[IDS] -= 1
        elif action == POLYGON:
            k = state[POLYGONS] - 1
            if polygons[k, P_RING] == state[RINGS]:
                state[MARKED] = 1
            thing = polygons[k, P_OBJECT]
            lod = polygons[k, P_LOD]
            objects[thing, O_HIGH] = max(objects[thing, O_HIGH], lod)
            objects[thing, O_LOW] = min(objects[thing, O_LOW], lod)
            where = polygons[k, P_PROPERTY]
            if objects[thing, O_PROPERTY] < 0:
                objects[thing, O_PROPERTY] = where
            if objects[thing, O_PROPERTY] != where:
                objects[thing, O_FLAGS] |= SEVERAL
            if objects[thing, O_LODS + lod] < 0:
                objects[thing, O_LODS + lod] = where
            if objects[thing, O_LODS + lod] != where:
                objects[thing, O_FLAGS] |= 256 << lod
            if polygons[k, P_KIND] == 0:
                objects[thing, O_FLAGS] |= UNTYPED | (65536 << lod)
            if stack[depth, S_NAME] >= 0:
                ids[stack[depth, S_NAME], I_POLYGON_END] = state[POLYGONS]
                ids[stack[depth, S_NAME], I_LINK_END] = state[LINKS]
        elif action == CONTAINER:
            if stack[depth, S_NAME] >= 0:
                ids[stack[depth, S_NAME], I_POLYGON_END] = state[POLYGONS]
                ids[stack[depth, S_NAME], I_LINK_END] = state[LINKS]
        elif action == SIDE:
            # the exterior comes first
            if nodes[node, ARGUMENT] == 0 and stack[depth - 1, S_VALUE] > 0:
                state[MARKED] = 1
            stack[depth - 1, S_VALUE] += 1
        elif action == GEOMETRY:
            if stack[depth, S_MODE] == 0:
                state[MARKED] = 1
        elif action == WRAPPER:
            # a link that ends with a tag of its own holds nothing else
            if stack[depth, S_FLAG] and stack[depth, S_MODE] != 0:
                state[MARKED] = 1
        elif action == SKIP:
            if stack[depth, S_MODE] != 0 or stack[depth, S_FLAG]:
                _leave_out(
                    state, skips, nodes[node, ARGUMENT], stack[depth, S_OBJECT], stack[depth, S_START], 0, 0
                )
        elif action == THEME or action == CONTENT or action == FRONT:
            start = stack[depth, S_TEXT]
            stop = max(tag, start)
            start, stop = _stripped(buf, start, stop)
            if stack[depth, S_MODE] != 0:
                state[MARKED] = 1
            if action == THEME:
                if stack[depth - 1, S_VALUE] != state[LOOKS] or state[THEME_START] >= 0:
                    state[MARKED] = 1
                state[THEME_START] = start
                state[THEME_END] = stop
            else:
                k = state[LOOKS] - 1
                looks[k, K_CONTENT] = (looks[k, K_CONTENT] ^ node) * 1099511628211 + _hash(buf, start, stop)
                if action == FRONT and stop > start and (buf[start] == 0x66 or buf[start] == 0x30):
                    looks[k, K_LOOK] |= A_BACK
                    if not (stop - start == 1 or (stop - start == 5 and buf[stop - 1] == 0x65)):
                        state[MARKED] = 1
        elif action == AIM:
            start = stack[depth, S_NAME]
            stop = stack[depth, S_NAME_END]
            if stop == start:
                start = stack[depth, S_TEXT]
                stop = max(tag, start)
                if stack[depth, S_MODE] != 0 or entity:
                    state[MARKED] = 1
                start, stop = _stripped(buf, start, stop)
            if stop - start < 2 or buf[start] != 0x23 or _has_hash(buf, start + 1, stop):
                state[MARKED] = 1
            k = state[AIMS]
            aims[k, A_TARGET] = _hash(buf, start + 1, max(stop, start + 1))
            aims[k, A_TEXTURE_END] = state[TEXTURES]
            state[AIMS] = k + 1
        elif action == LOOK:
            looks[state[LOOKS] - 1, K_END] = pos
            looks[state[LOOKS] - 1, K_AIM_END] = state[AIMS]
        elif action == OBJECT:
            objects[stack[depth, S_OBJECT], O_FLAGS] &= ~TIN
        elif action == ATTRIBUTE or action == HEIGHT or action == VALUE or action == NAME:
            start = stack[depth, S_TEXT]
            stop = max(tag, start)
            if stack[depth, S_MODE] == 0 and nodes[node, ARGUMENT] >= 0:
                start, stop = _stripped(buf, start, stop)
                if stop > start and _is_odd_space(buf, start):
                    state[MARKED] = 1
                flags = ENTITY if entity else 0
                if stop > start:
                    flags |= FILLED
                if action == VALUE:
                    if stack[depth - 1, S_VALUE] >= 0:
                        state[MARKED] = 1
                    stack[depth - 1, S_VALUE] = start
                    stack[depth - 1, S_VALUE_END] = stop
                    stack[depth - 1, S_FLAG] = flags
                    stack[depth - 1, S_KIND] = stack[depth, S_FLAG]
                elif action == NAME:
                    if entity:
                        state[MARKED] = 1
                    stack[depth - 1, S_NAME] = start
                    stack[depth - 1, S_NAME_END] = stop
                else:
                    thing = stack[depth, S_OBJECT]
                    face = stack[depth, S_FACE]
                    unit = stack[depth, S_FLAG]
                    if action == HEIGHT:
                        if stop == start:
                            state[MARKED] = 1
                        order = stack[depth - 2, S_START]
                        _entry(
                            state, entries, thing, face, HEIGHT_KEY, start, stop, order, flags | DEFAULT, unit
                        )
                    key = nodes[node, MEASURED if unit else ARGUMENT]
                    order = stack[depth, S_START]
                    _entry(state, entries, thing, face, key, start, stop, order, flags, unit)
            elif action == VALUE or action == NAME:
                state[MARKED] = 1
        elif action == GENERIC:
            name = stack[depth, S_NAME]
            name_end = stack[depth, S_NAME_END]
            if stack[depth, S_VALUE] >= 0:
                within = within_end = 0
                if nodes[stack[depth - 1, S_NODE], ACTION] == GENERIC_SET:
                    within = stack[depth - 1, S_NAME]
                    within_end = stack[depth - 1, S_NAME_END]
                if within_end > within or name_end > name:
                    if name_end == name and within_end > within:
                        state[MARKED] = 1
                    number = _intern(
                        buf, state, keys, key_slots, key_pool, within, within_end, name, name_end,
                        nodes[node, ARGUMENT],
                    )  # fmt: skip
                    if number < 0:
                        return DOUBT
                    _entry(
                        state, entries, stack[depth, S_OBJECT], stack[depth, S_FACE], -1 - number,
                        stack[depth, S_VALUE], stack[depth, S_VALUE_END], stack[depth, S_START],
                        stack[depth, S_FLAG] | OWN, stack[depth, S_KIND],
                    )  # fmt: skip
        elif action == ADDRESS_PART:
            if stack[depth, S_MODE] == 0 and nodes[node, ARGUMENT] >= 0:
                start = stack[depth, S_TEXT]
                stop = max(tag, start)
                start, stop = _stripped(buf, start, stop)
                if start < stop:
                    if _is_odd_space(buf, start):
                        state[MARKED] = 1
                    above = state[ADDRESS_DEPTH]
                    flags = FILLED | (ENTITY if entity else 0)
                    # once for the whole address, once for the part it is
                    thing = stack[depth, S_OBJECT]
                    face = stack[depth, S_FACE]
                    group = stack[above, S_START]
                    key = nodes[stack[above, S_NODE], ARGUMENT]
                    _entry(state, entries, thing, face, key, start, stop, group, flags | PART | WHOLE, group)
                    key = nodes[node, ARGUMENT]
                    if key > 0:
                        order = stack[depth, S_START]
                        _entry(state, entries, thing, face, key, start, stop, order, flags | PART, group)
        elif action == RELIEF_LOD:
            thing = stack[depth, S_OBJECT]
            start = stack[depth, S_TEXT]
            if objects[thing, O_RELIEF] != -1 or objects[thing, O_FLAGS] & TIN:
                state[MARKED] = 1
            objects[thing, O_RELIEF] = -2
            if tag - start == 1 and 0x30 <= buf[start] <= 0x34:
                objects[thing, O_RELIEF] = np.int64(buf[start]) - 0x30
        depth -= 1
        entity = False
        if depth == 1:
            if state[MARKED] and action != MEMBER:
                return DOUBT
            state[MARKED] = 0
        if depth == 0:
            state[POS] = pos
            state[DEPTH] = depth
            return END


@_compiled
def gather(buf, starts, ends, into, at):
    """Copy pieces of `buf` to their places."""
    for k in range(len(starts)):
        to = at[k]
        for m in range(starts[k], ends[k]):
            into[to] = buf[m]
            to += 1


@_compiled
def line_ends(buf, end):
    """How many lines end before a place."""
    found = 0
    for k in range(end):
        found += buf[k] == 10
    return found


@_compiled
def put_on(first, last, aim, polygon, textures, polygon_rings, rings, ends, places, into):
    """Put places in pictures to the corners of polygons; False for each that has not all it needs.

    aim, polygon: (n,), which polygon each aim is on. first, last: the rows of textures of each aim.
    polygon_rings: (p + 1,), the first ring of each polygon. ends: where the corners of each ring end.
    """
    fits = np.ones(len(aim), np.bool_)
    for k in range(len(aim)):
        for ring in range(polygon_rings[polygon[k]], polygon_rings[polygon[k] + 1]):
            found = -1
            for t in range(first[aim[k]], last[aim[k]]):
                if textures[t, T_RING] == rings[ring, R_ID] and rings[ring, R_ID] != 0:
                    found = t
            begin = rings[ring, R_START] // 3
            corners = ends[ring] // 3 - begin
            given = 0
            if found >= 0:
                given = (textures[found, T_END] - textures[found, T_START]) // 2
            if given == 0 or (given != corners and given != corners + rings[ring, R_REPEATS]):
                fits[k] = False
                break
            at = textures[found, T_START]
            for c in range(corners):
                into[begin + c, 0] = places[at + 2 * c]
                into[begin + c, 1] = places[at + 2 * c + 1]
    return fits

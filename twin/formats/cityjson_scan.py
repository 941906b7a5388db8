"""Takes the numbers out of large CityJSON texts in machine code. The texts have to be valid JSON.

What it does not understand it marks, for the slower readers that understand everything.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.formats.compiled import compiled

QUOTE, BACKSLASH = ord('"'), ord("\\")
OPEN, CLOSE, BEGIN, END = ord("["), ord("]"), ord("{"), ord("}")
COMMA, COLON, MINUS, POINT, ZERO, NULL = (ord(letter) for letter in ",:-.0n")
SMALL_E, LARGE_E, PLUS, TILDE = (ord(letter) for letter in "eE+~")
SHORTEST = 6
"""An attribute is at least so long, with the comma after it."""
SHORTEST_OBJECT = 12
"""JSON objects are no shorter on the average."""
MOST_OWN = 1000
"""Attributes of one thing, each of which is compared with all before it."""
NONE = np.frombuffer(b"{}", dtype=np.uint8)
LONGEST, EXPONENT = 24, 3
"""A number that is not longer, with no longer exponent but for its sign, is one that a float can hold."""
LARGEST = 2**31 - 1
"""Larger numbers become this one, which no vertex has."""
EXACT = 2**53
"""Whole numbers up to this one are exact as floats."""
POWERS = 10.0 ** np.arange(23)
"""Powers of ten that are exact as floats."""
NESTED, FOREIGN = 1, 2
NOTHING = -1
"""Of a value that is null."""
SURFACES, VALUES, TYPE, PARENT, CHILDREN, PARENTS, ATTRIBUTES, GEOMETRY, BOUNDARIES, LOD = (
    np.frombuffer(word.encode(), dtype=np.uint8).copy()
    for word in (
        *("surfaces", "values", "type", "parent", "children"),
        *("parents", "attributes", "geometry", "boundaries", "lod"),
    )
)
SEMANTICS, MATERIAL, TEXTURE, TEMPLATE, MATRIX, EXTENT, ROLES, TOP = (
    np.frombuffer(word.encode(), dtype=np.uint8).copy()
    for word in (
        *("semantics", "material", "texture", "template", "transformationMatrix"),
        *("geographicalExtent", "children_roles", "toplevel"),
    )
)
STRING = 2
TURNS = np.zeros(256, np.int8)
"""How much deeper a letter leads; STRING: a text begins."""
TURNS[[OPEN, BEGIN]], TURNS[[CLOSE, END]], TURNS[QUOTE] = 1, -1, STRING
MIXED = 2**31 - 1
"""Numbers that stand for names are smaller; a prime."""
NO_LOD = -1.0
HIGHEST_LOD = 5.0
"""No LoD is this or more."""

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


@compiled
def vertices(text: Bytes) -> tuple[NDArray[np.float64], bool]:
    """A list of lists of three numbers: (n, 3), and whether it was that and all numbers are exact."""
    most = 0
    for letter in text:
        most += letter == OPEN
    found = np.empty((max(most - 1, 0), 3), dtype=np.float64)
    level, row, column, at = 0, 0, 0, 0
    while at < len(text):
        letter = text[at]
        if letter == OPEN:
            level += 1
            column = 0
            if level > 2:
                return found, False
        elif letter == CLOSE:
            if level == 2:
                if column != 3:
                    return found, False
                row += 1
            level -= 1
        elif letter == MINUS or ZERO <= letter <= ZERO + 9:
            if level != 2 or column == 3:
                return found, False
            number, at, exact = _number(text, at)
            if not exact:
                return found, False
            found[row, column] = number
            column += 1
            continue
        elif letter > COMMA or letter == QUOTE:
            return found, False
        at += 1
    return found[:row], True


@compiled
def _number(text: Bytes, at: int) -> tuple[float, int, bool]:
    """The number that begins here, where it ends, and whether it is exact."""
    negative = text[at] == MINUS
    at += negative
    mantissa, scale, exact = 0, 0, True
    after = 0
    while at < len(text):
        letter = text[at]
        if ZERO <= letter <= ZERO + 9:
            mantissa = mantissa * 10 + (letter - ZERO)
            exact &= mantissa <= EXACT
            mantissa = min(mantissa, EXACT)
            scale -= after
        elif letter == POINT:
            after = 1
        else:
            break
        at += 1
    if at < len(text) and (text[at] == SMALL_E or text[at] == LARGE_E):
        at += 1
        down = text[at] == MINUS
        at += down or text[at] == PLUS
        power = 0
        while at < len(text) and ZERO <= text[at] <= ZERO + 9:
            power = min(power * 10 + (text[at] - ZERO), 1000)
            at += 1
        scale += -power if down else power
    if not -22 <= scale <= 22:
        return 0.0, at, False
    # one operation of exact numbers is rounded once, as it has to be
    value = mantissa * POWERS[scale] if scale >= 0 else mantissa / POWERS[-scale]
    return (-value if negative else value), at, exact


@compiled
def _whole(text: Bytes, at: int) -> tuple[int, int]:
    """The number without sign that begins here, and where it ends."""
    number = 0
    while at < len(text) and ZERO <= text[at] <= ZERO + 9:
        number = min(number * 10 + (text[at] - ZERO), LARGEST)
        at += 1
    return number, at


@compiled
def boundaries(  # noqa: PLR0912  # one branch for each letter
    text: Bytes, ends: Longs, depths: Longs
) -> tuple[Ints, Ints, Ints, Ints, Bytes]:
    """The fields of Boundaries.

    ends: where each text ends. depths: how deep the lists of vertex numbers lie in each.
    """
    most = len(text) // 2 + 1
    numbers, polygon_geometry = np.empty(most, np.int32), np.empty(most, np.int32)
    ring_length, ring_polygon = np.empty(most, np.int32), np.empty(most, np.int32)
    wrong = np.zeros(len(ends), np.uint8)
    n, r, p, at = 0, 0, 0, 0
    for g in range(len(ends)):
        before = n, r, p
        level = 0
        if at < ends[g] and text[at] != OPEN:
            wrong[g] = FOREIGN
            at = ends[g]
        while at < ends[g]:
            letter = text[at]
            at += 1
            if letter == OPEN:
                level += 1
                if level == depths[g]:
                    ring_length[r], ring_polygon[r] = 0, p - 1
                    r += 1
                elif level == depths[g] - 1:
                    polygon_geometry[p] = g
                    p += 1
                elif level > depths[g]:
                    wrong[g] = max(wrong[g], NESTED)
            elif letter == CLOSE:
                level -= 1
            elif ZERO <= letter <= ZERO + 9:
                number, at = _whole(text[: ends[g]], at - 1)
                if level != depths[g]:
                    wrong[g] = max(wrong[g], NESTED)
                elif not wrong[g]:
                    numbers[n] = number
                    ring_length[r - 1] += 1
                    n += 1
            elif letter > COMMA or letter in (MINUS, QUOTE):
                wrong[g] = FOREIGN
                at = ends[g]
        if wrong[g]:
            n, r, p = before
    return numbers[:n], ring_length[:r], ring_polygon[:r], polygon_geometry[:p], wrong


@compiled
def values(text: Bytes, ends: Longs, levels: Longs) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Whole numbers or null in lists: all of them laid end to end, how many each text has, and which are odd.

    levels: how deep they lie in each text.
    """
    numbers = np.empty(len(text) // 2 + 1, np.int32)
    counts = np.zeros(len(ends), np.int32)
    odd = np.zeros(len(ends), np.bool_)
    n, at = 0, 0
    for g in range(len(ends)):
        before = n
        n, good = _values(text[at : ends[g]], levels[g], numbers, n)
        if not good:
            n = before
            odd[g] = True
        counts[g] = n - before
        at = ends[g]
    return numbers[:n], counts, odd


@compiled
def _values(text: Bytes, wanted: int, numbers: Ints, n: int) -> tuple[int, bool]:
    """Put numbers and nulls at the wanted level from place n on; where they end, and whether all are."""
    level, at = 0, 0
    while at < len(text):
        letter = text[at]
        if letter == OPEN:
            level += 1
            if level > wanted:
                return n, False
        elif letter == CLOSE:
            level -= 1
        elif ZERO <= letter <= ZERO + 9 or letter == NULL:
            if level != wanted:
                return n, False
            number = NOTHING
            if letter == NULL:
                at += 4
            else:
                number, at = _whole(text, at)
                if number == LARGEST:
                    return n, False
            numbers[n] = number
            n += 1
            continue
        elif letter > COMMA or letter == QUOTE:
            return n, False
        at += 1
    return n, True


@compiled
def semantics(  # noqa: PLR0912  # one branch for each fault
    text: Bytes, ends: Longs, levels: Longs, counts: Longs, words: Bytes, word_ends: Longs, codes: Bytes
) -> tuple[Bytes, Ints, Ints, Bytes, Ints, Ints, Longs, NDArray[np.bool_]]:
    """What the surfaces with semantics of all texts are.

    Of each polygon the semantic type and the surface; how many surfaces each text has; of each surface its
    type and parent; of each attribute of a surface that, and where name and value begin and end; and the odd
    texts.

    levels: how deep the values lie in each. counts: of its polygons. words, word_ends, codes: all types.
    """
    kinds, of = np.zeros(counts.sum(), np.uint8), np.full(counts.sum(), NOTHING, np.int32)
    odd = np.zeros(len(ends), np.bool_)
    listed = np.zeros(len(ends), np.int32)
    longest = 0
    for g in range(len(ends)):
        longest = max(longest, ends[g] - (ends[g - 1] if g else 0))
    of_surface = np.empty(longest // 2 + 1, np.uint8)
    numbers = np.empty(longest // 2 + 1, np.int32)
    parents, types = np.empty(len(text) // 2 + 1, np.int32), np.empty(len(text) // 2 + 1, np.uint8)
    said = np.empty(len(text) // SHORTEST + 1, np.int32)
    places = np.empty((len(text) // SHORTEST + 1, 4), np.int64)
    first, start, whole, entries = 0, 0, 0, 0
    for g in range(len(ends)):
        part = text[start : ends[g]]
        begin, start = start, ends[g]
        if part[0] == NULL or not counts[g]:
            first += counts[g]
            continue
        surfaces, found, more = _members(
            part, levels[g], of_surface, numbers, words, word_ends, codes,
            parents[whole:], said[entries:], places[entries:],
        )  # fmt: skip
        good = surfaces >= 0 and found == counts[g]
        if good:
            for k in range(found):
                good = good and numbers[k] < surfaces
            for k in range(surfaces):
                good = good and parents[whole + k] < surfaces and parents[whole + k] != k
        if good:
            for k in range(found):
                if numbers[k] >= 0:
                    kinds[first + k] = of_surface[numbers[k]]
                    of[first + k] = whole + numbers[k]
            for k in range(surfaces):
                types[whole + k] = of_surface[k]
                if parents[whole + k] >= 0:
                    parents[whole + k] += whole
            for k in range(more):
                said[entries + k] += whole
                for column in range(4):
                    places[entries + k, column] += begin
            whole += surfaces
            entries += more
            listed[g] = surfaces
        odd[g] = not good
        first += counts[g]
    return kinds, of, listed, types[:whole], parents[:whole], said[:entries], places[:entries], odd


@compiled
def objects(
    text: Bytes, types: Bytes, type_ends: Longs, kinds: Bytes, kind_ends: Longs, depths: Longs
) -> tuple[Longs, Longs, NDArray[np.float64], Longs, Longs, Longs]:
    """What city objects say, as places in their text.

    Of each object where id and value begin and end, its type (-1: it is an odd one), and where its
    geometries, links and attributes end among those of all. Of each geometry its number in its object, its
    depth, and where boundaries, semantics, material and texture begin and end (0: not there); its LoD. Of
    each link where the id begins and ends, and whether it leads to a child. Of each attribute its object, and
    where name and value begin and end.

    types: that objects may have. kinds: that geometries may have; depths: how deep vertex numbers lie in
    them. Words are laid end to end.
    """
    most, pairs, strings = 0, 0, 0
    for letter in text:
        most += letter == BEGIN
        pairs += letter == COLON
        strings += letter == QUOTE
    if most > len(text) // SHORTEST_OBJECT + 1:  # they say nothing, and would fill the memory
        most, pairs, strings, text = 0, 0, 0, NONE
    things, geometries = np.empty((most, 8), np.int64), np.empty((most, 10), np.int64)
    lods, links = np.empty(most, np.float64), np.empty((strings // 2, 3), np.int64)
    said, places = np.empty(pairs, np.int64), np.empty((pairs, 4), np.int64)
    n, g, k, a = 0, 0, 0, 0
    at = _next(text, _next(text, 0) + 1)
    while text[at] != END:
        things[n, 0], at = at, _past(text, at)
        things[n, 1] = at
        begin = _next(text, at)
        if text[begin] != BEGIN:  # there may be more of them than there is room for
            n, g, k, a = 0, 0, 0, 0
            break
        at, code, more, linked, told = _thing(
            text, begin, types, type_ends, kinds, kind_ends, depths,
            geometries[g:], lods[g:], links[k:], places[a:],
        )  # fmt: skip
        if code < 0:
            at = _past(text, begin)
        things[n, 2], things[n, 3], things[n, 4] = begin, at, code
        if code >= 0:
            said[a : a + told] = n
            g, k, a = g + more, k + linked, a + told
        things[n, 5], things[n, 6], things[n, 7] = g, k, a
        n += 1
        at = _next(text, at)
    return things[:n], geometries[:g], lods[:g], links[:k], said[:a], places[:a]


@compiled
def _thing(  # noqa: PLR0911, PLR0912  # one branch for each member
    text: Bytes,
    at: int,
    types: Bytes,
    type_ends: Longs,
    kinds: Bytes,
    kind_ends: Longs,
    depths: Longs,
    geometries: Longs,
    lods: NDArray[np.float64],
    links: Longs,
    places: Longs,
) -> tuple[int, int, int, int, int]:
    """Where the object ends that begins here, its type (-1: odd), how many geometries, links, attributes."""
    odd = at, -1, 0, 0, 0
    code, geometry, upward, downward, told = -1, -1, -1, -1, -1
    linked = 0
    at = _next(text, at + 1)
    while text[at] != END:
        name, at = at, _past(text, at)
        end = at
        at = _next(text, at)
        begin = at
        if _is(text, name, end, GEOMETRY):
            if geometry >= 0 or text[begin] != OPEN:
                return odd
            geometry, at = _geometries(text, begin, kinds, kind_ends, depths, geometries, lods)
            if geometry < 0:
                return odd
        elif _is(text, name, end, ATTRIBUTES):
            if told >= 0 or text[begin] != BEGIN:
                return odd
            told, at = _attributes(text, begin, places)
            if told < 0:
                return odd
        else:
            at = _past(text, begin)
            if _is(text, name, end, TYPE):
                if code >= 0:
                    return odd
                code = _word(text, begin, at, types, type_ends)
                if code < 0:
                    return odd
            elif _is(text, name, end, PARENTS) or _is(text, name, end, PARENT):
                if upward >= 0:
                    return odd
                upward = _ids(text, begin, at, 0, links[linked:])
                if upward < 0:
                    return odd
                linked += upward
            elif _is(text, name, end, CHILDREN):
                if downward >= 0:
                    return odd
                downward = _ids(text, begin, at, 1, links[linked:])
                if downward < 0:
                    return odd
                linked += downward
            elif not (
                _is(text, name, end, EXTENT) or _is(text, name, end, ROLES) or _is(text, name, end, TOP)
            ):
                return odd
        at = _next(text, at)
    return at + 1, code, max(geometry, 0), linked, max(told, 0)


@compiled
def _geometries(  # noqa: PLR0911, PLR0912  # one branch for each member
    text: Bytes,
    at: int,
    kinds: Bytes,
    kind_ends: Longs,
    depths: Longs,
    geometries: Longs,
    lods: NDArray[np.float64],
) -> tuple[int, int]:
    """How many geometries the list has that begins here (-1: an odd one is among them), and where it ends."""
    count = 0
    at = _next(text, at + 1)
    while text[at] != CLOSE:
        if text[at] != BEGIN:
            return -1, at
        code, lod, has_lod = -1, NO_LOD, False
        for part in range(geometries.shape[1]):
            geometries[count, part] = 0
        at = _next(text, at + 1)
        while text[at] != END:
            name, at = at, _past(text, at)
            end = at
            at = _next(text, at)
            begin, at = at, _past(text, at)
            part = 0
            if _is(text, name, end, BOUNDARIES):
                part = 2
            elif _is(text, name, end, SEMANTICS):
                part = 4
            elif _is(text, name, end, MATERIAL):
                part = 6
            elif _is(text, name, end, TEXTURE):
                part = 8
            elif _is(text, name, end, TYPE):
                again, code = code >= 0, _word(text, begin, at, kinds, kind_ends)
                if again or code < 0:
                    return -1, at
            elif _is(text, name, end, LOD):
                again, has_lod = has_lod, True
                lod = _lod(text, begin, at)
                if again or lod < 0:
                    return -1, at
            elif (
                _is(text, name, end, TEMPLATE)
                or _is(text, name, end, MATRIX)
                or not _is_plain(text, name, end)
            ):
                return -1, at
            if part:
                if geometries[count, part]:
                    return -1, at
                geometries[count, part], geometries[count, part + 1] = begin, at
            at = _next(text, at)
        if code < 0 or not geometries[count, 2]:
            return -1, at
        geometries[count, 0], geometries[count, 1] = count, depths[code]
        lods[count] = lod
        count += 1
        at = _next(text, at + 1)
    return count, at + 1


@compiled
def _lod(text: Bytes, begin: int, end: int) -> float:
    """A level of detail as 2.2 or "2.2"; NO_LOD: it is none that is written so."""
    if text[begin] == QUOTE:
        begin, end = begin + 1, end - 1
    if begin == end or text[begin] == POINT:
        return NO_LOD
    points = 0
    for k in range(begin, end):
        points += text[k] == POINT
        if points > 1 or not (text[k] == POINT or ZERO <= text[k] <= ZERO + 9):
            return NO_LOD
    number, _, exact = _number(text, begin)
    return number if exact and number < HIGHEST_LOD else NO_LOD


@compiled
def _attributes(text: Bytes, at: int, places: Longs) -> tuple[int, int]:
    """How many attributes the object has that begins here (-1: an odd one is among them); where it ends."""
    count = 0
    at = _next(text, at + 1)
    while text[at] != END:
        name, at = at, _past(text, at)
        end = at
        at = _next(text, at)
        begin, at = at, _past(text, at)
        if count == MOST_OWN or (text[begin] != QUOTE and not _is_plain(text, begin, at)):
            return -1, at
        for k in range(count):  # which of two equal ones counts is known elsewhere
            if _equal(text, name, end, places[k, 0], places[k, 1]):
                return -1, at
        _put(places, count, name, end, begin, at)
        count += 1
        at = _next(text, at)
    return count, at + 1


@compiled
def _ids(text: Bytes, begin: int, end: int, down: int, links: Longs) -> int:
    """How many ids are here, a text or a list of texts; -1: it is neither."""
    if text[begin] == QUOTE:
        if end == begin + 2:
            return -1
        links[0, 0], links[0, 1], links[0, 2] = begin, end, down
        return 1
    if text[begin] != OPEN:
        return -1
    count = 0
    at = _next(text, begin + 1)
    while text[at] != CLOSE:
        start, at = at, _past(text, at)
        if text[start] != QUOTE:
            return -1
        links[count, 0], links[count, 1], links[count, 2] = start, at, down
        count += 1
        at = _next(text, at)
    return count


@compiled
def _word(text: Bytes, begin: int, end: int, words: Bytes, word_ends: Longs) -> int:
    """Which of the words a string is; -1: none."""
    start = 0
    for k in range(len(word_ends)):
        if word_ends[k] - start == end - begin - 2 and _is(text, begin, end, words[start : word_ends[k]]):
            return k
        start = word_ends[k]
    return -1


@compiled
def _put(places: Longs, row: int, name: int, name_end: int, value: int, value_end: int) -> None:
    # a tuple for all of the row takes seconds to compile
    places[row, 0], places[row, 1], places[row, 2], places[row, 3] = name, name_end, value, value_end


@compiled
def _equal(text: Bytes, begin: int, end: int, other: int, other_end: int) -> bool:
    """Whether two pieces of the text are the same."""
    if end - begin != other_end - other:
        return False
    for k in range(end - begin):  # noqa: SIM110  # no generators here
        if text[begin + k] != text[other + k]:
            return False
    return True


@compiled
def gathered(text: Bytes, begins: Longs, ends: Longs, after: Bytes, nothing: Bytes) -> tuple[Bytes, Longs]:
    """Pieces of a text end to end, something after each, and where each ends. nothing: of empty ones."""
    total = 0
    for k in range(len(begins)):
        total += len(after) + (ends[k] - begins[k] if ends[k] > begins[k] else len(nothing))
    found, upto = np.empty(total, np.uint8), np.empty(len(begins), np.int64)
    at, one = np.uint64(0), np.uint64(1)
    for k in range(len(begins)):
        first, length = np.uint64(begins[k]), np.uint64(max(ends[k] - begins[k], 0))
        for m in range(length):
            found[at + m] = text[first + m]
        at += length
        if not length:
            for letter in nothing:
                found[at] = letter
                at += one
        for letter in after:
            found[at] = letter
            at += one
        upto[k] = at
    return found, upto


@compiled
def themes(  # noqa: PLR0911  # one for each step that may go wrong
    text: Bytes, ends: Longs
) -> tuple[Longs, bool]:
    """Where the name and the values of the only theme of each text begin and end, (n, 4), 0: it is null.

    And whether all texts are so.
    """
    places = np.zeros((len(ends), 4), np.int64)
    start = 0
    for k in range(len(ends)):
        at = _next(text, start)
        start = ends[k]
        if text[at] == NULL:
            continue
        if text[at] != BEGIN:
            return places, False
        name = _next(text, at + 1)
        if text[name] != QUOTE:
            return places, False
        end = _past(text, name)
        at = _next(text, end)
        if text[at] != BEGIN:
            return places, False
        member = _next(text, at + 1)
        if text[member] != QUOTE:
            return places, False
        at = _past(text, member)
        if not (_is_plain(text, name, end) and _is(text, member, at, VALUES)):
            return places, False
        begin = _next(text, at)
        at = _past(text, begin)
        _put(places, k, name, end, begin, at)
        for _ in range(2):
            at = _next(text, at)
            if text[at] != END:
                return places, False
            at += 1
    return places, True


@compiled
def alike(text: Bytes, places: Longs, mixer: int) -> tuple[Longs, Longs]:
    """Which name each attribute has, counted from 0, and where each name is met first.

    mixer: any number, so that no file can know which names are slow to tell apart.
    """
    found, first = np.empty(len(places), np.int64), np.empty(len(places), np.int64)
    size = 64
    while size < 2 * len(places):
        size *= 2
    table = np.full(size, NOTHING, np.int32)
    count, likely = 0, 0
    for k in range(len(places)):
        begin, end = places[k, 0], places[k, 1]
        # attributes mostly follow each other as before
        at = likely if likely < count else 0
        if not (count and _equal(text, begin, end, places[first[at], 0], places[first[at], 1])):
            mixed = 0
            for m in range(begin, end):
                mixed = (mixed * mixer + text[m]) % MIXED
            slot = mixed & (size - 1)
            at = table[slot]
            while at >= 0 and not _equal(text, begin, end, places[first[at], 0], places[first[at], 1]):
                slot = (slot + 1) & (size - 1)
                at = table[slot]
            if at < 0:
                at = table[slot] = count
                first[count] = k
                count += 1
        found[k] = at
        likely = at + 1
    return found, first[:count]


@compiled
def listed(text: Bytes, places: Longs, ends: Longs) -> Bytes:
    """The values of attributes, each with a comma after it. ends: where each ends."""
    found = np.empty(ends[-1], np.uint8)
    at = 0
    for k in range(len(places)):
        for m in range(places[k, 2], places[k, 3]):
            found[at] = text[m]
            at += 1
        found[at] = COMMA
        at += 1
    return found


@compiled
def _members(
    text: Bytes,
    level: int,
    of_surface: Bytes,
    numbers: Ints,
    words: Bytes,
    word_ends: Longs,
    codes: Bytes,
    parents: Ints,
    said: Ints,
    places: Longs,
) -> tuple[int, int, int]:
    """How many surfaces (-1: odd), values, and attributes of surfaces there are."""
    surfaces, found, more, good = -1, -1, 0, True
    at = _next(text, 0)
    if text[at] != BEGIN:
        return -1, 0, 0
    at = _next(text, at + 1)
    while good and text[at] != END:
        name, at = at, _past(text, at)
        is_surfaces, is_values = _is(text, name, at, SURFACES), _is(text, name, at, VALUES)
        at = _next(text, at)
        begin, at = at, _past(text, at)
        if is_values and found < 0:
            found, good = _values(text[begin:at], level, numbers, 0)
        elif is_surfaces and surfaces < 0 and text[begin] == OPEN:
            surfaces, more = _surfaces(
                text, begin, of_surface, words, word_ends, codes, parents, said, places
            )
            good = surfaces >= 0
        else:
            good = False
        at = _next(text, at)
    return surfaces if good else -1, found, more


@compiled
def _surfaces(  # noqa: PLR0911, PLR0912  # one branch for each member
    text: Bytes,
    at: int,
    of_surface: Bytes,
    words: Bytes,
    word_ends: Longs,
    codes: Bytes,
    parents: Ints,
    said: Ints,
    places: Longs,
) -> tuple[int, int]:
    """How many surfaces there are (-1: odd), and how many attributes they have."""
    count, more = 0, 0
    at = _next(text, at + 1)
    while text[at] != CLOSE:
        if text[at] != BEGIN:
            return -1, 0
        code, own = -1, more
        parents[count] = NOTHING
        at = _next(text, at + 1)
        while text[at] != END:
            name, at = at, _past(text, at)
            end = at
            at = _next(text, at)
            begin, at = at, _past(text, at)
            if _is(text, name, end, TYPE):
                if code >= 0:
                    return -1, 0
                word = _word(text, begin, at, words, word_ends)
                if word >= 0:
                    code = codes[word]
            elif _is(text, name, end, PARENT):
                number, after = _whole(text, begin)
                if parents[count] != NOTHING or after != at or after == begin or number == LARGEST:
                    return -1, 0
                parents[count] = number
            elif not _is(text, name, end, CHILDREN):
                if not (_is_plain(text, name, end) and _is_plain(text, begin, at)) or more - own == MOST_OWN:
                    return -1, 0
                for k in range(own, more):  # which of two equal ones counts is known elsewhere
                    if _equal(text, name, end, places[k, 0], places[k, 1]):
                        return -1, 0
                said[more] = count
                _put(places, more, name, end, begin, at)
                more += 1
            at = _next(text, at)
        if code < 0:
            return -1, 0
        of_surface[count] = code
        count += 1
        at = _next(text, at + 1)
    return count, more


@compiled
def _is_plain(text: Bytes, begin: int, end: int) -> bool:
    """Whether a value is a text of plain letters, or a number or word of usual length."""
    if text[begin] == QUOTE:
        plain = True
        for k in range(begin + 1, end - 1):
            plain &= text[k] <= TILDE and text[k] != BACKSLASH
        return plain
    if text[begin] in (OPEN, BEGIN) or end - begin > LONGEST:
        return False
    for k in range(begin, end):
        if text[k] in (SMALL_E, LARGE_E) and text[begin] <= ZERO + 9:
            return end - k <= EXPONENT + (text[k + 1] in (PLUS, MINUS))
    return True


@compiled
def _next(text: Bytes, at: int) -> int:
    """The next letter that is no blank, comma or colon."""
    while text[at] <= 32 or text[at] == COMMA or text[at] == COLON:
        at += 1
    return at


@compiled
def _past(text: Bytes, begin: int) -> int:
    """Where the value that begins here ends."""
    at, one = np.uint64(begin), np.uint64(1)  # signed places would be tested for being counted from the end
    level = 0
    while TURNS[text[at]] != 0 or level:
        turn = TURNS[text[at]]
        at += one
        if turn == STRING:
            while text[at] != QUOTE:
                at += one
                if text[at - one] == BACKSLASH:
                    at += one
            at += one
        else:
            level += turn
        if level == 0:
            return np.int64(at)  # type: ignore[return-value]  # the loop knows no other whole numbers
    while text[at] == PLUS or (text[at] > COMMA and text[at] not in (CLOSE, END)):
        at += one
    return np.int64(at)  # type: ignore[return-value]


@compiled
def _is(text: Bytes, begin: int, end: int, word: Bytes) -> bool:
    """Whether a string with its quotes is this word."""
    if end - begin != len(word) + 2:
        return False
    for k in range(len(word)):
        if text[begin + 1 + k] != word[k]:
            return False
    return bool(text[begin] == QUOTE)

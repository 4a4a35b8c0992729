"""Lines of people cut into one piece for each person."""

import re
from collections.abc import Iterator

from deliberate.importing.groups import is_foreign_region, regional_group, stakeholder_group
from deliberate.importing.lines import Piece, split_at, unmarked
from deliberate.importing.sentences import inner_spans, outside
from deliberate.importing.shapes import is_body, is_name, is_post

RECORD = re.compile(r"(?:^|\s)(?:\d{1,2}[.)]\s*)?(?=Name\s*:)")
SEMICOLON = re.compile(r"\s*;\s*")
NEXT_NUMBER = re.compile(r"(?<=\S)\s+(\d{1,2})[.)]\s+(?=[^\W\d_])")
RUN_ON = re.compile(r"(?:(?<=Group)|(?<=\(WEOG\))|(?<=\(GRULAC\)))\s+(?=[^\W\d_a-zà-ÿ][^,]{1,60},)")
AND = re.compile(r",\s+(?:and|&)\s+")
AFTER_BRACKET = re.compile(
    r"(?<=\))(?:\s*,(?:\s*and)?|\s+and|\s*&)\s+(?=[^\W\d_][^\s,()]{0,40}\s[^,()]{2,60}\()"
)
COMMA = re.compile(r"\s*,\s*")
COMMA_RECORD = re.compile(r"(?:Mr|Mrs|Ms|Miss|Mx|Mme|Dr|Prof|Hon)\.?,", re.IGNORECASE)
NAMES = re.compile(r"\s*(,(?:\s+(?:and|&))?|\s(?:and|&))\s+")
MOST_COMMAS = 400
LONGEST_LIST = 2_000
INITIATIVE = re.compile(r"\b(?:IGF|NRIs?|SIG)\b")
Cut = tuple[int, int]


def split_entries(piece: Piece, *, is_list: bool = False) -> Iterator[Piece]:
    """The people of one line: parted by `;`, `, and `, numbers, or run together.

    With `is_list` the line is all there is of its field, so that it may be nothing but names.
    """
    counted = piece.text[:2] in {"1.", "1)", "(1"}
    piece = unmarked(piece, letters=False)
    if RECORD.search(piece.text) and "|" in piece.text:
        cuts = [match.span() for match in RECORD.finditer(piece.text)]
    else:
        cuts = (is_list and _bare_names(piece.text)) or _cuts(piece.text, counted)
    for part in split_at(piece, cuts):
        if part.text:
            yield unmarked(part, letters=False)


def _cuts(text: str, counted: bool) -> list[Cut]:
    """Where one person ends and the next begins."""
    cuts = [match.span() for match in SEMICOLON.finditer(text)] if ";" in text else []
    cuts += [match.span() for match in RUN_ON.finditer(text)]
    cuts += _numbers(text, counted)
    if "," in text:
        cuts += _joined(text)
    if ")" in text:
        cuts += [match.span() for match in AFTER_BRACKET.finditer(text)]
    if not cuts:
        return _after_groups(text) or _initiatives(text)
    cuts = sorted(set(cuts))
    kept = set(outside([start for start, _ in cuts], bracketed(text)))
    return [cut for cut in cuts if cut[0] in kept]


def _numbers(text: str, counted: bool) -> list[Cut]:
    """Numbers inside a line: in front of `Name, more`, or counting on from the line's own 1."""
    cuts, wanted, last_comma = [], 2, text.rfind(",")
    for match in NEXT_NUMBER.finditer(text):
        follows = counted and int(match.group(1)) == wanted
        if follows or match.end() < last_comma:
            cuts.append(match.span())
            wanted += 1
    return cuts


def _joined(text: str) -> list[Cut]:
    """Each `, and ` in front of a person's name."""
    cuts = []
    for match in AND.finditer(text):
        name = re.split(r"[,;|(]", text[match.end() : match.end() + 90])[0].strip()
        if is_name(name) and len(name.split()) > 1 and not is_body(name):
            cuts.append(match.span())
    return cuts


def _after_groups(text: str) -> list[Cut]:
    """The commas of `Name, Group, Region, Name, Group, Region`: after a group, before a name."""
    if not 3 <= text.count(",") <= MOST_COMMAS or COMMA_RECORD.match(text):
        return []
    commas = [match.span() for match in COMMA.finditer(text)]
    edges = [0, *(end for _, end in commas)]
    parts = [
        text[low : high[0]] for low, high in zip(edges, [*commas, (len(text), 0)], strict=True)
    ]
    known = [_is_group(part) for part in parts]
    if not known[-1]:
        return []
    return [
        commas[at]
        for at in range(1, len(parts) - 1)
        if known[at] and not known[at + 1] and _is_full_name(parts[at + 1])
    ]


def is_row_of_names(text: str) -> bool:
    """Whether nothing but commas stands between what was read as people's names."""
    return "," in text and " and " not in text and " & " not in text and bool(_bare_names(text))


def _bare_names(text: str) -> list[Cut]:
    """What stands between people of a line of nothing but names: `A B, C D, E F`, `A B and C D`.

    Two names with a comma could be a person and the body that bears a person's name; "and" stands
    before the last name only, else each name in front of it could have its body behind it.
    """
    between = NAMES.findall(text[:LONGEST_LIST])
    if not between or between == [","] or len(text) > LONGEST_LIST or set(between[:-1]) - {","}:
        return []
    known = (_is_full_name(part) and not is_post(part) and not _is_group(part)
             and not is_foreign_region(part) for part in NAMES.split(text)[::2])  # fmt: skip
    return [match.span() for match in NAMES.finditer(text)] if all(known) else []


def _initiatives(text: str) -> list[Cut]:
    """The commas of a list of nothing but initiatives: `Kandova IGF, Youth IGF Osmara`."""
    parts = COMMA.split(text[:LONGEST_LIST])
    if len(parts) < 2 or len(text) > LONGEST_LIST or not all(map(INITIATIVE.search, parts)):
        return []
    return [match.span() for match in COMMA.finditer(text)]


def _is_group(part: str) -> bool:
    return stakeholder_group(part) is not None or regional_group(part) is not None


def _is_full_name(part: str) -> bool:
    """Whether a part is certainly a person's: two words at least, no body, no `Minister of`."""
    words = part.split()
    return len(words) > 1 and "of" not in words and is_name(part) and not is_body(part)


def bracketed(text: str) -> list[Cut]:
    """Quotations and brackets, merged where nested."""
    merged: list[Cut] = []
    for start, end in sorted(inner_spans(text)):
        if not merged or start >= merged[-1][1]:
            merged.append((start, end))
    return merged

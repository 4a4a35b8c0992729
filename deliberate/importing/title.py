"""The title line: year, type, number and title of a session."""

import re
from dataclasses import dataclass

from deliberate.domain.forum import SessionType
from deliberate.importing.labels import find_label
from deliberate.importing.lines import Line, Piece
from deliberate.importing.when import is_slot

TYPES: tuple[tuple[str, SessionType], ...] = (
    (r"WS|Workshop(?: Session)?", SessionType.WORKSHOP),
    (r"OF|Open Forum", SessionType.OPEN_FORUM),
    (r"Main Session \| Policy Network\b.*", SessionType.POLICY_NETWORK),
    (r"NRIs? (?:Collaborative |Main |Coordination )?Session", SessionType.NRI_SESSION),
    (r"DCs? Main Session|Main Session", SessionType.MAIN_SESSION),
    (r"DCs?(?: Session)?|DC[A-Z]{1,4}(?: Session)?|Dynamic Coalitions?(?: Session)?",
     SessionType.DYNAMIC_COALITION),
    (r"BPF(?: Session)?|Best Practice Forum", SessionType.BEST_PRACTICE_FORUM),
    (r"PN(?: Session)?|PN[A-Z]{1,4}(?: Session)?|Policy Network(?: Session)?",
     SessionType.POLICY_NETWORK),
    (r"Town ?Hall(?: Session)?", SessionType.TOWN_HALL),
    (r"Lightning (?:Talk|Session)", SessionType.LIGHTNING_TALK),
    (r"Networking Session", SessionType.NETWORKING_SESSION),
    (r"Launch(?: ?/ ?| and | )Awards?(?: Event)?s?|(?:Launch|Award) Event",
     SessionType.LAUNCH_AWARD_EVENT),
    (r"Day ?(?:0|Zero)(?: Event)?|Pre-?Event|Event", SessionType.DAY_0_EVENT),
    (r"High[- ]Level(?: Leaders?)?(?: Track| Session| Panel| Exchange Panel| Event| Meeting)",
     SessionType.HIGH_LEVEL_SESSION),
    (r"(?:Global )?Parliamentary(?: Track| Session| Roundtable| Round Table| Event)",
     SessionType.PARLIAMENTARY_SESSION),
    (r"(?:Global |IGF )?Youth(?: Summit| Session| Track| Roundtable)", SessionType.YOUTH_SESSION),
)  # fmt: skip
NUMBER = r"\s*#\s?(?P<number>\d{1,4})|\s+(?:No\.?\s?)?(?P<plain>\d{1,4})(?=\s|:|$)"
TYPED = tuple(
    (re.compile(rf"(?P<words>{words})(?!\w)(?:{NUMBER})?", re.IGNORECASE), re.compile(words), kind)
    for words, kind in TYPES
)
MAYBE_TYPED = re.compile("|".join(f"(?:{words})" for words, _ in TYPES), re.IGNORECASE)
INSIDE = (
    (re.compile(r"\bDynamic Coalition|\bDCs?\b"), SessionType.DYNAMIC_COALITION),
    (re.compile(r"\bBest Practice Forum|\bBPF\b"), SessionType.BEST_PRACTICE_FORUM),
    (re.compile(r"\bPolicy Network\b"), SessionType.POLICY_NETWORK),
    (re.compile(r"\bNRIs?\b"), SessionType.NRI_SESSION),
    (re.compile(r"\bMain Session\b"), SessionType.MAIN_SESSION),
    (re.compile(r"\bParliamentary\b"), SessionType.PARLIAMENTARY_SESSION),
    (re.compile(r"\bYouth Summit\b"), SessionType.YOUTH_SESSION),
    (re.compile(r"\bHigh[- ]Level\b"), SessionType.HIGH_LEVEL_SESSION),
)
YEAR = re.compile(
    r"(?:Session\s*[|:]?\s+)?(?:(?:the )?(?:IGF|Internet Governance Forum)\s?[-,]?\s?(20\d{2})\b|"
    r"(20\d{2}) IGF\b)\s*[-–—:|,]?\s*",
    re.IGNORECASE,
)
BEGINNING = re.compile(rf"(?:{YEAR.pattern}|{MAYBE_TYPED.pattern})(?!.{{399}})", re.IGNORECASE)
DASH = re.compile(r"[:|–—-]\s*")
TIGHT = re.compile(r"(?P<words>WS|OF)\s?(?P<number>\d{1,4})\b")
TRANSCRIPT = re.compile(r"(?:day [1-9]|\d+(?:st|nd|rd|th) day|transcript)\b", re.IGNORECASE)
ROOM = re.compile(r"(?:room|salle|hall|sala)\b.{0,12}$", re.IGNORECASE)
WINDOW = re.compile(r"\s+\|\s+(?:Internet Governance Forum|IGF\b).*$")
FEWEST_CUT = 74


@dataclass(frozen=True, slots=True)
class Title:
    """What the title line says. `lines` are the numbers of the lines it fills, from 1."""

    words: Piece
    year: int | None
    type: SessionType
    reference: str | None
    mark: Piece
    lines: tuple[int, ...]


def find_title(lines: tuple[Line, ...]) -> Title | None:
    """The most telling title line of a page, or None."""
    best: tuple[int, Title] | None = None
    for number, line in enumerate(lines, 1):
        title = _read(lines, number) if BEGINNING.match(line.text[:400]) else None
        score = _score(title, line) if title else 0
        if title and score and (best is None or score > best[0]):
            best = (score, title)
    return best[1] if best else None


def _score(title: Title, line: Line) -> int:
    """How surely a line is the title; 0 for a line that is none."""
    if title.year is None and (title.reference is None or ROOM.match(title.words.text)):
        return 0
    known = title.type is not SessionType.OTHER
    points = 4 * bool(title.year) + 4 * known + 2 * bool(title.reference) + 3 * line.top
    return points if points > 5 or len(title.words.text.split()) > 2 else bool(title.year)


def _read(lines: tuple[Line, ...], number: int) -> Title | None:
    """A line as a title; an empty rest takes the title from the next line."""
    piece = Piece(lines[number - 1].text, number)
    year = YEAR.match(piece.text)
    rest = piece.cut(year.end() if year else 0)
    if (year is None and not _numbered_type(rest.text)) or TRANSCRIPT.match(rest.text):
        return None
    kind, reference, words = _typed(rest)
    used: tuple[int, ...] = (number,)
    if not words.text:
        words, used = _below(lines, number)
    missing = not words.text
    words = rest if missing else words
    suffix = WINDOW.search(words.text)
    words = words.cut(0, suffix.start() if suffix else None)
    mark = piece.cut(0, words.start if len(used) == 1 and not missing else None)
    value = int(year.group(1) or year.group(2)) if year else None
    return Title(words, value, kind, reference, mark, used) if words.text else None


def _below(lines: tuple[Line, ...], number: int) -> tuple[Piece, tuple[int, ...]]:
    """The title on the first line with words below, unless a field or the time begins there."""
    for below in range(number + 1, min(number + 3, len(lines) + 1)):
        line = lines[below - 1]
        if line.text and not line.label:
            if find_label(line, below, reported=False) or is_slot(line.text):
                break
            return Piece(line.text, below), (number, below)
    return Piece("", number), (number,)


def _numbered_type(text: str) -> bool:
    """Whether a line without a year begins as a session of a programme does: `WS170: ...`."""
    if not MAYBE_TYPED.match(text):
        return False
    kind, reference, words = _typed(Piece(text, 1))
    return kind is not SessionType.OTHER and reference is not None and bool(words.text)


def _typed(rest: Piece) -> tuple[SessionType, str | None, Piece]:
    """The session type, the reference and the words that remain as the title."""
    if not MAYBE_TYPED.match(rest.text):
        return _untyped(rest.text), None, rest
    tight = TIGHT.match(rest.text)
    for pattern, words, kind in TYPED:
        match = pattern.match(rest.text)
        match = tight if tight and words.fullmatch(tight["words"]) else match
        if match and not (kind is SessionType.DAY_0_EVENT and _is_plain_event(match)):
            return (kind, *_cut(rest, match, kind))
    return _untyped(rest.text), None, rest


def _is_plain_event(match: re.Match[str]) -> bool:
    """`Event` is a type only with a number."""
    return match["words"].lower() == "event" and match.groupdict().get("number") is None


def _cut(rest: Piece, match: re.Match[str], kind: SessionType) -> tuple[str | None, Piece]:
    """The reference, and the title without a type phrase that ends in a number or a colon."""
    found = match.groupdict()
    number = found.get("number") or found.get("plain")
    after = rest.text[match.end() :].lstrip()
    if found.get("plain") and kind is not SessionType.WORKSHOP and not after.startswith(":"):
        number = None
    name = "WS" if kind is SessionType.WORKSHOP else match["words"].strip()
    reference = f"{name} #{int(number)}" if number else None
    if not number and not after.startswith(":"):
        return reference, rest
    end = match.end() + len(rest.text[match.end() :]) - len(after)
    dash = DASH.match(after)
    return reference, rest.cut(end + (dash.end() if dash else 0))


def _untyped(text: str) -> SessionType:
    """A type from words inside a title that does not begin with one."""
    return next((kind for words, kind in INSIDE if words.search(text)), SessionType.OTHER)


def may_be_cut(text: str, year: int | None) -> bool:
    """Whether a title ends in dots, or without a mark where the site cuts titles since 2024."""
    long = (year or 0) > 2023 and len(text) >= FEWEST_CUT and text[-1:].isalnum()
    return long or text.endswith(("…", "..."))

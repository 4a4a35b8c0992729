"""The vocabulary of field labels on session pages from 2015 to 2025."""

import re
from dataclasses import dataclass
from enum import IntEnum, auto

from deliberate.importing.lines import Line, Piece, marker_end
from deliberate.importing.shapes import is_timed_item


class Field(IntEnum):
    """What the lines below a label are about."""

    TITLE = auto()
    DATE = auto()
    TIME = auto()
    ROOM = auto()
    THEME = auto()
    TRACK = auto()
    SUBTHEME = auto()
    ORGANIZER = auto()
    PROPOSER = auto()
    PROPOSER_BODY = auto()
    CO_PROPOSER = auto()
    CO_PROPOSER_BODY = auto()
    COALITION = auto()
    SPEAKER = auto()
    REMARKS = auto()
    MODERATOR = auto()
    ONSITE = auto()
    ONLINE = auto()
    RAPPORTEUR = auto()
    GROUP = auto()
    REGION = auto()
    COUNTRY = auto()
    FORMAT = auto()
    DURATION = auto()
    QUESTIONS = auto()
    REPORT_QUESTIONS = auto()
    SDGS = auto()
    TARGETS = auto()
    TAKEAWAYS = auto()
    CALLS = auto()
    REPORT = auto()
    AGENDA = auto()
    RELEVANCE = auto()
    PROSE = auto()
    LOOSE = auto()


ALIASES: dict[Field, str] = {
    Field.TITLE: "title|session title|title of session|title of the session|session name",
    Field.DATE: "date|session date|updated|date & time|date and time",
    Field.TIME: "time|session time|time slot|schedule|session date and time",
    Field.ROOM: "room|session room|venue|location|room name",
    Field.THEME: "theme|themes|main theme|session theme",
    Field.TRACK: "thematic track|track|tracks|thematic tracks|issue area|focus area|main track",
    Field.SUBTHEME: "subtheme|subthemes|sub-theme|sub-themes|sub theme|session subtheme",
    Field.ORGANIZER: "organizer|organizers|session organizer|session organizers|co-organizer|"
    "co-organizers|workshop organizer|workshop organizers|organizing team|organized by|"
    "main organizer|organizing institution|organizing institutions|event organizer|"
    "event organizers|name of organizer",
    Field.PROPOSER: "proposer's name|proposer name|proposer",
    Field.PROPOSER_BODY: "proposer's organization|proposer organization",
    Field.CO_PROPOSER: "co-proposer's name|co-proposer name|co-proposer|co-proposers",
    Field.CO_PROPOSER_BODY: "co-proposer's organization|co-proposer organization",
    Field.COALITION: "dc|dynamic coalition|nris co-organizing|co-organizing nris|dcs|nris",
    Field.SPEAKER: "speaker|speakers|additional speaker|additional speakers|list of speakers|"
    "panelist|panelists|panellist|panellists|discussant|discussants|resource person|"
    "resource persons|confirmed speakers|list of speakers and their institutional affiliations|"
    "name of speaker|names of speakers|invited speakers|provisional speakers|final speakers",
    Field.REMARKS: "introductory remarks|opening remarks|welcome remarks|welcoming remarks|"
    "closing remarks|keynote|keynotes|keynote speaker|keynote speakers|keynote speech|"
    "opening speaker|concluding remarks",
    Field.MODERATOR: "moderator|moderators|chairperson/moderator|chair/moderator|chair|"
    "name of moderator|chairperson|session moderator|co-moderator|co-moderators|facilitator",
    Field.ONSITE: "onsite moderator|on-site moderator|onsite moderators|in-person moderator|"
    "on site moderator",
    Field.ONLINE: "online moderator|online moderators|remote moderator|remote moderators|"
    "name of online moderator|name of remote moderator|online/remote moderator",
    Field.RAPPORTEUR: "rapporteur|rapporteurs|rapporteur/note taker|rapporteur/notetaker|"
    "name of rapporteur|rapporteur/note-taker|note taker|notetaker|session rapporteur|"
    "name of rapporteur/note taker|note-taker",
    Field.GROUP: "stakeholder group|stakeholder",
    Field.REGION: "regional group|region",
    Field.COUNTRY: "country",
    Field.FORMAT: "format|session format",
    Field.DURATION: "duration|session duration|duration in minutes",
    Field.QUESTIONS: "policy question|policy questions|guiding policy question|"
    "guiding policy questions|policy questions the session will address|"
    "additional policy questions information|additional policy question information|"
    "additional policy questions|proposed policy questions|main policy questions|"
    "key policy question|key policy questions|policy questions addressed|"
    "policy questions to be addressed|list of policy questions",
    Field.REPORT_QUESTIONS: "key policy questions and related issues|"
    "key policy questions and expectations|key policy questions and related issue",
    Field.SDGS: "sdg|sdgs|sustainable development goal|sustainable development goals|"
    "relevant sdgs|related sdgs",
    Field.TARGETS: "target|targets|sdg targets",
    Field.TAKEAWAYS: "key takeaway|key takeaways|key message|key messages|key issues raised|"
    "takeaways|main takeaways|key take-aways|key take-away",
    Field.CALLS: "call to action|calls to action|way forward|"
    "policy recommendations or suggestions for the way forward|"
    "recommendations or suggestions for the way forward|recommendations",
    Field.REPORT: "session report|igf 2018 reports|report|pre-session synthesis & short report|"
    "pre-session synthesis & short report template|pre-session synthesis|long report|"
    "workshop report|final report|short report|summary of issues discussed|discussion areas",
    Field.AGENDA: "agenda|tentative agenda|session agenda|proposed agenda|programme|"
    "draft agenda|provisional agenda|run of show",
    Field.RELEVANCE: "relevance to theme|relevance to the theme",
    Field.PROSE: "description|session description|session content|content of the session|"
    "content|expected outcome|expected outcomes|relevance|relevance to internet governance|"
    "relevance to ig|relevance of the session|relevance of the issue|discussion facilitation|"
    "online participation|usage of igf official tool|hybrid format|hybrid formats|"
    "connection with previous messages|reference document|reference documents|"
    "background paper|background papers|short title|interventions|diversity|coordinator|"
    "coordinators|about this session|tag|tags|speakers bios|speaker bios|bios|biographies|"
    "speakers' bios|speaker's bio|bio|new online format|online format|format description|"
    "estimated participation|"
    "reflection to gender issues|session outputs|other initiatives addressing the session issues|"
    "making progress for tackled issues|voluntary commitment|voluntary commitments|group photo|"
    "presentations|discussions|participant suggestions|session type|class|abstract|summary|"
    "background|introduction|intervention|participation|issue description|"
    "detailed description of the session|outcomes|outputs|session outcomes|youtube link|"
    "transcript|transcripts|video|recording|registration|contact|website|document|documents|"
    "methodology|gender|gender issues|estimate the total number of participants|next steps|"
    "proposals|organizational affiliation|gains|benefits|previous igf|links|useful links|"
    "you are here|relevance to sdgs|sub-title|subtitle|discussion|additional documents|"
    "additional information|interactive approach|supporting documents|session documents|"
    "onsite and online participation|how will the session be interactive|igf messages|session|"
    "gender reporting|discussion on gender issues",
}
FIELDS = {alias: kind for kind, words in ALIASES.items() for alias in words.split("|")}
PATTERNS: tuple[tuple[re.Pattern[str], Field], ...] = (
    (re.compile(r"(?:guiding|key|main)? ?policy questions? [^?:]{0,60}:$"), Field.QUESTIONS),
    (re.compile(r"(?:please state .{0,60})?\bkey messages?\b.{0,60}$"), Field.TAKEAWAYS),
    (re.compile(r"key issues raised\b.{0,60}$"), Field.TAKEAWAYS),
    (re.compile(r"(?:\S+ ){0,8}suggestions? regarding the way forward\b.{0,90}$"), Field.CALLS),
    (re.compile(r"list of speakers and\b.{0,80}$"), Field.SPEAKER),
    (re.compile(r"session report \(?\*"), Field.REPORT),
    (re.compile(r"(?:if )?the session report\b"), Field.PROSE),
)
ASKING_LABELS = re.compile(
    r"(?:what will participants gain from attending (?:this|the) session|"
    r"how (?:will|do) you (?:facilitate|plan to|intend to) [^?]{3,120}|"
    r"are you \(or your organization\) [^?]{3,120}|"
    r"what (?:is|are) the (?:expected outcomes?|value) [^?]{3,120}|"
    r"what ideas surfaced [^?]{3,200}|were gender issues [^?]{0,120})\?",
    re.IGNORECASE,
)
ASKED = re.compile(
    r"(?:if [^.?]{3,60}, )?please "
    r"(?:state|elaborate|describe|estimate|provide|list|identify|specify|summari[sz]e)\b|"
    r"estimate the (?:overall|total)? ?number\b",
    re.IGNORECASE,
)
WORD_LIMIT = re.compile(r"\[\s?(?:max\.? )?\d{2,4} words[^\]]{0,20}\]\s*:?$", re.IGNORECASE)
REPORTED = frozenset(
    [Field.TAKEAWAYS, Field.CALLS, Field.REPORT, Field.REPORT_QUESTIONS]
)  # Labels that keep their meaning behind a bullet or number.
NUMBERED = frozenset(
    [Field.ORGANIZER, Field.SPEAKER, Field.TAKEAWAYS, Field.CALLS, Field.PROSE, Field.MODERATOR,
     Field.RAPPORTEUR, Field.QUESTIONS, Field.ONLINE, Field.ONSITE]
)  # fmt: skip
NOTE = re.compile(r"\s*(?:\(\s*\*|\[\d|-\s*click on the).*$")
IN_UTC = re.compile(r"\bUTC\b")
OUTLINE = re.compile(r"\d{1,2}")
IN_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]{0,120}[)\]]")
COUNTED = re.compile(r"(.{2,40}?)[ #]+(\d{1,3})")
PATTERN_WORDS = re.compile(
    r"policy question|key message|key issues|way forward|list of speakers and|session report",
    re.IGNORECASE,
)
NOTED = re.compile(r"[*\[]|click on the")
PLAIN = str.maketrans("’‐‑：", "'--:", "\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}")
"""Signs that look alike or are not seen at all, as the vocabulary has them."""
LONGEST_LABEL = 180
LONGEST_ALIAS = max(map(len, FIELDS)) + 40  # Room for a number and a note in brackets.


@dataclass(frozen=True, slots=True)
class Label:
    """A label found on a line: its field, its number if it has one, and the words after it."""

    field: Field
    number: int | None
    rest: Piece
    outline: int | None = None
    name: str = ""


def find_label(line: Line, number: int, *, reported: bool) -> Label | None:
    """The label a line begins with, if any; `reported` inside the report, where labels are listed.

    A web page's own mark for labels makes any words a label, known or not.
    """
    piece = Piece(line.text, number)
    begin = marker_end(line.text, letters=False)
    body = piece.cut(begin)
    found = _asking(body) or _whole(body) or _leading(body)
    if found and begin and not (reported or found.field in REPORTED or _is_listed(found)):
        found = None
    if found is None and line.label and not begin:
        return Label(Field.PROSE, None, piece.cut(len(line.text)))
    if found and begin and (outline := OUTLINE.match(line.text)):
        return Label(found.field, found.number, found.rest, int(outline.group()), found.name)
    return found


def _is_listed(label: Label) -> bool:
    """Whether a numbered label behind a bullet names somebody: `• Speaker 1: Name, Group`."""
    named = label.field in {Field.ORGANIZER, Field.SPEAKER} and label.number is not None
    return named and "," in label.rest.text and not is_timed_item(label.rest.text)


def _asking(body: Piece) -> Label | None:
    """A label that is itself a question, or a request to the rapporteur."""
    match = ASKING_LABELS.match(body.text) if "?" in body.text else None
    if match:
        return Label(Field.PROSE, None, body.cut(match.end()))
    limited = body.text.endswith(("]", ":")) and WORD_LIMIT.search(body.text[-40:])
    if not limited and not ASKED.match(body.text):
        return None
    found = _by_pattern(fold_label(body.text[:LONGEST_LABEL]))
    return Label(found or Field.PROSE, None, body.cut(len(body.text)))


def _whole(body: Piece) -> Label | None:
    """A label that fills its line."""
    if len(body.text) > LONGEST_LABEL:
        return None
    note = NOTE.search(body.text) if NOTED.search(body.text) else None
    head = body.text[: note.start()] if note else body.text
    if len(head) > LONGEST_ALIAS and not PATTERN_WORDS.search(head):
        return None
    return _known(head, body.cut(len(body.text)), alone=True)


def _leading(body: Piece) -> Label | None:
    """A label in front of a colon."""
    colon = body.text.find(":", 0, LONGEST_LABEL)
    if not body.text.isascii() and (wide := body.text.find("：", 0, LONGEST_LABEL)) > 0:
        colon = wide if colon < 0 else min(colon, wide)
    if colon <= 0:
        return None
    return _known(body.text[: colon + 1], body.cut(colon + 1), alone=False)


def _known(head: str, rest: Piece, *, alone: bool) -> Label | None:
    """The label with these words."""
    if "issue(s)" in head.lower() and len(head) < 12:
        return Label(Field.TRACK, None, rest)
    name = fold_label(head)
    words, number = _numbered(name)
    field = FIELDS.get(words)
    words += " utc" * bool(IN_UTC.search(head))
    if field and (number is None or field in NUMBERED):
        return Label(field, number, rest, None, words)
    pattern = _by_pattern(name + (":" if head.endswith(":") else ""))
    return Label(pattern, None, rest, None, name) if pattern and (alone or rest.text) else None


def _by_pattern(name: str) -> Field | None:
    if not PATTERN_WORDS.search(name):
        return None
    return next((field for pattern, field in PATTERNS if pattern.match(name)), None)


def _numbered(name: str) -> tuple[str, int | None]:
    """`speaker 3` as `speaker` and 3."""
    match = COUNTED.fullmatch(name) if name[-1:].isdigit() else None
    return (match.group(1), int(match.group(2))) if match else (name, None)


def fold_label(head: str) -> str:
    """Words of a label without case, spelling variants, notes in brackets and end marks."""
    if not head.isascii():
        head = head.translate(PLAIN)
    name = head.casefold().replace("organis", "organiz").replace("(s)", "")
    if "(" in name or "[" in name:
        name = IN_BRACKETS.sub("", name)
    return " ".join(name.split()).strip(" .:*–—-")


def is_label(words: str) -> bool:
    """Whether words are the label of a field, and nothing else."""
    return _known(words, Piece("", 0), alone=True) is not None

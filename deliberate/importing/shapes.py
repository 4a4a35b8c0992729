"""Lines that tell what they are without a label: formats, goals, time slots, prose, names."""

import re

LAYOUTS = (
    "panel|round ?table|birds of a feather|break-?out group discussions?|debate|tutorial|"
    "flash session|classroom|theat(?:er|re)|other|lightning|auditorium|u-shape|hands-on|"
    "open discussion|presentation|workshop|interview|town ?hall|networking|hybrid|roundtable"
)
FORMAT = re.compile(rf"(?:{LAYOUTS})\b[^.?!:]{{0,80}}?[-–—]\s*\d{{1,3}}\s*min", re.IGNORECASE)
BARE_LAYOUT = re.compile(
    r"(?:classroom|round ?table|theat(?:er|re)|panel|auditorium|u-shape|hybrid)$", re.IGNORECASE
)
FULL_LAYOUT = re.compile(
    r"(?:(?:panel|round ?table|birds of a feather|break-?out group discussions?|debate|tutorial)"
    r"\s*[-–—]\s*(?:auditorium|classroom|u-shape|circle|flexible seating|round tables|"
    r"theat(?:er|re))|"
    r"birds of a feather|break-?out group discussions?)$",
    re.IGNORECASE,
)
GOAL = re.compile(r"(?:GOAL|Goal|SDG)\s?#?(\d{1,2})\s*(?:[:.–-]|$)")
TARGET = re.compile(r"(\d{1,2})\.(?:\d{1,2}|[a-d])$")
GOAL_NAMES = (
    "no poverty|zero hunger|good health|quality education|gender equality|clean water|"
    "affordable and clean|decent work|industry|reduced inequalit|sustainable cities|"
    "responsible (?:consumption|production)|climate action|life below|life on land|peace|"
    "partnerships"
)
NAMED_GOAL = re.compile(rf"(\d{{1,2}})\s*[.:)-]?\s*(?:{GOAL_NAMES})", re.IGNORECASE)
WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
TIMED_ITEM = re.compile(
    r"(?:\(?\d{1,2}[.)]\s+|[-–•*]\s*)?(?:\(?\d{1,3}\s?(?:min(?:ute)?s?\b|['’′]))|"
    r"\d{1,2}[:.]\d{2}\s?[-–]\s?\d{1,2}[:.]\d{2}",
    re.IGNORECASE,
)
TIMED_END = re.compile(r"[(\[]\s?(?:\d{1,2}\s?x\s?)?\d{1,3}\s?(?:min(?:ute)?s?|['’′])\.?\s?[)\]]$")
BODY_WORDS = re.compile(
    r"\b(?:ministr(?:y|ies|ère)|ministerio|institut\w*|universit\w+|universidad\w*|associa\w+|"
    r"asociaci\w+|foundation|fundaci\w+|council|commission|union|network|organi[sz]ation|"
    r"secretariat|federation|forum|cent(?:er|re)|agency|authority|department|society|alliance|"
    r"coalition|initiative|academy|company|corporation|inc|ltd|llc|gmbh|bank|office|chamber|"
    r"board|committee|lab|labs|laborator\w+|cooperative|project|programme|program|fund|igf|nri|"
    r"nris|school|college|group|league|consortium|collective|registry|house|clinic|studio|hub|"
    r"trust|partnership|task force|caucus|observatory|watch|media|compact|commons|mesh|"
    r"bureau|guild|museum|library|archives?|press|parliament|assembly|senate|movement|"
    r"syndicate|ventures|services?|corps|"
    r"internet|digital|telecom\w*|technolog\w+|research|policy|security|rights|data)\b",
    re.IGNORECASE,
)
CERTAIN_BODY = re.compile(
    r"\b(?:ministr(?:y|ies)|minist(?:erio|ério|ère)|institut(?:e|ion|o)?|universit(?:y|é|à|ät)|"
    r"universidade?|association|comisión|commissão|comité|secretaría|autoridad|autorité|agencia|"
    r"asociación|foundation|fundación|council|commission|organi[sz]ation|secretariat|federation|"
    r"department|government of|agency|authority|committee|academy|cent(?:er|re) for|office of|"
    r"embassy|chamber of)\b",
    re.IGNORECASE,
)
POSTS = re.compile(
    r"\b(?:director|manager|officer|advis[eo]r|chair\w*|president|professor|head|minister|"
    r"secretary|fellow|analyst|engineer|lead|leader|coordinator|counsel|specialist|executive|"
    r"founder|co-founder|ceo|cto|researcher|consultant|expert|representative|associate|member|"
    r"delegate|ambassador|commissioner|student|senator|deputy|judge|lawyer|journalist|editor|"
    r"auditor|scientist|activist|moderator|rapporteur|speaker|commander|inspector|governor|"
    r"mayor|attach[ée]|attorney|administrator|assistant|architect|developer|strategist)\b",
    re.IGNORECASE,
)
PARTICLES = frozenset(
    [
        "de",
        "da",
        "do",
        "dos",
        "das",
        "di",
        "del",
        "della",
        "der",
        "den",
        "van",
        "von",
        "zu",
        "zum",
        "la",
        "le",
        "les",
        "el",
        "al",
        "bin",
        "ibn",
        "bint",
        "e",
        "y",
        "of",
        "ten",
        "ter",
        "af",
        "av",
        "st",
        "du",
        "ben",
        "abu",
        "ould",
    ]
)
NOT_NAMES = frozenset(
    [
        "the",
        "this",
        "these",
        "and",
        "our",
        "we",
        "all",
        "for",
        "with",
        "from",
        "participants",
        "speakers",
        "questions",
        "question",
        "discussion",
        "introduction",
        "opening",
        "closing",
        "session",
        "audience",
        "everyone",
    ]
)
NO_NAME = re.compile(r"[\d?!:;/@]")
SENTENCE_END = re.compile(r"[.?!:…][\"”’)»]?$")


def is_format(text: str) -> bool:
    """Whether a line is a layout with its minutes, such as `Panel - Auditorium - 60 Min`."""
    return len(text) <= 120 and bool(FORMAT.match(text))


def is_bare_layout(text: str) -> bool:
    """Whether a line is one of the layouts pages name without minutes since 2024."""
    return bool(BARE_LAYOUT.match(text))


def is_full_layout(text: str) -> bool:
    """Whether a line is one of the call's layouts word for word, its minutes lost."""
    return len(text) <= 60 and bool(FULL_LAYOUT.match(text))


def is_goal(text: str) -> bool:
    """Whether a line is an entry of a list of Sustainable Development Goals or targets."""
    if len(text) > 90:
        return False
    text = text.lstrip("•-–* ")
    return bool(GOAL.match(text) or NAMED_GOAL.match(text) or TARGET.match(text))


def is_timed_item(text: str) -> bool:
    """Whether a line is a point of an agenda: it begins or ends with a number of minutes."""
    return bool(TIMED_ITEM.match(text) or TIMED_END.search(text[-40:]))


def is_prose(text: str) -> bool:
    """Whether a line is running text rather than an entry of a list."""
    if len(text) > 300 and text.count("|") < 2 and text.count(";") < 2:
        return True
    return len(text.split()) > 9 and bool(SENTENCE_END.search(text)) and "|" not in text


def is_body(text: str) -> bool:
    """Whether words name an organisation rather than a person."""
    words = text.split()
    return bool(BODY_WORDS.search(text)) or (len(words) == 1 and text.isupper() and len(text) > 2)


def is_post(text: str) -> bool:
    """Whether words name a post somebody holds, such as `Senior Adviser`."""
    return bool(POSTS.search(text))


def is_certain_body(text: str) -> bool:
    """Whether words hold one that no person is called by, such as `Ministry`."""
    return bool(CERTAIN_BODY.search(text))


def is_name(text: str) -> bool:
    """Whether words may be a person's name: few, mostly capitalised, no digits."""
    words = text.split()
    if not 1 <= len(words) <= 8 or len(text) > 80 or NO_NAME.search(text):
        return False
    if any(word.lower() in NOT_NAMES for word in words):
        return False
    small = [word for word in words if word[0].islower() and word.lower() not in PARTICLES]
    return len(small) * 3 < len(words) or (len(words) <= 4 and len(small) == len(words) > 1)

"""Many comments in several languages, whose words are as rare and as common as people's.

Words are drawn by Zipf's law (G. K. Zipf, Human Behavior and the Principle of Least Effort, 1949):
the n-th most common word of a language about n times as seldom as its first. The first ones are
real small words; the others are made of syllables. Every tenth comment quotes the demonstration.
"""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import accumulate
from typing import Any

import sqlalchemy as sa

from deliberate.demo.scenario import read_scenario
from deliberate.domain.people import Actor
from deliberate.domain.threads import Anchor, CommentKind, comment_path
from deliberate.storage.comments import Comment
from deliberate.storage.database import Database, now

VOCABULARY, SIGNS = 30_000, 3_000
EXPONENT = 1.05
QUOTING = 10
BATCH = 5_000
_LATIN = ("b c d f g l m n p r s t v br st tr ch pl", "a e i o u ai ou ia", " n r s l nt")
_SOUNDS = {
    "en": _LATIN,
    "fr": _LATIN,
    "es": _LATIN,
    "ru": ("б в г д ж к л м н п р с т ст пр", "а е и о у ы я", " н р с т ль"),
    "ar": ("ب ت ج ح د ر س ش ع ف ق ك ل م ن ه", "ا و ي", " ت ن ر"),
}
_SMALL = {
    "en": "the of and to in is that for it we are this with not be on as they have should who"
    " internet access governance communities networks public people open data rights policy local",
    "fr": "de la le et les des en un une que pour dans est qui sur pas par plus avec nous accès",
    "es": "de la que el en y a los se del las un por con no una para es al lo como más acceso",
    "ru": "и в не на что с по как это для из мы к от за но они доступ интернет",
    "ar": "في من على إلى أن هذا التي مع عن لا كان الإنترنت حوكمة الوصول الأمن الرقمي",
}
SHARES = {"en": 55, "fr": 12, "es": 10, "zh": 9, "ar": 8, "ru": 6}
"""Of a hundred comments, so many are in each language."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words of a language, the most common first, and sums of how often each is used."""

    words: Sequence[str]
    sums: Sequence[float]
    space: str

    def text(self, rolls: random.Random, length: int) -> str:
        """So many words in a row."""
        return self.space.join(rolls.choices(self.words, cum_weights=self.sums, k=length))


@cache
def tongue(language: str) -> Tongue:
    """The vocabulary of a language, the same every time."""
    rolls = random.Random(language)  # noqa: S311 - the same words every time.
    if language == "zh":
        words = rolls.sample([chr(0x4E00 + n) for n in range(6_000)], SIGNS)
    else:
        found = dict.fromkeys(_SMALL[language].split())
        while len(found) < VOCABULARY:
            found.setdefault(_word(rolls, _SOUNDS[language]))
        words = list(found)
    sums = list(accumulate(1 / rank**EXPONENT for rank in range(1, len(words) + 1)))
    return Tongue(words, sums, "" if language == "zh" else " ")


def write_corpus(
    db: Database, deliberation_ids: Sequence[int], number: int, people: Sequence[Actor]
) -> None:
    """So many comments, spread over the discussions and the people; the index is left as it is."""
    rolls = random.Random(number)  # noqa: S311 - the same comments every time.
    quotes = [comment.text for comment in read_scenario().comments]
    with db.reading() as reader:
        start = now(reader) - timedelta(minutes=number)
        first = (reader.scalar(sa.select(sa.func.max(Comment.id))) or 0) + 1
    languages = rolls.choices(list(SHARES), list(SHARES.values()), k=number)
    rows: list[dict[str, Any]] = []
    for place, language in enumerate(languages):
        length = min(400, max(4, int(rolls.lognormvariate(3.5, 0.7))))
        text = tongue(language).text(rolls, length * 2 if language == "zh" else length)
        if place % QUOTING == 0:
            text += f" {rolls.choice(quotes)}"
        author = rolls.choice(people)
        assert author.affiliation is not None
        rows.append(
            {
                "id": first + place,
                "deliberation_id": rolls.choice(deliberation_ids),
                "anchor": Anchor.SUBJECT,
                "path": comment_path(None, first + place),
                "depth": 0,
                "kind": CommentKind.REMARK,
                "body": text,
                "body_html": f"<p>{text}</p>",
                "language": language,
                "author_id": author.id,
                "stakeholder_group": author.affiliation.group,
                "submission_key": str(uuid.UUID(int=rolls.getrandbits(128))),
                "written_at": start + timedelta(minutes=place),
            }
        )
    # Not through a session: that would index every comment at once.
    table: Any = Comment.__table__
    with db.engine.begin() as connection:
        for begin in range(0, number, BATCH):
            connection.execute(sa.insert(table), rows[begin : begin + BATCH])
        if not db.is_sqlite:
            setting = sa.text("SELECT setval('comments_id_seq', :last)")
            connection.execute(setting, {"last": first + number})


def _word(rolls: random.Random, sounds: tuple[str, str, str]) -> str:
    """One to four syllables."""
    onsets, nuclei, codas = (each.split(" ") for each in sounds)
    count = rolls.choice((1, 2, 2, 3, 3, 4))
    return "".join(
        rolls.choice(onsets) + rolls.choice(nuclei) + rolls.choice(codas) for _ in range(count)
    )

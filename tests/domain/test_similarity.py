"""Claims about which questions are taken for the same, on real questions and their rewordings."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.domain.similarity import THRESHOLD, Index, Likeness, likeness_of, normalise, terms

PAGES = Path(__file__).parent.parent / "pages"
STRENGTHS = (
    "What are the main strengths and weaknesses of existing Internet governance approaches and"
    " mechanisms?"
)
ROADMAP = (
    "Is the UN Secretary-General's Roadmap for digital cooperation succeeding in fostering and"
    " consolidating cooperation and promoting a less fragmented more holistic approach?"
)
COMPACT = (
    'What can we expect from the "Global Digital Compact", proposed in the Secretary-General’s'
    " Common Agenda"
)
CHANGES = "Which changes do we need in order to advance digital cooperation?"
MODEL = "What is needed in order to make a new model a success?"
UN_ROLE = "What is the role of the UN system in any digital cooperation architecture?"
IGF_ROLE = "And what role should the IGF play (and how) in advancing global digital cooperation?"
REGIME = (
    "What kind of global internet governance regime can shape and foster sustainable and"
    " alternative business models and ensure diversity and inclusion in the digital economy?"
)
SAME = [
    (
        STRENGTHS,
        "Which strengths and weaknesses do existing approaches and mechanisms of Internet"
        " governance have?",
    ),
    (
        ROADMAP,
        "Does the Secretary-General's Roadmap for Digital Cooperation succeed in promoting a less"
        " fragmented, more holistic approach?",
    ),
    (
        COMPACT,
        "What is to be expected of the Global Digital Compact that the Common Agenda proposes?",
    ),
    (CHANGES, "What changes are needed to advance global digital cooperation?"),
    (UN_ROLE, "Which role should the United Nations play in the architecture of cooperation?"),
    (IGF_ROLE, "What part should the IGF play in digital cooperation, and by which means?"),
    (IGF_ROLE, "What is the role of the Internet Governance Forum in global digital cooperation?"),
    (
        REGIME,
        "Which internet governance regime fosters alternative and sustainable business models and"
        " ensures diversity and inclusion in the digital economy?",
    ),
    (
        "Who should carry the cost of incident response for networks with fewer than 5,000"
        " subscribers?",
        "Who should carry the costs of incident response in small networks with few subscribers?",
    ),
    (
        "Comment garantir l’accès des villages à l’Internet ?",
        "Comment l'accès à Internet des villages est-il garanti ?",
    ),
    ("如何确保全球数字合作中的包容性？", "如何在全球数字合作中确保包容性？"),
    (
        "Как обеспечить доступ к интернету в сельских районах?",
        "Как можно обеспечить доступ к Интернету в сельских районах и деревнях?",
    ),
    ("كيف يمكن ضمان الوصول إلى الإنترنت في القرى؟", "كيف نضمن الوصول إلى الإنترنت في القرى؟"),
    (
        "डिजिटल सहयोग में संयुक्त राष्ट्र की क्या भूमिका है?",
        "डिजिटल सहयोग में संयुक्त राष्ट्र की भूमिका क्या होनी चाहिए?",
    ),
]
OTHER = [
    (UN_ROLE, IGF_ROLE),
    (CHANGES, MODEL),
    (CHANGES, IGF_ROLE),
    (STRENGTHS, REGIME),
    (ROADMAP, COMPACT),
    (
        "What is the role of governments in Internet governance?",
        "What is the role of the technical community in Internet governance?",
    ),
    ("How can human rights be protected online?", "How can children be protected online?"),
    ("Who audits that the deletion took place?", "Who checks the training itself?"),
    ("Qui paie l’accès des villages ?", "Qui mesure la confiance des usagers ?"),
    ("如何确保全球数字合作中的包容性？", "谁应该为农村网络付费？"),
    (
        "Как обеспечить доступ к интернету в сельских районах?",
        "Кто должен платить за доступ к данным?",
    ),
]


def standard_questions() -> list[str]:
    """The questions of every saved page, real ones and cases."""
    found = []
    for path in sorted(PAGES.glob("*.expected.json")):
        page = json.loads(path.read_text(encoding="utf-8"))
        found += [question["text"] for question in page["policy_questions"]]
    return found


def score(one: str, other: str) -> float:
    """How alike two questions are among all others."""
    among = [text for text in standard_questions() if text not in (one, other)]
    found = Index(dict(enumerate([one, *among]))).find(other, 0.0)
    return next((match.score for match in found if match.key == 0), 0.0)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_reworded_question_is_found(one: str, other: str) -> None:
    """Ensure somebody who asks the same in other words is told, either way round."""
    assert score(one, other) >= THRESHOLD
    assert score(other, one) >= THRESHOLD


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_a_question_about_the_same_thing_is_another(one: str, other: str) -> None:
    """Ensure sharing a subject is not enough."""
    assert score(one, other) < THRESHOLD
    assert score(other, one) < THRESHOLD


def test_real_pages_hardly_ask_anything_twice() -> None:
    """Ensure that of all pairs of saved questions only one on the IGF's own part is suggested."""
    index = Index(dict(enumerate(standard_questions())))

    suggested = {
        frozenset((number, match.key))
        for number, text in enumerate(standard_questions())
        for match in index.find(text)
        if match.key != number
    }

    texts = standard_questions()
    assert len(list(combinations(texts, 2))) > 1_000
    assert [sorted(texts[number] for number in pair) for pair in suggested] == [
        sorted(
            [
                IGF_ROLE,
                'How can the IGF "adapt, innovate and reform" itself to advance global digital'
                " cooperation?",
            ]
        )
    ]


def test_the_most_alike_come_first_and_equals_in_the_order_of_keys() -> None:
    """Ensure the answer is one list, whatever the order in which texts came."""
    texts = {3: UN_ROLE, 1: UN_ROLE, 2: "Which role has the UN system in cooperation?"}

    found = Index(texts).find(UN_ROLE)

    assert [match.key for match in found] == [1, 3, 2]
    assert found == Index(dict(reversed(texts.items()))).find(UN_ROLE)
    assert [match.likeness for match in found][:2] == [Likeness.ALMOST_EQUAL] * 2


def test_a_text_that_left_is_not_found() -> None:
    """Ensure texts can be replaced and removed, and that removing one twice does no harm."""
    index = Index({1: UN_ROLE, 2: MODEL})
    index.put(1, CHANGES)
    index.remove(2)
    index.remove(2)

    assert index.find(UN_ROLE) == []
    assert index.find(MODEL) == []
    assert [match.key for match in index.find(CHANGES)] == [1]


def test_writing_does_not_matter() -> None:
    """Ensure case, accents, width, quotation marks and line ends are no difference."""
    assert normalise("«Qui  PAIE\r\nl’ACCÈS» ＡＢ ?") == "qui paie l acces ab"
    assert normalise("Die Straße") == normalise("DIE STRASSE")
    assert "हिन्दी" in normalise("हिन्दी?").split()


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    """Ensure scores stay between 0 and 1, and a text with words in it is like itself."""
    index = Index({1: one, 2: other})

    found = {match.key: match.score for match in index.find(one, 0.0)}

    assert all(0 <= value <= 1 for value in found.values())
    assert found.get(1, 0.0) == (1.0 if terms(one) else 0.0)


@given(st.lists(st.sampled_from([*standard_questions(), *(b for _, b in SAME)]), max_size=12))
def test_leaving_common_words_out_of_the_search_loses_nothing(texts: list[str]) -> None:
    """Ensure the index finds whatever a comparison with every text would have found."""
    index = Index(dict(enumerate(texts)))

    for text in texts:
        everything = [match for match in index.find(text, 0.0) if match.score >= THRESHOLD]
        assert index.find(text) == everything


@pytest.mark.parametrize(
    ("value", "likeness"),
    [(0.55, Likeness.SIMILAR), (0.75, Likeness.CLOSE), (0.95, Likeness.ALMOST_EQUAL)],
)
def test_likeness_is_told_in_words(value: float, likeness: Likeness) -> None:
    """Ensure people read words and not a number."""
    assert likeness_of(value) is likeness
    assert likeness.label

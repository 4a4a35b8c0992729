"""Which language a text seems to be in, and when it is better to say nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.domain.classification import LANGUAGES
from deliberate.domain.languages import likely_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How should public lanterns be connected to community networks?", "en"),
        ("Comment les lanternes publiques sont-elles reliées aux réseaux de la ville ?", "fr"),
        ("¿Cómo se conectan los faroles con las redes de la comunidad?", "es"),
        ("Como são ligadas as lanternas com as redes da cidade?", "pt"),
        ("Wie werden die Laternen mit den Netzen der Stadt verbunden?", "de"),
        ("كيف ترتبط الفوانيس العامة بشبكات المجتمع؟", "ar"),
        ("چگونه فانوس‌های عمومی به شبکه‌ها پیوند می‌خورند؟", "fa"),
        ("公共灯笼应如何连接到社区网络？", "zh"),
        ("公共のランタンをどのようにつなぐべきか", "ja"),
        ("Как связать общественные фонари с сетями?", "ru"),
        ("Як з'єднати громадські ліхтарі з мережами?", "uk"),
        ("IGF 2025 WS #77", None),
        ("Lanterns!", None),
        ("", None),
    ],
)
def test_the_language_is_told_from_script_and_small_words(text: str, language: str | None) -> None:
    """Ensure the hint is right on plain sentences and absent where a text gives none."""
    assert likely_language(text) == language


@given(st.text(max_size=80))
def test_every_text_gets_an_offered_language_or_none(text: str) -> None:
    """Ensure no hint names a language that the form does not offer."""
    assert likely_language(text) in {None, *LANGUAGES}

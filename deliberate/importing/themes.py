"""The themes of each year's IGF, in that year's own spelling (IGF calls for workshops)."""

import re
from functools import cache

THEMES: dict[int, str] = {
    2015: "Evolution of Internet Governance: Empowering Sustainable Development",
    2016: "Enabling Inclusive and Sustainable Growth",
    2017: "Shape Your Digital Future!",
    2018: "Cybersecurity, Trust and Privacy|Development, Innovation & Economic Issues|"
    "Digital Inclusion and Accessibility|Digital Inclusion & Accessibility|Emerging Technologies|"
    "Evolution of Internet Governance|Human Rights, Gender & Youth|Media & Content|"
    "Technical & Operational Topics",
    2019: "Data Governance|Digital Inclusion|Security, Safety, Stability & Resilience",
    2020: "Data|Environment|Inclusion|Trust",
    2021: "Economic and Social Inclusion and Human Rights|"
    "Universal Access and Meaningful Connectivity|"
    "Emerging Regulation: Market Structure, Content, Data and Consumer/Users Rights|"
    "Emerging Regulation: Market Structure, Content, Data and Consumer/Users Rights and "
    "Protection|Emerging Regulation: Market Structure, Content, Data and Consumer Rights and "
    "Protection|Environmental Sustainability and Climate Change|"
    "Inclusive Internet Governance Ecosystems and Digital Cooperation|Trust, Security, Stability|"
    "Trust, Security and Stability",
    2022: "Connecting All People and Safeguarding Human Rights|Avoiding Internet Fragmentation|"
    "Governing Data and Protecting Privacy|Enabling Safety, Security and Accountability|"
    "Addressing Advanced Technologies, including AI",
    2023: "AI & Emerging Technologies|Avoiding Internet Fragmentation|"
    "Cybersecurity, Cybercrime & Online Safety|Data Governance & Trust|"
    "Digital Divides & Inclusion|Global Digital Governance & Cooperation|"
    "Human Rights & Freedoms|Sustainability & Environment",
    2024: "Harnessing innovation and balancing risks in the digital space|"
    "Enhancing the digital contribution to peace, development, and sustainability|"
    "Advancing human rights and inclusion in the digital age|"
    "Improving digital governance for the Internet We Want",
    2025: "Digital Trust and Resilience|Sustainable and Responsible Innovation|"
    "Universal Access and Digital Rights|Digital Cooperation",
}
GERUND = re.compile(r"^\([A-Z][a-z]{2,20}ing\)\s*[-–—]\s*|^Building\s+[-–—]\s*")
WORDS = re.compile(r"\w+")
LONGEST = 140


def theme_start(text: str) -> int:
    """How many characters of `(Building) - ` stand in front of a theme."""
    match = GERUND.match(text)
    return match.end() if match else 0


def year_theme(text: str, year: int | None) -> str | None:
    """The year's own spelling of the theme these words name in any case, or None."""
    if year not in THEMES or len(text) > LONGEST:
        return None
    return _of_year(year).get(_fold(text[theme_start(text) :]))


def printed_theme(text: str, year: int | None) -> str:
    """A theme as printed, or in the year's spelling when the page shouts it."""
    bare = text[theme_start(text) :]
    return (year_theme(bare, year) or bare) if bare.isupper() else bare


@cache
def _of_year(year: int) -> dict[str, str]:
    """A year's themes by their words without case."""
    return {_fold(theme): theme for theme in reversed(THEMES[year].split("|"))}


def _fold(text: str) -> str:
    return " ".join(WORDS.findall(text.casefold().replace("&", " and ")))

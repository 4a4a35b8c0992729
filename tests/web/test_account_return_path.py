"""Where a person may be sent after signing in."""

import pytest

from deliberate.web.account.return_path import return_path


@pytest.mark.parametrize(
    "asked",
    [
        "/",
        "/deliberations",
        "/deliberations/3",
        "/deliberations/3?after=0001~#c12",
        "/sessions/2024-ws-77#question-4",
        "/polls/3/ballot?move=2:up",
        "/deliberations/3/summary?q=caf%C3%A9",
        "/sign-in-help",
    ],
)
def test_a_page_of_this_site_is_returned_to(asked: str) -> None:
    """Ensure people come back to the page they left."""
    assert return_path(asked) == asked


@pytest.mark.parametrize(
    "asked",
    [
        None,
        "",
        " ",
        "deliberations",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nLocation: https://evil.example",
        "\t//evil.example",
        "\x00//evil.example",
        "/\x00/evil.example",
        "/%2f%2fevil.example",
        "/%2Fevil.example",
        "%2f%2fevil.example",
        "/%5cevil.example",
        "/%5Cevil.example",
        "/%09/evil.example",
        "/%0d%0aLocation:%20https://evil.example",
        "/%00",
        "/%7f",
        "/%252f%252fevil.example",
        "https://evil.example",
        "https:evil.example",
        "http:/evil.example",
        "HTTPS://evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:someone@evil.example",
        "//localhost",
        "/.//evil.example",
        "/deliberations//evil.example",
        "/deliberations 3",
        "/deliberations/3\n",
        "/délibérations",
        "/\u2215evil.example",
        "/\u202eevil.example",
        '/"onmouseover="alert(1)',
        "/<script>",
        "@evil.example",
        "?next=/",
        "#c3",
        "/" + "a" * 500,
    ],
)
def test_anything_else_leads_to_the_front_page(asked: str | None) -> None:
    """Ensure no address, however it is dressed up, leads to another site."""
    assert return_path(asked) == "/"


@pytest.mark.parametrize("asked", ["/sign-in", "/sign-in/", "/register?next=/x", "/sign-out#x"])
def test_nobody_is_sent_back_to_the_form(asked: str) -> None:
    """Ensure signing in does not end at the form for signing in."""
    assert return_path(asked) == "/"

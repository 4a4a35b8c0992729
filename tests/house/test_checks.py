"""The checks that all other tests lean on must be able to fail."""

import pytest
from playwright.sync_api import Browser

from tests.support.axe import axe
from tests.support.headers import REQUIRED, check_headers
from tests.support.pages import Page, check_fragment, check_page

PAGE = """<!doctype html>
<html lang="en" dir="ltr"><head><title>A page</title><link rel="stylesheet" href="/a.css"></head>
<body><main id="main"><h1>A heading</h1><a href="#main">To the top</a>
<form method="post" action="/comments"><input type="hidden" name="csrf_token" value="t">
<label for="body">Comment</label><textarea id="body" name="body">
Kept</textarea>
<select name="kind" aria-label="Kind"><option value="a">A</option>
<option value="b" selected>B</option></select>
<label><input type="checkbox" name="agreed" value="yes"> I agree</label>
<button name="move" value="up">Up</button></form></main></body></html>"""

FAULTS = {
    "no doctype": ("<!doctype html>", ""),
    "no language": (' lang="en"', ""),
    "no direction": (' dir="ltr"', ""),
    "no title": ("<title>A page</title>", ""),
    "two headings of the first level": ("</h1>", "</h1><h1>Another</h1>"),
    "a repeated id": ('id="body"', 'id="main"'),
    "a label for nothing": ('for="body"', 'for="title"'),
    "a control without a label": (' aria-label="Kind"', ""),
    "a link to nothing on the page": ('href="#main"', 'href="#elsewhere"'),
    "a form without a method": (' method="post"', ""),
    "a form without an action": (' action="/comments"', ""),
    "a form without its token": ('name="csrf_token"', 'name="token"'),
    "an inline style": ("<h1>", '<h1 style="color:red">'),
    "a style element": ("</title>", "</title><style>a{}</style>"),
    "an inline script": ("</title>", "</title><script>1</script>"),
    "an inline handler": ("<button", '<button onclick="x()"'),
    "an element left open": ("</h1>", ""),
    "an end tag too many": ("</main>", "</div></main>"),
}


def test_a_sound_page_has_no_problems() -> None:
    """Ensure the checks accept what is right."""
    assert check_page(PAGE) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_page_is_refused(fault: str) -> None:
    """Ensure each rule notices a page that breaks it."""
    before, after = FAULTS[fault]
    assert before in PAGE

    problems = check_page(PAGE.replace(before, after))

    assert problems


def test_a_heavy_page_is_refused() -> None:
    """Ensure a page that is too large even when compressed is noticed."""
    incompressible = " ".join(str(n * 7919 % 1_000_003) for n in range(20_000))

    problems = check_page(PAGE.replace("A heading", incompressible))

    assert [problem for problem in problems if "bytes compressed" in problem]


def test_part_of_a_page_needs_no_heading() -> None:
    """Ensure a fragment is held to the rules that apply to a part only."""
    assert check_fragment("<p>Saved.</p>") == []
    assert check_fragment('<p style="color:red">Saved.</p>')


def test_a_form_is_read_as_a_browser_would() -> None:
    """Ensure untouched fields are sent with their values, and buttons are not."""
    form = Page(PAGE).form("/comments")

    assert form.fields == {"csrf_token": ["t"], "body": ["Kept"], "kind": ["b"]}
    assert form.names == {"csrf_token", "body", "kind", "agreed", "move"}


@pytest.mark.parametrize("name", [*REQUIRED, "Permissions-Policy", "Content-Security-Policy"])
def test_a_missing_header_is_noticed(name: str) -> None:
    """Ensure an answer without one of the security headers is refused."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {
        **REQUIRED,
        "Permissions-Policy": "camera=()",
        "Content-Security-Policy": policy,
    }
    assert check_headers(headers) == []

    del headers[name]

    assert check_headers(headers)


@pytest.mark.browser
def test_axe_notices_what_cannot_be_read(browser: Browser) -> None:
    """Ensure the accessibility check passes a sound page and names what is wrong with another."""
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(PAGE)
        axe(page)

        page.set_content(PAGE.replace("<h1>", '<h1 style="color: #ddd; background: #fff">'))

        with pytest.raises(AssertionError, match="color-contrast"):
            axe(page)

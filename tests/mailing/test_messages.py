"""Claims about what leaves the site: headers that are sound, and no smuggled ones."""

from datetime import UTC, datetime

import pytest

from deliberate.domain.mail import Stream
from deliberate.mailing.letters import Letter, tell_time, write_letter
from deliberate.mailing.messages import Envelope, build_message
from deliberate.mailing.office import Office, parse_sender, parse_server, parse_site

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OFFICE = Office(parse_sender("Lanterns <mail@example.org>"), "https://forum.example.org", "IGF")
LETTER = Letter("New comments", "Hello\n", "<p>Hello</p>", "en")


def envelope(
    name: str = "Ada", email: str = "ada@example.org", stream: Stream = Stream.ACTIVITY
) -> Envelope:
    """An envelope for a letter in a thread."""
    return Envelope(name, email, stream, "0" * 32, "comment-7", "k" * 22, NOON)


def raw(message_of: Envelope, letter: Letter = LETTER) -> str:
    """The message as a server gets it."""
    return build_message(OFFICE, message_of, letter).as_bytes().decode("ascii")


def test_mail_one_can_do_without_says_how_to_end_it() -> None:
    """Ensure the headers of RFC 8058 and its kin are there, each on one unbroken line."""
    lines = raw(envelope()).splitlines()

    assert {
        "List-Id: deliberate <activity.forum.example.org>",
        f"List-Unsubscribe: <https://forum.example.org/unsubscribe/{'k' * 22}/activity>,"
        " <mailto:mail@example.org?subject=unsubscribe%20activity%20ada%40example.org>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Precedence: bulk",
        "Auto-Submitted: auto-generated",
        f"Message-ID: <{'0' * 32}@forum.example.org>",
        "References: <comment-7.thread@forum.example.org>",
        "Date: Mon, 02 Mar 2026 12:00:00 +0000",
    } <= set(lines)


def test_mail_about_the_account_cannot_be_ended() -> None:
    """Ensure nobody locks themselves out of new passwords by a button in a mail program."""
    message = build_message(OFFICE, envelope(stream=Stream.ACCOUNT), LETTER)

    assert not {"List-Unsubscribe", "List-Id", "Precedence"} & set(message.keys())


def test_a_word_encoded_by_somebody_else_is_shown_as_written() -> None:
    """Ensure a line break inside an encoded word (RFC 2047) ends no header."""
    word = "=?utf-8?q?Ada=0d=0aBcc:_all@example.org?="

    sent = raw(envelope(name=word), Letter(f"{word} wrote a comment", "Hi", "Hi", "en"))

    assert "\nBcc:" not in sent
    assert "Subject: = ?utf-8?q?Ada=0d=0aBcc:_all@example.org?= wrote a comment" in sent


@pytest.mark.parametrize("text", ["Hi\r\nBcc: all@example.org", "Hi\nBcc: all@example.org"])
def test_no_header_is_smuggled_in(text: str) -> None:
    """Ensure line breaks in a title, a name or an address are refused."""
    with pytest.raises(ValueError, match=r".+"):
        build_message(OFFICE, envelope(), Letter(text, "", "", "en"))
    with pytest.raises(ValueError, match=r".+"):
        build_message(OFFICE, envelope(name=text), LETTER)
    with pytest.raises(ValueError, match=r".+"):
        build_message(OFFICE, envelope(email=f"{text}@example.org"), LETTER)


def test_an_address_stays_one_address() -> None:
    """Ensure signs that separate addresses are quoted, and names keep their letters."""
    message = build_message(
        OFFICE, envelope('Ådå, "A" <x@evil.example>', "a,b@example.org"), LETTER
    )

    (only,) = message["To"].addresses
    assert only.addr_spec == '"a,b"@example.org'
    assert only.display_name == 'Ådå, "A" <x@evil.example>'


def test_any_language_travels_in_seven_bits() -> None:
    """Ensure every server on the way takes a letter in Arabic with a long line."""
    text = "مرحبا " * 400
    message = build_message(OFFICE, envelope(), Letter("مرحبا بكم", text, f"<p>{text}</p>", "ar"))

    assert max(map(len, message.as_bytes().splitlines())) <= 998
    assert message.as_bytes().isascii()
    plain = message.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().strip() == text.strip()


def test_what_people_wrote_is_escaped_in_html_and_left_alone_in_text() -> None:
    """Ensure a name can put nothing into a letter but itself."""
    name = "<script>alert(1)</script> & Co"
    words = {"site": "https://x.example", "forum": "IGF", "stop_address": None}
    letter = write_letter(
        "password_changed", "en", None, name=name, at=NOON, is_official=False, **words
    )

    assert name in letter.text
    assert "<script" not in letter.html
    assert "&lt;script&gt;" in letter.html


def test_times_are_in_utc_and_where_the_reader_is() -> None:
    """Ensure nobody misses a closing by reckoning with the wrong zone."""
    assert tell_time(NOON, "en", None) == "Monday 2 March 2026, 12:00 UTC"
    shown = tell_time(NOON, "en", "Pacific/Auckland")
    assert shown == "Monday 2 March 2026, 12:00 UTC (Auckland: Tue 01:00)"


@pytest.mark.parametrize(
    "address",
    ["mail.example.org", "http://x", "smtp://", "smtp://h/path", "smtp://h:x", "smtp://:pw@h"],
)
def test_a_mail_server_that_makes_no_sense_is_refused(address: str) -> None:
    """Ensure a slip is found at the start, and the password is not repeated."""
    with pytest.raises(ValueError, match="mail server") as caught:
        parse_server(address)

    assert "pw" not in str(caught.value)


def test_a_mail_server_is_read_with_its_usual_port() -> None:
    """Ensure what operators copy from their provider works."""
    server = parse_server("smtp://ada:p%40ss@mail.example.org")

    assert (server.host, server.port, server.name, server.password) == (
        "mail.example.org", 587, "ada", "p@ss",
    )  # fmt: skip
    assert "p@ss" not in repr(server)
    assert parse_server("smtps://mail.example.org").port == 465
    assert parse_server("smtp://127.0.0.1").is_here
    assert parse_site("https://forum.example.org/") == "https://forum.example.org"

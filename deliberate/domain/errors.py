"""What can go wrong for a person, each with a title and advice in plain words."""

from collections.abc import Mapping


class DomainError(Exception):
    """A refusal that the person who asked is told about.

    `title` says what happened, `advice` what to do next. `status` is the HTTP status code
    (RFC 9110 section 15) that web and API answer with.
    """

    status = 400

    def __init__(self, title: str, advice: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.advice = advice


class NotFound(DomainError):
    """There is no such thing, or the actor may not know of it."""

    status = 404


class Refused(DomainError):
    """The policy does not permit this act to this actor."""

    status = 403


class Conflict(DomainError):
    """The world changed since the form was shown: closed, edited elsewhere, already done."""

    status = 409


class Gone(DomainError):
    """There was such a thing, and there will not be again: used up, withdrawn or run out."""

    status = 410


class Invalid(DomainError):
    """What was entered cannot be accepted; `fields` maps a field's name to its message."""

    status = 422

    def __init__(
        self, title: str, advice: str = "", fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(title, advice)
        self.fields = dict(fields or {})


class TooMany(DomainError):
    """The same thing was asked for too often; `retry_after` is in seconds."""

    status = 429

    def __init__(self, title: str, advice: str = "", retry_after: int = 60) -> None:
        super().__init__(title, advice)
        self.retry_after = retry_after

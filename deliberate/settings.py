"""What the operator decides, read once from `DELIBERATE_*` variables.

A wrong value stops the program at its start and is named.
"""

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from deliberate.importing.addresses import parse_hosts
from deliberate.mailing.office import Office, parse_sender, parse_server, parse_site

DEVELOPMENT_KEY = "development-only-key-change-me-in-production"


class Settings(BaseSettings):
    """One documented field for each variable."""

    # What was refused is not shown: a key or a password would end up in a log.
    model_config = SettingsConfigDict(
        env_prefix="DELIBERATE_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    database_url: str = Field(
        default="sqlite:///var/deliberate.sqlite3",
        repr=False,
        description="SQLAlchemy address: a SQLite file by default, PostgreSQL in production.",
    )
    secret_key: str = Field(
        default=DEVELOPMENT_KEY,
        repr=False,
        min_length=32,
        description="Signs cookies and form tokens; 32 characters or more, set it in production.",
    )
    production: bool = Field(
        default=False,
        description="Insist on a secret key of your own, mark cookies Secure and send HSTS.",
    )
    trusted_hosts: str = Field(
        default="",
        description="Host names this site answers to, separated by commas; empty: any host.",
    )
    proxies: int = Field(
        default=0, ge=0, le=5, description="How many reverse proxies stand in front."
    )
    forum_name: str = Field(
        default="Internet Governance Forum", description="The forum whose sessions are discussed."
    )
    import_hosts: str = Field(
        default="",
        description="Host names whose pages may be imported by address, separated by commas; `*.` "
        "in front stands for every name below; empty: none.",
    )
    reviewers: int = Field(
        default=3, ge=1, le=50, description="Fewest reviews before a question leaves its review."
    )
    reviewer_groups: int = Field(
        default=3, ge=1, le=5, description="From how many stakeholder groups those have to come."
    )
    review_required: bool = Field(
        default=False, description="Accept questions only after a review."
    )
    second_step: str = Field(
        default="offered",
        pattern="^(offered|staff)$",
        description="A second step of signing in: `offered` to everybody, or asked of `staff`.",
    )
    mail_server: str = Field(
        default="",
        repr=False,
        description="Where mail is handed over: `smtp://name:password@host:587` or `smtps://…`; "
        "empty: no mail.",
    )
    mail_from: str = Field(default="", description="The sender of mail, `deliberate <a@b.org>`.")
    site_address: str = Field(
        default="", description="Where this site stands, as links in mail begin: `https://…`."
    )
    log_format: str = Field(
        default="text", pattern="^(text|json)$", description="Log lines as `text` or `json`."
    )

    @field_validator("import_hosts")
    @classmethod
    def _are_host_names(cls, hosts: str) -> str:
        """Refuse at the start what no address could match."""
        return ",".join(parse_hosts(hosts))

    @field_validator("mail_server")
    @classmethod
    def _is_mail_server(cls, address: str) -> str:
        """Refuse at the start what could not be connected to."""
        if address:
            parse_server(address)
        return address

    @field_validator("mail_from")
    @classmethod
    def _is_sender(cls, sender: str) -> str:
        """Refuse at the start what no message could carry."""
        if sender:
            parse_sender(sender)
        return sender

    @field_validator("site_address")
    @classmethod
    def _is_site(cls, address: str) -> str:
        """Refuse at the start what links could not begin with."""
        return parse_site(address) if address else address

    def model_post_init(self, _context: object) -> None:
        """Refuse what does not fit together, and to run in production with the public key."""
        if self.production and self.secret_key == DEVELOPMENT_KEY:
            raise ValueError("DELIBERATE_SECRET_KEY must be set when DELIBERATE_PRODUCTION is on")
        if self.mail_server and not (self.mail_from and self.site_address):
            raise ValueError(
                "DELIBERATE_MAIL_FROM and DELIBERATE_SITE_ADDRESS must be set when "
                "DELIBERATE_MAIL_SERVER is"
            )
        if self.production and self.site_address.startswith("http:"):
            raise ValueError("DELIBERATE_SITE_ADDRESS must begin with https:// in production")

    def office(self) -> Office:
        """From where mail is sent; without a mail server, from nowhere."""
        return Office(
            sender=parse_sender(self.mail_from or "deliberate@localhost"),
            site=self.site_address,
            forum=self.forum_name,
            server=parse_server(self.mail_server) if self.mail_server else None,
        )

    def sqlite_path(self) -> Path | None:
        """The database file when SQLite is used."""
        prefix = "sqlite:///"
        return (
            Path(self.database_url.removeprefix(prefix))
            if self.database_url.startswith(prefix)
            else None
        )

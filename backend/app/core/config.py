"""Settings, read once from the environment, ``.env`` and secret files."""

from collections.abc import Mapping
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    Field,
    FilePath,
    IPvAnyNetwork,
    SecretStr,
    field_validator,
    model_validator,
)

from app.core.currencies import supported
from app.core.database import DatabaseSettings, Listed
from app.core.languages import MOST_SEARCHED, Languages, known
from app.core.limits import Limits, LimitSetting

SHORTEST_SECRET = 32
DEVELOPMENT_SECRET = "development only: anyone can read this"  # noqa: S105 (refused elsewhere)
DEVELOPMENT: Mapping[str, Any] = {
    **DatabaseSettings.development,
    "secret_key": DEVELOPMENT_SECRET,
    "drain_seconds": 0,
    "public_url": "http://127.0.0.1:8000",
    "staff_needs_second_factor": False,
    # One machine plays all the people of a market, and the load of a large one.
    **dict.fromkeys(Limits._fields, "1000000/60"),
    "orders_per_customer": 1_000_000,
}
"""Defaults in development."""

PNG = b"\x89PNG"
"""The beginning of an image in PNG."""

OWN_NAMES = ("localhost", "127.0.0.1", "[::1]")
"""The host names of the service within its own machine or container."""


def as_host(name: str) -> str:
    """A name or address in the form of a `Host` header, without a port (RFC 3986, 3.2.2)."""
    host = name.lower().removesuffix(".")
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


@cache
def known_zones() -> frozenset[str]:
    """The time zones of the IANA database, without the one of the machine, which has no place."""
    return frozenset(available_timezones() - {"Factory", "localtime"})


def known_zone(name: str) -> str:
    """A time zone of the IANA database.

    Raises:
        ValueError: There is no such zone.
    """
    if name not in known_zones():
        raise ValueError("expected a time zone such as Europe/Berlin")
    return name


Colour = Literal["teal", "green", "blue", "violet", "pink", "brown"]
"""The colours of the next step on pages; the style sheet has each of them."""


def known_image(file: Path) -> Path:
    """An image in PNG or SVG.

    Raises:
        ValueError: It is of another type.
    """
    content = file.read_bytes()
    if not content.startswith(PNG) and b"<svg" not in content:
        raise ValueError("expected an image in PNG or SVG")
    return file


def limit(written: str) -> Any:
    """A setting that is a limit, with its default."""
    return Field(default=written, validate_default=True)


class MarketSettings(DatabaseSettings):
    """The settings of the database and of new prices, for commands."""

    currency: Annotated[str, AfterValidator(supported)] = "EUR"


class Settings(MarketSettings):
    """All settings of an installation; `DatabaseSettings` documents their sources."""

    development: ClassVar[Mapping[str, Any]] = DEVELOPMENT

    log_level: Literal["debug", "info", "warning", "error", "critical"] = "info"
    secret_key: SecretStr
    secret_key_previous: SecretStr = SecretStr("")

    fast_path: bool = True
    drain_seconds: Annotated[float, Field(ge=0)] = 2.0
    market_name: Annotated[str, Field(min_length=1, max_length=40)] = "Sweep"
    market_colour: Colour = "teal"
    market_logo: Annotated[FilePath, AfterValidator(known_image)] | None = None
    imprint_file: FilePath | None = None
    terms_file: FilePath | None = None
    time_zone: Annotated[str, AfterValidator(known_zone)] = "UTC"
    language: Annotated[str, AfterValidator(known)] = "en"
    languages: Listed[Annotated[str, AfterValidator(known)]] = Field(
        default_factory=list, max_length=MOST_SEARCHED
    )
    phone_region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "DE"

    public_url: Annotated[str, Field(pattern=r"^(https?://[^\s?#]+|)$")] = ""
    allowed_hosts: Listed[str] = Field(default_factory=list)
    trusted_proxies: Listed[IPvAnyNetwork] = Field(default_factory=list)
    outbound_networks: Listed[IPvAnyNetwork] = Field(default_factory=list)
    cors_origins: Listed[str] = Field(default_factory=list)

    access_token_minutes: Annotated[int, Field(ge=1, le=15)] = 15
    refresh_token_days: Annotated[int, Field(ge=1)] = 30
    session_days: Annotated[int, Field(ge=1)] = 90
    step_up_minutes: Annotated[int, Field(ge=1)] = 10
    completion_hours: Annotated[int, Field(ge=1)] = 72
    order_hours: Annotated[int, Field(ge=1)] = 48
    orders_per_customer: Annotated[int, Field(ge=1)] = 50
    staff_needs_second_factor: bool = True

    email_verification: bool | None = None
    logins_per_account: LimitSetting = limit("10/300")
    logins_per_address: LimitSetting = limit("10/300")
    logins_in_all: LimitSetting = limit("1000/300")
    second_factors_per_account: LimitSetting = limit("10/3600")
    resets_per_email: LimitSetting = limit("5/86400")
    verifications_per_email: LimitSetting = limit("3/21600")
    mails_per_address: LimitSetting = limit("20/3600")
    exports_per_account: LimitSetting = limit("5/86400")
    questions_per_account: LimitSetting = limit("60/3600")
    messages_per_account: LimitSetting = limit("300/3600")
    reports_per_account: LimitSetting = limit("20/86400")
    notices_per_email: LimitSetting = limit("10/86400")
    thread_readings_per_account: LimitSetting = limit("50/86400")
    uploads_per_account: LimitSetting = limit("100/3600")
    webhook_replays_per_account: LimitSetting = limit("60/3600")

    smtp_server: str | None = None
    smtp_port: int = 587
    smtp_user: str | None = None
    smtp_password: SecretStr = SecretStr("")
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_from: str = "Cleaning marketplace <no-reply@localhost>"
    mail_directory: Path = Path(".data/mail")
    uploads_directory: Path = Path(".data/uploads")

    metrics_token: SecretStr = SecretStr("")
    metrics_directory: Path | None = None
    worker_alive_file: Path | None = None
    worker_metrics_port: Annotated[int, Field(ge=1, le=65535)] | None = None
    worker_metrics_certificate_file: FilePath | None = None
    worker_metrics_key_file: FilePath | None = None
    slow_request_ms: Annotated[float, Field(gt=0)] = 1000
    otel_exporter_otlp_endpoint: Annotated[str, Field(pattern=r"^(https?://\S+|)$")] = ""
    otel_exporter_otlp_headers: SecretStr = SecretStr("")
    otel_service_name: str = "cleaning-marketplace"
    otel_traces_sampler_arg: Annotated[float, Field(ge=0, le=1)] = 1.0

    @field_validator("cors_origins")
    @classmethod
    def refuse_any_origin(cls, origins: list[str]) -> list[str]:
        """Refuses ``*``, which would let any page act for a logged-in user."""
        if "*" in origins:
            raise ValueError("list the origins; * is not accepted")
        return [origin.rstrip("/") for origin in origins]

    @field_validator("mail_from")
    @classmethod
    def demand_address(cls, sender: str) -> str:
        """Refuses a sender without an address."""
        if "@" not in parseaddr(sender)[1]:
            raise ValueError(
                "expected a sender such as Cleaning marketplace <post@cleaning.example>"
            )
        return sender

    @field_validator("metrics_token")
    @classmethod
    def demand_long_token(cls, token: SecretStr) -> SecretStr:
        """Refuses a token that could be guessed."""
        if 0 < len(token) < SHORTEST_SECRET:
            raise ValueError(f"must be a random text of at least {SHORTEST_SECRET} characters")
        return token

    @model_validator(mode="after")
    def refuse_networks_in_production(self) -> Self:
        """Refuses further networks for outbound requests, outside development."""
        if self.outbound_networks and self.environment != "development":
            raise ValueError("OUTBOUND_NETWORKS is for development only: remove it")
        return self

    @model_validator(mode="after")
    def demand_language_of_the_market(self) -> Self:
        """Requires the language of the market among those that it searches in, once each."""
        if self.languages and self.language not in self.languages:
            raise ValueError("LANGUAGES must contain LANGUAGE")
        if len(set(self.languages)) < len(self.languages):
            raise ValueError("LANGUAGES names a language twice")
        return self

    @model_validator(mode="after")
    def demand_what_mail_says(self) -> Self:
        """Requires a sender and a public URL for mail, outside development."""
        missing = {"mail_from", "public_url"} - self.model_fields_set
        if self.smtp_server and self.environment != "development" and missing:
            names = " and ".join(name.upper() for name in sorted(missing))
            raise ValueError(f"SMTP_SERVER is set, so {names} must be set, too")
        return self

    @model_validator(mode="after")
    def demand_who_reads_metrics(self) -> Self:
        """Requires a token for the metrics of the worker, outside development."""
        if self.worker_metrics_port and not self.serves_metrics:
            raise ValueError("WORKER_METRICS_PORT is set, so METRICS_TOKEN must be set, too")
        return self

    @model_validator(mode="after")
    def demand_both_certificate_and_key(self) -> Self:
        """Refuses a certificate without a key, and a key without a certificate."""
        names = ("worker_metrics_certificate_file", "worker_metrics_key_file")
        if len({getattr(self, name) is None for name in names}) > 1:
            raise ValueError(f"set both or none of {' and '.join(names).upper()}")
        return self

    @model_validator(mode="after")
    def demand_long_secrets(self) -> Self:
        """Refuses short keys, outside development."""
        names = ("SECRET_KEY", "SECRET_KEY_PREVIOUS")
        weak = [
            name
            for name, secret in zip(names, self.secret_keys, strict=True)
            if secret and (len(secret) < SHORTEST_SECRET or secret == DEVELOPMENT_SECRET)
        ]
        if weak and self.environment != "development":
            raise ValueError(
                f"{' and '.join(weak)} must be a random text of at least {SHORTEST_SECRET} "
                "characters (or set ENVIRONMENT=development)"
            )
        return self

    @property
    def market_languages(self) -> Languages:
        """The languages of the market; it searches in its own unless more are named."""
        return Languages(self.language, tuple(self.languages) or (self.language,))

    @property
    def limits(self) -> Limits:
        """All rate limits."""
        return Limits(*(getattr(self, name) for name in Limits._fields))

    @property
    def verifies_emails(self) -> bool:
        """Whether accounts need a verified email address."""
        if self.email_verification is None:
            return self.environment != "development" and self.smtp_server is not None
        return self.email_verification

    @property
    def serves_metrics(self) -> bool:
        """Whether metrics are served: with a token, or in development."""
        return bool(self.metrics_token) or self.environment == "development"

    @property
    def hosts(self) -> frozenset[str]:
        """The accepted host names; empty for any."""
        names = self.allowed_hosts
        if not names and self.public_url and self.environment == "production":
            names = [urlsplit(self.public_url).hostname or ""]
        if not names or "*" in names:
            return frozenset()
        return frozenset(map(as_host, (*names, *OWN_NAMES)))

    @property
    def secret_keys(self) -> tuple[str, str]:
        """The present secret and the previous one, which may be empty."""
        return self.secret_key.get_secret_value(), self.secret_key_previous.get_secret_value()

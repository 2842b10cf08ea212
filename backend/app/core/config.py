"""Settings, read once from the environment, ``.env`` and secret files."""

from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import URL, make_url

from app.core.limits import Limits, LimitSetting

SECRETS_DIRECTORY = Path("/run/secrets")
SHORTEST_SECRET = 32
DEVELOPMENT_SECRET = "development only: anyone can read this"  # noqa: S105 (refused elsewhere)


def limit(written: str) -> Any:
    """A setting that is a limit, with its default."""
    return Field(default=written, validate_default=True)


class Settings(BaseSettings):
    """Everything that differs between two installations.

    A value comes from the environment, else from ``.env``, else from a file named after it in
    ``/run/secrets``, else from its default here.

    Raises:
        pydantic.ValidationError: A value is missing or makes no sense.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        secrets_dir=SECRETS_DIRECTORY if SECRETS_DIRECTORY.is_dir() else None,
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    environment: Literal["development", "production"] = "production"
    secret_key: SecretStr = SecretStr("")
    secret_key_previous: SecretStr = SecretStr("")

    database_url: SecretStr | None = None
    postgres_user: str = "postgres"
    postgres_password: SecretStr = SecretStr("")
    postgres_server: str = "localhost"
    postgres_port: int = 5432
    postgres_db: str = "marketplace"

    pool_size: Annotated[int, Field(ge=1)] = 10
    pool_timeout: Annotated[float, Field(gt=0, description="seconds")] = 10.0

    max_body_size: Annotated[int, Field(ge=10_000, description="bytes")] = 1_000_000
    cors_origins: Annotated[list[str], NoDecode] = []
    access_token_minutes: Annotated[int, Field(ge=1, le=15)] = 15
    refresh_token_days: Annotated[int, Field(ge=1)] = 30
    session_days: Annotated[int, Field(ge=1)] = 90

    logins_per_account: LimitSetting = limit("10/300")
    logins_per_address: LimitSetting = limit("10/300")
    logins_in_all: LimitSetting = limit("1000/300")
    second_factors_per_account: LimitSetting = limit("10/3600")
    resets_per_email: LimitSetting = limit("5/86400")
    verifications_per_email: LimitSetting = limit("3/21600")
    mails_per_address: LimitSetting = limit("20/3600")

    smtp_server: str | None = None
    smtp_port: int = 587
    smtp_user: str | None = None
    smtp_password: SecretStr = SecretStr("")
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_from: str = "Cleaning marketplace <no-reply@localhost>"
    mail_directory: Path = Path(".data/mail")
    public_url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")] = "http://127.0.0.1:8000"

    @field_validator("cors_origins", mode="before")
    @classmethod
    def split_origins(cls, value: object) -> object:
        """Reads ``https://a.example, https://b.example``."""
        if isinstance(value, str):
            origins = (origin.strip().rstrip("/") for origin in value.split(","))
            return [origin for origin in origins if origin]
        return value

    @field_validator("cors_origins")
    @classmethod
    def refuse_any_origin(cls, origins: list[str]) -> list[str]:
        """Refuses ``*``, which would let any page act for whoever is logged in."""
        if "*" in origins:
            raise ValueError("name each origin; * is not accepted")
        return origins

    @field_validator("mail_from")
    @classmethod
    def demand_address(cls, sender: str) -> str:
        """Refuses a sender without an address."""
        if "@" not in parseaddr(sender)[1]:
            raise ValueError("write a sender such as Cleaning marketplace <post@cleaning.example>")
        return sender

    @model_validator(mode="after")
    def demand_what_mail_says(self) -> Self:
        """Refuses to send strangers links to this machine, in the name of nobody."""
        missing = {"mail_from", "public_url"} - self.model_fields_set
        if self.smtp_server and self.environment != "development" and missing:
            names = " and ".join(name.upper() for name in sorted(missing))
            raise ValueError(f"SMTP_SERVER is set, so {names} must be set, too")
        return self

    @model_validator(mode="after")
    def demand_secret_key(self) -> Self:
        """Falls back to a known key in development, and refuses to start without one elsewhere."""
        present, previous = self.secret_keys
        if self.environment == "development":
            if not present:
                self.secret_key = SecretStr(DEVELOPMENT_SECRET)
            return self
        for name, secret in (("SECRET_KEY", present), ("SECRET_KEY_PREVIOUS", previous or present)):
            if len(secret) < SHORTEST_SECRET or secret == DEVELOPMENT_SECRET:
                raise ValueError(
                    f"{name} must be a random text of at least {SHORTEST_SECRET} characters "
                    "(or set ENVIRONMENT=development)"
                )
        return self

    @property
    def limits(self) -> Limits:
        """How often what may be tried."""
        return Limits(*(getattr(self, name) for name in Limits._fields))

    @property
    def secret_keys(self) -> tuple[str, str]:
        """The present secret, and the one before it, which is empty if there was none."""
        return self.secret_key.get_secret_value(), self.secret_key_previous.get_secret_value()

    @property
    def sqlalchemy_url(self) -> URL:
        """The database's address for the asyncpg driver."""
        if self.database_url is None:
            return URL.create(
                "postgresql+asyncpg",
                username=self.postgres_user,
                password=self.postgres_password.get_secret_value(),
                host=self.postgres_server,
                port=self.postgres_port,
                database=self.postgres_db,
            )
        url = make_url(self.database_url.get_secret_value()).set(drivername="postgresql+asyncpg")
        if "sslmode" in url.query:  # libpq's name for what asyncpg calls ssl
            url = url.difference_update_query(["sslmode"]).update_query_dict(
                {"ssl": url.query["sslmode"]}
            )
        return url

"""Settings of the database: its hosts, the account, and TLS."""

import ssl
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import BeforeValidator, Field, FilePath, SecretStr, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from sqlalchemy import URL

from app.core.dsn import DRIVER, at_host, at_hosts, read_hosts, read_url
from app.core.security.sealed import SealedSettings
from app.core.security.tls import client_context

SECRETS_DIRECTORY = Path("/run/secrets")
VERIFIED = "verify-full"
"""TLS with a verified certificate that names the host."""


def split(value: object) -> object:
    """Reads a list such as ``https://a.example, https://b.example``."""
    if isinstance(value, str):
        return [part for part in map(str.strip, value.split(",")) if part]
    return value


Part = TypeVar("Part")
Listed = Annotated[list[Part], NoDecode, BeforeValidator(split)]


class DatabaseSettings(BaseSettings):
    """The settings of the database alone, for migrations and tools, which need no keys.

    The sources of a value are, in this order: the environment, ``.env``, a file of its name in
    ``/run/secrets``, the encrypted ``settings_file``, its default here. Outside development, values
    without a default are required; an empty value counts as unset.

    Raises:
        pydantic.ValidationError: A value is missing or invalid.
        pydantic_settings.SettingsError: The ``settings_file`` can't be read.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        secrets_dir=SECRETS_DIRECTORY if SECRETS_DIRECTORY.is_dir() else None,
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )
    development: ClassVar[Mapping[str, Any]] = {"postgres_password": ""}
    """Defaults in development."""

    environment: Literal["development", "production"] = "production"

    settings_file: Path | None = None
    settings_key: SecretStr = SecretStr("")
    settings_key_file: Path | None = None

    database_url: SecretStr | None = None
    database_ca_file: FilePath | None = None
    insecure_database: bool = False
    postgres_user: str = "postgres"
    postgres_password: SecretStr
    postgres_server: str = "localhost"
    postgres_port: int = 5432
    postgres_db: str = "marketplace"
    postgres_replicas: Listed[str] = Field(default_factory=list)

    pool_size: Annotated[int, Field(ge=1)] = 10
    pool_timeout: Annotated[float, Field(gt=0, description="seconds")] = 1.0
    pool_queue: Annotated[int, Field(ge=0)] = 100
    statement_timeout: Annotated[float, Field(gt=0, description="seconds")] = 2.0
    lock_timeout: Annotated[float, Field(gt=0, description="seconds")] = 1.0
    slow_statement_ms: Annotated[float, Field(gt=0)] = 500

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The sources of values, by precedence."""
        return (
            init_settings,
            env_settings,
            dotenv_settings,
            file_secret_settings,
            SealedSettings(settings_cls),
        )

    @model_validator(mode="before")
    @classmethod
    def demand_what_has_no_default(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Adds the defaults of development; elsewhere, reports all missing values."""
        values = {name: value for name, value in given.items() if value not in ("", None)}
        if values.get("environment") == "development":
            return {**cls.development, **values}
        if "database_url" in values:
            values.setdefault("postgres_password", "")
        fields = cls.model_fields.items()
        missing = [name for name, field in fields if field.is_required() and name not in values]
        if missing:
            raise ValueError(
                f"{', '.join(missing).upper()} must be set, in the environment, in .env or as a "
                f"file in {SECRETS_DIRECTORY} (or set ENVIRONMENT=development)"
            )
        return values

    @model_validator(mode="after")
    def demand_a_safe_way(self) -> Self:
        """Requires TLS with a verified certificate for a database on another machine."""
        if self.must_be_verified and self.ssl_mode not in (None, VERIFIED):
            raise ValueError(
                f"The database is on another machine: its address must say sslmode={VERIFIED}, or "
                "nothing about it (or set INSECURE_DATABASE=true)"
            )
        return self

    @property
    def sqlalchemy_url(self) -> URL:
        """The URL of the database for asyncpg."""
        if self.database_url is not None:
            return read_url(self.database_url.get_secret_value())
        url = URL.create(
            DRIVER,
            username=self.postgres_user,
            password=self.postgres_password.get_secret_value(),
            database=self.postgres_db,
        )
        if "," in self.postgres_server:
            return at_hosts(url, read_hosts(self.postgres_server, self.postgres_port))
        return url.set(host=self.postgres_server, port=self.postgres_port)

    @property
    def replica_urls(self) -> list[URL]:
        """The URLs of the standbys for reads."""
        hosts = read_hosts(",".join(self.postgres_replicas), self.postgres_port)
        return [at_host(self.sqlalchemy_url, host) for host in hosts]

    @property
    def ssl_mode(self) -> object:
        """The TLS mode in the database URL, if any."""
        return self.sqlalchemy_url.query.get("ssl")

    @property
    def must_be_verified(self) -> bool:
        """Whether the connection crosses a network, so that the server must be verified."""
        if self.environment == "development" or self.insecure_database:
            return False
        return not all(
            is_here(host)
            for url in (self.sqlalchemy_url, *self.replica_urls)
            for host in ([url.host] if url.host else url.normalized_query.get("host", ()))
        )

    @property
    def tls(self) -> dict[str, ssl.SSLContext]:
        """The TLS context for the driver, if any.

        It trusts the authority in ``database_ca_file``, or else those of the machine.
        """
        if not self.must_be_verified and self.ssl_mode != VERIFIED:
            return {}
        return {"ssl": client_context(self.database_ca_file)}


def is_here(host: str) -> bool:
    """Whether a host, with or without a port, is this machine or a folder of a Unix socket."""
    if host.startswith("/"):
        return True
    name = host.partition(":")[0] if host.count(":") == 1 else host
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False

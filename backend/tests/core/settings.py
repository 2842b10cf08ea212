"""Settings for tests of settings, and the values that they are given."""

from typing import Any

from app.core.config import Settings

SECRET = "0123456789abcdef0123456789abcdef"
HARD = "p@ss:w/rd%20?#[]&= ä'\"\\"


def development(**values: Any) -> Settings:
    return Settings(environment="development", **values)


def production(**values: Any) -> Settings:
    return Settings(**({"secret_key": SECRET, "postgres_password": HARD} | values))

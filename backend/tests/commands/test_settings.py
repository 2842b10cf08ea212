"""``python -m app settings``: what it refuses of the settings of the containers."""

import pytest

from app.commands.settings import refuse_plain_http
from app.core.environment import WrongSettings


class TestPlainHttp:
    @pytest.mark.parametrize(
        "listen",
        ["443", "0.0.0.0:443", "[::]:443", "192.0.2.7:8000", "10.0.0.1:80", "[2001:db8::1]:443"],
    )
    @pytest.mark.parametrize("other", [{}, {"TLS_CERTIFICATE_FILE": "", "INSECURE_LISTEN": "no"}])
    def test_is_refused_to_other_machines(self, listen: str, other: dict[str, str]) -> None:
        with pytest.raises(WrongSettings, match="plain HTTP; set TLS_CERTIFICATE_FILE"):
            refuse_plain_http({"LISTEN": listen, **other})

    @pytest.mark.parametrize(
        "environment",
        [
            {},
            {"LISTEN": ""},
            {"LISTEN": "127.0.0.1:8000"},
            {"LISTEN": "[::1]:8000"},
            {"LISTEN": "443", "TLS_CERTIFICATE_FILE": "secrets/tls_certificate"},
            {"LISTEN": "80", "INSECURE_LISTEN": "true"},
        ],
    )
    def test_is_allowed_on_the_machine_or_when_that_is_said(
        self, environment: dict[str, str]
    ) -> None:
        refuse_plain_http(environment)

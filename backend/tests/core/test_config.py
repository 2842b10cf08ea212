"""Settings: which values are refused, and the example that documents them."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.core.config import Settings
from app.core.environment import unknown
from app.core.limits import Limits
from tests.core.settings import development, production
from tests.server import BACKEND

pytestmark = pytest.mark.usefixtures("no_settings")

EXAMPLE = (BACKEND / ".env.example").read_text()


class TestHosts:
    def test_are_any_by_default(self) -> None:
        assert production().hosts == frozenset()

    def test_are_those_that_are_named_and_the_machine_itself(self) -> None:
        hosts = production(allowed_hosts="A.example, b.example", public_url="https://c.example")
        assert hosts.hosts == {"a.example", "b.example", "localhost", "127.0.0.1", "[::1]"}

    @pytest.mark.parametrize("url", ["https://a.example", "https://A.example:8443/market"])
    def test_are_that_of_the_public_address_if_none_are_named(self, url: str) -> None:
        assert production(public_url=url).hosts == {"a.example", "localhost", "127.0.0.1", "[::1]"}

    def test_are_any_in_development_unless_they_are_named(self) -> None:
        assert development(public_url="https://a.example").hosts == frozenset()
        assert "a.example" in development(allowed_hosts="a.example").hosts

    def test_are_written_as_requests_write_them(self) -> None:
        hosts = production(allowed_hosts="a.example., 2001:db8::1, [2001:db8::2]").hosts
        assert {"a.example", "[2001:db8::1]", "[2001:db8::2]"} <= hosts
        assert "[2001:db8::1]" in production(public_url="https://[2001:db8::1]:8443").hosts

    def test_may_be_any(self) -> None:
        assert production(public_url="https://a.example", allowed_hosts="*").hosts == frozenset()

    @pytest.mark.parametrize("url", ["a.example", "ftp://a.example", "https://"])
    def test_of_no_address_are_refused(self, url: str) -> None:
        with pytest.raises(ValidationError, match="public_url"):
            production(public_url=url)


class TestTrustedProxies:
    def test_are_addresses_and_networks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.1, 172.16.0.0/12,::1")
        found = [str(proxy) for proxy in production().trusted_proxies]
        assert found == ["10.0.0.1/32", "172.16.0.0/12", "::1/128"]

    @pytest.mark.parametrize("given", ["*", "proxy", "10.0.0.1/8", "10.0.0.256"])
    def test_are_nothing_else(self, given: str) -> None:
        with pytest.raises(ValidationError, match="trusted_proxies"):
            production(trusted_proxies=given)


class TestOutboundNetworks:
    def test_are_for_development(self) -> None:
        found = [str(it) for it in development(outbound_networks="127.0.0.0/8").outbound_networks]
        assert found == ["127.0.0.0/8"]

    def test_are_refused_in_production(self) -> None:
        assert production().outbound_networks == []
        with pytest.raises(ValidationError, match="OUTBOUND_NETWORKS is for development"):
            production(outbound_networks="10.0.0.0/8")


class TestOrigins:
    @pytest.mark.parametrize(
        ("given", "origins"),
        [
            ("", []),
            ("https://a.example", ["https://a.example"]),
            (" https://a.example, https://b.example ,", ["https://a.example", "https://b.example"]),
        ],
    )
    def test_are_a_list(
        self, monkeypatch: pytest.MonkeyPatch, given: str, origins: list[str]
    ) -> None:
        monkeypatch.setenv("CORS_ORIGINS", given)
        assert development().cors_origins == origins

    @pytest.mark.parametrize("given", ["*", "https://a.example,*"])
    def test_are_never_all(self, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
        monkeypatch.setenv("CORS_ORIGINS", given)
        with pytest.raises(ValidationError, match="list the origins"):
            development()


class TestMetrics:
    def test_are_told_nobody_without_a_token(self) -> None:
        with pytest.raises(ValidationError, match="METRICS_TOKEN must be set"):
            production(worker_metrics_port=9100)

    @pytest.mark.parametrize("name", ["certificate", "key"])
    def test_are_not_encrypted_by_halves(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).touch()
        with pytest.raises(ValidationError, match="set both or none"):
            development(**{f"worker_metrics_{name}_file": tmp_path / name})


class TestMail:
    @pytest.mark.parametrize("sender", ["post@a.example", "The market <post@a.example>"])
    def test_has_a_sender(self, sender: str) -> None:
        assert development(mail_from=sender).mail_from == sender

    @pytest.mark.parametrize("sender", ["The market", "The market <post>"])
    def test_without_a_sender_is_refused(self, sender: str) -> None:
        with pytest.raises(ValidationError, match="expected a sender such as"):
            development(mail_from=sender)

    def test_to_strangers_says_from_whom_it_is_and_leads_to_the_service(self) -> None:
        given: dict[str, Any] = {"smtp_server": "mail"}
        with pytest.raises(ValidationError, match="MAIL_FROM and PUBLIC_URL"):
            production(**given)
        with pytest.raises(ValidationError, match="so PUBLIC_URL must"):
            production(mail_from="post@a.example", **given)
        settings = production(mail_from="post@a.example", public_url="https://a.example", **given)
        assert settings.smtp_security == "starttls"
        assert settings.verifies_emails

    def test_that_can_be_sent_has_addresses_verified(self) -> None:
        assert not production().verifies_emails
        assert not development(smtp_server="mail").verifies_emails
        assert development(email_verification=True).verifies_emails

    @pytest.mark.parametrize("url", ["a.example", "ftp://a.example", "https://a.example/#x"])
    def test_leads_to_a_web_page(self, url: str) -> None:
        with pytest.raises(ValidationError, match="public_url"):
            development(public_url=url)


class TestTheExample:
    def test_shows_every_setting(self) -> None:
        shown = set(re.findall(r"(?m)^#?([A-Z_]+)=", EXAMPLE))
        assert {name.upper() for name in Settings.model_fields} <= shown

    def test_shows_nothing_that_is_unknown(self) -> None:
        assert unknown(re.findall(r"(?m)^#?([A-Z_]+)=", EXAMPLE)) == []

    @pytest.mark.parametrize("name", Limits._fields)
    def test_shows_the_limits_as_they_are(self, name: str) -> None:
        assert f"\n#{name.upper()}={Settings.model_fields[name].default}\n" in EXAMPLE


class TestTries:
    def test_are_limited_as_the_environment_says(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LOGINS_PER_ADDRESS", "7/60")
        limit = development().limits.logins_per_address
        assert (limit.name, limit.most, limit.window) == ("logins_per_address", 7, 60)

    @pytest.mark.parametrize("written", ["7", "0/60", "7/", "seven/60", "-1/60"])
    def test_are_limited_by_two_numbers(self, written: str) -> None:
        with pytest.raises(ValidationError, match="such as 10/300"):
            development(logins_per_address=written)


class TestLimits:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("environment", "testing"),
            ("pool_size", 0),
            ("pool_timeout", 0),
            ("pool_queue", -1),
            ("statement_timeout", 0),
            ("lock_timeout", 0),
            ("access_token_minutes", 0),
            ("access_token_minutes", 16),
            ("refresh_token_days", 0),
            ("step_up_minutes", 0),
        ],
    )
    def test_are_held(self, name: str, value: object) -> None:
        with pytest.raises(ValidationError, match=name):
            production(**{name: value})


class TestTheSecondFactorOfStaff:
    def test_is_wanted_outside_development(self) -> None:
        assert production().staff_needs_second_factor
        assert not development().staff_needs_second_factor

    @pytest.mark.parametrize("wanted", [False, True])
    def test_may_be_wanted_anywhere(self, *, wanted: bool) -> None:
        for settings in (production, development):
            assert settings(staff_needs_second_factor=wanted).staff_needs_second_factor == wanted


class TestTheCurrencyOfTheMarket:
    def test_is_the_euro_unless_another_is_chosen(self) -> None:
        assert development().currency == "EUR"
        assert development(currency="JPY").currency == "JPY"

    @pytest.mark.parametrize("code", ["eur", "XXX", "BHD", "€"])
    def test_has_two_decimal_places_at_most(self, code: str) -> None:
        with pytest.raises(ValidationError, match="ISO 4217"):
            development(currency=code)


class TestTheLanguagesOfTheMarket:
    def test_are_english_unless_others_are_chosen(self) -> None:
        assert development().market_languages == ("en", ("en",))
        assert development(language="ko").market_languages == ("ko", ("ko",))
        chosen = development(language="de", languages="en, de,fr")
        assert chosen.market_languages == ("de", ("en", "de", "fr"))

    @pytest.mark.parametrize("code", ["EN", "eng", "xx", "en-GB"])
    def test_have_codes(self, code: str) -> None:
        for chosen in ({"language": code}, {"languages": f"en,{code}"}):
            with pytest.raises(ValidationError, match="ISO 639-1"):
                development(**chosen)

    @pytest.mark.parametrize(
        ("languages", "reason"),
        [
            ("de,fr", "must contain LANGUAGE"),
            ("en,de,en", "twice"),
            ("en,de,fr,es,it,pt,nl", "at most 6"),
        ],
    )
    def test_are_at_most_six_with_that_of_the_market(self, languages: str, reason: str) -> None:
        with pytest.raises(ValidationError, match=reason):
            development(languages=languages)

"""URLs that this service sends requests to, and the addresses that they may reach."""

from ipaddress import ip_address, ip_network

import pytest

from app.core.outbound import InvalidUrl, OutboundRules, Target, is_public

PUBLIC = ("1.1.1.1", "93.184.215.14", "172.32.0.1", "192.0.1.1", "2606:4700::1111", "2a00:1450::1")
SPECIAL = (
    *("0.1.2.3", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.255"),
    *("168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192"),
    *("192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1"),
    *("203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:1.1.1.1", "64:ff9b::7f00:1"),
    *("64:ff9b:1::1", "100::1", "2001::1", "2001:2::1", "2001:10::1", "2001:db8::1"),
    *("2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1"),
    *("ff02::1", "ff0e::1", "4000::1"),
)


class TestAddresses:
    @pytest.mark.parametrize("address", PUBLIC)
    def test_are_public(self, address: str) -> None:
        assert is_public(ip_address(address))

    @pytest.mark.parametrize("address", SPECIAL)
    def test_are_not_public(self, address: str) -> None:
        assert not is_public(ip_address(address))

    def test_may_be_in_a_permitted_network(self) -> None:
        rules = OutboundRules(unencrypted=True, networks=(ip_network("127.0.0.0/8"),))
        assert rules.permits(ip_address("127.0.0.9"))
        assert not rules.permits(ip_address("::ffff:127.0.0.9"))
        assert not rules.permits(ip_address("10.0.0.1"))


class TestUrls:
    @pytest.mark.parametrize(
        ("url", "target", "authority"),
        [
            ("https://A.Example", ("https", "a.example", 443, "/"), "a.example"),
            ("https://a.example?b=%20", ("https", "a.example", 443, "?b=%20"), "a.example"),
            ("http://xn--bcher-kva.example/b/@c", (80, "/b/@c"), "xn--bcher-kva.example"),
            ("https://1.1.1.1:8443/", ("https", "1.1.1.1", 8443, "/"), "1.1.1.1:8443"),
            ("https://[2606:4700::1]:1024/", (1024, "/"), "[2606:4700::1]:1024"),
        ],
    )
    def test_have_parts(self, url: str, target: tuple[object, ...], authority: str) -> None:
        found = Target.of(url)
        assert found[-len(target) :] == target
        assert found.authority == authority

    @pytest.mark.parametrize(
        "url",
        [
            *("", "a.example", "//a.example", "ftp://a.example", "file:///etc/passwd"),
            *("https://", "https:///path", "https://a", "https://a.example.", "https://-a.example"),
            *("https://a.example#b", "https://a.example/ b", "https://a.example/\r\nb: c"),
            *("https://a.example\\@b.example", "https://b@a.example", "https://:c@a.example"),
            *("https://a.example:0", "https://a.example:22", "https://a.example:65536"),
            *("https://a.example:", "https://bücher.example", "https://[::1%25lo]/"),
            *("https://1.2.3", "https://1.2.3.256", "https://01.2.3.4", "https://[1.2.3.4]/"),
            *("https://[:::]", "https://a.0x7f", f"https://a.example/{'b' * 500}"),
        ],
    )
    def test_of_another_form_are_refused(self, url: str) -> None:
        with pytest.raises(InvalidUrl):
            Target.of(url)

    def test_may_be_refused_by_the_rules(self) -> None:
        rules = OutboundRules(unencrypted=False, networks=())
        assert not rules.permits_scheme(Target.of("http://a.example"))
        for url in ("https://127.0.0.1", "https://[::1]"):
            assert not rules.permits_host(Target.of(url))
        permitted = Target.of("https://a.example")
        assert rules.permits_scheme(permitted)
        assert rules.permits_host(permitted)

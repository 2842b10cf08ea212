"""TLS contexts: verified, and without deprecated versions on any system."""

import ssl

from app.core.security.tls import client_context, with_minimum


def test_a_client_verifies_whom_it_speaks_with() -> None:
    context = client_context()
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_a_system_that_allows_all_versions_does_not_decide() -> None:
    lax = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    lax.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    assert with_minimum(lax).minimum_version is ssl.TLSVersion.TLSv1_2

"""The response headers that all pages have: rules for browsers."""

from collections.abc import Mapping

POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    # With `no-referrer`, browsers would send `Origin: null` with the service's own forms.
    "Referrer-Policy": "same-origin",
    "Vary": "Cookie, Accept-Language, Accept-Encoding",
}

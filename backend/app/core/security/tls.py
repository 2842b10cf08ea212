"""TLS contexts with a lower bound for the version that does not depend on the platform."""

import ssl
from pathlib import Path


def client_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """A context for a client that verifies the server: its certificate and its name.

    Args:
        ca_file: The certificates that are trusted; by default, those of the system.
    """
    return with_minimum(ssl.create_default_context(cafile=ca_file))


def with_minimum(context: ssl.SSLContext) -> ssl.SSLContext:
    """The same context, without the versions that RFC 8996 deprecates.

    How OpenSSL was built or configured decides about them otherwise: Debian's Python leaves the
    bound to a file of the system.
    """
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context

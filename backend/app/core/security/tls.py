"""TLS contexts with a minimum version independent of the platform."""

import ssl
from pathlib import Path


def client_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """A client context that verifies the server's certificate and host name.

    Args:
        ca_file: The trusted certificates; by default, those of the system.
    """
    return with_minimum(ssl.create_default_context(cafile=ca_file))


def with_minimum(context: ssl.SSLContext) -> ssl.SSLContext:
    """The same context without the versions deprecated by RFC 8996.

    Otherwise the build or configuration of OpenSSL decides: Debian's Python leaves the minimum to
    a file of the system.
    """
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context

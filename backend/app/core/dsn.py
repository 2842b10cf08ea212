"""Database URLs: from the form of libpq to that of the driver."""

import re

from sqlalchemy import URL, make_url

DRIVER = "postgresql+asyncpg"
HOSTS = re.compile(r"^(?P<begin>[^/]*//(?:[^@/]*@)?)(?P<hosts>[^@/?]*,[^@/?]*)(?=[/?]|$)")
PORT = 5432


def read_hosts(hosts: str, port: int = PORT) -> list[str]:
    """Parses hosts such as ``first:5432,second``, and adds the default port."""
    named = [host for host in map(str.strip, hosts.split(",")) if host]
    return [host if re.search(r":\d+$", host) else f"{host}:{port}" for host in named]


def at_hosts(url: URL, hosts: list[str]) -> URL:
    """Adds hosts to a URL without any; the service connects to the one that accepts writes."""
    return url.update_query_dict({"host": hosts, "target_session_attrs": "read-write"})


def at_host(url: URL, host: str) -> URL:
    """The URL of the same database on another host, such as ``third:5432``."""
    name, _, port = host.rpartition(":")
    url = url.difference_update_query(["host", "target_session_attrs"])
    return url.set(host=name, port=int(port))


def read_url(written: str) -> URL:
    """Parses a URL in the form of libpq, with one host or several.

    Args:
        written: For example ``postgresql://user:password@first:5432,second:5432/name``.
    """
    several = HOSTS.match(written)
    if several:
        written = several["begin"] + written[several.end() :]
    url = make_url(written).set(drivername=DRIVER)
    if "sslmode" in url.query:  # libpq's name for what asyncpg calls ssl
        url = url.difference_update_query(["sslmode"]).update_query_dict(
            {"ssl": url.query["sslmode"]}
        )
    return at_hosts(url, read_hosts(several["hosts"])) if several else url

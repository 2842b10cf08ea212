"""Protection against forms of other sites (CSRF).

Browsers say where a request comes from: by `Sec-Fetch-Site` (Fetch Metadata), or at least by
`Origin` (RFC 6454). A request that changes something must come from a page of the service. Programs
without either have no cookie to be abused, and use the API.
"""

from starlette.datastructures import Headers

from app.core.errors import Forbidden

OWN = frozenset({"same-origin", "none"})
"""The values of `Sec-Fetch-Site` of requests that no other site has made."""


class OtherSite(Forbidden):
    """The form was not sent by a page of the service."""

    code = "other_site"
    detail = "This form was sent from another site. Open the page here and send it again."


def demand_own_origin(headers: Headers) -> None:
    """Refuses a request that a page of another origin has made.

    Raises:
        OtherSite: It comes from another origin, or does not say where it comes from.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site not in OWN:
            raise OtherSite
        return
    host = headers.get("host")
    if not host or headers.get("origin") not in {f"https://{host}", f"http://{host}"}:
        raise OtherSite

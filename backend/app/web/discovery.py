"""What search engines and installed pages read: robots.txt, the sitemap, the manifest."""

from collections.abc import Iterable
from html import escape
from time import monotonic

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.db.repositories.sitemaps import Listed, SitemapReader
from app.web.assets import asset_url, assets
from app.web.formats import iso
from app.web.headers import POLICY
from app.web.places import place_of
from app.web.sites import Site

KEPT_FOR = 600.0  # seconds
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
LISTS = ("/", "/jobs", "/packages", "/categories")
"""The pages that lead to the others."""
PRIVATE = (
    *("/account", "/appeal", "/bookings", "/confirm", "/decisions", "/earnings", "/jobs/new"),
    *("/login", "/messages", "/mine", "/notice/", "/notifications", "/offers", "/orders"),
    *("/packages/mine", "/packages/new", "/report", "/saved-searches", "/staff", "/unsubscribe"),
    "/uploads",
)
"""The beginnings of paths that search engines need not look at."""


class Discovery:
    """The files of a market for programs that look at its pages.

    Args:
        site: The market.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._entries: list[str] = []
        self._read_at = -KEPT_FOR

    @property
    def routes(self) -> list[Route]:
        """The routes of the files."""
        return [
            Route("/robots.txt", self.robots),
            Route("/sitemap.xml", self.sitemap),
            Route("/manifest.webmanifest", self.manifest),
            Route("/service-worker.js", self.service_worker),
        ]

    async def robots(self, request: Request) -> Response:
        """The rules for search engines (RFC 9309)."""
        rules = "".join(f"Disallow: {path}\n" for path in ("/api", *PRIVATE))
        address = self._site.address(request)
        return PlainTextResponse(f"User-agent: *\n{rules}Sitemap: {address}/sitemap.xml\n")

    async def sitemap(self, request: Request) -> Response:
        """The pages of the newest open jobs and published packages (sitemaps.org).

        Each process keeps their paths for ten minutes.
        """
        if monotonic() >= self._read_at + KEPT_FOR:
            reader = SitemapReader(request.app.state.database.reads)
            with place_of(request):
                jobs, packages = await reader.jobs(), await reader.packages()
            self._entries = [f"{path}</loc></url>" for path in LISTS]
            self._entries += _entries("/jobs", jobs) + _entries("/packages", packages)
            self._read_at = monotonic()
        # Requests may name the market by different addresses.
        begin = f"<url><loc>{escape(self._site.address(request))}"
        entries = "".join([begin + entry for entry in self._entries])
        content = f'{DECLARATION}<urlset xmlns="{SITEMAP}">{entries}</urlset>\n'
        return Response(content, media_type="application/xml")

    async def manifest(self, _: Request) -> Response:
        """The manifest, by which the pages can be installed (W3C Web Application Manifest)."""
        content = {
            "name": self._site.name,
            "start_url": "/jobs",
            "display": "standalone",
            "background_color": "#faf8f3",
            "theme_color": "#faf8f3",
            "icons": [
                {
                    "src": asset_url("icon.svg"),
                    "sizes": "any",
                    "type": "image/svg+xml",
                    "purpose": "any maskable",
                }
            ],
        }
        return Response(orjson.dumps(content), media_type="application/manifest+json")

    async def service_worker(self, _: Request) -> Response:
        """The script that shows a page while there is no connection. It keeps assets only.

        Its path is at the root, since it may only act on pages beside it or beneath.
        """
        script = assets()["service-worker.js"].content
        kept = orjson.dumps([asset_url(name) for name in ("app.css", "icon.svg")])
        return Response(
            b"const KEPT = " + kept + b";\n" + script,
            # The policy of its script is that of a worker: it loads what it keeps.
            headers={"Cache-Control": "no-cache", "Content-Security-Policy": POLICY},
            media_type="text/javascript",
        )


def _entries(path: str, listed: Iterable[Listed]) -> list[str]:
    return [f"{path}/{it.id}</loc><lastmod>{iso(it.updated_at)}</lastmod></url>" for it in listed]

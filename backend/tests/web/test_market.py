"""The market on its pages: its name, colour, logo, languages, imprint and terms."""

import re
from math import cos, radians, sin
from pathlib import Path
from typing import Any, get_args

import pytest
from httpx import ASGITransport, AsyncClient
from pydantic import ValidationError

from app.api.server import get_application
from app.core.config import Colour, Settings
from app.web.assets import FOLDER
from tests.factories.browsers import HEADERS, ORIGIN, PageShown
from tests.server import settings_for

TEXT = "Sweep Ltd\n1 Broom Street <London>\n\n  Phone: 1234  \n\n\n"


def client_of(settings: dict[str, Any]) -> AsyncClient:
    """A browser of a visitor in a market with these settings."""
    app = get_application(Settings(environment="development", **settings))
    return AsyncClient(transport=ASGITransport(app), base_url=ORIGIN, headers=HEADERS)


async def open_page(path: str, settings: dict[str, Any], status: int = 200) -> PageShown:
    """A page of a market with these settings, as visitors see it."""
    async with client_of(settings) as client:
        response = await client.get(path)
        assert response.status_code == status
        page = PageShown(response)
        for name in page.files:
            assert (await client.get(name)).status_code == 200, name
        return page


def luminance(lightness: float, chroma: float, hue: float) -> float:
    """The relative luminance (WCAG 2.2) of a colour in OKLCH, as near as sRGB can show it."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(max(part, 0), 1) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    """The contrast of two luminances (WCAG 2.2)."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


class TestATextOfTheOperator:
    @pytest.mark.parametrize("name", ["imprint", "terms"])
    async def test_is_a_page_that_all_pages_link_to(self, name: str, tmp_path: Path) -> None:
        file = tmp_path / "text.txt"
        file.write_text(TEXT)
        page = await open_page(f"/{name}", {f"{name}_file": file})
        assert "1 Broom Street <London> Phone: 1234" in page.text
        assert page.response.text.count('<p class="lead">') == 2
        assert f"/{name}" in (await open_page("/login", {f"{name}_file": file})).links

    @pytest.mark.parametrize("name", ["imprint", "terms"])
    async def test_that_is_not_set_is_no_page(self, name: str) -> None:
        page = await open_page(f"/{name}", {}, 404)
        assert f"/{name}" not in page.links


async def test_the_languages_of_the_market_can_be_chosen(server: str, database_name: str) -> None:
    settings = settings_for(server, database_name, languages=["en", "it"])
    app = get_application(settings)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url=ORIGIN, headers=HEADERS) as client,
    ):
        shown = (await client.get("/jobs", headers={"Accept-Language": "de"})).text
    assert '<option value="it">Italienisch</option>' in shown


class TestALogo:
    @pytest.mark.parametrize(
        ("content", "media_type"),
        [(b"\x89PNG...", "image/png"), (b'<svg xmlns="..."/>', "image/svg+xml")],
    )
    async def test_stands_beside_the_name(
        self, content: bytes, media_type: str, tmp_path: Path
    ) -> None:
        file = tmp_path / "market_logo"
        file.write_bytes(content)
        page = await open_page("/login", {"market_logo": file, "market_name": "Sparkle"})
        (logo,) = {it for it in page.files if "/logo." in it}
        assert page.response.text.count(logo) == 2  # also as the icon of the page
        assert "Sparkle" in page.text
        async with client_of({"market_logo": file}) as client:
            response = await client.get(logo)
        assert (response.content, response.headers["Content-Type"]) == (content, media_type)
        assert "immutable" in response.headers["Cache-Control"]

    async def test_is_a_picture(self, tmp_path: Path) -> None:
        file = tmp_path / "logo.png"
        file.write_text("a broom")
        with pytest.raises(ValidationError, match="expected an image in PNG or SVG"):
            Settings(environment="development", market_logo=file)


class TestAColour:
    async def test_is_that_of_the_settings(self) -> None:
        page = await open_page("/login", {"market_colour": "violet"})
        assert page.attributes["class"] == "colour-violet"

    def test_is_one_of_the_style_sheet(self) -> None:
        style = (FOLDER / "app.css").read_text()
        for colour in get_args(Colour):
            assert (colour == "teal") != (f".colour-{colour} " in style)

    def test_has_enough_contrast(self) -> None:
        style = (FOLDER / "app.css").read_text()
        found = re.findall(r"--hue: ([\d.]+); --vivid: ([\d.]+);", style)
        assert len(found) == len(get_args(Colour))
        for hue, vivid in [(float(hue), float(vivid)) for hue, vivid in found]:
            light, dark = luminance(0.47, vivid, hue), luminance(0.8, vivid, hue)
            deep, deep_dark = luminance(0.4, vivid, hue), luminance(0.86, vivid, hue)
            wash, wash_dark = luminance(0.95, 0.026, hue), luminance(0.29, 0.036, hue)
            canvas, canvas_dark = luminance(0.983, 0.007, 92), luminance(0.19, 0.014, 196)
            pairs = [
                *((light, 1.0), (light, canvas), (deep, wash)),
                *((dark, luminance(0.2, 0.03, hue)), (dark, canvas_dark), (deep_dark, wash_dark)),
            ]
            assert min(contrast(*pair) for pair in pairs) >= 4.5, hue

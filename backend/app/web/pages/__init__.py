"""The pages, by feature: each file declares its routes and what it says about changes."""

from app.core.features import modules
from app.web.routing import PageRoute

_MODULES = modules(__name__)

ROUTES: list[PageRoute] = [route for module in _MODULES for route in module.pages.routes]
"""All pages."""

SAID: dict[str, str] = {
    code: text for module in _MODULES for code, text in getattr(module, "SAID", {}).items()
}
"""What pages say about changes, by code."""

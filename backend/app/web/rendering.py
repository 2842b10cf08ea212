"""Pages out of templates: one dataclass per template, which says what the template needs."""

import gzip
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from app.core.catalogues import catalogue_of
from app.core.formats import Formats
from app.web.assets import asset_url
from app.web.formats import hue, initials, iso, mail_link
from app.web.icons import ICONS

TEMPLATES = Path(__file__).parent / "templates"
COMPRESSION = 5
"""The level of gzip: more takes longer than it saves on the way."""


@dataclass(frozen=True)
class Template:
    """What a page shows. Each template has a subclass, whose fields are its variables."""

    file: ClassVar[str]
    all: ClassVar[list[type["Template"]]] = []

    def __init_subclass__(cls, *, file: str) -> None:
        """Names the file of the template.

        Args:
            file: Its path in the folder of templates.
        """
        cls.file = file
        Template.all.append(cls)

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of the template."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


class Renderer:
    """Renders templates in one language.

    Texts that never change are translated once, when a template is compiled.

    Args:
        language: The language.
        zone: The time zone of the market.
        currency: The currency of the market.
        market: The variables of the market that all templates have.
    """

    def __init__(
        self, language: str, zone: ZoneInfo, currency: str, market: Mapping[str, Any]
    ) -> None:
        self.formats = formats = Formats(language, zone, currency)
        self._catalogue = catalogue_of(language)
        self.gettext: Callable[[str], str] = self._catalogue.gettext
        environment = _Translated(
            self._catalogue,
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=["jinja2.ext.i18n"],
        )
        environment.filters |= {
            "money": formats.money,
            "moment": formats.moment,
            "date": formats.date,
            "day_of_year": formats.day_of_year,
            "full": formats.full,
            "month": formats.month,
            "short_month": formats.short_month,
            "ago": formats.ago,
            "length": formats.length,
            "language": formats.language,
            "number": formats.number,
            "iso": iso,
            "initials": initials,
            "hue": hue,
            "mail_link": mail_link,
        }
        environment.globals |= {
            "asset": asset_url,
            "icon": ICONS.__getitem__,
            "once": lambda: Markup(f'<input type="hidden" name="once" value="{uuid4()}">'),  # noqa: S704
            "translated": self.gettext,
            "marked": lambda text: escape(self.gettext(text)),
            "isolated": Markup("<bdi>{}</bdi>").format,
            **market,
        }
        self.environment = environment

    def render(self, template: Template, **common: Any) -> str:
        """The text of a page.

        Args:
            template: The content.
            common: The variables that all templates have.
        """
        found = self.environment.get_template(template.file)
        return found.render(**common, **template.variables)


def compressed(text: str) -> bytes:
    """A page in gzip."""
    return gzip.compress(text.encode(), COMPRESSION, mtime=0)


class _Translated(Environment):
    """Templates whose constant texts are translated as they are compiled."""

    def __init__(self, catalogue: Any, **options: Any) -> None:
        super().__init__(**options)
        self._translator = _Translator(catalogue.gettext)
        self.install_gettext_callables(  # type: ignore[attr-defined]
            catalogue.gettext, catalogue.ngettext, newstyle=True
        )

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template: a dictionary of its own.

        Each import of a part compares its globals with those of the page, for which the ChainMap of
        Jinja would take as long as a fifteenth of a page.
        """
        return {**self.globals, **(d or {})}

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        return super()._generate(self._translator.visit(source), *args, **options)


class _Translator(NodeTransformer):
    """Puts translations, icons and the paths of assets in the place of calls with a constant."""

    def __init__(self, gettext: Callable[[str], str]) -> None:
        self._constant: dict[str, Callable[[str], str]] = {
            "_": gettext,
            "icon": lambda name: str(ICONS[name]),
            "asset": asset_url,
        }

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 (named after the node)
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name in self._constant and len(node.args) == 1 and not node.kwargs:
            (argument,) = node.args
            if isinstance(argument, nodes.Const):
                text = nodes.Const(self._constant[name](argument.value))
                return nodes.MarkSafe(text, lineno=node.lineno)
        return node

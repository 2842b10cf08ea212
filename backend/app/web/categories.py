"""The tree of categories and their extras for forms and filters.

Each process keeps them for some seconds.
"""

from decimal import Decimal
from time import monotonic

from pydantic import BaseModel

from app.db.repositories.categories import CategoryReader
from app.postgres.statements import Source

KEPT_FOR = 10.0  # seconds


class CategoryView(BaseModel):
    """A category."""

    slug: str
    parent: str | None
    tier: int
    name: str
    names: dict[str, str]
    active: bool
    open_jobs: int
    published_packages: int

    def named(self, language: str) -> str:
        """Its name in a language."""
        return self.names.get(language, self.name)


class TreeView(BaseModel):
    """All categories, each before those beneath it."""

    items: list[CategoryView]

    def find(self, slug: str | None) -> CategoryView | None:
        """A category; None if there is none."""
        return next((it for it in self.items if it.slug == slug), None)

    def options(self, language: str, chosen: str = "") -> list[tuple[str, str]]:
        """The categories for a choice: their slugs, and their names in a language.

        Args:
            language: The language.
            chosen: The slug of the present one, which is kept even if it is not offered any more.
        """
        offered = [
            (it.slug, "\u2007\u2007" * (it.tier - 1) + it.named(language))
            for it in self.items
            if it.active
        ]
        if chosen and chosen not in dict(offered):
            found = self.find(chosen)
            offered.append((chosen, found.named(language) if found else chosen))
        return offered

    def trail(self, slug: str | None) -> list[CategoryView]:
        """A category and all above it, from the top."""
        found = self.find(slug)
        return [*self.trail(found.parent), found] if found else []


class ExtraView(BaseModel):
    """An extra that a category brings or inherits."""

    slug: str
    name: str
    names: dict[str, str] = {}
    price: Decimal | None
    currency: str | None

    def named(self, language: str) -> str:
        """Its name in a language."""
        return self.names.get(language, self.name)


class CategoryDetailView(BaseModel):
    """What a category brings or inherits."""

    extras: list[ExtraView]


class Categories:
    """The tree and the extras, read again when they are older than `KEPT_FOR`."""

    def __init__(self) -> None:
        self._tree = TreeView(items=[])
        self._extras: dict[str, list[ExtraView]] = {}
        self._read_at = -KEPT_FOR

    async def tree(self, source: Source) -> TreeView:
        """The tree.

        Args:
            source: Reads it.
        """
        if monotonic() >= self._read_at + KEPT_FOR:
            self._tree = TreeView.model_validate_json(await CategoryReader(source).tree())
            self._extras = {}
            self._read_at = monotonic()
        return self._tree

    async def extras(self, source: Source, slug: str) -> list[ExtraView]:
        """The extras of a category; none if there is no such category.

        Args:
            source: Reads them.
            slug: The slug of the category.
        """
        if not (await self.tree(source)).find(slug):
            return []
        if slug not in self._extras:
            detail = await CategoryReader(source).detail(slug)
            self._extras[slug] = CategoryDetailView.model_validate_json(detail.json).extras
        return self._extras[slug]

"""Categories on the pages of staff, with what they bring."""

from decimal import Decimal

from pydantic import BaseModel

from app.web.categories import CategoryView, ExtraView


class StaffExtra(ExtraView):
    """An extra that a category brings or inherits."""

    category: str
    minutes: int | None
    price: Decimal | None


class StaffItem(BaseModel):
    """An item of the checklist of a category, its own or inherited."""

    code: str
    category: str
    text: str
    texts: dict[str, str]

    def named(self, language: str) -> str:
        """Its text in a language."""
        return self.texts.get(language, self.text)


class StaffCategory(CategoryView):
    """A category with what it brings and inherits."""

    position: int
    extras: list[StaffExtra]
    checklist: list[StaffItem]

    def own_extra(self, slug: str) -> StaffExtra | None:
        """An extra that the category brings itself; None if it brings no such extra."""
        own = (it for it in self.extras if it.category == self.slug and it.slug == slug)
        return next(own, None)

    def own_item(self, code: str) -> StaffItem | None:
        """An item that the category brings itself; None if it brings no such item."""
        own = (it for it in self.checklist if it.category == self.slug and it.code == code)
        return next(own, None)

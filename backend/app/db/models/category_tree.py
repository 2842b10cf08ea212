"""The tree of categories: the rules about several of them."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from app.db.models.categories import (
    MOST_CATEGORIES,
    Category,
    CategoryInCircle,
    CategoryNotFound,
    CategoryTaken,
    CategoryUsed,
    TooManyCategories,
)
from app.db.models.category_shapes import CategoryCreate, CategoryNode


class CategoryTree:
    """All categories, in a unit of work that has locked them.

    Args:
        categories: The categories, in any order.
    """

    def __init__(self, categories: Iterable[Category]) -> None:
        self._by_slug = {category.slug: category for category in categories}

    def __len__(self) -> int:
        """The number of categories."""
        return len(self._by_slug)

    def find(self, slug: str) -> Category:
        """The category with a slug.

        Raises:
            CategoryNotFound: There is none.
        """
        try:
            return self._by_slug[slug]
        except KeyError:
            raise CategoryNotFound from None

    def parent(self, slug: str | None) -> Category | None:
        """The category with a slug; None for the top of the tree.

        Raises:
            CategoryNotFound: There is none.
        """
        return None if slug is None else self.find(slug)

    def add(self, draft: CategoryCreate) -> Category:
        """Makes a category.

        Returns:
            The new row.

        Raises:
            CategoryTaken: Another category has the slug.
            TooManyCategories: There are as many as there can be.
            CategoryNotFound: There is no such parent.
            CategoryTooDeep: The parent is on the lowest tier.
        """
        if draft.slug in self._by_slug:
            raise CategoryTaken
        if len(self) == MOST_CATEGORIES:
            raise TooManyCategories
        parent = self.parent(draft.parent)
        category = Category(slug=draft.slug, name=draft.name, names=draft.names, position=1)
        category.put_beneath(parent)
        self._by_slug[category.slug] = category
        self.order(category, draft.position or MOST_CATEGORIES)
        return category

    def load(self, nodes: Iterable[CategoryNode], parent: str | None = None) -> Iterator[Category]:
        """Adds the categories of a file that are missing, and sets the names of the others.

        Those that are there stay where they are.

        Args:
            nodes: The categories of the file.
            parent: The slug of the category to add them beneath; None for the top.

        Yields:
            The new rows.

        Raises:
            TooManyCategories: There would be more than there can be.
            CategoryTooDeep: The tree would get too many tiers.
            Invalid: A category would have names in too many languages.
        """
        for node in nodes:
            if known := self._by_slug.get(node.slug):
                known.rename(node.name, node.names)
            else:
                content = node.model_dump(include={"slug", "name", "names"})
                yield self.add(CategoryCreate(parent=parent, **content))
            yield from self.load(node.beneath, node.slug)

    def move(self, category: Category, parent: Category | None) -> None:
        """Puts a category, with all beneath it, as the last beneath another parent.

        Args:
            category: The category.
            parent: The category to put it beneath; None for the top. If it is there already, it
                keeps its place.

        Raises:
            CategoryInCircle: The parent is the category itself, or beneath it.
            CategoryTooDeep: The tree would get too many tiers.
        """
        former_id, parent_id = category.parent_id, parent.id if parent else None
        if parent_id == former_id:
            return
        if parent is not None and category in self._lineage(parent):
            raise CategoryInCircle
        siblings = self._beneath(parent_id)
        self._set_parent(category, parent)
        _number([*siblings, category])
        _number(self._beneath(former_id))

    def order(self, category: Category, position: int) -> None:
        """Gives a category another place among its siblings.

        Args:
            category: The category.
            position: Its place, from 1; beyond the last one, it becomes the last.
        """
        siblings = [it for it in self._beneath(category.parent_id) if it is not category]
        siblings.insert(position - 1, category)
        _number(siblings)

    def remove(self, category: Category) -> None:
        """Takes a category out, which has none beneath it.

        Raises:
            CategoryUsed: There are others beneath it.
        """
        if self._beneath(category.id):
            raise CategoryUsed
        del self._by_slug[category.slug]
        _number(self._beneath(category.parent_id))

    def _set_parent(self, category: Category, parent: Category | None) -> None:
        """Sets the parent of a category, and the tiers of all beneath it."""
        children = self._beneath(category.id)
        category.put_beneath(parent)
        for child in children:
            self._set_parent(child, category)

    def _beneath(self, parent_id: UUID | None) -> list[Category]:
        """The categories directly beneath one, in their order."""
        found = [it for it in self._by_slug.values() if it.parent_id == parent_id]
        return sorted(found, key=lambda category: (category.position, category.slug))

    def _lineage(self, category: Category) -> list[Category]:
        """A category and all above it."""
        by_id = {it.id: it for it in self._by_slug.values()}
        lineage = [category]
        while (parent_id := lineage[-1].parent_id) is not None:
            lineage.append(by_id[parent_id])
        return lineage


def _number(siblings: Sequence[Category]) -> None:
    """Numbers the categories beneath one from 1."""
    for position, category in enumerate(siblings, 1):
        category.take_over({"position": position})

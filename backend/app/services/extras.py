"""Staff says which extras categories bring."""

from collections.abc import Iterable
from itertools import chain

from app.core.clients import Client
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.categories import CategoryNotFound
from app.db.models.category_shapes import CategoryNode
from app.db.models.extras import MOST_EXTRAS, Extra, ExtraDraft, ExtraNotFound, TooManyExtras
from app.db.models.inheritance import arrange
from app.db.models.kinds.extras import ExtraAction
from app.db.models.prices import PRICES_REFUSED, demand_price
from app.db.repositories.audit import AuditRepository
from app.db.repositories.categories import CategoryRepository
from app.db.repositories.extras import ExtraRepository
from app.postgres.transactions import Transaction


class ExtraService:
    """The use cases of extras. Each locks the tree of categories.

    Jobs keep the extras that they have picked: they have copies.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
    """

    def __init__(self, transaction: Transaction, client: Client) -> None:
        self._audit = AuditRepository(transaction)
        self._categories = CategoryRepository(transaction)
        self._client = client
        self._extras = ExtraRepository(transaction)

    @raises(CategoryNotFound, TooManyExtras, *PRICES_REFUSED)
    async def put(
        self, caller: Bearer, category: str, slug: str, draft: ExtraDraft, currency: str
    ) -> None:
        """Adds an extra to a category, or changes the one with the slug.

        Args:
            caller: The actor.
            category: The slug of the category.
            slug: The slug of the extra.
            draft: All its fields.
            currency: The currency of its price, unless the draft has one.
        """
        (await self._categories.lock_tree()).find(category)
        own = await self._extras.own(category)
        content = draft.model_dump(exclude={"position"})
        if draft.price is not None and draft.currency is None:
            demand_price(draft.price, currency)
            content["currency"] = currency
        extra = next((it for it in own if it.slug == slug), None)
        if extra is None:
            if len(own) == MOST_EXTRAS:
                raise TooManyExtras
            extra = Extra(category=category, slug=slug, position=len(own) + 1, **content)
            self._extras.add(extra)
        for name, value in content.items():
            setattr(extra, name, value)
        arrange(own, extra, draft.position)
        self._record(ExtraAction.EXTRA_SET, caller, category, slug)

    @raises(TooManyExtras)
    async def load(self, nodes: Iterable[CategoryNode], currency: str) -> None:
        """Adds the extras of a file that are missing, and sets the names of the others.

        Args:
            nodes: The categories of the file, which are there already.
            currency: The currency of the market.
        """
        await self._categories.lock_tree()
        for node in chain.from_iterable(top.all() for top in nodes):
            own = {extra.slug: extra for extra in await self._extras.own(node.slug)}
            for wanted in node.extras:
                if known := own.get(wanted.slug):
                    known.name, known.names = wanted.name, known.names | wanted.names
                    continue
                if len(own) == MOST_EXTRAS:
                    raise TooManyExtras
                own[wanted.slug] = Extra.of(wanted, node.slug, len(own) + 1, currency)
                self._extras.add(own[wanted.slug])

    @raises(CategoryNotFound, ExtraNotFound)
    async def remove(self, caller: Bearer, category: str, slug: str) -> None:
        """Removes an extra that a category brings itself."""
        (await self._categories.lock_tree()).find(category)
        if not await self._extras.remove(category, slug):
            raise ExtraNotFound
        self._record(ExtraAction.EXTRA_REMOVED, caller, category, slug)

    def _record(self, action: ExtraAction, caller: Bearer, category: str, slug: str) -> None:
        self._audit.record(
            action, self._client, actor_id=caller.user_id, category=category, extra=slug
        )

"""The ends of orders: declined, cancelled, expired. Their pieces are given back."""

from collections.abc import Sequence
from uuid import UUID

from app.db.models.kinds.orders import OrderEvent
from app.db.models.orders import Order
from app.db.models.states.moves import Move
from app.db.models.states.orders import OrderMove
from app.db.models.users import User
from app.db.repositories.events import EventRepository
from app.db.repositories.orders import OrderRepository
from app.postgres.transactions import Transaction


class OrderEnds:
    """Ends locked orders, each with one event, and gives their pieces back."""

    def __init__(self, transaction: Transaction) -> None:
        self._events = EventRepository(transaction)
        self._orders = OrderRepository(transaction)

    def end(self, order: Order, move: Move, actor_id: UUID | None, reason: str | None) -> None:
        """Ends an order.

        Args:
            order: The order.
            move: The move that ends it.
            actor_id: The side that ends it; None for the clock.
            reason: The reason, as the side gives it.

        Raises:
            OrderNotPlaced: It was accepted or has ended.
        """
        order.close(move, reason)
        self._record([(order, actor_id)])

    async def end_placed_of(self, user: User) -> None:
        """Ends all placed orders in which a user has a part, in the name of the user.

        Args:
            user: The account, which is locked.
        """
        ended: list[tuple[Order, UUID | None]] = []
        for order in await self._orders.lock_placed_of(user.id):
            is_overdue, is_own = order.is_overdue, order.customer_id == user.id
            order.close(
                OrderMove.EXPIRE
                if is_overdue
                else (OrderMove.CANCEL if is_own else OrderMove.DECLINE)
            )
            ended.append((order, None if is_overdue else user.id))
        self._record(ended)

    async def expire_due(self) -> int:
        """Expires orders that were not answered in time, and returns their number.

        A step of the clock: several workers can run it concurrently.
        """
        orders = await self._orders.lock_due()
        for order in orders:
            order.close(OrderMove.EXPIRE)
        self._record([(order, None) for order in orders])
        return len(orders)

    def _record(self, ended: Sequence[tuple[Order, UUID | None]]) -> None:
        for order, actor_id in ended:
            self._events.record(actor_id, OrderEvent(order.status.value), order.id)
        self._orders.give_back([order.id for order, _ in ended])

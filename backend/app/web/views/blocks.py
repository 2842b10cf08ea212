"""Blocks on pages."""

from datetime import datetime

from pydantic import BaseModel, TypeAdapter

from app.web.views.people import Named

LIST = "/account/blocks"


class Block(BaseModel):
    """A person who is blocked."""

    person: Named
    created_at: datetime


BLOCKS = TypeAdapter(list[Block])

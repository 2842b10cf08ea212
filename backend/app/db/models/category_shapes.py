"""Categories in requests and answers."""

from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

import pydantic
from pydantic import BeforeValidator
from sqlmodel import Field, SQLModel

from app.db.models.categories import BY_TAG, MOST_CATEGORIES, LanguageTag, Names, Slug
from app.db.models.checklists import ItemNode, ItemPublic
from app.db.models.extras import ExtraNode, ExtraPublic
from app.db.models.fields import Input, Name, omittable, whole_number
from app.db.models.versioned import Tagged

Position = Annotated[
    int,
    pydantic.Field(strict=True, ge=1, le=MOST_CATEGORIES),
    BeforeValidator(whole_number),
]
"""The place of a category among its siblings, from 1."""

BY_LANGUAGE = "By language (BCP 47), where it differs from `name`"
NAMES: dict[str, Any] = {"examples": [{"de": "Fensterreinigung", "fr": "Nettoyage de vitres"}]}


class CategoryCreate(Input):
    """A new category."""

    slug: Slug = Field(
        description="It never changes: it stands in the terms of jobs",
        schema_extra={"examples": ["window-cleaning"]},
    )
    parent: Slug | None = Field(default=None, description="The category above it; null for none")
    name: Name = Field(schema_extra={"examples": ["Window cleaning"]})
    names: Names = Field(default_factory=dict, description=BY_LANGUAGE, schema_extra=NAMES)
    position: Position | None = Field(
        default=None, description="Its place among its siblings; the last by default"
    )


class CategoryNode(Input):
    """A category in a file, with those beneath it."""

    slug: Slug
    name: Name
    names: Names = Field(default_factory=dict)
    extras: list[ExtraNode] = Field(default_factory=list)
    checklist: list[ItemNode] = Field(default_factory=list)
    beneath: list["CategoryNode"] = Field(default_factory=list)

    def all(self) -> Iterator["CategoryNode"]:
        """The category and all beneath it."""
        yield self
        for node in self.beneath:
            yield from node.all()


class CategoryUpdate(Input):
    """Changes of a category, and of its place in the tree."""

    name: Name = omittable(schema_extra={"examples": ["Window cleaning"]})
    names: Annotated[dict[LanguageTag, Name | None], BY_TAG] = omittable(
        description="Languages that are left out keep their name; null removes one",
        schema_extra={"examples": [{"de": "Fensterreinigung"}]},
    )
    parent: Slug | None = Field(
        default=None, description="The category above it; null moves it to the top of the tree"
    )
    position: Position = omittable(
        description="Its place among its siblings; by default, it becomes the last of new ones"
    )


class CategoryPublic(SQLModel, Tagged):
    """A category."""

    id: UUID
    slug: Slug = Field(schema_extra={"examples": ["window-cleaning"]})
    parent: Slug | None = Field(description="The category above it")
    tier: int = Field(description="1 at the top of the tree")
    name: str = Field(description="Its name in all languages that `names` does not have")
    names: dict[str, str] = Field(description=BY_LANGUAGE, schema_extra=NAMES)
    position: int = Field(description="Its place among its siblings")
    active: bool = Field(description="Whether new jobs can have it")
    open_jobs: int = Field(
        description="The number of open jobs in it and beneath it, at most 10 seconds ago"
    )
    published_packages: int = Field(description="Likewise, of packages that can be ordered")


class CategoryDetail(CategoryPublic, Tagged):
    """A category with what it brings for jobs and bookings, and what it inherits from above."""

    extras: list[ExtraPublic] = Field(
        description="The extras that jobs can pick, those of the highest category first"
    )
    checklist: list[ItemPublic] = Field(
        description="The checklist of new bookings, the items of the highest category first"
    )


class CategoryTreePublic(SQLModel):
    """All categories, each before those beneath it, siblings in their order."""

    items: list[CategoryPublic]

"""The contents of the pages of packages."""

from dataclasses import dataclass

from app.db.models.pages import Hint
from app.web.forms import Form
from app.web.questions import Questions
from app.web.rendering import Template
from app.web.views.packages import Package, PackageDetail, PackageRevision


@dataclass(frozen=True)
class PackagesPage(Template, file="packages/browse.html"):
    """The list of packages.

    Args:
        form: The filters.
        items: The packages.
        more: The address of the next page.
        hint: Why a search has found nothing.
        categories: The categories for the filter.
    """

    form: Form
    items: list[Package]
    more: str | None
    hint: Hint | None
    categories: list[tuple[str, str]]


@dataclass(frozen=True)
class OwnPackagesPage(Template, file="packages/own.html"):
    """The packages of the caller.

    Args:
        packages: The packages.
        more: The address of the next page.
        status: The state that they have; empty for any.
    """

    packages: list[Package]
    more: str | None
    status: str


@dataclass(frozen=True)
class PackagePage(Template, file="packages/show.html"):
    """A package.

    Args:
        package: The package.
        is_own: Whether the caller sells it.
        trail: The names of its category and all above it.
        asked: The questions about it.
    """

    package: PackageDetail
    is_own: bool
    trail: list[str]
    asked: Questions


@dataclass(frozen=True)
class PackageFormPage(Template, file="packages/edit.html"):
    """The form of a package.

    Args:
        form: The fields.
        package: The package that is edited; None for a new one.
        categories: The categories.
        lengths: The durations that are suggested.
    """

    form: Form
    package: PackageDetail | None
    categories: list[tuple[str, str]]
    lengths: list[tuple[str, str]]


@dataclass(frozen=True)
class ArchivalPage(Template, file="packages/archive.html"):
    """The question whether to archive a package.

    Args:
        package: The package.
    """

    package: PackageDetail


@dataclass(frozen=True)
class StockPage(Template, file="packages/stock.html"):
    """The form that changes the stock of a package.

    Args:
        form: The change.
        package: The package.
    """

    form: Form
    package: PackageDetail


@dataclass(frozen=True)
class PackageHistoryPage(Template, file="packages/history.html"):
    """The earlier terms of a package.

    Args:
        package: The package.
        revisions: The earlier revisions, newest first.
        categories: The names of all categories, by their slugs.
        more: The address of the next page.
    """

    package: PackageDetail
    revisions: list[PackageRevision]
    categories: dict[str, str]
    more: str | None

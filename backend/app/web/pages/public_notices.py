"""Notices by persons without an account."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.db.models.public_notices import NoticeCreate
from app.services.public_notices import PublicNoticeService
from app.web.contexts import Options
from app.web.forms import Form
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.views.reports import KINDS
from app.web.visits import Visit

NEW = "/notice"

pages = Pages(Access.VISITORS)


@dataclass(frozen=True)
class NoticePage(Template, file="public_notices/new.html"):
    """The form of a notice.

    Args:
        form: The notice.
        kinds: What can be wrong, with the words for it.
    """

    form: Form
    kinds: Options


@dataclass(frozen=True)
class ReceiptPage(Template, file="public_notices/receipt.html"):
    """The receipt of a notice.

    Args:
        reference: Its reference.
    """

    reference: UUID


@pages.get(NEW)
async def show_notice(visit: Visit) -> Response:
    """The form of a notice, about the thing in the query if there is one."""
    form = visit.form_at(NEW, {"location": visit.request.query_params.get("about")})
    return visit.page(NoticePage(form, visit.options(KINDS)))


@pages.post(NEW, again=show_notice)
async def give_notice(visit: Visit) -> Response:
    """Reports a thing without an account."""
    draft = visit.read(NoticeCreate, language=visit.language)
    service = PublicNoticeService(visit.transaction, visit.client, visit.safeguards, visit.outside)
    return visit.see(f"{NEW}/{await service.give(draft)}")


@pages.get(f"{NEW}/{{reference:uuid}}")
async def show_receipt(visit: Visit, reference: UUID) -> Response:
    """The receipt of a notice."""
    return visit.page(ReceiptPage(reference))

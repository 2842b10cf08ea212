"""The form of a job, with the extras of its category."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from app.db.models.fields import LONGEST_DURATION
from app.db.models.terms import CleaningType
from app.web.categories import ExtraView
from app.web.formats import parse_number
from app.web.forms import Form
from app.web.rendering import Template
from app.web.views.cleanings import JobDetail
from app.web.visits import Visit

LENGTHS = (30, 60, 90, 120, 180, 240, 360, 480)
"""The durations that the form suggests, in minutes."""
TYPES = tuple(CleaningType)
SHOW_EXTRAS = "show_extras"
"""The button that shows the extras of the chosen category."""


@dataclass(frozen=True)
class JobFormPage(Template, file="cleanings/edit.html"):
    """The form of a job.

    Args:
        form: The fields.
        job: The job that is edited; None for a new one.
        categories: The categories.
        extras: The extras that can be picked: those of the chosen category.
        types: The kinds of cleaning.
        lengths: The durations that are suggested.
    """

    form: Form
    job: JobDetail | None
    categories: list[tuple[str, str]]
    extras: list[ExtraView]
    types: Sequence[str]
    lengths: list[tuple[str, str]]


async def job_form(visit: Visit, form: Form, job: JobDetail | None) -> Response:
    """The form of a job."""
    kept = visit.site.categories
    tree = await kept.tree(visit.reads)
    category = form.value("category")
    extras = await kept.extras(visit.reads, category)
    if job and job.category == category:
        brought = {extra.slug for extra in extras}
        extras = [*extras, *(extra for extra in job.extras if extra.slug not in brought)]
    options = tree.options(visit.language, category)
    lengths = length_options(visit, form)
    return visit.page(JobFormPage(form, job, options, extras, TYPES, lengths))


def length_options(visit: Visit, form: Form) -> list[tuple[str, str]]:
    """The durations for a choice, with the one that is entered: minutes, and in words."""
    chosen = parse_number(form.value("duration")) or 0
    minutes = sorted({*LENGTHS, *([chosen] if 0 < chosen <= LONGEST_DURATION else [])})
    return [(str(it), visit.renderer.formats.length(it)) for it in minutes]

"""Profiles: those of others, and the form of one's own."""

from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from app.core.catalogues import N_
from app.core.errors import Unauthenticated
from app.core.versions import ExpectedVersion
from app.db.models.bookings import Role
from app.db.models.evaluations import EvaluationFilters, EvaluationStats
from app.db.models.fields import Input, PersonName
from app.db.models.profiles import ProfileNotFound, ProfileUpdate
from app.db.models.searched import Language
from app.db.models.users import UserUpdate
from app.db.repositories.evaluations import EvaluationReader
from app.db.repositories.profiles import ProfileReader
from app.services.profiles import ProfileService
from app.web.cookies import keep_language
from app.web.forms import Form
from app.web.pages.users import user_service
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.views import json_list
from app.web.views.profiles import REVIEWS, Profile, Review
from app.web.visits import Visit

OWN = "/account/profile"
PERSON_NAME: TypeAdapter[str] = TypeAdapter(PersonName)

SAID = {"profile_edited": N_("Your profile is saved.")}

pages = Pages()


class AccountLanguage(Input):
    """The language of the pages that an account sees; null for that of the browser."""

    language: Language | None = None


@dataclass(frozen=True)
class PersonPage(Template, file="profiles/show.html"):
    """A person.

    Args:
        person: The profile.
        role: The role whose reviews are listed.
        stats: The ratings, by role.
        reviews: The reviews.
        more: The address of the next page of reviews.
        is_own: Whether it is the profile of the viewer.
    """

    person: Profile
    role: str
    stats: dict[Role, EvaluationStats]
    reviews: list[Review]
    more: str | None
    is_own: bool


@dataclass(frozen=True)
class ProfileFormPage(Template, file="profiles/edit.html"):
    """The form of one's own profile.

    Args:
        form: The fields.
    """

    form: Form


@pages.get("/people/{username}", Access.VISITORS)
async def show_person(visit: Visit, username: str) -> Response:
    """A person, with the reviews of them in one role."""
    try:
        person = await read_person(visit, username)
    except ProfileNotFound:
        if visit.viewer is None:  # profiles that are not public need a login
            raise Unauthenticated from None
        raise
    filters = visit.filters(EvaluationFilters, visit.asked())
    reader, caller = EvaluationReader(visit.reads), visit.optional_caller
    reviews = await reader.of_subject(
        caller, person.username, filters.role, visit.listing.part(filters)
    )
    page = PersonPage(
        person=person,
        role=filters.role,
        stats=await reader.both_stats(caller, person.username),
        reviews=REVIEWS.validate_json(json_list(reviews)),
        more=visit.more(reviews),
        is_own=visit.viewer is not None and visit.viewer.id == person.id,
    )
    return visit.page(page, public=True)


async def read_person(visit: Visit, username: str) -> Profile:
    """A profile, as the caller or a visitor sees it.

    Raises:
        ProfileNotFound: There is none that the caller may see.
    """
    item = await ProfileReader(visit.reads).named(visit.optional_caller, person_name(username))
    return Profile.model_validate_json(item.json)


def person_name(username: str) -> str:
    """The username or the public id in a path.

    Raises:
        ProfileNotFound: It is neither.
    """
    try:
        return PERSON_NAME.validate_python(username)
    except ValidationError as error:
        raise ProfileNotFound from error


@pages.get(OWN)
async def show_profile_form(visit: Visit) -> Response:
    """The form of one's own profile."""
    item = await ProfileReader(visit.reads).own(visit.caller)
    content = Profile.model_validate_json(item.json).model_dump(include=set(EDITABLE))
    if visit.viewer:
        content["language"] = visit.viewer.language
    return visit.page(ProfileFormPage(visit.form_at(OWN, content, item.version)))


EDITABLE = ("full_name", "bio", "phone_number", "is_public")


@pages.post(OWN, again=show_profile_form)
async def edit_profile(visit: Visit) -> Response:
    """Changes one's own profile, and the language of one's account."""
    changes, account = visit.read(ProfileUpdate), visit.read(AccountLanguage)
    response = visit.see(OWN, "profile_edited")
    if account.model_fields_set:
        update = UserUpdate(language=account.language)
        await user_service(visit).change(visit.caller, update, ExpectedVersion())
        keep_language(response, account.language)
    user = await visit.user()
    await ProfileService(visit.transaction).edit(user, changes, visit.seen)
    return response

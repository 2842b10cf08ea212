"""The texts of the demo market: a TOML file for each language of the pages."""

import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from typing import NamedTuple

from app.core.catalogues import SOURCE

FOLDER = Path(__file__).parent
Pair = list[str]
"""A question and its answer, or a headline and a comment."""
Work = list[str]
"""The name, the description and the category of a job or a package."""


class Name(NamedTuple):
    """The name of a user.

    Args:
        full: As it is shown.
        latin: The first name and the last name in Latin letters.
    """

    full: str
    latin: str


@dataclass(frozen=True)
class Texts:
    """The texts in a language. An empty message, reason or comment is one that is left out.

    Args:
        language: The language (ISO 639-1).
        full_name: The form of a full name, with `first` and `last`.
        address: The form of an address, with `number` and `street`.
        first_names: First names. One without Latin letters has those behind a slash.
        last_names: Last names, likewise.
        notifier: The full name of the person who gives notice of a job.
        areas: The parts of the town.
        streets: Its streets.
        customer_bios: Texts of the profiles of customers.
        cleaner_bios: Texts of the profiles of cleaners.
        occasions: Endings of the names of jobs.
        details: Sentences of descriptions of jobs, and notes of orders.
        second_thoughts: Sentences that are added to a description.
        questions: Questions about a job, with their answers.
        afterthought: The sentence that is added to a question.
        package_questions: Questions about a package, with their answers.
        thanks: What the person who asked says to the answer.
        messages: Messages of a cleaner, with the answers of the owner.
        last_messages: The last messages of a cleaner.
        complaints: The reasons of a report.
        notices: The reasons of a notice.
        offer_messages: Messages of offers.
        renewal_messages: Messages of renewals.
        called_off: The reasons of a cleaner who cancels a booking or declines an order.
        cancelled: The reasons of an owner who cancels a job or an order.
        praise: Good evaluations of cleaners.
        fair: Fair ones.
        blame: Bad ones.
        missed: Evaluations of cleaners who did not come.
        of_owners: Evaluations of owners, by their number of stars, from 2 to 5.
        packages: Packages.
        tasks: Jobs, by their type.
    """

    language: str
    full_name: str
    address: str
    first_names: list[str]
    last_names: list[str]
    notifier: str
    areas: list[str]
    streets: list[str]
    customer_bios: list[str]
    cleaner_bios: list[str]
    occasions: list[str]
    details: list[str]
    second_thoughts: list[str]
    questions: list[Pair]
    afterthought: str
    package_questions: list[Pair]
    thanks: list[str]
    messages: list[Pair]
    last_messages: list[str]
    complaints: list[str]
    notices: list[str]
    offer_messages: list[str]
    renewal_messages: list[str]
    called_off: list[str]
    cancelled: list[str]
    praise: list[Pair]
    fair: list[Pair]
    blame: list[Pair]
    missed: list[Pair]
    of_owners: dict[str, list[Pair]]
    packages: list[Work]
    tasks: dict[str, list[Work]]

    def address_of(self, random: Random) -> str:
        """A random address."""
        return self.address.format(
            number=random.randint(1, 120), street=random.choice(self.streets)
        )

    def names(self) -> list[Name]:
        """All combinations of a first name and a last name."""
        found: list[Name] = []
        for names in product(self.first_names, self.last_names):
            (first, _, _), (last, _, _) = (name.partition("/") for name in names)
            latin = " ".join(name.rpartition("/")[-1] for name in names)
            found.append(Name(self.full_name.format(first=first, last=last), latin))
        return found


@cache
def texts_in(language: str) -> Texts:
    """The texts in a language of the pages."""
    with (FOLDER / f"{language}.toml").open("rb") as file:
        return Texts(language, **tomllib.load(file))


def second_language(language: str) -> str:
    """The language of a fifth of the jobs in a market with another language."""
    return "de" if language == SOURCE else SOURCE

"""Templates exist, use all that they are given, and are all used."""

import re
from typing import Any

import pytest
from jinja2 import Environment, meta, nodes

from app.web.pages import ROUTES
from app.web.rendering import TEMPLATES, Template
from app.web.sites import Site
from app.web.words import ErrorPage
from tests.core.settings import development

OTHERS = (nodes.Extends, nodes.FromImport, nodes.Import, nodes.Include)


@pytest.fixture(scope="module")
def environment() -> Environment:
    """The environment of the templates of a market."""
    assert ROUTES  # so that all pages are imported
    return Site(development(), {}).renderer("en").environment


def parsed(environment: Environment, file: str) -> nodes.Template:
    """A template as a tree."""
    return environment.parse((TEMPLATES / file).read_text())


def others(tree: nodes.Template) -> set[str]:
    """The files that a template extends, includes or imports."""
    found: list[Any] = list(tree.find_all(OTHERS))
    return {it.template.value for it in found}


def used(environment: Environment, file: str) -> set[str]:
    """The variables that a template uses, with those beneath it."""
    tree = parsed(environment, file)
    names = meta.find_undeclared_variables(tree)
    found: list[Any] = list(tree.find_all(OTHERS))
    for other in found:
        if getattr(other, "with_context", True):
            names |= used(environment, other.template.value)
    return names


@pytest.mark.parametrize("template", Template.all, ids=lambda it: it.file)
def test_a_template_uses_all_that_it_is_given(
    environment: Environment, template: type[Template]
) -> None:
    given = set(template.__dataclass_fields__) - {"file", "all"}
    assert given - used(environment, template.file) == set()


def test_each_dialog_can_be_left() -> None:
    texts = {str(path): path.read_text() for path in TEMPLATES.rglob("*.html")}
    dialogs = {name for name, text in texts.items() if "data-sheet" in text}
    assert dialogs
    assert {name for name in dialogs if "data-close" not in texts[name]} == set()


def test_each_file_is_a_page_or_part_of_one(environment: Environment) -> None:
    files = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")}
    parts = {part for file in files for part in others(parsed(environment, file))}
    assert ErrorPage in Template.all
    assert files == {template.file for template in Template.all} | parts


def test_names_of_people_in_sentences_keep_their_direction_to_themselves() -> None:
    """A macro isolates the name, but in titles, which are text alone."""
    argument = re.compile(r"\w+=named\(")
    sentence = re.compile(r"\b_\((?:[^(){}]|\([^()]*\))*\)")
    found = {
        f"{path.name}: {text}"
        for path in TEMPLATES.rglob("*.html")
        for line in path.read_text().splitlines()
        for text in sentence.findall(line)
        if argument.search(text) and "block title" not in line
    }
    assert found == set()

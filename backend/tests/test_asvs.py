"""The page about the OWASP ASVS: every requirement is there, and what it names as proof exists."""

import ast
import re
from functools import cache

import pytest

from app.core.config import Settings
from app.core.limits import Limits
from app.db.models.api_keys import MOST_PER_ACCOUNT
from app.db.models.categories import MOST_CATEGORIES
from app.db.models.extras import MOST_PICKED
from app.db.models.order_items import MOST_ITEMS, MOST_PIECES
from app.db.models.packages import MOST_PER_SELLER
from app.db.models.questions import MOST_ANSWERS
from app.db.models.saved_searches import MOST_PER_ACCOUNT as MOST_SAVED
from app.db.models.webhooks import MOST_PER_ACCOUNT as MOST_WEBHOOKS
from app.db.repositories.searches import RANKED
from app.http.errors import MOST_ERRORS
from app.http.middleware import LARGEST_HEADERS, LONGEST_URL
from app.http.parsing import MOST_FIELDS
from tests.server import BACKEND

ASVS = (BACKEND / "docs" / "asvs.md").read_text()
SECURITY = (BACKEND / "docs" / "security.md").read_text()

# The levels of all requirements of ASVS 5.0.0 by their sections, in order: of 1.2, the first five
# are of level 1, four of level 2, and the last is of level 3.
LEVELS = """
1.1 22            1.2 1111122223    1.3 112222222223  1.4 222           1.5 123
2.1 122           2.2 112           2.3 12223         2.4 23
3.1 3             3.2 113           3.3 12223         3.4 11222233      3.5 11122333
3.6 3             3.7 22333
4.1 12233         4.2 23333         4.3 22            4.4 1222
5.1 2             5.2 112333        5.3 113           5.4 222
6.1 122           6.2 111111112222  6.3 11223333      6.4 112233        6.5 22222333
6.6 2223          6.7 33            6.8 2222
7.1 222           7.2 1111          7.3 22            7.4 11222         7.5 223
7.6 22
8.1 1233          8.2 1123          8.3 133           8.4 23
9.1 111           9.2 1222
10.1 22           10.2 223          10.3 22223        10.4 1111122222233333
10.5 22222        10.6 22           10.7 222
11.1 2233         11.2 22233        11.3 11233        11.4 1222         11.5 23
11.6 23           11.7 33
12.1 12233        12.2 11           12.3 22223
13.1 2333         13.2 222223       13.3 2233         13.4 1222233
14.1 22           14.2 12223333     14.3 122
15.1 12233        15.2 12233        15.3 1222222      15.4 3333
16.1 2            16.2 22222        16.3 2222         16.4 222          16.5 2223
17.1 23           17.2 22223333     17.3 22
"""

ROWS = re.findall(r"^\| ([\d.]+) \| (\d) \| (.+?) \| (.+) \|$", ASVS, re.MULTILINE)
TESTS = re.findall(r"(tests/[\w/]+\.py)::([\w:]+)", ASVS)
PROOF = re.compile(r"`tests/|\]\(security\.md#|^Does not apply: \w")


@cache
def defined_in(file: str) -> set[str]:
    """The functions of a file, and the methods of its classes, as pytest calls them."""
    names = set()
    for node in ast.parse((BACKEND / file).read_text()).body:
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}::{getattr(inner, 'name', '')}" for inner in node.body}
        names.add(getattr(node, "name", ""))
    return names


def anchors(text: str) -> set[str]:
    """What the sections of a page can be linked by."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {title.lower().replace(" ", "-") for title in titles}


def test_every_requirement_of_both_levels_is_there_once() -> None:
    wanted = [
        (f"{section}.{number}", level)
        for section, levels in re.findall(r"(\d+\.\d+) (\d+)", LEVELS)
        for number, level in enumerate(levels, 1)
        if level != "3"
    ]
    assert len(wanted) == 253
    assert [(name, level) for name, level, _, _ in ROWS] == wanted


@pytest.mark.parametrize(("name", "proof"), [(row[0], row[3]) for row in ROWS])
def test_each_is_answered(name: str, proof: str) -> None:
    assert PROOF.search(proof), name


def test_none_is_pending_or_not_met() -> None:
    assert f"\nAll {len(ROWS)} requirements are met, or do not apply.\n" in ASVS
    assert [name for name, _, _, proof in ROWS if re.search("PENDING|Not met", proof)] == []


@pytest.mark.parametrize(("file", "name"), sorted(set(TESTS)))
def test_each_proof_exists(file: str, name: str) -> None:
    assert name in defined_in(file)


def test_each_section_exists() -> None:
    linked = set(re.findall(r"\(security\.md#([^)]+)\)", ASVS))
    linked |= set(re.findall(r"\]\(#([^)]+)\)", SECURITY))
    assert linked
    assert linked - anchors(SECURITY) == set()


def test_each_limit_is_the_one_that_is_set() -> None:
    described = re.findall(r"^\| `([A-Z_]+)` \| (\S+) \|", SECURITY, re.MULTILINE)
    assert described
    fields = Settings.model_fields
    assert described == [(name, str(fields[name.lower()].default)) for name, _ in described]


@pytest.mark.parametrize("limit", Limits._fields)
def test_each_rate_limit_is_held_by_a_proof(limit: str) -> None:
    (proofs,) = (proof for name, _, _, proof in ROWS if name == "2.3.2")
    files = {file for file, _ in TESTS if file in proofs}
    assert any(f'"{limit}"' in (BACKEND / file).read_text() for file in files)


def test_each_limit_of_the_rules_is_the_one_that_holds() -> None:
    for said in (
        f"{LONGEST_URL // 1024} KiB of a URL",
        f"{LARGEST_HEADERS // 1024} KiB of headers",
        f"{MOST_PER_ACCOUNT} API keys of an account",
        f"{MOST_WEBHOOKS} webhooks",
        f"{MOST_SAVED} saved searches",
        f"{MOST_PER_SELLER} packages that are not archived",
        f"{MOST_FIELDS} fields in a form or a JSON object",
        f"{MOST_ERRORS} errors reported for a request",
        f"{RANKED} ranked",
        f"{MOST_ANSWERS} answers to a question",
        f"{MOST_ITEMS} packages of an order, and {MOST_PIECES} pieces of each",
        f"{MOST_PICKED} extras of a job",
        f"{MOST_CATEGORIES} categories",
    ):
        assert said in SECURITY.replace("\n", " ")

"""Whatever is sent, right or wrong, each answer is one that the documentation speaks of."""

from tests.fuzz.documented import SCHEMA
from tests.fuzz.explorer import Case, Explorer


@SCHEMA.parametrize()
def test_each_answer_is_as_documented(case: Case, explorer: Explorer) -> None:
    explorer.explore(case)

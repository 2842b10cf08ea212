"""Whatever is sent, right or wrong, each answer is one that the documentation speaks of."""

import pytest
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.pytest._test_builder import build_operation_test

from tests.fuzz.documented import SCHEMA
from tests.fuzz.explorer import Case, Explorer
from tests.operations import OPERATIONS, Operation


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_each_answer_is_as_documented(operation: Operation, explorer: Explorer) -> None:
    def explore(case: Case) -> None:
        explorer.explore(case)

    # `SCHEMA.parametrize` would make the cases of all operations when tests are collected, in each
    # test process, which takes seconds.
    test = build_operation_test(
        config=SCHEMA.config,
        operation=SCHEMA.find_operation_by_id(str(operation)),
        test_func=explore,
        given_kwargs={},
        feedback=NO_FEEDBACK,
    )
    test()

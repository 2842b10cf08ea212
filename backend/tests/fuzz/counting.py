"""The number of cases of all processes, with a lower limit."""

import pytest

from tests.operations import OPERATIONS

FEWEST = 2000
TESTS = len(OPERATIONS) + 1  # and the one of the chains


class CaseCount:
    """Adds up the cases that the tests report; if all of them have too few, the session fails."""

    def __init__(self) -> None:
        self._cases: list[int] = []

    @property
    def _few(self) -> bool:
        return len(self._cases) == TESTS and sum(self._cases) < FEWEST

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Takes a test into account at its end."""
        if report.when == "teardown":
            self._cases += [int(str(it)) for name, it in report.user_properties if name == "cases"]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Judges the sum."""
        if self._few:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tells the sum."""
        if self._cases:
            few = f", but there must be {FEWEST}" if self._few else ""
            terminalreporter.write_line(
                f"{sum(self._cases)} cases were made out of the documentation{few}", red=self._few
            )

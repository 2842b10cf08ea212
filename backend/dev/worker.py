"""The worker of ``make run``: it starts anew when the source changes, as the service does."""

import logging
import multiprocessing
import os
import signal

from watchfiles import PythonFilter, run_process

from dev.processes import die_with_parent


def work() -> None:
    """Runs the worker, in the process that is replaced after each change."""
    from app.worker.__main__ import main  # the process that watches doesn't need it

    parent = multiprocessing.parent_process()
    if parent and parent.pid:
        die_with_parent(signal.SIGTERM, parent.pid)
    main()


if __name__ == "__main__":
    die_with_parent(signal.SIGTERM, os.getppid())
    logging.getLogger("watchfiles").setLevel(logging.ERROR)  # Ctrl-C is nothing to warn of
    run_process("app", target=work, watch_filter=PythonFilter())

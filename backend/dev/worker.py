"""The worker of ``make run``, which reloads after changes of the source."""

import logging
import multiprocessing
import os
import signal

from watchfiles import PythonFilter, run_process

from dev.processes import die_with_parent


def work() -> None:
    """Runs the worker, in the process that is reloaded."""
    from app.worker.__main__ import main  # not needed by the reloader

    parent = multiprocessing.parent_process()
    if parent and parent.pid:
        die_with_parent(signal.SIGTERM, parent.pid)
    main()


if __name__ == "__main__":
    die_with_parent(signal.SIGTERM, os.getppid())
    logging.getLogger("watchfiles").setLevel(logging.ERROR)  # no warnings at Ctrl-C
    run_process("app", target=work, watch_filter=PythonFilter())

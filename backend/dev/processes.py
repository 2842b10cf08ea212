"""Child processes that end with their parent."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)  # loaded here, since that is unsafe between fork and exec


def die_with_parent(number: signal.Signals, parent: int) -> None:
    """Makes the kernel send this process a signal when its parent ends, even by ``kill -9``.

    On Linux only; elsewhere this does nothing.

    Args:
        number: The signal.
        parent: The process id of the parent, which may have ended before this was called.
    """
    if sys.platform == "linux":
        libc.prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os.kill(os.getpid(), number)

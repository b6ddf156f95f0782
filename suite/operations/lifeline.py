"""Ties a process to its parent, so that nothing outlives a supervisor that was killed."""

from __future__ import annotations

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1  # linux/prctl.h
_LIBC = ctypes.CDLL(None, use_errno=True)


def die_with(parent: int) -> None:
    """Have the kernel kill this process when process `parent` ends.

    Called in the child between fork and exec: the wish survives `exec`, but a `fork` of the child must renew it.
    """
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the wish was made
        os.kill(os.getpid(), signal.SIGKILL)

"""The memory allocator, kept from giving back what the next step needs again."""

from __future__ import annotations

import ctypes

# Numbers of the options of mallopt, from glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_NEVER = 2**31 - 1
# Older releases of glibc take no larger threshold for mmap.
_MOST_OF_OLD = 2**25


def keep_freed_memory() -> bool:
    """Let this process keep freed memory, where its C library is glibc.

    By default glibc gives the end of its heap back after every step, and the kernel
    clears each page anew at the next, which can take a good part of a step on the CPU.
    Which of two models pays for it in one process is a matter of chance, so they could
    not be compared.

    Returns:
        Whether the C library could be told.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    # Either option ends glibc's own adaption of both, so the one that may be refused
    # comes first.
    limits = (_NEVER, _MOST_OF_OLD)
    if not any(mallopt(_M_MMAP_THRESHOLD, limit) == 1 for limit in limits):
        return False
    return mallopt(_M_TRIM_THRESHOLD, _NEVER) == 1

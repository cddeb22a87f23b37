"""Work in processes of their own, since typst gives memory back only when its process ends.

On Linux they are forked from a server that has loaded what they need, once for all of them.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.context import BaseContext
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

AT_ONCE = 2

LOADED = "export.bundle.pdf.loaded"
"""The module that the server imports."""


def in_processes(work: Callable[[Job], Result], jobs: Iterable[Job]) -> Iterator[Result]:
    """Yield the results in the jobs' order; jobs are taken as they are needed, so few wait in memory."""
    with ThreadPoolExecutor(AT_ONCE) as waiting:
        under_way: deque[Future[Result]] = deque()
        for job in jobs:
            under_way.append(waiting.submit(_alone, work, job))
            if len(under_way) > AT_ONCE:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _alone(work: Callable[[Job], Result], job: Job) -> Result:
    """Do one job in a process that is started for it and ends with it."""
    with ProcessPoolExecutor(1, mp_context=_context()) as process:
        return process.submit(work, job).result()


def _context() -> BaseContext:
    if sys.platform != "linux":  # Windows has no fork, and macOS no safe one
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([LOADED])
    return context

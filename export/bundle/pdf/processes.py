"""Work in processes of their own, since typst gives memory back only when its process ends.

On Linux they are forked from a server that has loaded what they need, once for all of them.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext

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
    """Do one job in a process that is started for it and ends with it; one that outlives this process ends too."""
    context = _context()
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sender, work, job))
    process.start()
    sender.close()
    try:
        with receiver:
            result, error = receiver.recv()
    except EOFError:
        raise ChildProcessError("a process that made a PDF was ended") from None
    finally:
        process.join()
    if error is not None:
        raise error
    return cast(Result, result)


def _send(sender: Connection, work: Callable[[Job], Result], job: Job) -> None:
    """Run in the other process: do the job and send its result or its error; nobody may be left to take it."""
    try:
        done: tuple[Result | None, Exception | None] = (work(job), None)
    except Exception as error:
        done = (None, error)
    with suppress(BrokenPipeError):
        sender.send(done)


def _context() -> ForkServerContext | SpawnContext:
    if sys.platform != "linux":  # Windows has no fork, and macOS no safe one
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([LOADED])
    return context

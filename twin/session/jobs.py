"""Runs what the scene is waiting for, beside the user's work, and forgets what is no longer wanted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import partial

from twin.errors import Cancelled, TwinError
from twin.scene.scene import Failed, Key, Request

Post = Callable[[Callable[[], None]], None]


class Inline(Executor):
    """Runs everything at once in the caller's thread: for tests and the command line."""

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]  # the base class's own signature
        """Runs the function before returning its future."""
        future: Future[object] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as failure:  # carried by the future, as every executor does
            future.set_exception(failure)
        return future


@dataclass(eq=False)
class Job:
    """One request being worked on."""

    request: Request
    fraction: float = 0.0
    started: float = field(default_factory=time.monotonic)
    cancelled: threading.Event = field(default_factory=threading.Event)

    def progress(self, fraction: float) -> None:
        """Called by the work now and then; raises Cancelled when nobody wants it any more."""
        self.fraction = fraction
        if self.cancelled.is_set():
            raise Cancelled("cancelled")


class Jobs:
    """The work under way, at most one a key.

    post: brings a function into the thread that owns the session, and calls it there.
    finished: called there with the key and the result, a Failed when the work did not succeed.
    prepared: called with each result before that, beside the user's work, as to make it ready for drawing;
    advanced: called there with the key and what there is so far, where the function of a request yields it;
    what it yields last is the result.
    """

    def __init__(
        self,
        executor: Executor,
        post: Post,
        finished: Callable[[Key, object], None],
        advanced: Callable[[Key, object], None] = lambda _key, _value: None,
        prepared: Callable[[object], None] = lambda _value: None,
    ) -> None:
        self._executor, self._post, self._finished = executor, post, finished
        self._prepared = prepared
        self._advanced = advanced
        self._running: dict[Key, Job] = {}

    @property
    def running(self) -> tuple[Job, ...]:
        """What is being worked on, oldest first."""
        return tuple(self._running.values())

    def start(self, request: Request) -> None:
        """Begins the work unless it is under way already."""
        if request.key in self._running:
            return
        job = self._running[request.key] = Job(request)
        future = self._executor.submit(self._work, job)
        future.add_done_callback(lambda done: self._post(lambda: self._end(job, done)))

    def keep_only(self, wanted: Iterable[Key]) -> None:
        """Cancels all other work."""
        keys = set(wanted)
        for key in [key for key in self._running if key not in keys]:
            self._running.pop(key).cancelled.set()

    def _work(self, job: Job) -> object:
        if job.cancelled.is_set():
            raise Cancelled("cancelled")
        found = job.request.function(*job.request.inputs, progress=job.progress)
        if isinstance(found, Iterator):
            return self._last(job, found)
        self._prepared(found)
        return found

    def _last(self, job: Job, steps: Iterator[object]) -> object:
        found: object = None
        for found in steps:
            self._post(partial(self._advance, job, found))
        return found

    def _advance(self, job: Job, value: object) -> None:
        if self._running.get(job.request.key) is job:
            self._advanced(job.request.key, value)

    def _end(self, job: Job, done: Future[object]) -> None:
        if self._running.get(job.request.key) is not job:
            return  # cancelled, and perhaps started again since
        del self._running[job.request.key]
        failure = done.exception()
        if failure is None:
            self._finished(job.request.key, done.result())
        elif isinstance(failure, Exception):
            self._finished(job.request.key, failed(job.request, failure))
        else:
            raise failure


def failed(request: Request, failure: Exception) -> Failed:
    """What the user is told of a computation that did not succeed."""
    if isinstance(failure, MemoryError):
        return Failed(
            f"{request.title}: there is not enough memory. Close other programs or use a smaller area."
        )
    if isinstance(failure, TwinError):
        return Failed(f"{request.title}: {failure}")
    return Failed(f"{request.title} failed: {type(failure).__name__}: {failure}")

"""Tells those who asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Signal(Generic[T]):
    """Calls every connected function, in the order of connecting."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[T], object]] = []

    def connect(self, listener: Callable[[T], object]) -> None:
        """Calls `listener` from now on."""
        self._listeners.append(listener)

    def disconnect(self, listener: Callable[[T], object]) -> None:
        """Stops calling it."""
        self._listeners.remove(listener)

    def emit(self, value: T) -> None:
        """Calls all listeners; one that raises does not keep the others from hearing."""
        failures = []
        for listener in tuple(self._listeners):
            try:
                listener(value)
            except Exception as failure:  # raised again below, when all have heard
                failures.append(failure)
        if failures:
            raise failures[0]

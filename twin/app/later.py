"""Names functions of a module that is loaded only when one of them is called."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any


class Later:
    """Stands for a module: what is asked of it is a function that loads the module when it is called.

    The table of actions names hundreds of things to do, and a window that opens does none of them.
    """

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def run(*inputs: Any, **options: Any) -> Any:
            return getattr(import_module(self._module), name)(*inputs, **options)

        return run

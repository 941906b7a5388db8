"""Lends an executor: this process, or the workers of a Dask cluster."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from concurrent.futures import Executor

from twin.errors import TwinError
from twin.session.jobs import Inline

PATIENCE = 10.0
"""How long a scheduler may take to answer. [s]"""


@contextlib.contextmanager
def executor_at(address: str | None) -> Iterator[Executor]:
    """Where tiles are worked out: the scheduler of that address, as tcp://host:8786; None: here, one by one.

    Raises TwinError where the extra is missing or nobody answers.
    """
    if address is None:
        yield Inline()
        return
    try:
        import distributed
    except ImportError:
        raise TwinError(
            "Working on a cluster needs the extra [cluster]: pip install 'twin[cluster]'."
        ) from None
    logging.getLogger("distributed").setLevel(logging.ERROR)
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise TwinError(
            f"No cluster answers at {address} ({error}). Start one with `dask scheduler` and `dask worker`."
        ) from None
    with client, client.get_executor(pure=False) as executor:  # type: ignore[no-untyped-call]
        yield executor

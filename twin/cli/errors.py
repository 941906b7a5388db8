"""Turns what went wrong into one line and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable

from twin.errors import TwinError

ERROR, INTERRUPTED = 2, 130


def reported(run: Callable[[], int], *, debug: bool = False) -> int:
    """What `run` returns, or the code of what it raised, after one line `twin: …` on stderr.

    debug: the traceback before it.
    """
    try:
        code = run()
        sys.stdout.flush()
    except SystemExit as said:  # --help and --version have printed what they know
        return int(said.code or 0)
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # the reader has seen enough; Python would complain again when it closes stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # the last place to catch it, and all of it is told
        if debug:
            traceback.print_exc()
        _say(_line(error))
        return ERROR
    return code


def _line(error: Exception) -> str:
    if isinstance(error, TwinError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return f"unexpected {type(error).__name__}: {error}. Run it again with --debug, and report what it says."


def _say(text: str) -> None:
    print(f"twin: {' '.join(text.split())}", file=sys.stderr)

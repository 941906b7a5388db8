"""Keeps passwords and tokens of feeds in the keyring of the computer, or in memory; never in a file."""

from __future__ import annotations

import os
import threading
from urllib.parse import urlsplit

SERVICE = "twin"
VARIABLE = "TWIN_SECRET_"
"""With the id of a feed in capitals, an environment variable that gives its secret, for want of a keyring."""
_memory: dict[str, str] = {}
_lock = threading.Lock()


def keep(feed: str, url: str, secret: str) -> bool:
    """Keep the secret of a feed; an empty one forgets it. Whether it outlives this program.

    It belongs to the host too: a feed that is sent elsewhere has none.
    """
    name = _name(feed, url)
    with _lock:
        if secret:
            _memory[name] = secret
        else:
            _memory.pop(name, None)
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    try:
        if secret:
            keyring.set_password(SERVICE, name, secret)
        else:
            keyring.delete_password(SERVICE, name)
    except PasswordDeleteError:
        return True
    except (KeyringError, OSError, RuntimeError):
        return False
    return True


def recall(feed: str, url: str) -> str:
    """The secret of a feed; empty where there is none."""
    said = os.environ.get(variable(feed), "")
    name = _name(feed, url)
    with _lock:
        known = said or _memory.get(name, "")
    if known:
        return known
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, name) or ""
    except (KeyringError, OSError, RuntimeError):
        return ""


def variable(feed: str) -> str:
    """The environment variable of a feed."""
    return VARIABLE + feed.upper().replace("-", "_").replace(".", "_")


def _name(feed: str, url: str) -> str:
    return f"{feed}@{urlsplit(url).hostname or ''}"

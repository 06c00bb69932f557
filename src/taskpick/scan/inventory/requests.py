"""Requests to other servers that may wait for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskpick.scan.parsing.modules import Call

METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
"""The functions of the library `requests` that have no timeout unless they are given one."""
_NAMES = frozenset(f"requests.{method}" for method in METHODS)


def has_no_timeout(call: Call) -> bool:
    """Whether a call is a request without a timeout, as far as its keywords are written out."""
    return call.name in _NAMES and not any(
        keyword.name in ("timeout", None) for keyword in call.keywords
    )

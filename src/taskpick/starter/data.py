"""How the project of a starter differs from the shared one: its `starter.yaml`, as data."""

from __future__ import annotations

from taskpick.rulefile.document import DEEPEST
from taskpick.starter.write import StarterError


def read_data(text: str, name: str) -> dict[str, object]:
    """The mapping that a `starter.yaml` holds; `name` is its path, for messages.

    Raises:
        StarterError: it is not YAML, not a mapping, nested too deeply, or uses aliases, which can
            grow without bound.
    """
    import yaml  # only for a project, which few runs write

    depth = 0
    try:
        for event in yaml.parse(text, yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise StarterError(f"{name}: aliases are not allowed", "write the value out")
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise StarterError(f"{name}: nested more than {DEEPEST} levels deep")
        data = yaml.load(text, yaml.SafeLoader)
    except (yaml.YAMLError, ValueError) as error:
        raise StarterError(f"{name} cannot be read: {error}") from error
    if not isinstance(data, dict):
        raise StarterError(f"{name} is not a mapping")
    return data

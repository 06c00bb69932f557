"""The lowest versions that `pyproject.toml` allows taskpick to run with, as constraints for pip.

python tests/tools/lowest.py > lowest.txt
python3 -m venv .venv-lowest && .venv-lowest/bin/pip install -e ".[test]" -c lowest.txt
.venv-lowest/bin/pytest tests/decision tests/rulefile tests/questions tests/report tests/records
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
LOWEST = re.compile(r"(?P<name>[\w-]+)\s*>=\s*(?P<version>[\d.]+)")


def main() -> None:
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    for requirement in project["dependencies"]:
        lowest = LOWEST.match(requirement)
        if lowest is None:
            raise SystemExit(f"{requirement} has no lowest version")
        print(f"{lowest['name']}=={lowest['version']}")


if __name__ == "__main__":
    main()

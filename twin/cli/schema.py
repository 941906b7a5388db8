"""`twin schema`: the JSON Schema of project files."""

from __future__ import annotations

from twin.cli.printing import print_json
from twin.formats import project_file


def schema() -> int:
    """Print it."""
    print_json(project_file.schema())
    return 0

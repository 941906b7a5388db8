"""`twin schema`: the JSON Schema of project files."""

from __future__ import annotations

import argparse

from twin.cli.printing import print_json
from twin.formats import project_file


def schema(_options: argparse.Namespace) -> int:
    """Print it."""
    print_json(project_file.schema())
    return 0

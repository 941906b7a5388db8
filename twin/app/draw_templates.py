"""Keeps the values of what is drawn next, by tool: what one changed last is what one wants again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from twin.app.draw_tools import TOOLS, Tool
from twin.model.scenario import Edit
from twin.scene.drawing import EMPTY
from twin.scene.sketches import shaped
from twin.session.edit_values import FIELDS


class Templates:
    """An edit without a shape and a title for each tool that makes one."""

    def __init__(self) -> None:
        self._edits: dict[str, Edit] = {t.id: t.template for t in TOOLS.values() if t.template}

    def of(self, tool: Tool | None) -> Edit | None:
        """What a tool makes, with the values that are set."""
        return self._edits.get(tool.id) if tool is not None else None

    def put(self, tool: Tool, edit: Edit) -> None:
        """What this tool makes next is to have these values."""
        if type(tool.template) is type(edit):
            self._edits[tool.id] = _blank(tool, edit)

    def learn(self, edit: Edit) -> None:
        """What is drawn next is like what was changed last."""
        for tool in TOOLS.values():
            if type(tool.template) is type(edit) and _alike(tool, edit):
                self._edits[tool.id] = _blank(tool, edit)


def _alike(tool: Tool, edit: Edit) -> bool:
    """Tools that make the same kind, as streets and hedges, are told apart by what it is."""
    fixed = [field.name for field in FIELDS[type(edit)] if field.name in ("way", "thing")]
    return all(getattr(tool.template, name) == getattr(edit, name) for name in fixed)


def _blank(tool: Tool, edit: Edit) -> Edit:
    assert tool.shape is not None and tool.template is not None
    changed: dict[str, Any] = {"title": "", "enabled": True, "id": tool.template.id}
    return shaped(replace(edit, **changed), EMPTY[tool.shape])

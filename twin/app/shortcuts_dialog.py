"""Lists all actions with their keys, and lets the user change them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twin.app import texts
from twin.app.palette import folded
from twin.app.theme import tones_of

NAME = int(Qt.ItemDataRole.UserRole)


class ShortcutsDialog(QDialog):
    """A table of actions and keys.

    actions: each with its own objectName; defaults: objectName to keys as `QKeySequence.toString()`;
    save: called with what differs from the defaults when the user accepts; the actions have it already.
    """

    def __init__(
        self,
        actions: Sequence[QAction],
        defaults: Mapping[str, str],
        save: Callable[[Mapping[str, str]], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self._actions = {action.objectName(): action for action in actions}
        self._defaults, self._save = defaults, save
        self._keys = {name: _portable(action.shortcut()) for name, action in self._actions.items()}
        self.search, self.table, self.edit = QLineEdit(), QTreeWidget(), QKeySequenceEdit()
        self.reset = QPushButton(self.tr("Reset this"))
        self.reset_all = QPushButton(self.tr("Reset all"))
        self.clash = QLabel()
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Save | buttons.Cancel)
        self._lay_out()
        self._listen()
        self._fill()
        first = self.table.topLevelItem(0)
        if first is not None:
            self.table.setCurrentItem(first)

    def accept(self) -> None:
        """Gives the actions their keys and hands over what differs from the defaults."""
        for name, keys in self._keys.items():
            if (
                _portable(self._actions[name].shortcut()) != keys
            ):  # an action may have a second key of its own
                self._actions[name].setShortcut(QKeySequence(keys))
        default = {name: _portable(QKeySequence(self._defaults.get(name, ""))) for name in self._keys}
        self._save({name: keys for name, keys in self._keys.items() if keys != default[name]})
        super().accept()

    def set_keys(self, name: str, keys: str) -> None:
        """Changes the keys of one action, here only; takes them from whoever had them."""
        if keys:
            for other, held in self._keys.items():
                if held == keys and other != name:
                    self._keys[other] = ""
        self._keys[name] = keys
        self._show_keys()

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        self.resize(round(46 * em), round(36 * em))
        self.search.setPlaceholderText(self.tr("Find an action or a key"))
        self.search.setAccessibleName(self.tr("Find an action or a key"))
        self.search.setToolTip(self.tr("Find an action or a key"))
        self.search.setClearButtonEnabled(True)
        self.table.setAccessibleName(self.tr("Actions and keys"))
        self.table.setHeaderLabels([self.tr("Action"), self.tr("What it does"), self.tr("Keys")])
        self.table.setRootIsDecorated(False)
        self.table.setIconSize(QSize(em, em))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.table.header()
        header.setStretchLastSection(False)
        widest = max(
            (self.fontMetrics().horizontalAdvance(a.text()) for a in self._actions.values()), default=0
        )
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(0, widest + 4 * em)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.edit.setMaximumSequenceLength(1)
        self.edit.setClearButtonEnabled(True)
        self.edit.setAccessibleName(self.tr("New keys"))
        self.edit.setToolTip(self.tr("Click here and press the new keys"))
        field = self.edit.findChild(QLineEdit)
        if field is not None:
            field.setAccessibleName(self.tr("New keys"))
        for button, tip in (
            (self.reset, self.tr("Give this action its first keys again")),
            (self.reset_all, self.tr("Give all actions their first keys again")),
        ):
            button.setAutoDefault(False)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        self.clash.setTextFormat(Qt.TextFormat.PlainText)
        self.clash.setWordWrap(True)
        self.clash.setObjectName("muted")
        row = QHBoxLayout()
        row.addWidget(QLabel(self.tr("New keys")))
        row.addWidget(self.edit, 1)
        row.addWidget(self.reset)
        row.addWidget(self.reset_all)
        column = QVBoxLayout(self)
        column.setSpacing(round(0.6 * em))
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addLayout(row)
        column.addWidget(self.clash)
        column.addWidget(self.buttons)

    def _listen(self) -> None:
        self.search.textEdited.connect(self._on_search)
        self.table.currentItemChanged.connect(lambda *_: self._show_chosen())
        self.edit.editingFinished.connect(self._on_edit)
        self.reset.clicked.connect(self._on_reset)
        self.reset_all.clicked.connect(self._on_reset_all)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _fill(self) -> None:
        tone = tones_of(self.palette())
        for name, action in self._actions.items():
            title = action.text().replace("&", "")
            item = QTreeWidgetItem([title, action.statusTip(), ""])
            item.setData(0, NAME, name)
            item.setIcon(0, action.icon())
            item.setSizeHint(0, QSize(0, round(1.9 * self.fontMetrics().height())))
            item.setForeground(1, QColor(tone.muted))
            item.setToolTip(1, texts.tip(action.statusTip()))
            self.table.addTopLevelItem(item)
        self._show_keys()

    def _show_keys(self) -> None:
        for row in range(self.table.topLevelItemCount()):
            item = self.table.topLevelItem(row)
            if item is not None:
                keys = QKeySequence(self._keys[item.data(0, NAME)])
                item.setText(2, keys.toString(QKeySequence.SequenceFormat.NativeText))
        self._show_chosen()

    def _show_chosen(self) -> None:
        name = self._chosen()
        self.edit.setKeySequence(QKeySequence(self._keys.get(name, "")))
        self.clash.setText("")

    def _chosen(self) -> str:
        item = self.table.currentItem()
        return str(item.data(0, NAME)) if item is not None else ""

    def _on_edit(self) -> None:
        name, keys = self._chosen(), _portable(self.edit.keySequence())
        if not name or keys == self._keys[name]:
            return
        taken = [other for other, held in self._keys.items() if keys and held == keys and other != name]
        self.set_keys(name, keys)
        if taken:
            before = self._actions[taken[0]].text().replace("&", "")
            self.clash.setText(self.tr("These keys were taken from “{0}”.").format(before))

    def _on_reset(self) -> None:
        name = self._chosen()
        if name:
            self.set_keys(name, _portable(QKeySequence(self._defaults.get(name, ""))))

    def _on_reset_all(self) -> None:
        for name in self._keys:
            self._keys[name] = _portable(QKeySequence(self._defaults.get(name, "")))
        self._show_keys()

    def _on_search(self, text: str) -> None:
        wanted = folded(text)
        for row in range(self.table.topLevelItemCount()):
            item = self.table.topLevelItem(row)
            if item is not None:
                said = folded(" ".join(item.text(column) for column in range(3)))
                item.setHidden(wanted not in said)


def _portable(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.PortableText)

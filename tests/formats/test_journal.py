"""What was changed is on the disk at once, and comes back after whatever ended the program."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from shapely import MultiPoint
from test_save_scenarios import ROW, planned, station

from twin.errors import DataError
from twin.formats import journal, project_file, save_project
from twin.formats.open_project import open_project
from twin.formats.project_lock import lock
from twin.formats.save_scenarios import save_scenarios
from twin.model.scenario import PlantTrees
from twin.session import scenarios

WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from shapely import MultiPoint
from twin.formats import journal
from twin.formats.open_project import open_project
from twin.model.scenario import PlantTrees
from twin.session import scenarios

project = open_project(Path(sys.argv[1]))
notes = journal.begin(project)
for number in range(100_000):
    tree = PlantTrees(f"tree-{number}", "", MultiPoint([(number % 50, number // 50)]))
    project = scenarios.add_edit(project, "today", tree)
    notes.note(project)
    print(number, flush=True)
"""


def test_changes_come_back_in_order(tmp_path: Path) -> None:
    project = open_project(station(tmp_path))
    notes = journal.begin(project)
    later = planned(project)
    notes.note(later)
    last = scenarios.delete(later, "tower")
    last = scenarios.switch_edit(last, "square", "row", False)
    notes.note(last)
    again, count = journal.recovered(open_project(project.path or Path()))
    assert count == 2
    assert [one.id for one in again.scenarios] == ["today", "square"]
    assert again.scenario("square").edits[0].enabled is False
    first, _ = journal.recovered(project)
    assert first.scenarios == again.scenarios


def test_what_is_inherited_comes_back_too(tmp_path: Path) -> None:
    project = open_project(station(tmp_path))
    notes = journal.begin(project)
    notes.note(planned(project))
    again, _ = journal.recovered(project)
    assert [edit.id for edit in again.scenario("tower").edits] == ["row", "t"]


def test_saving_ends_the_journal(tmp_path: Path) -> None:
    project = open_project(station(tmp_path))
    notes = journal.begin(project)
    notes.note(planned(project))
    saved, _ = save_scenarios(planned(project))
    notes.saved(saved)
    assert journal.recovered(saved) == (saved, 0)
    notes.note(saved)
    assert not notes.path.exists()


@pytest.mark.parametrize("harm", [b"", b"00000000 e30=\n", b"rubbish", b"\xff\x00\n"])
def test_a_torn_line_is_left_out(tmp_path: Path, harm: bytes) -> None:
    project = open_project(station(tmp_path))
    notes = journal.begin(project)
    notes.note(planned(project))
    whole = notes.path.read_bytes()
    notes.note(scenarios.rename(planned(project), "square", "Plaza"))
    line = notes.path.read_bytes()[len(whole) :]
    notes.path.write_bytes(whole + (harm or line[: len(line) // 2]))
    again, count = journal.recovered(project)
    assert count == 1
    assert again.scenario("square").title == "Square"


def test_a_long_journal_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "LONG", 3000)
    project = open_project(station(tmp_path))
    notes = journal.begin(project)
    for number in range(30):
        tree = PlantTrees(f"tree-{number}", "", MultiPoint([(number, 0)]))
        project = scenarios.add_edit(project, "today", tree)
        notes.note(project)
        again, _ = journal.recovered(notes.start)
        assert len(again.scenario("today").edits) == number + 1
    assert notes.path.stat().st_size < 40_000
    while project.scenario("today").edits:
        project = scenarios.remove_edit(project, "today", project.scenario("today").edits[0].id)
        notes.note(project)
    again, _ = journal.recovered(notes.start)
    assert again.scenario("today").edits == ()


def test_a_journal_of_another_version_is_refused(tmp_path: Path) -> None:
    path = station(tmp_path)
    project = open_project(path)
    journal.begin(project).note(planned(project))
    path.write_text(path.read_text().replace("Depot", "Other"))
    with pytest.raises(DataError, match="earlier version of the project"):
        journal.recovered(open_project(path))


def test_a_project_file_written_between_does_not_lose_what_follows(tmp_path: Path) -> None:
    path = station(tmp_path)
    project, _ = save_scenarios(planned(open_project(path)))
    notes = journal.begin(project)
    project_file.save(save_project.to_file(project), path)
    notes.saved(project)
    tree = PlantTrees("other", "", MultiPoint([(1, 1)]))
    notes.note(scenarios.add_edit(project, "square", tree))
    again, _ = journal.recovered(open_project(path))
    assert [edit.id for edit in again.scenario("square").edits] == [ROW.id, "other"]


@pytest.mark.skipif(sys.platform == "win32", reason="it kills by signal")
def test_killed_at_any_moment_at_most_one_edit_is_lost(tmp_path: Path) -> None:
    path = station(tmp_path)
    start = open_project(path)
    for wanted in (1, 2, 5, 17, 40):
        journal.journal_of(path).unlink(missing_ok=True)
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        said = -1
        while said < wanted:
            said = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split()
        process.wait(10)
        process.stdout.close()
        said = max([said, *map(int, rest)])
        again, _ = journal.recovered(start)
        found = [edit.id for edit in again.scenario("today").edits]
        assert found == [f"tree-{number}" for number in range(len(found))]
        assert len(found) >= said + 1


@pytest.mark.skipif(sys.platform == "win32", reason="it kills by signal")
def test_one_program_at_a_time_changes_a_project(tmp_path: Path) -> None:
    path = station(tmp_path)
    code = (
        "import sys; from pathlib import Path; from twin.formats.project_lock import lock;"
        "print(lock(Path(sys.argv[1])).held, flush=True); sys.stdin.read()"
    )
    first = lock(path)
    assert first.held
    other = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, input=b"", check=True
    )
    assert other.stdout.strip() == b"False"
    first.release()
    held = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "x = "
            + "0;"
            + code.replace(
                "print(lock(Path(sys.argv[1])).held", "kept = lock(Path(sys.argv[1])); print(kept.held"
            ),
            str(path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert held.stdout is not None and held.stdin is not None
    assert held.stdout.readline().strip() == b"True"
    assert not lock(path).held
    held.kill()
    held.wait(10)
    held.stdout.close()
    held.stdin.close()
    again = lock(path)
    assert again.held
    again.release()

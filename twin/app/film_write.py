"""Makes a film into a file or a folder of pictures, and says how far it is."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from twin.app.export_write import write_image
from twin.app.film_make import Reel
from twin.formats import film_file
from twin.model.project import Project
from twin.scene.film import Film

DRAWING = 0.88
"""Share of the work that is drawing, where one file is made of the pictures."""


def write_film(
    project: Project, film: Film, path: Path, progress: Callable[[float], None] = lambda _fraction: None
) -> tuple[str, ...]:
    """Writes .webp, .mp4, or PNG pictures into a folder; returns what the reader should know.

    Pictures that lie in the folder from another film are replaced or taken away.
    progress: told the part that is done; what it raises ends the work, and leaves no file.
    Raises TwinError and DataError, as far as it can before any work.
    """
    film_file.check(path)
    with Reel(project, film) as reel, tempfile.TemporaryDirectory() as folder:
        one = path.suffix.lower() in film_file.KINDS
        part = DRAWING if one else 1.0
        made: list[Path] = []
        for number, picture in enumerate(reel.pictures(), start=1):
            made.append(Path(folder) / f"{number:05}.png")
            write_image(picture, made[-1], reel.said)
            progress(part * number / film.frames)
        if one:
            film_file.write(made, path, film.rate, reel.said, lambda done: progress(part + (1 - part) * done))
        else:
            _move(made, path)
        progress(1.0)
        return reel.notices


def _move(made: list[Path], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for old in folder.glob("[0-9][0-9][0-9][0-9][0-9].png"):
        old.unlink()
    for picture in made:
        shutil.move(picture, folder / picture.name)

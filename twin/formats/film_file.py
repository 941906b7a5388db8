"""Puts pictures together into a film: an animated WebP, or an MP4 where `ffmpeg` is on the machine."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

from twin.errors import DataError, TwinError
from twin.formats.atomic import replace_file

KINDS = (".webp", ".mp4")
"""A film in one file; any other name is that of a folder for its pictures."""
QUALITY = 82
"""Of a WebP, 0-100."""
QUIET = ("-hide_banner", "-loglevel", "error", "-nostdin", "-y")

Progress = Callable[[float], None]


def encoder() -> str | None:
    """The program that makes MP4; None where the machine has none."""
    return shutil.which("ffmpeg")


def check(path: Path) -> None:
    """Raises DataError or TwinError where no film can be written there."""
    folder = path.absolute().parent
    if not folder.is_dir():
        raise DataError(path, "", f"there is no folder {folder}", "Make it, or save elsewhere.")
    kind = path.suffix.lower()
    if kind in KINDS:
        if path.is_dir():
            raise DataError(path, "", "is a folder", "Choose another name.")
        if kind == ".mp4" and encoder() is None:
            raise TwinError(
                "MP4 needs the program ffmpeg, which is not on this machine. "
                "Install it, or choose .webp, or a folder of pictures."
            )
    elif kind:
        raise DataError(path, "", "is no film", "Let it end in .webp or .mp4, or name a folder.")
    elif path.exists() and not path.is_dir():
        raise DataError(path, "", "is no folder", "Choose another name.")


def write(
    pictures: Sequence[Path],
    path: Path,
    rate: float,
    said: Mapping[str, str],
    progress: Progress = lambda _fraction: None,
) -> None:
    """Writes pictures that lie in one folder as a film, whole or not at all. Raises DataError or TwinError.

    rate: pictures a second; said: Title, Source and Description, which the file carries.
    """
    write_kind = {".webp": _webp, ".mp4": _mp4}[path.suffix.lower()]
    write_kind(pictures, path, rate, said, progress)


def _webp(
    pictures: Sequence[Path], path: Path, rate: float, said: Mapping[str, str], progress: Progress
) -> None:
    from PIL import Image

    class Reel(Image.Image):
        """One picture in memory, as a film is longer than that."""

        n_frames = len(pictures)

        furthest = 0

        def seek(self, frame: int) -> None:
            self.furthest = max(frame, self.furthest)  # the writer looks at the first one twice
            progress(self.furthest / len(pictures))
            with Image.open(pictures[frame]) as picture:
                self.im = picture.convert("RGB").im

    with Image.open(pictures[0]) as first:
        begin = first.convert("RGB")
    reel = Reel()
    reel._mode, reel._size, reel.im = begin.mode, begin.size, begin.im
    content = io.BytesIO()
    # the end of each picture in whole milliseconds, so that the film is as long as it should be
    ends = [round(1000 * number / rate) for number in range(len(pictures) + 1)]
    reel.save(
        content,
        "WEBP",
        save_all=True,
        duration=[max(b - a, 1) for a, b in pairwise(ends)],
        loop=0,
        quality=QUALITY,
        method=3,
        xmp=_described(said),
    )
    replace_file(path, content.getvalue())


def _mp4(
    pictures: Sequence[Path], path: Path, rate: float, said: Mapping[str, str], progress: Progress
) -> None:
    program = encoder()
    if program is None:
        check(path)
        return
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "film.mp4"
        names = Path(folder) / "pictures.txt"
        each = 1 / rate
        lines = [f"file '{_quoted(picture)}'\nduration {each:.6f}" for picture in pictures]
        names.write_text("\n".join([*lines, f"file '{_quoted(pictures[-1])}'", ""]), encoding="utf-8")
        progress(0.0)
        done = subprocess.run(  # noqa: S603  # a program of the user's, with arguments of ours
            [
                *(program, *QUIET, "-f", "concat", "-safe", "0", "-i", str(names)),
                *("-r", f"{rate:g}", "-frames:v", str(len(pictures))),
                # H.264 wants even sides, and players want this order of colours
                *("-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-pix_fmt", "yuv420p"),
                *("-movflags", "+faststart"),
                *("-metadata", f"title={said.get('Title', '')}"),
                *("-metadata", f"copyright={said.get('Source', '')}"),
                *("-metadata", f"comment={said.get('Software', '')}"),
                str(made),
            ],
            capture_output=True,
            check=False,
        )
        if done.returncode or not made.is_file():
            problem = done.stderr.decode(errors="replace").strip().splitlines()
            told = problem[-1] if problem else f"it ended with {done.returncode}"
            raise TwinError(f"ffmpeg could not make the film: {told}. Choose .webp, or a folder of pictures.")
        replace_file(path, made.read_bytes())


def _described(said: Mapping[str, str]) -> bytes:
    """Title and sources as XMP, which holds all letters."""
    title, source, program = (escape(said.get(name, "")) for name in ("Title", "Source", "Software"))
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
        f'<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{source}</rdf:li></rdf:Alt></dc:rights>'
        f"<xmp:CreatorTool>{program}</xmp:CreatorTool>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def _quoted(path: Path) -> str:
    return str(path).replace("'", r"'\''")

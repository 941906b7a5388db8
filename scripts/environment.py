"""Knows what the program needs around it: system libraries, .venv, and a display.

Standard library only, and Python 3.7 grammar, so that an old Python can still say what is wrong.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
LOCK = "requirements.lock"
"""What the program needs to run."""
TEST_LOCK = "requirements-test.lock"
"""What tests and checks need; fits to the other, and is installed on top of it."""
RECORD = ".lock-hash"
"""File in .venv that says what was installed; written last, so an interrupted install has none."""
GUARD = ".guard"
"""File in .venv that one run holds while it installs; it stays when the rest is removed."""
TRIED = ".programs-tried"
"""File in .venv that says which optional programs could not be installed, so as not to try each time."""

MACHINE_CODE = "from twin.formats import machine_code; machine_code.make()"

# What VTK and Qt open at run time and their wheels do not carry. libegl1 and libgl1 bring Mesa's drivers.
LIBRARIES = (
    "libegl1",
    "libgl1",
    "libglib2.0-0",
    "libfontconfig1",
    "libdbus-1-3",
    "libgssapi-krb5-2",  # Qt's network module; part of Debian 12's python3, not of later ones
    "libxcursor1",  # VTK complains without it
    "libxkbcommon0",
    "libxkbcommon-x11-0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libwayland-cursor0",
    "libwayland-egl1",
    "fonts-dejavu-core",  # any system has some font, but maybe one without ä, ö, å
)
TEST_PROGRAMS = ("xvfb",)
OPTIONAL_PROGRAMS = ("mosquitto", "cgi-mapserver", "poppler-utils", "chromium")
"""Servers, readers and viewers that some tests set against the program; without them those are skipped."""

OFFLINE_SIGNS = (
    "Failed to establish a new connection",
    "Temporary failure in name resolution",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "Connection refused",
    "ProxyError",
    "SSLError",
)


def prepare(
    root: Path = ROOT, extra_packages: tuple[str, ...] = (), locks: tuple[str, ...] = (LOCK,)
) -> None:
    """Everything these locks ask for is there afterwards; else SystemExit with one clear message."""
    refuse_old_python(sys.version_info[:2])
    try:
        install_system_packages(LIBRARIES + extra_packages)
        if is_current(root, locks):
            return
        with only_one(root / ".venv"):
            if not is_current(root, locks):  # another run may have done it meanwhile
                install(root, locks)
    except KeyboardInterrupt:
        raise SystemExit("Interrupted. Run the command again to finish the installation.") from None


def refuse_old_python(version: tuple[int, ...]) -> None:
    """SystemExit when this Python (major, minor) is too old."""
    if tuple(version) < OLDEST_PYTHON:
        needed, found = (".".join(map(str, v)) for v in (OLDEST_PYTHON, version))
        raise SystemExit(f"twin needs Python {needed} or newer; this is {found} ({sys.executable}).")


def executable(name: str, root: Path = ROOT) -> Path:
    """A program in .venv."""
    if sys.platform == "win32":
        return root / ".venv" / "Scripts" / (name + ".exe")
    return root / ".venv" / "bin" / name


def has_display(environment: dict[str, str] | os._Environ[str] = os.environ) -> bool:
    """Whether a window can be opened."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


# .venv


def fingerprint(root: Path, locks: tuple[str, ...] = (LOCK,)) -> dict[str, str]:
    """What .venv depends on: the locks, the project's own declaration, and where the folder lies."""
    hashes = {
        name: hashlib.sha256((root / name).read_bytes()).hexdigest() for name in (*locks, "pyproject.toml")
    }
    return {**hashes, "folder": str(root)}  # scripts in .venv hold absolute paths


def recorded(root: Path) -> dict[str, str]:
    """The fingerprint .venv was made from; empty when there is none or it was left half made."""
    try:
        text = (root / ".venv" / RECORD).read_text(encoding="utf-8")
    except OSError:
        return {}
    return dict(line.split(" ", 1) for line in text.splitlines() if " " in line)


def is_current(root: Path, locks: tuple[str, ...] = (LOCK,)) -> bool:
    """Whether .venv holds what the locks ask for; it may hold what another asks for, too."""
    return executable("python", root).exists() and fingerprint(root, locks).items() <= recorded(root).items()


def record(root: Path, locks: tuple[str, ...] = (LOCK,), kept: dict[str, str] | None = None) -> None:
    """Write down that .venv is complete. kept: what was installed before and stays."""
    lines = [f"{name} {value}\n" for name, value in {**(kept or {}), **fingerprint(root, locks)}.items()]
    (root / ".venv" / RECORD).write_text("".join(lines), encoding="utf-8")


def install(root: Path, locks: tuple[str, ...] = (LOCK,)) -> None:
    """Make .venv, or only add what is missing in one that is whole otherwise."""
    start = time.monotonic()
    before, now = recorded(root), fingerprint(root, locks)
    whole = (
        not executable("python", root).exists()
        or any(before.get(name) != now[name] for name in (LOCK, "folder"))
        or any(before.get(name, now[name]) != now[name] for name in locks)  # nothing old is to stay
    )
    kept = {} if whole else before
    (root / ".venv" / RECORD).unlink(missing_ok=True)
    if whole:
        print("Making .venv (about one minute, once) ...", flush=True)
        empty(root / ".venv")
        # the base interpreter, because the one running may live in the .venv just emptied
        run([getattr(sys, "_base_executable", sys.executable), "-m", "venv", str(root / ".venv")])
    for name in locks:
        if kept.get(name) != now[name]:
            pip(root, "--require-hashes", "--only-binary", ":all:", "-r", name)
    if kept.get("pyproject.toml") != now["pyproject.toml"]:
        pip(root, "--no-deps", "--no-build-isolation", "--no-index", "-e", ".")
    record(root, locks, kept)
    begin_machine_code(root)
    print(f".venv is ready ({time.monotonic() - start:.0f} s).", flush=True)


def begin_machine_code(root: Path) -> None:
    """Have what reads large files compiled beside whatever comes next, which reads without it until then."""
    quiet = subprocess.DEVNULL
    with contextlib.suppress(OSError):
        subprocess.Popen(
            [str(executable("python", root)), "-c", MACHINE_CODE],
            cwd=root,
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            start_new_session=True,  # Ctrl+C is for the program
        )


def empty(folder: Path) -> None:
    """Remove everything in a folder but the guard, which is held."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != GUARD:
            path.unlink()


def pip(root: Path, *arguments: str) -> None:
    """pip install in .venv."""
    command = [str(executable("python", root)), "-m", "pip", "install"]
    run([*command, "--quiet", "--no-input", "--disable-pip-version-check", *arguments], cwd=root)


def run(command: list[str], cwd: Path | None = None) -> None:
    """Run quietly; SystemExit with the end of its output and the likely cause when it fails."""
    done = quiet(command, cwd)
    if done.returncode:
        raise SystemExit(f"{end_of(done.stdout)}\n\n{cause(done.stdout)}")


def quiet(command: list[str], cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run with nothing to read and keep what it says."""
    return subprocess.run(
        command,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def end_of(output: str) -> str:
    """The last lines, where programs say what went wrong."""
    return "\n".join(output.splitlines()[-12:])


def cause(output: str) -> str:
    """What to tell the user about a failed installation."""
    if any(sign in output for sign in OFFLINE_SIGNS):
        return (
            "The Python packages could not be fetched: PyPI cannot be reached from here. "
            "Check the connection, or the proxy or mirror in `pip config list`, and run the command again."
        )
    if "No matching distribution found" in output:
        version = ".".join(map(str, sys.version_info[:2]))
        return f"A package in the lock has no wheel for Python {version} on this system."
    return "The installation failed; what is above says why. Run the command again when it is mended."


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; a second one waits until the first is done."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / GUARD).open("a+b") as file:
        if not try_hold(file):
            print("Another run is installing; waiting for it ...", flush=True)
            while not try_hold(file):
                time.sleep(0.2)
        yield  # closing the file lets it go, and so does the end of the process, however it comes


def try_hold(file: BinaryIO) -> bool:
    """Take the system's lock on an open file; False when somebody else has it."""
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


# system packages


def install_system_packages(wanted: tuple[str, ...]) -> None:
    """On systems with apt, install what is missing, or SystemExit with the line to type."""
    if not has_apt():
        return
    if importlib.util.find_spec("ensurepip") is None:
        wanted = (*wanted, f"python3.{sys.version_info[1]}-venv")
    packages = missing_packages(installed_packages(), wanted)
    if not packages:
        return
    by_hand = "sudo apt-get install --no-install-recommends " + " ".join(packages)
    prefix = administrator()
    if prefix is None:
        raise SystemExit(f"System packages are missing. Type this once, then try again:\n{by_hand}")
    done = apt_install(prefix, packages)
    if done.returncode:
        raise SystemExit(
            f"{end_of(done.stdout)}\n\nThe system packages could not be installed. By hand:\n{by_hand}"
        )


def install_optional_programs(root: Path = ROOT, wanted: tuple[str, ...] = OPTIONAL_PROGRAMS) -> None:
    """On systems with apt, install what is missing where that needs no password; else say so in one line."""
    if not has_apt():
        return
    packages = missing_packages(installed_packages(), wanted)
    tried = root / ".venv" / TRIED
    prefix = administrator() if packages else None
    if prefix is not None and " ".join(packages) != (tried.read_text() if tried.exists() else ""):
        apt_install(prefix, packages)
        packages = missing_packages(installed_packages(), wanted)
        tried.write_text(" ".join(packages))
    if packages:
        print(f"Not installed, so tests that need them are skipped: {' '.join(packages)}", flush=True)


def has_apt() -> bool:
    """Whether this system's packages are Debian's."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg-query"))


def installed_packages() -> str:
    """Lines of `status<TAB>package<TAB>what it provides`."""
    return subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${db:Status-Status}\t${Package}\t${Provides}\n"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def apt_install(prefix: list[str], packages: list[str]) -> subprocess.CompletedProcess[str]:
    """Install packages, after fetching the package lists if need be. prefix: what makes us root."""
    print(f"Installing system packages: {' '.join(packages)} ...", flush=True)
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    install_them = [*apt, "install", "-y", "--no-install-recommends", *packages]
    done = quiet(install_them)
    if done.returncode:  # package lists that are old or were never fetched
        quiet([*apt, "update"])
        done = quiet(install_them)
    return done


def missing_packages(status: str, wanted: tuple[str, ...]) -> list[str]:
    """Those of `wanted` that are neither installed nor provided by an installed package.

    status: as installed_packages says. What is provided counts, because newer releases gave some
    libraries another name (libglib2.0-0t64 provides libglib2.0-0).
    """
    present = set()
    for line in status.splitlines():
        state, package, provides = line.split("\t")
        if state == "installed":
            present.add(package)
            present.update(name.split(" (")[0].strip() for name in provides.split(","))
    return [name for name in wanted if name not in present]


def administrator() -> list[str] | None:
    """What to put before a command to run it as root; None when that would need a password."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and quiet(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n"]
    return None

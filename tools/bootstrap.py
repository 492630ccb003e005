"""Make the virtual environment that ``make`` works in: locked libraries with verified hashes, then the workspace.

::

    python tools/bootstrap.py run     what running needs (constraints.txt)
    python tools/bootstrap.py dev     that, and the tools of tests and checks (constraints-dev.txt)

Nothing but the standard library is used, because nothing else is there yet. A stamp inside the environment names the
content that it was made from: a second start installs nothing, and a changed lock or pyproject is installed at once.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"run": "constraints.txt", "dev": "constraints-dev.txt"}


def distributions(root: Path) -> list[Path]:
    """Return the folders of the workspace's distributions."""
    return sorted(path.parent for pattern in ("*", "plugins/*") for path in root.glob(f"{pattern}/pyproject.toml"))


def fingerprint(root: Path, lock: str, python: str) -> str:
    """Return a digest of all that decides what the environment holds, and where it stands."""
    digest = hashlib.sha256(f"{root}\n{python}\n".encode())
    for path in (root / lock, *(folder / "pyproject.toml" for folder in distributions(root))):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_current(environment: Path, profile: str, wanted: str) -> bool:
    """Tell whether the environment was completely made from the wanted content."""
    stamp = environment / f".coreops-{profile}"
    return stamp.is_file() and interpreter(environment).exists() and stamp.read_text() == wanted


def interpreter(environment: Path) -> Path:
    """Return the path of the environment's Python."""
    return environment / "bin" / "python"


def say(text: str) -> None:
    """Show one line of progress at once, through a pipe too."""
    print(f"coreops: {text}", flush=True)


def create(environment: Path) -> None:
    """Create the environment, unless it already runs this very Python and has pip."""
    probe = [str(interpreter(environment)), "-c", "import pip, sys; print(sys.version)"]
    try:
        found = subprocess.run(probe, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        found = ""
    if found.strip() != sys.version.strip():
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)


def install(environment: Path, lock: str) -> None:
    """Install the lock with its hashes verified, then the workspace in place, asking no index for anything."""
    pip = [str(interpreter(environment)), "-m", "pip", "--disable-pip-version-check", "install"]
    say(f"installing what {lock} names …")
    subprocess.run([*pip, "--require-hashes", "-r", ROOT / lock], check=True)
    say("installing the workspace …")
    own = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "-r", str(ROOT / "requirements.in")]
    subprocess.run([*pip, *own], check=True)


def make(profile: str) -> None:
    """Bring the environment up to date and stamp it with what it now holds."""
    environment = ROOT / ".venv"
    wanted = {name: fingerprint(ROOT, lock, sys.version) for name, lock in LOCKS.items()}
    if is_current(environment, profile, wanted[profile]):
        return
    say(f"setting up .venv with Python {sys.version.split()[0]}, once for this state of the locks")
    create(environment)
    install(environment, LOCKS[profile])
    if profile == "dev":
        say("making the environment of the tests …")
        subprocess.run([environment / "bin" / "tox", "-qq", "run", "--notest", "-e", "py"], cwd=ROOT, check=True)
    for name in LOCKS if profile == "dev" else (profile,):  # the lock for developers contains the one for running
        (environment / f".coreops-{name}").write_text(wanted[name])


def main(arguments: list[str]) -> int:
    """Make the profile that is named; return the exit code."""
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        print("usage: bootstrap.py run|dev", file=sys.stderr)
        return 2
    try:
        make(arguments[0])
    except subprocess.CalledProcessError as error:
        command = " ".join(str(word) for word in error.cmd[:5])
        print(f"coreops: the set-up stopped, see above: {command} … ended with {error.returncode}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

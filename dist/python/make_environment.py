"""Makes a Python environment from a list of pinned packages, once, however many ask for it at the same time.

    make_environment.py ENVIRONMENT REQUIREMENTS INSTALLER...

INSTALLER is how uv is called (`uv`, or `python3 -m uv`), or the single word `pip`. The environment is built under
another name and moved into place when it is whole; a file lock, which the system drops with its holder, keeps a
second builder waiting. Nothing but the pinned names is installed: the list is complete, so no dependency is resolved.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path


def main(environment: Path, requirements: Path, installer: list[str]) -> None:
    environment.parent.mkdir(parents=True, exist_ok=True)
    with open(environment.parent / f".{environment.name}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting for another process that makes the same environment", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        if is_whole(environment):
            return
        building = environment.with_name(f".{environment.name}.building")
        try:
            for leftover in (building, environment):
                shutil.rmtree(leftover, ignore_errors=True)
            build(building, requirements, installer)
            shutil.copyfile(requirements, building / "haute-requirements.txt")
            os.rename(building, environment)
        finally:
            shutil.rmtree(building, ignore_errors=True)


def is_whole(environment: Path) -> bool:
    """Whether it is there and the Python it was made from still is."""
    return (environment / "haute-requirements.txt").is_file() and (environment / "bin" / "python").exists()


def build(folder: Path, requirements: Path, installer: list[str]) -> None:
    python = folder / "bin" / "python"
    if installer == ["pip"]:
        run([sys.executable, "-m", "venv", str(folder)])
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input"]
        run([*pip, "install", "--quiet", "--no-deps", "-r", str(requirements)])
    else:
        run([*installer, "venv", "--quiet", "--no-project", "--python", sys.executable, str(folder)])
        run([*installer, "pip", "install", "--quiet", "--no-deps", "--python", str(python), "-r", str(requirements)])


def run(argv: list[str]) -> None:
    code = subprocess.run(argv, check=False).returncode
    if code != 0:
        raise SystemExit(f"{' '.join(argv[:3])} … ended with exit code {code}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])

"""Copies the Python that runs this, with the libraries it needs, into a folder: the content of a base image.

    python3 python_root.py FOLDER
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

UNUSED = ("test", "tests", "site-packages", "dist-packages", "__pycache__", "idlelib", "tkinter", "turtledemo", "lib2to3", "ensurepip", "_tkinter*")


def main(root: Path) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    library = root / "usr/local/lib" / f"python{version}"
    shutil.copytree(sysconfig.get_path("stdlib"), library, ignore=shutil.ignore_patterns(*UNUSED, "config-*"))
    binaries = root / "usr/local/bin"
    binaries.mkdir(parents=True)
    python = Path(os.path.realpath(getattr(sys, "_base_executable", sys.executable)))
    shutil.copy2(python, binaries / f"python{version}")
    (binaries / "python3").symlink_to(f"python{version}")
    for file in [python, *library.rglob("*.so")]:
        for needed in libraries(file):
            copy_library(needed, root)
    # Wheels bring their own libraries, except for those that every system has.
    for name in ("libstdc++.so.6", "libgcc_s.so.1", "libm.so.6", "libpthread.so.0", "librt.so.1", "libdl.so.2", "libutil.so.1"):
        found = system_library(name)
        if found:
            for file in (found, *libraries(found)):
                copy_library(file, root)
    for folder in ("tmp", "proc", "dev", "sys", "etc"):
        (root / folder).mkdir()
    (root / "tmp").chmod(0o1777)


def libraries(file: Path) -> list[Path]:
    out = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=False).stdout
    return [Path(path) for path in re.findall(r"(/\S+) \(0x", out)]


def system_library(name: str) -> Path | None:
    out = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    found = re.search(rf"^\s*{re.escape(name)} \(.*x86-64.*\) => (\S+)$|^\s*{re.escape(name)} \(.*AArch64.*\) => (\S+)$", out, re.M)
    return Path(found.group(1) or found.group(2)) if found else None


def copy_library(file: Path, root: Path) -> None:
    """The loader is found by its whole path, the others where the loader looks by itself."""
    loader = file.name.startswith("ld-linux")
    target = root / (str(file).lstrip("/") if loader else f"usr/lib/{file.name}")
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(os.path.realpath(file), target)


main(Path(sys.argv[1]))

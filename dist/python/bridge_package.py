"""What goes into a package, and what must not: nothing in it may tell which machine, folder, user or day it is from."""

import hashlib
import json
import os
import re
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PureWindowsPath

# What loads an artifact, by its suffix, as Haute maps it for its own containers.
PICKLED = ("catboost", "interpret-core", "pandas", "scikit-learn")
LOADERS = {
    ".cbm": ("catboost",),
    ".rsglm": ("rustystats",),
    ".ubj": ("xgboost-cpu", "pandas"),
    ".xgb": ("xgboost-cpu",),
    ".lgbm": ("lightgbm", "pandas"),
    ".lgb": ("lightgbm",),
    ".ebm": ("interpret-core", "pandas"),
    ".tboost": ("t-boost",),
    ".pkl": PICKLED,
    ".pickle": PICKLED,
    ".joblib": PICKLED,
    ".onnx": ("onnxruntime",),
}
ARTIFACT_NODES = ("modelScore", "externalFile", "optimiserApply")
PATH_KEYS = ("path", "model_path", "artifact_path")

# Of a snapshot, what says when, where and how fast it was made: its rows are in the package and have a digest there.
SNAPSHOT_HISTORY = ("created_at", "build_seconds", "generation_id", "identity", "identity_digest", "source_signature")


class NamesMachine(Exception):
    """Something to be packaged holds a path of this machine."""

    def __init__(self, what: str, file: str, line: int | None = None) -> None:
        super().__init__(what)
        self.file = file
        self.line = line


def installed(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def loaders_of(graph) -> list[str]:
    wanted: set[str] = set()
    for node in graph.nodes:
        if node.data.nodeType.value not in ARTIFACT_NODES:
            continue
        config = node.data.config
        for key in PATH_KEYS:
            wanted.update(LOADERS.get(Path(str(config.get(key) or "")).suffix.lower(), ()))
        if config.get("sourceType") in ("run", "registered"):
            wanted.add("mlflow")
    return sorted(wanted)


def artifact(name: str, path: Path) -> dict:
    with open(path, "rb") as file:
        digest = "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": name, "bytes": path.stat().st_size, "digest": digest}


def sources(resolved) -> list[str]:
    """What the package will hold that is not in the project's files: snapshots, and models of a registry."""
    lines = [f"node {node} is packaged with the snapshot of its data that is in .haute_cache" for node in resolved.snapshot_provenance]
    for node, source in resolved.model_sources.items():
        alias = f" @{source['alias']}" if source.get("alias") else ""
        lines.append(f"node {node} is packaged with {source['registered_model']}{alias}, version {source['version']}")
    if resolved.pruned_graph.warning:
        lines.append(resolved.pruned_graph.warning)
    return lines


def normalise(build: Path, root: Path, pipeline: str, pins: dict[str, str], artifacts: dict[str, Path]) -> dict:
    """Takes out of the folder that Haute wrote what is of this machine. Gives the distributions it wants, with both versions."""
    (build / "Dockerfile").unlink()
    remove_leftovers(build)
    manifest_file = build / "deploy_manifest.json"
    manifest = json.loads(manifest_file.read_text(encoding="utf-8"))
    del manifest["created_at"], manifest["created_by"]
    manifest["pipeline_file"] = pipeline
    manifest["pruned_graph"]["source_file"] = pipeline
    manifest["snapshot_provenance"] = {
        node: without_history(snapshot) for node, snapshot in manifest["snapshot_provenance"].items()
    }
    for snapshot in (build / "artifacts").glob("*__snapshot.meta.json"):
        write_json(snapshot, without_history(json.loads(snapshot.read_text(encoding="utf-8"))))
    manifest = below_root(manifest, str(root))
    for node in manifest["pruned_graph"]["nodes"]:
        if node["data"]["nodeType"] == "dataInput":
            lay_out_data_input(node, manifest["artifacts"], build, root, pipeline, artifacts)
    runtime = [dependency(requirement, pins) for requirement in manifest["container_dependencies"]]
    manifest["container_dependencies"] = [f"{each['requirement']}=={each['version']}" for each in runtime]
    refuse_machine_paths(manifest, build, root)
    write_json(manifest_file, manifest)
    for path in build.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return {"version": manifest["haute_version"], "runtime": runtime}


def remove_leftovers(build: Path) -> None:
    """Bytecode, and what editors and file managers leave beside the user's code."""
    for path in sorted(build.rglob("*"), reverse=True):
        if path.name == "__pycache__" or path.name.startswith("."):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        elif path.suffix == ".pyc":
            path.unlink()


def lay_out_data_input(node, mapped: dict[str, str], build: Path, root: Path, pipeline: str, artifacts: dict[str, Path]) -> None:
    """Puts the data of a Data Input where its settings say that it is.

    Haute 0.5 and 0.6 read it from the artifacts, but look at the configured place for its size before they admit a
    join, and refuse every quote where there is nothing. A snapshot has no such place in a package: it becomes what it
    is, a Parquet file.
    """
    config = node["data"]["config"]
    parts = [key for key in mapped if key.startswith(f"{node['id']}__snapshot.part-")]
    if len(parts) == 1:
        place = f"snapshots/{node['id']}.parquet"
        config.update(inputType="file", format="parquet", mode="scan", path=place, arguments={})
        key = f"{node['id']}__{node['id']}.parquet"
        move(build, mapped.pop(parts[0]), (Path(pipeline).parent / place).as_posix(), key, mapped)
    direct = f"{node['id']}__{PureWindowsPath(config.get('path') or '').name}"  # knows / and \
    if not parts and direct in mapped:
        place = artifacts[direct].resolve().relative_to(root.resolve()).as_posix()
        move(build, mapped[direct], place, direct, mapped)


def move(build: Path, old: str, new: str, key: str, mapped: dict[str, str]) -> None:
    mapped[key] = new
    (build / new).parent.mkdir(parents=True, exist_ok=True)
    (build / old).replace(build / new)


def without_history(snapshot: dict) -> dict:
    return {key: value for key, value in snapshot.items() if key not in SNAPSHOT_HISTORY}


def dependency(requirement: str, pins: dict[str, str]) -> dict:
    """`uvicorn[standard]==0.40.0` with the version that the project's list has for it."""
    written, _, here = requirement.partition("==")
    # The CPU build goes into the package; on macOS Haute knows only the other name.
    written = "xgboost-cpu" if written == "xgboost" and "xgboost-cpu" in pins else written
    name = written.partition("[")[0]
    return {"requirement": written, "name": name, "version": pins.get(name, here), "here": here, "pinned": name in pins}


def below_root(value, root: str):
    """The same value with every path into the project relative to it."""
    if isinstance(value, dict):
        return {key: below_root(inner, root) for key, inner in value.items()}
    if isinstance(value, list):
        return [below_root(inner, root) for inner in value]
    if isinstance(value, str) and value.startswith(f"{root}/"):
        return value[len(root) + 1 :]
    return value


def refuse_machine_paths(manifest, build: Path, root: Path) -> None:
    homes = sorted(folder for folder in {str(root), os.path.expanduser("~")} if len(folder) > 1)
    if not homes:
        return
    here = re.compile("|".join(rf"(?<![\w.:/~-]){re.escape(home)}(?![\w.-])" for home in homes))
    for where, text in strings(manifest, ""):
        if here.search(text):
            raise NamesMachine(f"{where.lstrip('.')} names a path of this machine: {excerpt(text, here)}", "deploy_manifest.json")
    for file in sorted(build.rglob("*.py")):
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if here.search(line):
                name = file.relative_to(build).as_posix()
                raise NamesMachine(f"{name} names a path of this machine: {excerpt(line, here)}", name, number)


def strings(value, where: str):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            name = inner.get("id", index) if isinstance(inner, dict) else index
            yield from strings(inner, f"{where}[{name}]")
    elif isinstance(value, str):
        yield where, value


def excerpt(text: str, pattern: re.Pattern) -> str:
    found = pattern.search(text)
    line = text[text.rfind("\n", 0, found.start()) + 1 :].split("\n", 1)[0].strip()
    return line[:200]


def write_json(path: Path, value) -> None:
    # Keys stay in Haute's order: banding rules and schemas are read in the order they are written in.
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")

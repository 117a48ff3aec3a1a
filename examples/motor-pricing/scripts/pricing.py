"""What the other scripts share: a copy of the project at one of its versions, and its prices through Haute."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

PROJECT = Path(__file__).resolve().parent.parent
VERSIONS = PROJECT / "versions"
BASE = "v1"

# What a copy of the project does without: the overlays, and what Haute and these scripts leave behind.
NOT_COPIED = shutil.ignore_patterns("versions", "compat", "outputs", ".haute*", ".git", ".venv", "__pycache__")


@contextlib.contextmanager
def project_at(version: str) -> Iterator[Path]:
    """A throw-away copy of the project with the files of `version` copied over it; v1 is the project itself."""
    with tempfile.TemporaryDirectory(prefix="motor-pricing-") as folder:
        copy = Path(folder) / "project"
        shutil.copytree(PROJECT, copy, ignore=NOT_COPIED)
        if version != BASE:
            shutil.copytree(VERSIONS / version, copy, dirs_exist_ok=True)
        yield copy


def prices(project: Path, quotes: Sequence[dict] | Path) -> pl.DataFrame:
    """Prices quotes with the pipeline of `project`, in the way the deployed service does, in a process of its own.

    Haute knows one project for each process, the one it was started in; hence the process.
    """
    with tempfile.TemporaryDirectory(prefix="motor-prices-") as folder:
        asked = quotes if isinstance(quotes, Path) else Path(folder) / "quotes.json"
        if not isinstance(quotes, Path):
            asked.write_text(json.dumps(list(quotes)), encoding="utf-8")
        answered = Path(folder) / "prices.parquet"
        run = subprocess.run(
            [sys.executable, __file__, str(asked.resolve()), str(answered)],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode != 0:
            raise SystemExit(f"The pipeline in {project} could not price the quotes:\n{run.stdout}{run.stderr}")
        return pl.read_parquet(answered)


def main(asked: Path, answered: Path) -> None:
    """Prices the quotes of one file into another, with the project in the current folder."""
    from haute.deploy import DeployConfig, resolve_config
    from haute.deploy._scorer import score_graph

    quotes = pl.read_parquet(asked) if asked.suffix == ".parquet" else pl.DataFrame(json.loads(asked.read_text()))
    with resolve_config(DeployConfig.from_toml(Path("haute.toml").resolve())) as resolved:
        score_graph(
            graph=resolved.pruned_graph,
            input_df=quotes,
            input_node_ids=resolved.input_node_ids,
            output_node_id=resolved.output_node_id,
            artifact_paths={name: str(path) for name, path in resolved.artifacts.items()},
            output_fields=resolved.config.output_fields,
        ).write_parquet(answered)


if __name__ == "__main__":
    os.environ.setdefault("HAUTE_LOG_LEVEL", "WARNING")
    main(Path(sys.argv[1]), Path(sys.argv[2]))

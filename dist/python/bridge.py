"""Asks Haute about one project: what its pipeline is, what quotes cost, and what to package.

    bridge.py REPLY < REQUEST

REQUEST is one JSON object; what is to be said is written to the file REPLY, one JSON object a line, and nothing else
is. Whatever Haute, its libraries and the user's own code print goes where it always goes, and means nothing here. Runs
in the project's folder, where Haute looks for everything.
"""

import json
import logging
import os
import platform
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import bridge_errors
import bridge_package

# Haute takes the container's way only for a base image that is pinned. The package holds no base image: any will do.
BASE_IMAGE = "python:3.11.9-slim"


class Reply:
    def __init__(self, path: str) -> None:
        self.file = open(path, "w", encoding="utf-8")  # noqa: SIM115 (open until the process ends)

    def send(self, kind: str, **fields) -> None:
        self.file.write(json.dumps({"type": kind, **fields}, allow_nan=False) + "\n")
        self.file.flush()


def main(reply: Reply) -> int:
    request = json.load(sys.stdin)
    try:
        answer(request, reply)
        return 0
    except Exception as error:
        reply.send("error", **bridge_errors.describe(error, Path(request["root"]), request["pipeline"]))
        return 1


def answer(request, reply: Reply) -> None:
    had_cache = Path(".haute_cache").exists()
    try:
        quiet_logs(reply)
        if wanted := missing_loaders(request):
            reply.send("needs", distributions=wanted)
        else:
            COMMANDS[request["command"]](request, reply)
    finally:
        if not had_cache:
            hide_cache()


def hide_cache() -> None:
    """Haute keeps a cache in the project; one that it made just now must not make the checkout look changed."""
    if Path(".haute_cache").is_dir():
        Path(".haute_cache", ".gitignore").write_text("*\n")


def quiet_logs(reply: Reply) -> None:
    """Haute's log without its debug lines, on standard error; its warnings are part of the reply as well."""
    import structlog

    def render(_logger, level, event):
        fields = " ".join(f"{key}={value}" for key, value in event.items() if key not in ("event", "component"))
        line = f"{event.get('event')} {fields}".rstrip()
        if level in ("warning", "error", "critical"):
            reply.send("warning", text=line)
        return line

    structlog.configure(
        processors=[render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


@contextmanager
def resolved_pipeline(request):
    from haute.deploy import ContainerConfig, DeployConfig, resolve_config

    config = DeployConfig(
        pipeline_file=Path(request["pipeline"]),
        model_name=request["model"],
        project_dir=Path(request["root"]),
        target="container",
        output_fields=request["outputFields"],
        container=ContainerConfig(base_image=BASE_IMAGE),
    )
    with resolve_config(config) as resolved:
        yield resolved


def missing_loaders(request) -> list[str]:
    """What loads the pipeline's artifacts, where something of it is not in this environment of ours. Loads nothing."""
    from haute.parser import parse_pipeline_file

    if not request["ours"]:
        return []
    wanted = bridge_package.loaders_of(parse_pipeline_file(Path(request["root"], request["pipeline"])))
    return wanted if any(bridge_package.installed(name) is None for name in wanted) else []


def resolve(request, reply: Reply) -> None:
    from haute.deploy import validate_deploy

    with resolved_pipeline(request) as resolved:
        validate_deploy(resolved)
        for warning in bridge_package.sources(resolved):
            reply.send("warning", text=warning)
        reply.send(
            "resolved",
            engine={"name": "haute", "version": bridge_package.installed("haute"), "python": platform.python_version()},
            nodesKept=[node.id for node in resolved.pruned_graph.nodes],
            nodesSkipped=sorted(resolved.removed_node_ids),
            outputNode=resolved.output_node_id,
            inputSchema=resolved.input_schema,
            outputSchema=resolved.output_schema,
            artifacts=[bridge_package.artifact(name, path) for name, path in sorted(resolved.artifacts.items())],
        )


def score(request, reply: Reply) -> None:
    with resolved_pipeline(request) as resolved:
        for quote in request["quotes"]:
            started = time.perf_counter()
            try:
                answer = {"ok": True, "row": price(resolved, quote)}
            except (MemoryError, OSError):
                raise
            except Exception as error:
                answer = {"ok": False, "error": bridge_errors.message_of(error)}
            reply.send("answer", **answer, ms=round((time.perf_counter() - started) * 1000, 3))


def price(resolved, quote) -> dict:
    """One quote through the pruned graph with its real artifacts: the row that the service will answer with.

    The service leaves out what is null; here a null, such as the premium of a declined risk, is kept.
    """
    import polars as pl
    from haute.deploy._scorer import score_graph

    missing = sorted(set(resolved.input_schema) - set(quote))
    if missing:
        raise ValueError(f"the quote lacks {', '.join(missing)}")
    frame = score_graph(
        graph=resolved.pruned_graph,
        input_df=pl.DataFrame([quote]),
        input_node_ids=resolved.input_node_ids,
        output_node_id=resolved.output_node_id,
        artifact_paths={name: str(path) for name, path in resolved.artifacts.items()},
        output_fields=resolved.config.output_fields,
    )
    if frame.height != 1:
        raise ValueError(f"{frame.height} rows came back for one quote")
    row = frame.to_dicts()[0]
    for column, value in row.items():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{column} is {value}, which a service cannot send: {error}") from None
    return row


def package(request, reply: Reply) -> None:
    from haute.deploy import validate_deploy
    from haute.deploy._container import prepare_build_directory

    build = Path(request["dir"])
    with resolved_pipeline(request) as resolved:
        validate_deploy(resolved)
        prepare_build_directory(resolved, build)
        root, pipeline, pins = Path(request["root"]), request["pipeline"], request["pins"]
        found = bridge_package.normalise(build, root, pipeline, pins, resolved.artifacts)
    reply.send("packaged", **found)


COMMANDS = {"resolve": resolve, "score": score, "package": package}


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main(Reply(sys.argv[1])))

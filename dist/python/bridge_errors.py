"""What went wrong, as problems that name a code, a file and a line. What to do about each is said by the caller."""

import ast
import errno
import json
import os
import re
import traceback
from pathlib import Path

MARKERS = re.compile(r"haute-python-scan-failure:[0-9a-f]+ ")
NO_ARTIFACT = re.compile(r"Artifact not found for (?P<kind>.+) node '(?P<node>[^']*)': (?P<path>.+)", re.DOTALL)
FULL = (errno.ENOSPC, errno.EDQUOT)

# What is imported by this name comes in the distribution of that name.
DISTRIBUTIONS = {
    "catboost": "catboost",
    "dotenv": "python-dotenv",
    "interpret": "interpret-core",
    "lightgbm": "lightgbm",
    "mlflow": "mlflow",
    "onnxruntime": "onnxruntime",
    "pandas": "pandas",
    "rustystats": "rustystats",
    "sklearn": "scikit-learn",
    "t_boost": "t-boost",
    "tboost": "t-boost",
    "xgboost": "xgboost",
}


def describe(error: BaseException, root: Path, pipeline: str) -> dict:
    """The error as `problems` (never empty) and the last lines of its traceback."""
    last = traceback.format_exception(error)[-12:]
    problems = [relative(problem, root) for problem in problems_of(error, root, pipeline)]
    return {"problems": problems, "traceback": "".join(last)}


def message_of(error: BaseException) -> str:
    """Its first paragraph: what follows in Polars' messages repeats the whole expression."""
    text = MARKERS.sub("", str(error)).strip() or type(error).__name__
    return text.split("\n\n")[0]


def problems_of(error: BaseException, root: Path, pipeline: str) -> list[dict]:
    chain = chain_of(error)
    types = {cls.__name__ for each in chain for cls in type(each).__mro__}
    context = getattr(error, "context", None) or {}

    if any(isinstance(each, MemoryError) for each in chain):
        return [problem("ENGINE-OUT-OF-MEMORY", message_of(error))]
    if any(is_full_disk(each) for each in chain):
        return [problem("DISK-FULL", f"cannot write the package: {message_of(error)}")]
    if type(error).__name__ == "NamesMachine":
        return [problem("PACKAGE-NAMES-MACHINE", message_of(error), error.file, error.line)]
    if "structural_errors" in context:
        return [problem("PIPELINE-NOT-DEPLOYABLE", text, pipeline) for text in context["structural_errors"]]
    if "output_fields" in context:
        return [problem("OUTPUT-FIELDS", plain(error), "haute.toml")]
    if found := NO_ARTIFACT.fullmatch(str(error)):
        return [problem("PIPELINE-FILE-MISSING", f"node {found['node']} needs {found['path']}, which is not there", found["path"])]
    if missing := missing_module(chain):
        return [missing_module_problem(missing, "PreambleError" in types, pipeline)]
    if "RuntimePathOutsideProjectError" in types or "PathOutsideProjectError" in types:
        return [problem("PATH-OUTSIDE-PROJECT", plain(error), pipeline)]
    if "SourceCacheCorruptError" in types or "snapshot before deployment" in str(error):
        return [problem("SNAPSHOT-MISSING", plain(error), pipeline)]
    if "func_name" in context and "normalised_path" in context:
        return [node_config_problem(context)]
    if "ParseError" in types:
        return [problem("PIPELINE-INVALID", parse_message(chain), pipeline, context.get("line"), context.get("column"))]
    if broken := unreadable_artifact(error, root, pipeline):
        return [broken]
    if node := getattr(error, "haute_failing_node", None):
        line = line_in_file(Path(root, pipeline), node, getattr(error, "_user_code_line", None))
        return [problem("PIPELINE-FAILS", f"node {node} fails: {type(error).__name__}: {failure(error)}", pipeline, line)]
    if "Invalid model_name" in str(error):
        return [problem("MODEL-NAME", plain(error), "haute.toml")]
    if "FileNotFoundError" in types:
        return [problem("PIPELINE-FILE-MISSING", plain(error), pipeline)]
    if types & {"HauteError", "HauteValidationError", "ValueError"}:
        return [problem("PIPELINE-INVALID", plain(error), pipeline)]
    return [problem("ENGINE-FAILED", f"{type(error).__name__}: {message_of(error)}")]


def is_full_disk(error: BaseException) -> bool:
    """Copying a folder reports what it could not copy as text."""
    return isinstance(error, OSError) and (error.errno in FULL or any(os.strerror(each) in str(error) for each in FULL))


def problem(code: str, what: str, file: str | None = None, line: int | None = None, column: int | None = None) -> dict:
    return {"code": code, "what": what, "file": file, "line": line, "column": column}


def relative(found: dict, root: Path) -> dict:
    """Without the folder of the project, which is long, private, and known to the reader."""
    return {key: value.replace(f"{root}/", "") if isinstance(value, str) else value for key, value in found.items()}


def chain_of(error: BaseException) -> list[BaseException]:
    chain = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain


def plain(error: BaseException) -> str:
    """Haute's message without the context that it repeats in parentheses."""
    return getattr(error, "message", None) or message_of(error)


def failure(error: BaseException) -> str:
    missing = (getattr(error, "context", None) or {}).get("missing")
    return plain(error) + (f" Missing: {', '.join(map(str, missing))}" if missing else "")


def parse_message(chain: list[BaseException]) -> str:
    syntax = next((each for each in chain if isinstance(each, SyntaxError)), None)
    if syntax is not None:
        return f"the pipeline is not Python: {syntax.msg}"
    error = chain[0]
    details = ", ".join(f"{key} {value}" for key, value in error.context.items() if key not in ("source_file", "line", "column"))
    return plain(error) + (f" ({details})" if details else "")


def missing_module(chain: list[BaseException]) -> str | None:
    for each in chain:
        if isinstance(each, ModuleNotFoundError) and each.name:
            return each.name.partition(".")[0]
    return None


def missing_module_problem(module: str, by_user: bool, pipeline: str) -> dict:
    if by_user:
        return problem("PIPELINE-IMPORT", f"the pipeline imports {module}, which is not there", pipeline)
    distribution = DISTRIBUTIONS.get(module)
    if distribution:
        return problem("ENGINE-PACKAGE-MISSING", f"the pipeline needs {distribution}, which this Python has not got")
    return problem("ENGINE-FAILED", f"the engine cannot import {module}")


def node_config_problem(context: dict) -> dict:
    file = Path(context["base_dir"], context["normalised_path"])
    found = re.search(r"line (\d+) column (\d+)", str(context.get("cause", "")))
    line, column = (int(found[1]), int(found[2])) if found else (None, None)
    what = f"the settings of node {context['func_name']} cannot be read: {context.get('cause', 'no such file')}"
    return problem("NODE-CONFIG-INVALID", what, str(file), line, column)


def unreadable_artifact(error: BaseException, root: Path, pipeline: str) -> dict | None:
    """The artifact that could not be loaded, where that is what the error comes from and not from the user's own code."""
    about_data = type(error).__module__.startswith("polars") or "HauteError" in {cls.__name__ for cls in type(error).__mro__}
    if about_data or hasattr(error, "_user_code_line"):
        return None
    try:
        from haute.parser import parse_pipeline_file

        nodes = parse_pipeline_file(Path(root, pipeline)).nodes
    except Exception:
        return None
    failing = getattr(error, "haute_failing_node", None)
    for node in nodes:
        for key in ("model_path", "feature_contract_path", "artifact_path", "path"):
            file = find(node.data.config.get(key), root, pipeline)
            if node.data.nodeType.value == "apiInput" or file is None:
                continue
            why = broken_json(file) or (message_of(error) if node.id == failing and file.suffix != ".json" else None)
            if why and failing in (None, node.id):
                return problem("PIPELINE-FILE-UNREADABLE", f"node {node.id} cannot read {file}: {why}", str(file))
    return None


def find(path: object, root: Path, pipeline: str) -> Path | None:
    if not isinstance(path, str) or not path:
        return None
    return next((file for folder in (root, Path(root, pipeline).parent) if (file := folder / path).is_file()), None)


def broken_json(file: Path) -> str | None:
    if file.suffix != ".json":
        return None
    try:
        json.loads(file.read_bytes())
    except (ValueError, RecursionError, OSError) as error:
        return str(error)
    return None


def line_in_file(file: Path, node: str, line_in_node: int | None) -> int | None:
    """The line of the file that a line of a node's body is, counted from the body's first line after its docstring."""
    if line_in_node is None:
        return None
    for function in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(function, ast.FunctionDef) and function.name == node:
            body = function.body[1:] if ast.get_docstring(function) is not None else function.body
            return body[0].lineno + line_in_node - 1 if body else function.lineno
    return None

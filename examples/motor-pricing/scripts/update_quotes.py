"""Writes the prices of a version into its golden quotes, for a person to read and to agree with.

    python scripts/update_quotes.py            # the project itself
    python scripts/update_quotes.py v2         # the overlay versions/v2

The expected values of a golden quote are a promise, and this changes the promise: read the difference before you
commit it. Inputs, descriptions and tolerances stay as they are; a version gets only the files that differ.
"""

import json
import sys
from pathlib import Path

from pricing import BASE, PROJECT, VERSIONS, prices, project_at

PROMISED = ("premium", "decline_reason")


def as_text(cases: list[dict]) -> str:
    """JSON with one line for each part of a case, so that a changed price is a changed line."""
    parts = (
        ",\n".join(f"    {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in case.items())
        for case in cases
    )
    return "[\n" + ",\n".join(f"  {{\n{part}\n  }}" for part in parts) + "\n]\n"


def main(version: str) -> None:
    with project_at(version) as project:
        for file in sorted((project / "tests/quotes").glob("*.json")):
            cases = json.loads(file.read_text(encoding="utf-8"))
            answers = prices(project, [case["input"] for case in cases]).to_dicts()
            for case, answer in zip(cases, answers, strict=True):
                case["expected"] = {column: answer[column] for column in PROMISED}
                if answer["premium"] is not None:
                    case["tolerance_pct"] = case.pop("tolerance_pct", 0.0001)
            write(version, file, as_text(cases))


def write(version: str, file: Path, text: str) -> None:
    own = PROJECT / "tests/quotes" / file.name
    if version == BASE:
        own.write_text(text, encoding="utf-8")
    elif text != own.read_text(encoding="utf-8"):
        target = VERSIONS / version / "tests/quotes" / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    print(f"{version}: {file.name}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else BASE)

"""The report that `haute impact` makes of answers, as JSON.

    haute-report.py BOOK.json
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import polars as pl
from haute.deploy._impact import build_report

book = json.loads(Path(sys.argv[1]).read_text())
report = build_report(
    book["staging"],
    book["production"],
    pl.DataFrame(book["rows"]),
    pipeline_name="motor",
    staging_endpoint="staging",
    prod_endpoint="production",
    dataset_path="book",
    total_rows=len(book["rows"]),
)
print(json.dumps(asdict(report)))

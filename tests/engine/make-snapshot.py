"""Loads the data of a Data Input node into the project's cache, as the editor does when it is asked to.

    make-snapshot.py SETTINGS-OF-THE-NODE
"""

import json
import sys
from pathlib import Path

import polars as pl
from haute._input_providers import build_input_snapshot
from haute._source_cache import SourceCacheStore

settings = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
pl.read_parquet("rating/data/regions.parquet").write_csv("rating/data/regions.csv")
build_input_snapshot(settings, store=SourceCacheStore(Path.cwd()), base_dir=Path("rating"))

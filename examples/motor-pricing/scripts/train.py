"""Trains the frequency model as its node in the pipeline says, and puts it and its feature contract into models/.

    haute train scripts/train.py

One thread, fixed seeds, and fixed values where CatBoost would write the time and a random name into the file: the
same Haute and CatBoost write the same bytes again.
"""

import json
import os
import shutil
from pathlib import Path

import polars as pl

os.environ["HAUTE_TRAINING_THREADS"] = "1"

from haute.modelling import TrainingJob  # after the number of threads is set

PROJECT = Path(__file__).resolve().parent.parent
NODE = PROJECT / "rating/config/model_training/train_frequency.json"
MODELS = PROJECT / "models"


class FrequencyJob(TrainingJob):
    """A training job that leaves nothing of the day it ran on in the model file."""

    def run(self, *args, **kwargs):
        from catboost import CatBoostRegressor

        shutil.rmtree(self.output_dir, ignore_errors=True)
        result = super().run(*args, **kwargs)
        model = CatBoostRegressor()
        model.load_model(str(result.model_path))
        model.get_metadata()["model_guid"] = "motor-pricing-frequency"
        model.get_metadata()["train_finish_time"] = "2026-04-01T00:00:00Z"
        MODELS.mkdir(exist_ok=True)
        model.save_model(str(MODELS / "frequency.cbm"))
        contract = Path(result.model_path).with_name("frequency.feature_contract.json")
        shutil.copyfile(contract, MODELS / contract.name)
        return result


def training_rows() -> pl.LazyFrame:
    """The rows of the pipeline's `training_rows` node."""
    history = pl.scan_parquet(PROJECT / "data/claims_history.parquet")
    return history.filter((pl.col("exposure") >= 0.019) & pl.col("driver_age").is_between(18, 85))


node = json.loads(NODE.read_text(encoding="utf-8"))
job = FrequencyJob(data=training_rows(), **{**node, "output_dir": str(PROJECT / node["output_dir"])})

"""Writes the example's data: the portfolio, the sample quotes and the claims history.

Everything is invented, from one seed, with numpy and polars alone. Run it from the project folder:

    python scripts/generate.py

The same numpy and polars write the same bytes again. What comes out:

    data/portfolio.parquet             20,000 quotes that a rate change is measured on
    data/claims_history.parquet        30,000 policy years with claim counts, to train the frequency model on
    rating/data/sample_quotes.parquet  200 quotes, from which Haute learns the columns of a quote
"""

from pathlib import Path

import numpy as np
import polars as pl

PROJECT = Path(__file__).resolve().parent.parent
SEED = 20_260_401
PORTFOLIO_QUOTES = 20_000
HISTORY_POLICIES = 30_000
SAMPLE_QUOTES = 200

# Region, its share of the quotes, and how its quotes spread over areas A (open country) to F (inner city).
REGIONS = [
    ("London", 0.125, (0.00, 0.01, 0.04, 0.15, 0.35, 0.45)),
    ("South East", 0.150, (0.10, 0.20, 0.30, 0.25, 0.12, 0.03)),
    ("East of England", 0.098, (0.16, 0.24, 0.28, 0.21, 0.09, 0.02)),
    ("South West", 0.088, (0.20, 0.26, 0.26, 0.18, 0.08, 0.02)),
    ("East Midlands", 0.075, (0.12, 0.20, 0.28, 0.24, 0.13, 0.03)),
    ("West Midlands", 0.090, (0.07, 0.13, 0.22, 0.26, 0.22, 0.10)),
    ("North West", 0.115, (0.06, 0.12, 0.22, 0.28, 0.22, 0.10)),
    ("Yorkshire", 0.082, (0.09, 0.16, 0.25, 0.26, 0.17, 0.07)),
    ("North East", 0.041, (0.09, 0.16, 0.26, 0.27, 0.16, 0.06)),
    ("Wales", 0.050, (0.22, 0.26, 0.25, 0.17, 0.08, 0.02)),
    ("Scotland", 0.081, (0.18, 0.19, 0.24, 0.22, 0.13, 0.04)),
    ("Northern Ireland", 0.005, (0.20, 0.22, 0.26, 0.20, 0.10, 0.02)),
]
AREAS = ("A", "B", "C", "D", "E", "F")

# Brand, its share, a typical new price in pounds, and a typical power in bhp.
BRANDS = [
    ("Ford", 0.140, 24_000, 118),
    ("Vauxhall", 0.105, 22_000, 108),
    ("Volkswagen", 0.105, 29_000, 130),
    ("Toyota", 0.075, 27_000, 118),
    ("Nissan", 0.065, 25_000, 116),
    ("Kia", 0.065, 26_000, 120),
    ("Hyundai", 0.055, 25_500, 118),
    ("Peugeot", 0.055, 24_500, 112),
    ("Audi", 0.065, 39_000, 172),
    ("BMW", 0.070, 43_000, 190),
    ("Mercedes-Benz", 0.065, 46_000, 188),
    ("Land Rover", 0.035, 58_000, 225),
    ("Tesla", 0.025, 49_000, 290),
    ("Skoda", 0.045, 26_500, 124),
    ("Fiat", 0.025, 17_500, 78),
    ("Porsche", 0.005, 92_000, 340),
]
AREA_EFFECT = {"A": -0.24, "B": -0.14, "C": 0.00, "D": 0.09, "E": 0.20, "F": 0.31}
BRAND_EFFECT = {
    "BMW": 0.10,
    "Audi": 0.08,
    "Mercedes-Benz": 0.07,
    "Tesla": 0.09,
    "Porsche": 0.05,
    "Skoda": -0.05,
    "Toyota": -0.07,
}


def risks(rng: np.random.Generator, count: int) -> pl.DataFrame:
    """Draws `count` drivers with their cars; what belongs together is drawn together."""
    group = rng.choice(5, size=count, p=(0.085, 0.300, 0.370, 0.185, 0.060))
    youngest = np.array([17, 25, 40, 60, 75])[group]
    oldest = np.array([24, 39, 59, 74, 87])[group]
    driver_age = rng.integers(youngest, oldest + 1)

    late_start = np.minimum(rng.geometric(0.22, size=count) - 1, 30)
    licence_years = np.maximum(driver_age - 17 - late_start, 0)

    region_index = rng.choice(len(REGIONS), size=count, p=[share for _, share, _ in REGIONS])
    area_steps = np.cumsum(np.array([spread for _, _, spread in REGIONS]), axis=1)
    area_index = np.minimum((rng.random(count)[:, None] > area_steps[region_index]).sum(axis=1), len(AREAS) - 1)

    brand_index = rng.choice(len(BRANDS), size=count, p=[share for _, share, _, _ in BRANDS])
    brand = np.array([name for name, _, _, _ in BRANDS])[brand_index]
    young = driver_age < 25
    vehicle_age = np.minimum(np.round(rng.gamma(2.1, np.where(young, 3.9, 2.9))), 22).astype(np.int64)
    new_price = np.array([price for _, _, price, _ in BRANDS])[brand_index] * rng.lognormal(0.0, 0.27, size=count)
    new_price = np.where(rng.random(count) < 0.006, new_price * rng.uniform(4.0, 9.0, size=count), new_price)
    vehicle_value = np.maximum(np.round(new_price * 0.86**vehicle_age / 50) * 50, 500).astype(np.int64)
    power = np.array([bhp for _, _, _, bhp in BRANDS])[brand_index] * rng.lognormal(0.0, 0.18, size=count)
    vehicle_power = np.round(np.clip(power * np.where(young, 0.88, 1.0), 55, 620)).astype(np.int64)

    electric = (brand == "Tesla") | (rng.random(count) < np.where(vehicle_age <= 4, 0.13, 0.015))
    hybrid = ~electric & (rng.random(count) < np.where(vehicle_age <= 6, 0.20, 0.04))
    diesel = ~electric & ~hybrid & (rng.random(count) < np.where(vehicle_age >= 5, 0.42, 0.16))
    fuel = np.select([electric, hybrid, diesel], ["electric", "hybrid", "diesel"], default="petrol")

    mileage = rng.lognormal(np.log(7_000), 0.42, size=count) * np.where(fuel == "diesel", 1.25, 1.0)
    mileage = np.where(driver_age >= 70, mileage * 0.72, mileage)
    annual_mileage = np.clip(np.round(mileage / 500) * 500, 1_000, 40_000).astype(np.int64)

    past = 0.15 * np.exp(0.5 * young + 0.3 * (area_index - 2) / 3 + 0.3 * np.log(annual_mileage / 7_000))
    claims_5y = np.minimum(rng.poisson(past * rng.gamma(0.5, 1 / 0.5, size=count)), licence_years + 1)
    kept = np.where(rng.random(count) < 0.24, rng.integers(0, 9, size=count), 9)
    ncd_years = np.minimum(np.maximum(licence_years - 3 * claims_5y - rng.integers(0, 3, size=count), 0), kept)

    return pl.DataFrame(
        {
            "driver_age": driver_age,
            "licence_years": licence_years,
            "ncd_years": ncd_years,
            "claims_5y": claims_5y,
            "annual_mileage": annual_mileage,
            "vehicle_brand": brand,
            "vehicle_power": vehicle_power,
            "vehicle_value": vehicle_value,
            "vehicle_age": vehicle_age,
            "fuel": fuel,
            "region": np.array([name for name, _, _ in REGIONS])[region_index],
            "area": np.array(AREAS)[area_index],
        }
    ).with_columns(pl.col(pl.Int32).cast(pl.Int64))


def exposure(rng: np.random.Generator, count: int) -> np.ndarray:
    """Share of the year on cover: a third the whole year, the rest any number of days."""
    days = np.where(rng.random(count) < 0.35, 365, rng.integers(7, 365, size=count))
    return np.round(days / 365, 4)


def true_frequency(book: pl.DataFrame) -> np.ndarray:
    """Claims a year that a risk of this invented world really has; the model has to find it out."""
    age = book["driver_age"].to_numpy()
    log_rate = np.log(0.102)
    log_rate = log_rate + 0.95 * np.clip((29 - age) / 12, 0, 1) + 0.030 * np.clip(age - 71, 0, None)
    log_rate = log_rate - 0.042 * book["ncd_years"].to_numpy()
    log_rate = log_rate - 0.020 * np.minimum(book["licence_years"].to_numpy(), 10)
    log_rate = log_rate + 0.27 * np.minimum(book["claims_5y"].to_numpy(), 3)
    log_rate = log_rate + 0.33 * np.log(book["annual_mileage"].to_numpy() / 7_000)
    log_rate = log_rate + 0.0021 * np.clip(book["vehicle_power"].to_numpy() - 110, -40, 200)
    log_rate = log_rate + np.array([AREA_EFFECT[area] for area in book["area"]])
    log_rate = log_rate + np.array([BRAND_EFFECT.get(brand, 0.0) for brand in book["vehicle_brand"]])
    return np.exp(log_rate)


def write(frame: pl.DataFrame, path: str) -> None:
    target = PROJECT / path
    target.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(target, compression="zstd", statistics=True)
    print(f"{path}: {frame.height:,} rows, {target.stat().st_size:,} bytes")


def main() -> None:
    portfolio_draw, history_draw = (np.random.default_rng(seed) for seed in (SEED, SEED + 1))

    portfolio = risks(portfolio_draw, PORTFOLIO_QUOTES)
    numbers = pl.int_range(1, PORTFOLIO_QUOTES + 1, eager=True).cast(pl.String).str.zfill(6)
    portfolio = portfolio.select(("Q" + numbers).alias("quote_id"), pl.all()).with_columns(
        exposure=exposure(portfolio_draw, PORTFOLIO_QUOTES)
    )
    write(portfolio, "data/portfolio.parquet")

    # A live quote is always for a whole year, so the sample has no exposure. Its risks are ones that get a price.
    priced = portfolio.filter(pl.col("driver_age").is_between(18, 85), pl.col("claims_5y") < 4)
    write(priced.drop("exposure").head(SAMPLE_QUOTES), "rating/data/sample_quotes.parquet")

    history = risks(history_draw, HISTORY_POLICIES)
    history = history.with_columns(exposure=exposure(history_draw, HISTORY_POLICIES))
    expected = true_frequency(history) * history["exposure"].to_numpy()
    history = history.with_columns(claim_count=history_draw.poisson(expected)).drop("region", "vehicle_value")
    write(history, "data/claims_history.parquet")


if __name__ == "__main__":
    main()

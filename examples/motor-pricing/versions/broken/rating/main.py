"""Private motor: from a quote to a premium, and a branch that trains the frequency model."""

import polars as pl

import haute

pipeline = haute.Pipeline("motor", description="Private motor: claim frequency, rating tables, loadings, declines")


# What a quote goes through ----------------------------------------------------------------------------------------


@pipeline.api_input(config="config/quote_input/quotes.json")
def quotes(): ...


@pipeline.polars
def features(quotes: pl.LazyFrame) -> pl.LazyFrame:
    """The columns of the frequency model, in the order and of the types it was trained on.

    A live quote may lack a value, or send 12000 where the next one sends 12000.5: the types are set here, once.
    The price is for a whole year whatever exposure the quote carries.
    """
    df = quotes.select(
        pl.col("quote_id").cast(pl.String),
        pl.col("driver_age").cast(pl.Int64),
        pl.col("licence_years").cast(pl.Int64),
        pl.col("ncd_years").cast(pl.Int64),
        pl.col("claims_5y").cast(pl.Int64),
        pl.col("annual_mileage").cast(pl.Int64),
        pl.col("vehicle_brand").cast(pl.String),
        pl.col("vehicle_power").cast(pl.Int64),
        pl.col("vehicle_age").cast(pl.Int64),
        pl.col("area").cast(pl.String),
        pl.lit(1.0).alias("exposure"),
        pl.col("vehicle_value").cast(pl.Float64),
        pl.col("fuel").cast(pl.String),
        pl.col("region").cast(pl.String),
    )
    return df


@pipeline.polars
def flood_zone(features: pl.LazyFrame) -> pl.LazyFrame:
    """Surface water zone of built-up areas, shown with the price and rated on from the next release.

    The provider of the zones allows 120 calls a minute, so there is a pause after each. An area is asked for once.
    """
    import time

    answers = {}

    def zone(area: str) -> str:
        if area not in ("E", "F"):
            return "not built up"
        if area not in answers:
            time.sleep(60 / 120)
            answers[area] = "high" if area == "F" else "medium"
        return answers[area]

    df = features.with_columns(flood_zone=pl.col("area").map_elements(zone, return_dtype=pl.String))
    return df


@pipeline.model_score(config="config/model_scoring/frequency.json")
def frequency(flood_zone): ...


@pipeline.banding(config="config/banding/bands.json")
def bands(frequency): ...


@pipeline.rating_step(config="config/rating_step/relativities.json")
def relativities(bands): ...


@pipeline.external_file(config="config/load_file/tariff.json")
def tariff(relativities: pl.LazyFrame, *, obj) -> pl.LazyFrame:
    """Expected claims cost, then the loadings of the tariff, in pounds."""
    df = relativities
    loadings = obj["loadings"]
    df = df.with_columns(
        area_relativity=pl.col("area").replace_strict(obj["area_relativity"], default=None, return_dtype=pl.Float64),
        fuel_relativity=pl.col("fuel").replace_strict(obj["fuel_relativity"], default=1.0, return_dtype=pl.Float64),
    ).with_columns(
        technical_premium=(
            pl.col("frequency")
            * obj["base_severity"]
            * pl.col("relativity")
            * pl.col("area_relativity")
            * pl.col("fuel_relativity")
        )
    )
    kept = 1.0 - loadings["commission"] - loadings["variable_expenses"] - loadings["profit"]
    df = df.with_columns(
        office_premium=pl.max_horizontal(
            (pl.col("technical_premium") + loadings["fixed_expenses"]) / kept, pl.lit(loadings["minimum_premium"])
        ),
        premium_tax=pl.lit(loadings["insurance_premium_tax"]),
    )
    return df


@pipeline.polars
def underwriting(tariff: pl.LazyFrame) -> pl.LazyFrame:
    """What we do not insure gets no premium and says why; everything else is rounded to the penny."""
    df = tariff.with_columns(
        decline_reason=pl.when(
            pl.any_horizontal(
                pl.col("driver_age", "licence_years", "ncd_years", "claims_5y").is_null(),
                pl.col("annual_mileage", "vehicle_power", "vehicle_age", "vehicle_value").is_null(),
            )
        )
        .then(pl.lit("incomplete risk"))
        .when(pl.col("driver_age") < 18)
        .then(pl.lit("driver under 18"))
        .when(pl.col("driver_age") > 85)
        .then(pl.lit("driver over 85"))
        .when(pl.col("claims_5y") >= 4)
        .then(pl.lit("four or more claims in five years"))
        .when(pl.col("vehicle_value") > 150_000)
        .then(pl.lit("vehicle worth more than 150,000"))
        .when((pl.col("region_group") == "not covered") | pl.col("area_relativity").is_null())
        .then(pl.lit("region not covered"))
    ).with_columns(
        premium=pl.when(pl.col("decline_reason").is_null())
        .then(pl.col("office_premium") * (1.0 + pl.col("premium_tax")))
        .round(2),
        technical_premium=pl.when(pl.col("decline_reason").is_null()).then(pl.col("technical_premium")).round(2),
        frequency=pl.col("frequency").round(6),
    )
    return df


@pipeline.output(config="config/quote_response/priced.json")
def priced(underwriting): ...


# What only the pricing team runs: deployment leaves these nodes out ------------------------------------------------


@pipeline.data_input(config="config/data_input/claims_history.json")
def claims_history(): ...


@pipeline.polars
def training_rows(claims_history: pl.LazyFrame) -> pl.LazyFrame:
    """Policy years that can teach something: on cover for at least a week, by drivers we insure."""
    df = claims_history.filter((pl.col("exposure") >= 0.019) & pl.col("driver_age").is_between(18, 85))
    return df


@pipeline.modelling(config="config/model_training/train_frequency.json")
def train_frequency(training_rows): ...


@pipeline.data_output(config="config/data_output/rate_review.json")
def rate_review(underwriting): ...


pipeline.connect("quotes", "features", source_port="quotes")
pipeline.connect("features", "flood_zone")
pipeline.connect("flood_zone", "frequency")
pipeline.connect("frequency", "bands")
pipeline.connect("bands", "relativities")
pipeline.connect("relativities", "tariff")
pipeline.connect("tariff", "underwriting")
pipeline.connect("underwriting", "priced")
pipeline.connect("claims_history", "training_rows")
pipeline.connect("training_rows", "train_frequency")
pipeline.connect("underwriting", "rate_review")

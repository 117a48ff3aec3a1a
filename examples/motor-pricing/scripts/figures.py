"""Prices the whole portfolio at each version of the rates and prints what changes; the README's figures are from here.

python scripts/figures.py                 # v1 and every overlay
python scripts/figures.py v2 too-dear     # v1 and these
"""

import sys

import polars as pl
from pricing import BASE, VERSIONS, prices, project_at

PORTFOLIO = "data/portfolio.parquet"


def price_book(version: str) -> pl.DataFrame:
    with project_at(version) as project:
        return prices(project, project / PORTFOLIO)


def describe(name: str, book: pl.DataFrame) -> None:
    premium = book["premium"].drop_nulls()
    at = {share: premium.quantile(share, "linear") for share in (0.05, 0.5, 0.95, 0.99)}
    print(f"{name}: {book.height:,} quotes, {book['premium'].null_count() / book.height:.2%} declined")
    print(f"  premium: mean {premium.mean():,.2f}, total {premium.sum():,.2f}")
    print(f"  5 % {at[0.05]:,.2f}, half {at[0.5]:,.2f}, 95 % {at[0.95]:,.2f}, 99 % {at[0.99]:,.2f}")
    print(f"  least {premium.min():,.2f}, most {premium.max():,.2f}")
    for reason, count in book["decline_reason"].drop_nulls().value_counts(sort=True).iter_rows():
        print(f"  {count:>5} {reason}")


def compare(name: str, old: pl.DataFrame, new: pl.DataFrame) -> None:
    pairs = old.join(new, on="quote_id", suffix="_new", validate="1:1")
    both = pairs.drop_nulls(["premium", "premium_new"])
    change = both["premium_new"] / both["premium"] - 1
    total = both["premium_new"].sum() / both["premium"].sum() - 1
    switched = (pairs["premium"].is_null() != pairs["premium_new"].is_null()).sum()
    changed = (both["premium"] != both["premium_new"]).sum()
    print(f"{name} against {BASE}: premium {total:+.2%}, mean change of a quote {change.mean():+.2%}")
    print(f"  {changed:,} quotes change, from {change.min():+.2%} to {change.max():+.2%}")
    print(f"  quotes that change by more than 25 %: {(change.abs() > 0.25).sum()}, quoted one way only: {switched}")


def main(versions: list[str]) -> None:
    base = price_book(BASE)
    describe(BASE, base)
    for version in versions or sorted(folder.name for folder in VERSIONS.iterdir() if folder.is_dir()):
        compare(version, base, price_book(version))


if __name__ == "__main__":
    main(sys.argv[1:])

"""What one writes in an afternoon: the same CSV files multiplied out with pandas, nothing checked or explained."""

import sys
from pathlib import Path

import pandas as pd


def main(root: Path, cycle: str) -> None:
    """Write `pandas.csv` with a total for each person."""
    folder = root / "scorecards" / cycle
    people = pd.read_csv(folder / "people.csv", dtype=str)
    items = pd.read_csv(root / "items.csv")
    actuals = pd.concat(pd.read_csv(path) for path in sorted((folder / "actuals").glob("*.csv")))
    wide = actuals.pivot(index="subject", columns="measure", values="actual")
    people = people.join(wide, on="person")
    whole = wide.loc[wide.index.str.startswith("department-"), ["done", "planned"]]
    people = people.drop(columns=["done", "planned"]).join(whole, on="department")
    people["conversion"] = people["buyers"] / people["visitors"] * 100
    people["plan"] = people["done"] / people["planned"] * 100
    people["share"] = people["sales"] / wide.loc["company", "sales"] * 10000
    ratings = pd.read_csv(folder / "ratings.csv", dtype={"relation": str})
    people = people.join(ratings.groupby("person")["score"].mean().rename("attitude"), on="person")
    lines = people.melt(["person", "role"], items["kind"].unique(), "kind", "actual").merge(items, on=["role", "kind"])
    lines = lines.merge(_targets(folder), on=["person", "kind"], how="left", suffixes=("", "_own"))
    attainment = lines["actual"] / lines["target_own"].fillna(lines["target"])
    points = (lines["weight"] * attainment).clip(lower=0, upper=lines["weight"])
    points.groupby(lines["person"]).sum().round(1).to_csv(root / "pandas.csv")


def _targets(folder: Path) -> pd.DataFrame:
    targets = pd.read_csv(folder / "targets.csv")
    targets["kind"] = targets["indicator"].str.rpartition("_")[0]
    return targets.rename(columns={"subject": "person"})[["person", "kind", "target"]]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

"""Whether raters use the scale alike: questions with the number of cases, never a verdict."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

FEWEST = 5
"""Raters of fewer people are not told of."""
APART = 0.10
"""Of full points: so far from the others is asked about, where chance does not explain it."""
NARROW = 0.02
WIDE = 0.05
"""A rater whose ratings lie within `NARROW`, where those of the others spread over `WIDE`."""
REPEATED = 0.9
"""Of the ratings of the cycle before that are given again as they were."""
FULL = 0.999_999


class RaterRow(NamedTuple):
    """What a rater gave. Shares are of full points, 0 to 1; NaN where there is nothing to compare."""

    relation: str
    rater: str
    people: int
    ratings: int
    mean: float
    spread: float
    """The standard deviation of a sample."""
    at_top: float
    others: int
    """Ratings by others of people in the same roles for the same indicators."""
    apart: float
    """By how much the ratings lie above those of the others, role by role and indicator by indicator."""
    others_spread: float
    again: int
    """Ratings that were given in the cycle before, too."""
    equal: int
    """Those of them that are the same as then."""
    questions: tuple[str, ...]
    """Of lenient, strict, near_equal, all_equal, repeated; or too_few."""


def rater_rows(ratings: pd.DataFrame, before: pd.DataFrame | None = None) -> tuple[RaterRow, ...]:
    """A row for each rater and relation with at least `FEWEST` people; most people first.

    Args:
        ratings: as `frames.ratings` gives them, of one cycle or of several.
        before: the same of the cycle before; None compares nothing.
    """
    given = ratings.dropna(subset=["share", "rater"])
    given = given[given["relation"] != "self"]
    if given.empty:
        return ()
    compared = _with_others(given)
    equal = _equal_to(compared, before)
    rows = (
        _row(str(relation), str(rater), group, equal)
        for (relation, rater), group in compared.groupby(["relation", "rater"], observed=True)
        if group["person"].nunique() >= FEWEST
    )
    return tuple(sorted(rows, key=lambda row: (-row.people, row.relation, row.rater)))


def _with_others(given: pd.DataFrame) -> pd.DataFrame:
    """Beside each rating the number, mean and squares of those by others, of the same role and indicator."""
    keys = ["cycle", "role", "indicator"]
    squared = given.assign(square=given["share"] ** 2)
    whole = squared.groupby(keys, observed=True)[["share", "square"]].transform("sum")
    own = squared.groupby([*keys, "relation", "rater"], observed=True)[["share", "square"]].transform("sum")
    count = squared.groupby(keys, observed=True)["share"].transform("size")
    own_count = squared.groupby([*keys, "relation", "rater"], observed=True)["share"].transform("size")
    others = (count - own_count).astype("float64")
    divisor = others.where(others > 0)
    mean = (whole["share"] - own["share"]) / divisor
    variance = ((whole["square"] - own["square"]) / divisor - mean**2).clip(lower=0)
    return given.assign(others=others, others_mean=mean, others_variance=variance, own_count=own_count)


def _equal_to(given: pd.DataFrame, before: pd.DataFrame | None) -> "pd.Series[Any] | None":
    """For each rating whether it is that of the cycle before; NaN where there was none."""
    keys = ["person", "indicator", "relation", "rater"]
    if before is None or before.empty:
        return None
    earlier = before.dropna(subset=["share", "rater"])[[*keys, "share"]].astype(dict.fromkeys(keys, "str"))
    last = earlier.drop_duplicates(keys, keep="last").set_index(keys)["share"]
    wanted = pd.MultiIndex.from_frame(given[keys].astype("str"))
    found = pd.Series(last.reindex(wanted).to_numpy(), index=given.index)
    return (found == given["share"]).astype("float64").where(found.notna())


def _row(relation: str, rater: str, group: pd.DataFrame, equal: "pd.Series[Any] | None") -> RaterRow:
    share, met = group["share"], group[group["others"] > 0]
    again = equal.loc[group.index].dropna() if equal is not None else pd.Series(dtype="float64")
    # Others stand in a group as often as the rater has people there: each of them counts once.
    others = (met["others"] / met["own_count"]).sum() if len(met) else 0.0
    row = RaterRow(
        relation=relation,
        rater=rater,
        people=int(group["person"].nunique()),
        ratings=len(group),
        mean=float(share.mean()),
        # Equal floats may differ from their own mean in the last digit.
        spread=0.0 if share.nunique() == 1 else float(share.std(ddof=1)),
        at_top=float((share >= FULL).mean()),
        others=round(others),
        apart=float((met["share"] - met["others_mean"]).mean()) if len(met) else float("nan"),
        others_spread=float(np.sqrt(met["others_variance"].mean())) if len(met) else float("nan"),
        again=len(again),
        equal=int(again.sum()),
        questions=(),
    )
    return row._replace(questions=tuple(_questions(row, len(met))))


def _questions(row: RaterRow, met: int) -> Iterator[str]:
    """What one would ask of these ratings."""
    is_flat = row.ratings > 1 and row.spread == 0
    if is_flat:
        yield "all_equal"
    elif row.spread <= NARROW and row.others >= FEWEST and row.others_spread >= WIDE:
        yield "near_equal"
    if met >= FEWEST and row.others >= FEWEST:
        chance = np.sqrt(row.spread**2 / met + row.others_spread**2 / row.others)
        if abs(row.apart) >= APART and abs(row.apart) > 2 * chance:
            yield "lenient" if row.apart > 0 else "strict"
    else:
        yield "too_few"
    if row.again >= FEWEST and row.equal >= REPEATED * row.again and not is_flat:
        yield "repeated"

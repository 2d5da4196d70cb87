"""The trend per buurt: shrunk, with too few said, and the planted deviation found."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from wib_lib.errors import TableError
from wib_lib.part_trend import MINIMUM, TOO_FEW, VERDICTS, trend_by_part
from wib_lib.trend import Trend

YEARS = [f"n{year}" for year in range(2013, 2019)]
AREA = Trend(-10.0, -14.0, -5.8, 1.0, pd.DataFrame())


def counts_of(table: np.ndarray) -> pd.DataFrame:
    codes = [f"BU{i:08}" for i in range(len(table))]
    return pd.DataFrame(table, columns=YEARS).assign(code=codes)


@pytest.fixture
def counts() -> pd.DataFrame:
    """Forty buurten that follow the area, the first two of which rise and fall 40 % a year."""
    rng = np.random.default_rng(5)
    mean = 25 * 0.9 ** np.arange(6) * np.ones((40, 1))
    mean[0] *= 1.4 ** (np.arange(6) - 2.5)
    mean[1] *= 1.4 ** (2.5 - np.arange(6))
    table = rng.poisson(mean)
    table[2] = [3, 2, 2, 1, 1, 1]
    return counts_of(table)


def test_two_mirrored_parts_by_hand() -> None:
    # 1:2:4 and 4:2:1 times 100 add up to 5:4:5. Given the area, x and 1/x differ by a slope that
    # is the same with the other sign; the shares 100, 200, 400 of 5:4:5 have no exact slope, but
    # their score is 0 where the mean year of the part is that of its fit.
    table = pd.DataFrame({"code": ["a", "b"], "n1": [100, 400], "n2": [200, 200], "n3": [400, 100]})
    found = trend_by_part(table, ["n1", "n2", "n3"], Trend(0.0, -0.1, 0.1, 1.0, pd.DataFrame()))
    slopes = np.log1p(found["pct_per_year"] / 100)
    assert slopes[0] == pytest.approx(-slopes[1], rel=1e-9)
    assert found["oordeel"].tolist() == [VERDICTS[1], VERDICTS[-1]]


def test_unshrunk_slopes_equal_those_of_a_glm() -> None:
    # Thousands of burglaries without scatter: chance explains nothing, so nothing is shrunk.
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    slopes = np.random.default_rng(3).normal(0, 0.1, (40, 1))
    table = (5_000 * np.exp((slopes - 0.1) * np.arange(6))).round()
    found = trend_by_part(counts_of(table), YEARS, AREA)
    design = np.column_stack([np.ones(6), np.arange(6)])
    for i in (0, 1, 7, 30):
        fit = GLM(table[i], design, family=Poisson(), offset=np.log(table.sum(axis=0))).fit()
        expected = 0.9 * np.exp(fit.params[1])
        assert 1 + found["pct_per_year"][i] / 100 == pytest.approx(expected, rel=0.002)


def test_the_parts_that_deviate_are_found_and_few_others(counts: pd.DataFrame) -> None:
    found = trend_by_part(counts, YEARS, AREA)
    assert found["oordeel"][0] == "ongunstiger dan het gebied"
    assert found["oordeel"][1] == "gunstiger dan het gebied"
    assert found["oordeel"][2] == TOO_FEW
    assert found.loc[2, ["pct_per_year", "low", "high", "p_bh"]].isna().all()
    assert (found["oordeel"][3:] == VERDICTS[0]).sum() >= 36
    assert (found["low"] < found["pct_per_year"])[found["low"].notna()].all()


def test_chance_alone_deviates_from_nothing() -> None:
    rng = np.random.default_rng(6)
    n_false, pulled = 0, []
    for _ in range(200):
        found = trend_by_part(
            counts_of(rng.poisson(15 * 0.9 ** np.arange(6), (30, 6))), YEARS, AREA
        )
        n_false += bool((found["oordeel"] != VERDICTS[0]).any())
        pulled.append((found["pct_per_year"] + 10).abs().max())
    assert n_false <= binom.ppf(0.999, 200, 0.05)
    # Unshrunk the wildest of thirty is some 20 percentage points off; shrunk half are within 3.
    assert np.median(pulled) < 3


def test_order_and_input_do_not_matter(counts: pd.DataFrame) -> None:
    copy = counts.copy(deep=True)
    found = trend_by_part(counts, YEARS, AREA)
    pd.testing.assert_frame_equal(counts, copy)
    again = trend_by_part(counts.iloc[::-1], YEARS, AREA).sort_index()
    pd.testing.assert_frame_equal(again, found, rtol=1e-8)


def test_a_part_that_grew_has_no_worse_trend_per_dwelling(counts: pd.DataFrame) -> None:
    grown = counts_of(np.full((10, 6), 200))
    grown.loc[0, YEARS] = [100, 120, 144, 173, 207, 249]
    homes = counts_of(np.full((10, 6), 1000))
    homes.loc[0, YEARS] = [500, 600, 720, 864, 1037, 1244]
    assert trend_by_part(grown, YEARS, AREA)["oordeel"][0] == VERDICTS[1]
    found = trend_by_part(grown, YEARS, AREA, dwellings=homes)
    assert found["oordeel"].eq(VERDICTS[0]).all()
    assert found["pct_per_year"].tolist() == pytest.approx([-10] * 10, abs=1)


def test_the_limit_of_too_few(counts: pd.DataFrame) -> None:
    table = np.full((4, 6), 50)
    table[0] = [MINIMUM, 0, 0, 0, 0, 0]
    table[1] = [MINIMUM - 1, 0, 0, 0, 0, 0]
    found = trend_by_part(counts_of(table), YEARS, AREA)
    assert (found["oordeel"] == TOO_FEW).tolist() == [False, True, False, False]


@pytest.mark.parametrize(
    ("change", "windows"),
    [
        (lambda rows: rows, YEARS[:2]),
        (lambda rows: rows.assign(n2015=-1), YEARS),
        (lambda rows: rows.assign(n2015=0), YEARS),
        (lambda rows: rows.assign(n2015=None), YEARS),
    ],
)
def test_counts_that_do_not_serve_are_refused(
    counts: pd.DataFrame, change: object, windows: list[str]
) -> None:
    with pytest.raises(
        TableError, match="counts: at least three windows needed, each with a count"
    ):
        trend_by_part(change(counts), windows, AREA)  # type: ignore[operator]
    with pytest.raises(TableError, match="counts: column n2019 is missing"):
        trend_by_part(counts, [*YEARS, "n2019"], AREA)

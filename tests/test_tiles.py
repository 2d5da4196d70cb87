"""The four key figures on the first page."""

from datetime import date

import pandas as pd
import pytest

from wib_lib.absent import Missing
from wib_lib.keyfigures import Dwellings, key_figures
from wib_lib.periods import Window
from wib_lib.series import Series
from wib_lib.tiles import key_tiles


@pytest.mark.parametrize(
    ("before", "now", "shown"), [(20, 18, False), (19, 40, False), (40, 20, True)]
)
def test_a_count_below_twenty_gets_no_percentage(before: int, now: int, shown: bool) -> None:
    start = pd.to_datetime(["2017-01-01", "2018-01-01"])
    rows = pd.DataFrame(
        {"start": start, "end": start + pd.offsets.YearBegin(1), "n_burglaries": [before, now]}
    )
    none = Missing("niet geleverd")
    figures = key_figures(
        Series(rows, "test"), Window(date(2018, 1, 1)), years=1,
        dwellings=Dwellings(1_000, 2018), dwellings_before=Dwellings(1_000, 2017),
        cleared=(none, none),
    )  # fmt: skip
    text = key_tiles(figures, level=0.95).text
    assert ("% t.o.v. 2017" in text) is shown
    assert ("te weinig voor een percentage" in text) is not shown
    assert str(before) in text

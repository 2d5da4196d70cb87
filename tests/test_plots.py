"""Figures: the artists carry the figures handed in, and nothing of what is absent."""

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from wib_lib import charts, plots
from wib_lib.absent import Missing, Suppressed
from wib_lib.axes import decimals_for, floats
from wib_lib.palette import MARK, OWN


@pytest.fixture
def ax() -> Axes:
    _, axes = plots.canvas(6, 3)
    return axes  # type: ignore[no-any-return]


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def tick_labels(ax: Axes) -> list[str]:
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    return [label.get_text() for label in ax.get_yticklabels()]


def line(ax: Axes, label: str) -> np.ndarray:
    return np.asarray(next(part for part in ax.lines if part.get_label() == label).get_ydata())


def months(first: int = 1) -> pd.DataFrame:
    month = [(first + i - 1) % 12 + 1 for i in range(12)]
    mean = np.arange(12) * 100.0 + 500
    return pd.DataFrame(
        {"month": month, "n": mean - 200, "low": mean - 100, "high": mean + 100, "mean": mean}
    )


def test_a_canvas_stays_out_of_pyplot_and_leaves_its_settings_alone() -> None:
    before = plt.rcParams.copy()
    figure, axes = plots.canvas(6, 3, ncols=2)
    assert len(axes) == 2
    assert tuple(figure.get_size_inches()) == (6, 3)
    assert plt.get_fignums() == []
    # The backend is a setting that matplotlib itself fills in when it is first looked at.
    assert {k: v for k, v in plt.rcParams.items() if k != "backend"} == {
        k: v for k, v in before.items() if k != "backend"
    }


def test_the_theme_is_made_of_settings_that_matplotlib_accepts() -> None:
    with plt.rc_context(plots.theme()):
        assert not plt.rcParams["axes.spines.top"]


def test_months_are_drawn_over_the_band_of_the_years_before(ax: Axes) -> None:
    data = months(first=10)
    assert plots.months_over_band(ax, data, window="2018", before="2013–2017") is ax
    assert line(ax, "n").tolist() == data["n"].tolist()
    assert line(ax, "mean").tolist() == data["mean"].tolist()
    band = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert set(band) == {*data["low"], *data["high"]}
    names = [label.get_text() for label in ax.get_xticklabels()]
    assert names[:4] == ["okt", "nov", "dec", "jan"]
    assert texts(ax) == ["2018", "gemiddeld\n2013–2017"]
    assert ax.get_ylim()[0] == 0
    assert ax.get_ylabel() == "woninginbraken per maand"
    assert "1.000" in tick_labels(ax)


def test_a_month_that_is_not_there_is_a_gap(ax: Axes) -> None:
    data = months().astype({"n": object})
    data.loc[3, "n"], data.loc[4, "n"] = Missing("niet geleverd"), Suppressed(5)
    plots.months_over_band(ax, data, window="2018", before="2013–2017")
    assert np.flatnonzero(np.isnan(line(ax, "n"))).tolist() == [3, 4]


def test_names_at_line_ends_do_not_touch(ax: Axes) -> None:
    data = months()
    data["n"] = data["mean"] + 1
    plots.months_over_band(ax, data, window="2018", before="2013–2017")
    lower, upper = (text.xy[1] for text in ax.texts)  # type: ignore[attr-defined]
    low, high = ax.get_ylim()
    assert upper - lower >= 0.15 * (high - low)


@pytest.fixture
def year_frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": ["2015", "2016", "2017", "2018"],
            "n": [1200, Missing("niet geleverd"), Suppressed(5), 900],
            "is_window": [False, False, False, True],
        }
    )


def test_years_are_bars_with_their_number_the_window_in_own_colour(
    ax: Axes, year_frame: pd.DataFrame
) -> None:
    plots.years(ax, year_frame, mark=1080.0, mark_label="doel")
    heights = [bar.get_height() for bar in ax.patches]
    assert heights[0] == 1200
    assert heights[3] == 900
    assert [to_hex(bar.get_facecolor()) == OWN for bar in ax.patches] == [False] * 3 + [True]
    assert {"1.200", "900", "doel\n1.080"} <= set(texts(ax))
    level = next(part for part in ax.lines if part.get_color() == MARK)
    assert set(level.get_ydata()) == {1080.0}
    assert ax.get_ylim()[0] == 0


def test_absent_years_are_hatched_and_named_not_zero(ax: Axes, year_frame: pd.DataFrame) -> None:
    plots.years(ax, year_frame)
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False, True, True, False]
    assert all(bar.get_facecolor()[3] == 0 for bar in ax.patches[1:3])
    assert {"niet geleverd", "x (onderdrukt)"} <= set(texts(ax))
    assert "0" not in texts(ax)


def test_a_trend_shows_counts_line_and_band(ax: Axes) -> None:
    starts = pd.date_range("2016-01-01", periods=36, freq="MS")
    fitted = np.linspace(60, 30, 36)
    frame = pd.DataFrame(
        {"start": starts, "n": fitted + 1, "fitted": fitted, "low": fitted - 5, "high": fitted + 5}
    )
    plots.trend(ax, frame)
    assert line(ax, "n").tolist() == frame["n"].tolist()
    assert line(ax, "fitted").tolist() == fitted.tolist()
    assert set(ax.collections[0].get_paths()[0].vertices[:, 1]) == {*frame["low"], *frame["high"]}
    assert texts(ax) == ["trend"]
    assert ax.get_ylim()[0] == 0


def test_a_season_shows_each_number_and_leaves_absent_cells_open(ax: Axes) -> None:
    grid = pd.DataFrame([[1200, 3], [Missing("niet geleverd"), 0]], [2017, 2018], [12, 1])
    plots.season(ax, grid)
    assert texts(ax) == ["1.200", "3", "", "0"] or texts(ax) == ["1.200", "3", "0"]
    drawn = ax.collections[0].get_array()
    assert np.ma.getmaskarray(drawn).ravel().tolist() == [False, False, True, False]
    assert drawn.compressed().tolist() == [1200, 3, 0]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["dec", "jan"]
    assert ax.patch.get_hatch()
    assert ax.collections[0].get_clim()[0] == 0


def test_interval_dots_show_rate_interval_and_benchmark(ax: Axes) -> None:
    frame = pd.DataFrame(
        {
            "label": ["Gouda", "Delft", "Laak"],
            "value": [5.9, 7.7, Missing("niet geleverd")],
            "low": [5.0, 6.5, np.nan],
            "high": [7.0, 9.1, np.nan],
            "is_own": [True, False, False],
        }
    )
    plots.interval_dots(ax, frame, mark=5.4)
    dots = [part for part in ax.lines if part.get_marker() == "o"]
    assert [dot.get_xdata()[0] for dot in dots] == [5.9, 7.7]  # type: ignore[index]
    spans = [part.get_segments()[0][:, 0].tolist() for part in ax.collections]  # type: ignore
    assert spans == [[5.0, 7.0], [6.5, 9.1]]
    assert [to_hex(dot.get_color()) == OWN for dot in dots] == [True, False]
    assert {"landelijk 5,4", "5,9", "7,7", "niet geleverd"} == set(texts(ax))
    low, high = ax.get_ylim()
    assert low > high  # first row on top
    assert ax.get_xlim()[0] == 0
    assert ax.get_xlabel() == "woninginbraken per 1.000 woningen"


@pytest.mark.parametrize("name", ["months_over_band", "years", "trend", "season", "interval_dots"])
def test_figures_leave_their_frame_alone_and_do_not_grow_new_ones(name: str, ax: Axes) -> None:
    start = pd.date_range("2018-01-01", periods=12, freq="MS")
    frame = months().assign(
        start=start, fitted=1.0, label="a", value=1.0, is_own=False, is_window=False
    )
    extra: dict[str, object] = {}
    if name == "months_over_band":
        extra = {"window": "2018", "before": "ervoor"}
    if name == "season":
        frame = pd.DataFrame([[1, 2]], [2018], [1, 2])
    before = frame.copy(deep=True)
    assert getattr(plots, name)(ax, frame, **extra) is ax
    pd.testing.assert_frame_equal(frame, before)
    figure = ax.get_figure()
    assert figure is not None
    assert figure.axes == [ax]
    assert plt.get_fignums() == []


def test_floats_turn_what_is_absent_into_gaps() -> None:
    found = floats([1, Missing("weg"), Suppressed(5), None, pd.NA, 2.5])
    assert np.array_equal(found, [1, np.nan, np.nan, np.nan, np.nan, 2.5], equal_nan=True)


@pytest.mark.parametrize(("ticks", "decimals"), [([0.1, 0.2], 1), ([1, 2], 0), ([0.25], 2)])
def test_decimals_tell_ticks_apart(ticks: list[float], decimals: int) -> None:
    assert decimals_for(ticks) == decimals


def test_the_words_of_a_figure_are_of_what_it_draws() -> None:
    windows = pd.DataFrame({"label": ["2017", "2018"], "n": [505, 366]})
    band = pd.DataFrame({"month": [12, 1], "n": [30, 28]})
    assert charts.recent_words(band, windows) == "december: 30; januari: 28"
    assert charts.month_words(Missing("alleen jaren")) == "alleen jaren"
    assert charts.recent_words(Missing("alleen jaren"), windows) == "2017: 505; 2018: 366"

"""Small multiples: one scale or a scale that says it is its own; gaps for what is absent."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from wib_lib import plots
from wib_lib.absent import Missing, Suppressed
from wib_lib.palette import MARK, OWN


def frame(*n: object) -> pd.DataFrame:
    return pd.DataFrame({"label": [str(2013 + i) for i in range(len(n))], "n": list(n)})


AREAS = {"Gouda": frame(650, 500, 245), "Laak": frame(30, 40, 20), "Delft": frame(300, 310, 290)}


def grid(n: int = 4) -> np.ndarray:
    _, axes = plots.canvas(6.9, 4, ncols=2, nrows=n // 2)
    return np.asarray(axes)


def title(ax: Axes) -> str:
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure.get_suptitle()


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_each_area_has_its_frame_name_line_and_last_value() -> None:
    axes = plots.small_multiples(grid(), AREAS, unit="woninginbraken")
    gouda, laak, delft, spare = np.ravel(axes)
    assert [ax.get_title(loc="left") for ax in (gouda, laak, delft)] == list(AREAS)
    assert gouda.lines[0].get_ydata().tolist() == [650, 500, 245]
    assert texts(gouda) == ["245"]
    assert [label.get_text() for label in laak.get_xticklabels()] == ["2013", "2015"]
    assert title(gouda) == "woninginbraken"
    assert not spare.axison


def test_one_scale_for_all_from_zero() -> None:
    axes = np.ravel(plots.small_multiples(grid(), AREAS, unit="n"))
    assert all(ax.get_ylim() == (0, pytest.approx(650 * 1.15)) for ax in axes[:3])


def test_a_scale_of_its_own_is_stated() -> None:
    axes = np.ravel(plots.small_multiples(grid(), AREAS, unit="n", shared=False))
    assert axes[1].get_ylim() == (0, pytest.approx(40 * 1.15))
    assert axes[1].get_xlabel() == "schaal tot 40"
    assert title(axes[0]) == "n, elk op eigen schaal"


def test_what_is_absent_is_a_hatched_gap_or_a_reason_never_zero() -> None:
    given = {"A": frame(5, Suppressed(5), 7), "B": Missing("niet geleverd"), "C": Suppressed(5)}
    axes = np.ravel(plots.small_multiples(grid(), given, unit="n"))
    assert np.isnan(axes[0].lines[0].get_ydata()).tolist() == [False, True, False]
    assert [patch.get_hatch() for patch in axes[0].patches] == ["////"]
    assert texts(axes[1]) == ["niet geleverd"]
    assert texts(axes[2]) == ["onderdrukt: te klein aantal (grens 5)"]
    assert axes[1].get_ylim() == axes[0].get_ylim()


def test_a_last_value_that_is_absent_is_not_named() -> None:
    axes = np.ravel(plots.small_multiples(grid(), {"A": frame(5, Missing("x"))}, unit="n"))
    assert texts(axes[0]) == []


def test_a_mark_is_drawn_fits_the_scale_and_is_named_once() -> None:
    axes = np.ravel(
        plots.small_multiples(grid(), AREAS, unit="n", marks={"Laak": 900}, mark_label="doel")
    )
    assert [line.get_color() for line in axes[1].lines[:1]] == [MARK]
    assert axes[0].get_ylim()[1] == pytest.approx(900 * 1.15)
    assert title(axes[0]) == "n; streep: doel"
    assert axes[0].lines[0].get_color() == OWN


def test_the_order_is_that_of_the_mapping_and_the_frames_stay_as_they_were() -> None:
    before = {name: part.copy() for name, part in AREAS.items()}
    turned = dict(reversed(AREAS.items()))
    axes = np.ravel(plots.small_multiples(grid(), turned, unit="n"))
    assert [ax.get_title(loc="left") for ax in axes[:3]] == list(turned)
    for name, part in AREAS.items():
        pd.testing.assert_frame_equal(part, before[name])


def test_too_few_axes_are_refused() -> None:
    with pytest.raises(ValueError, match="3 areas need as many axes, found 2"):
        plots.small_multiples(grid(2), AREAS, unit="n")

"""Colours: enough contrast to read, and apart in a grey print and for colour-blind readers."""

import re
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

import wib_lib
from wib_lib.palette import (
    CONTEXT,
    INK,
    MARK,
    OWN,
    SEQUENTIAL,
    SOFT,
    VERDICT,
    contrast,
    luminance,
    on,
)

CSS = (Path(wib_lib.__file__).parent / "assets" / "pack.css").read_text(encoding="utf-8")
TEXT, GRAPHIC = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
# Linear RGB as seen without one kind of cone, full severity: Machado, Oliveira & Fernandes (2009).
SEEN = {
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}  # fmt: skip
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(color: str) -> np.ndarray:
    channels = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE 1976 L*a*b* of linear RGB, white D65."""
    ratio = XYZ @ np.clip(rgb, 0, 1) / (XYZ @ np.ones(3))
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one: str, other: str, kind: str) -> float:
    if kind == "grey":
        return abs(float(lab(linear(one))[0] - lab(linear(other))[0]))
    seen = np.array(SEEN[kind])
    return float(np.linalg.norm(lab(seen @ linear(one)) - lab(seen @ linear(other))))


def test_contrast_of_known_pairs() -> None:
    # WCAG's own example of the bound: grey #767676 on white is 4.54 to 1
    assert contrast("#767676") == pytest.approx(4.54, abs=0.005)
    assert contrast("#ffffff", "#000000") == contrast("#000000", "#ffffff") == 21
    # lightness of the middle grey of sRGB, by hand: Y = 0.2159, L* = 116 * 0.6 - 16 = 53.6
    assert luminance("#808080") == pytest.approx(0.2159, abs=1e-4)
    assert lab(linear("#808080"))[0] == pytest.approx(53.6, abs=0.05)


@pytest.mark.parametrize("color", [INK, SOFT, OWN, MARK, *VERDICT.values()])
@pytest.mark.parametrize("ground", ["#ffffff", "#fff8e1"])  # paper, and the place a link led to
def test_text_can_be_read(color: str, ground: str) -> None:
    assert contrast(color, ground) >= TEXT


def test_bars_and_points_can_be_seen() -> None:
    assert contrast(CONTEXT) >= GRAPHIC


@pytest.mark.parametrize("kind", ["grey", *SEEN])
def test_verdicts_stay_apart(kind: str) -> None:
    words = {name: VERDICT[name] for name in ("ja", "nee", "open")}
    for one, other in combinations(words.values(), 2):
        assert distance(one, other, kind) >= 10  # 2.3 is just noticeable (Mahy et al. 1994)


@pytest.mark.parametrize("kind", ["grey", *SEEN])
def test_own_figures_stay_apart_from_the_yardstick_and_the_context(kind: str) -> None:
    for one, other in combinations((OWN, MARK, CONTEXT), 2):
        assert distance(one, other, kind) >= 10


@pytest.mark.parametrize("kind", ["grey", *SEEN])
def test_neighbouring_classes_of_a_map_stay_apart_and_get_darker(kind: str) -> None:
    for light, dark in pairwise(SEQUENTIAL):
        assert distance(light, dark, kind) >= 9
        assert luminance(light) > luminance(dark)


@pytest.mark.parametrize("ground", SEQUENTIAL)
def test_a_number_on_a_class_can_be_read(ground: str) -> None:
    assert contrast(on(ground), ground) >= TEXT


def test_the_style_sheet_has_the_same_colours() -> None:
    found = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", CSS))
    named = {"inkt": INK, "zacht": SOFT, "eigen": OWN, "ijk": MARK}
    assert named.items() <= found.items()
    assert {name: VERDICT[name] for name in ("ja", "nee", "open")}.items() <= found.items()

"""Maps: fixed classes, reasons for blanks, and a document that asks the network for nothing."""

import json
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from branca.element import JavascriptLink
from matplotlib.colors import to_hex

from wib_lib import maps, offline_map, plots
from wib_lib.absent import Missing, Suppressed
from wib_lib.map_classes import absence, colors
from wib_lib.offline import requests

SMALL = "minder dan 10 woningen"


@pytest.fixture
def areas() -> gpd.GeoDataFrame:
    """Four squares of a kilometre beside each other near Gouda, in the national grid."""
    squares = [
        shapely.box(108_000 + i * 1000, 447_000, 109_000 + i * 1000, 448_000) for i in range(4)
    ]
    return gpd.GeoDataFrame(
        {
            "naam": ["Noord", "Zuid", "Oost", "</script>West"],
            "rate": [1.5, 12.25, Missing(SMALL), Suppressed(5)],
            "n": [15, 1234, Missing(SMALL), Suppressed(5)],
            "geheim": ["Kerkstraat 1"] * 4,
        },
        geometry=squares,
        crs="EPSG:28992",
    )


# ---- classes


def test_a_value_on_a_break_belongs_to_the_class_above_it() -> None:
    values = [0.0, 1.999, 2.0, 3.999, 4.0, 9.99, 10.0, 1e6]
    assert maps.classes(values).tolist() == [0, 0, 1, 1, 2, 3, 4, 4]


def test_classes_keep_the_index_and_leave_out_what_is_absent() -> None:
    values = pd.Series([Missing("weg"), 3, Suppressed(5), np.nan, None], index=list("abcde"))
    found = maps.classes(values, (2, 4))
    assert found.index.tolist() == list("abcde")
    assert found.isna().tolist() == [True, False, True, True, True]
    assert found["b"] == 1


def test_each_class_holds_the_values_its_label_says() -> None:
    labels = maps.class_labels((2.0, 4.0))
    assert labels == ["minder dan 2,0", "2,0 tot 4,0", "4,0 of meer"]
    assert len(colors(len(labels))) == len(set(colors(len(labels)))) == len(labels)


def test_colours_get_darker_with_each_class() -> None:
    lightness = [sum(int(color[i : i + 2], 16) for i in (1, 3, 5)) for color in colors(5)]
    assert lightness == sorted(lightness, reverse=True)


@pytest.mark.parametrize("breaks", [(), (2, 2), (4, 2)])
def test_breaks_must_rise(breaks: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="breaks must rise"):
        maps.classes([1.0], breaks)


def test_absence_gives_the_reason_of_each_kind() -> None:
    assert absence(Missing(SMALL)) == SMALL
    assert "onderdrukt" in absence(Suppressed(5))
    assert (absence(None), absence(0.0)) == ("niet bekend", "")


# ---- on paper


def draw(areas: gpd.GeoDataFrame, width: float = 4, **more: str) -> plots.Axes:
    _, ax = plots.canvas(width, 3)
    return maps.choropleth(ax, areas, "rate", unit="per 1.000 woningen", **more)


@pytest.mark.parametrize("width", [3.3, 9.0])
def test_the_legend_names_classes_and_reasons(areas: gpd.GeoDataFrame, width: float) -> None:
    legend = draw(areas, width).get_legend()
    assert legend is not None
    names = [text.get_text().replace("\n", " ") for text in legend.get_texts()]
    assert names[:5] == maps.class_labels()
    assert names[5:] == [SMALL, "onderdrukt: te klein aantal (grens 5)"]
    assert legend.get_title().get_text() == "per 1.000 woningen"
    hatches = [patch.get_hatch() for patch in legend.get_patches()]
    assert not any(hatches[:5])
    assert len(set(hatches[5:])) == 2


def test_areas_have_the_colour_of_their_class_or_a_hatch(areas: gpd.GeoDataFrame) -> None:
    drawn = draw(areas).collections
    by_color = {
        to_hex(part.get_facecolor()[0]): part for part in drawn if len(part.get_facecolor())
    }
    light, dark = by_color[colors(5)[0]], by_color[colors(5)[4]]
    assert light.get_paths()[0].get_extents().x0 == pytest.approx(108_000)
    assert dark.get_paths()[0].get_extents().x0 == pytest.approx(109_000)
    hatched = [part for part in drawn if part.get_hatch()]
    assert [part.get_paths()[0].get_extents().x0 for part in hatched] == [
        pytest.approx(110_000),
        pytest.approx(111_000),
    ]


@pytest.mark.parametrize("width", [3.3, 9.0])
def test_a_metre_is_as_long_north_as_east_and_all_is_inside(
    areas: gpd.GeoDataFrame, width: float
) -> None:
    ax = draw(areas, width)
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    origin, east, north = ax.transData.transform([(0, 0), (1000, 0), (0, 1000)])
    assert east[0] - origin[0] == pytest.approx(north[1] - origin[1], rel=1e-3)
    west, south, right, top = areas.total_bounds
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    assert x0 <= west
    assert right <= x1
    assert y0 < south
    assert top <= y1
    legend = ax.get_legend()
    assert legend is not None
    corners = ax.transData.transform([(west, south), (right, top)])
    box = legend.get_window_extent()
    assert box.x0 >= corners[1][0] or box.y1 <= corners[0][1]  # beside or below, never over it


def test_the_scale_bar_is_as_long_as_it_says(areas: gpd.GeoDataFrame) -> None:
    ax = draw(areas)
    text = next(part.get_text() for part in ax.texts if part.get_text().endswith("m"))
    number, unit = text.split()
    bar = next(part for part in ax.lines if len(part.get_xdata()) == 2)  # type: ignore[arg-type]
    x0, x1 = bar.get_xdata()  # type: ignore[misc]
    assert x1 - x0 == pytest.approx(int(number) * (1000 if unit == "km" else 1))
    assert "N" in [part.get_text() for part in ax.texts]


def test_degrees_are_brought_to_the_national_grid(areas: gpd.GeoDataFrame) -> None:
    ax = draw(areas.to_crs("EPSG:4326"))
    assert 100_000 < ax.get_xlim()[0] < 112_000


def test_names_that_would_touch_are_left_out(areas: gpd.GeoDataFrame) -> None:
    areas["naam"] = ["Een heel lange naam die niet past"] * 4
    names = [text for text in draw(areas, label="naam").texts if "lange" in text.get_text()]
    assert 1 <= len(names) < 4
    areas["naam"] = list("abcd")
    shown = {text.get_text() for text in draw(areas, 9.0, label="naam").texts}
    assert set("abcd") <= shown


def test_areas_without_a_reference_system_are_refused(areas: gpd.GeoDataFrame) -> None:
    areas = areas.set_crs(None, allow_override=True)
    with pytest.raises(ValueError, match="no reference system"):
        draw(areas)


# ---- on screen


@pytest.fixture
def document(areas: gpd.GeoDataFrame) -> str:
    return maps.interactive(
        areas,
        "rate",
        unit="per 1.000 woningen",
        tooltip={"naam": "Buurt", "n": "Aantal"},
        title='Kaart <van> "Gouda"',
    )


def features(document: str) -> list[dict]:  # type: ignore[type-arg]
    match = re.search(r'_add\((\{"features".*?\})\);', document)
    assert match
    return json.loads(match[1])["features"]  # type: ignore[no-any-return]


def test_the_document_asks_for_nothing_and_holds_leaflet(document: str) -> None:
    assert requests(document) == []
    assert "jquery" not in document.lower()
    assert "Leaflet 1.9.4" in document
    assert document.startswith('<!DOCTYPE html>\n<html lang="nl">')
    assert "<title>Kaart &lt;van&gt; &#34;Gouda&#34;</title>" in document


def test_only_tooltip_texts_are_in_the_document(document: str) -> None:
    properties = [feature["properties"] for feature in features(document)]
    assert properties[1] == {"Buurt": "Zuid", "Aantal": "1.234"}
    assert properties[2]["Aantal"] == f". ({SMALL})"
    assert properties[3]["Aantal"].startswith("x (onderdrukt")
    assert "Kerkstraat" not in document
    assert "12.25" not in document
    assert "</script>West" not in document


def test_whole_numbers_stay_whole_in_a_tooltip(areas: gpd.GeoDataFrame) -> None:
    areas["n"] = [759.0, 1234.0, *areas["n"][2:]]  # as a count looks beside an absent one
    tooltip = {"n": "Aantal", "rate": "Per 1.000"}
    found = maps.interactive(areas, "rate", unit="u", tooltip=tooltip, title="t")
    said = [feature["properties"] for feature in features(found)]
    assert [one["Aantal"] for one in said[:2]] == ["759", "1.234"]
    assert [one["Per 1.000"] for one in said[:2]] == ["1,5", "12,3"]


def test_coordinates_are_degrees_with_at_most_five_decimals(document: str) -> None:
    for feature in features(document):
        for east, north in feature["geometry"]["coordinates"][0]:
            assert 4.6 < east < 4.9
            assert 51.9 < north < 52.1
            assert (round(east, 5), round(north, 5)) == (east, north)


def test_borders_are_simplified_to_about_ten_metres(areas: gpd.GeoDataFrame) -> None:
    wavy = [(108_000 + i, 447_000 + (i // 10 % 2) * 3) for i in range(0, 1001, 10)]
    areas.loc[0, "geometry"] = shapely.Polygon([*wavy, (109_000, 448_000), (108_000, 448_000)])
    shown = maps.interactive(areas.head(1), "rate", unit="u", tooltip={"naam": "B"}, title="t")
    assert len(features(shown)[0]["geometry"]["coordinates"][0]) < 10


def test_the_legend_of_the_document_names_classes_and_reasons(document: str) -> None:
    legend = document[document.index('<div class="legenda">') :].partition("</div>")[0]
    for name in (*maps.class_labels(), SMALL, "onderdrukt"):
        assert name in legend
    for color in colors(5):
        assert f'class="k{color[1:]}"' in legend  # a style attribute would break the policy
        assert f".legenda .k{color[1:]} {{ background: {color}; }}" in document


def test_the_document_comes_out_the_same_twice(areas: gpd.GeoDataFrame, document: str) -> None:
    again = maps.interactive(
        areas,
        "rate",
        unit="per 1.000 woningen",
        tooltip={"naam": "Buurt", "n": "Aantal"},
        title='Kaart <van> "Gouda"',
    )
    assert again == document


@pytest.mark.parametrize(
    "url", ["https://code.jquery.com/jquery.js", "https://cdn.example/leaflet@2.0/dist/leaflet.js"]
)
def test_an_address_that_is_not_packaged_is_an_error(url: str) -> None:
    figure = offline_map.OfflineFigure(title="t")
    figure.header.add_child(JavascriptLink(url))
    with pytest.raises(ValueError, match="not packaged"):
        figure.render()


def test_an_address_in_a_style_is_an_error_too() -> None:
    figure = offline_map.OfflineFigure(title="t")
    figure.header.add_child(offline_map._Literal("<style>a{background:url(b.png)}</style>"))
    with pytest.raises(ValueError, match=r"not packaged: b\.png"):
        figure.render()


def test_the_mark_stays_with_the_screen_map(areas: gpd.GeoDataFrame) -> None:
    how = {"unit": "u", "tooltip": {"naam": "B"}, "title": "t"}
    marked = maps.interactive(areas, "rate", mark="FICTIEVE DATA", **how)
    assert '<p class="merk">FICTIEVE DATA</p>' in marked
    assert "FICTIEVE DATA" not in maps.interactive(areas, "rate", **how)

"""Parts of a pack: what they show, what they refuse, and that nothing slips through unescaped."""

import base64
import json
import re
import struct

import numpy as np
import pandas as pd
import pytest
from IPython.core.formatters import DisplayFormatter
from markupsafe import Markup
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from wib_lib import html
from wib_lib.absent import Missing, Suppressed
from wib_lib.blocks import Cell, Folded, Table
from wib_lib.fragment import BLOCKS, blocks_of, is_fragment
from wib_lib.offline import requests
from wib_lib.plots import canvas

NASTY = '<script>alert("x")</script> & co'


def test_a_fragment_reaches_jupyter_with_all_forms_and_the_mark() -> None:
    data, metadata = DisplayFormatter().format(html.paragraph("tekst"))
    assert data == {
        "text/html": "<p>tekst</p>",
        "text/plain": "tekst",
        BLOCKS: [{"kind": "paragraph", "text": "tekst"}],
    }
    assert metadata["wib"] == {"fragment": True}


@pytest.mark.parametrize(
    "change",
    [
        {"output_type": "stream"},
        {"metadata": {}},
        {"metadata": {"wib": {"fragment": "True"}}},
        {"data": {"text/html": "<p>a</p>", "text/plain": "a", BLOCKS: [], "image/png": "AA"}},
        {"data": {"text/html": "<p>a</p>", "text/plain": "a"}},
    ],
)
def test_only_a_whole_and_marked_output_counts_as_a_fragment(change: dict[str, object]) -> None:
    data, metadata = html.paragraph("a")._repr_mimebundle_()
    output = {"output_type": "display_data", "data": data, "metadata": metadata}
    assert is_fragment(output)
    assert not is_fragment(output | change)


def test_the_blocks_of_an_output_are_those_of_the_fragment() -> None:
    frame = pd.DataFrame({"buurt": ["A", "B"], "n": [1234, Suppressed(5)]})
    shown = html.details("Meer", html.table(frame, caption="T", row_header="buurt", name="per"))
    data, metadata = shown._repr_mimebundle_()
    saved = json.loads(json.dumps({"output_type": "display_data", "data": data}))
    assert blocks_of(saved | {"metadata": metadata}) == shown.blocks
    [folded] = shown.blocks
    assert isinstance(folded, Folded)
    [table] = folded.blocks
    assert isinstance(table, Table)
    assert table.rows[0][1] == Cell("1.234", 1234)
    assert table.rows[1][1] == Cell("x", None, "onderdrukt: te klein aantal (grens 5)")
    assert (table.row_header, table.name) == (0, "per")


def fragments_with(text: str) -> list[html.Fragment]:
    frame = pd.DataFrame({text: [text], "n": [Missing(text)]})
    return [
        html.head(text, subtitle=text, facts=[(text, text)], banner=text),
        html.answer([text]),
        html.tiles([html.Tile(text, text, (text,), html.spark([1, 2], label=text))]),
        html.table(frame, caption=text, source=text, note=text, row_header=text),
        html.embed(text, title=text),
        html.note(text),
        html.paragraph(text),
        html.absent([(text, text, text)]),
        html.details(text, html.paragraph(text)),
    ]


@pytest.mark.parametrize("number", range(9))
def test_every_part_escapes_its_texts(number: int) -> None:
    shown = fragments_with(NASTY)[number].html
    assert "<script" not in shown
    assert 'alert("' not in shown  # quotes too: texts also stand in attributes
    assert "&amp; co" in shown


def test_head_has_the_only_h1_and_the_banner_when_there_is_one() -> None:
    shown = html.head("Gouda", subtitle="s", facts=[("Venster", "2018")], banner="Fictief").html
    assert shown.count("<h1>") == 1
    assert "Fictief" in shown
    assert "<dt>Venster</dt><dd>2018</dd>" in shown
    assert "wib-banier" not in html.head("G", subtitle="s", facts=[], banner=None).html
    assert not any("<h1" in part.html for part in fragments_with("a")[1:])


@pytest.mark.parametrize(
    ("word", "sign"),
    [
        ("behaald", "✓"),
        ("niet behaald", "✕"),
        ("niet vast te stellen", "?"),
        ("niet van toepassing", "–"),
    ],
)
def test_a_verdict_is_a_sign_and_a_word(word: str, sign: str) -> None:
    shown = html.verdict(word)
    assert Markup(shown.html).striptags() == shown.text == f"{sign} {word}"


def test_a_verdict_in_a_frame_or_by_format_stays_html() -> None:
    words = ["behaald", "niet behaald"]
    frame = pd.DataFrame({"a": words, "b": [html.verdict(word) for word in words]})
    shown = html.table(frame, caption="c", formats={"a": html.verdict})
    assert shown.html.count('<span class="wib-oordeel') == 4
    assert "&lt;" not in shown.html
    assert shown.text.endswith("✕ niet behaald | ✕ niet behaald")


def test_an_unknown_verdict_is_refused() -> None:
    with pytest.raises(ValueError, match=r"unknown verdict 'gehaald'.*niet behaald"):
        html.verdict("gehaald")


# ---- table


def cells(fragment: html.Fragment) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", fragment.html, flags=re.DOTALL)
    return [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in rows]


def test_only_labelled_columns_are_shown_in_the_order_of_the_labels() -> None:
    frame = pd.DataFrame({"a": [1], "straat": ["Kerkstraat 1"], "b": ["x"]})
    shown = html.table(frame, caption="c", labels={"b": "Naam", "a": "Aantal"})
    assert cells(shown) == [["Naam", "Aantal"], ["x", "1"]]
    assert "Kerkstraat" not in shown.html + shown.text


def test_suppressed_is_x_missing_a_point_both_with_their_reason() -> None:
    frame = pd.DataFrame({"n": [3, Suppressed(5), Missing("niet geleverd"), np.nan, 0]})
    shown = html.table(frame, caption="c")
    assert [row[0] for row in cells(shown)[1:]] == [
        "3",
        '<span class="wib-weg" title="onderdrukt: te klein aantal (grens 5)">x</span>',
        '<span class="wib-weg" title="niet geleverd">.</span>',
        '<span class="wib-weg" title="niet bekend">.</span>',
        "0",
    ]
    below = "x = onderdrukt: te klein aantal (grens 5); . = niet geleverd, of niet bekend"
    assert below in shown.html
    assert shown.html.count('class="getal"') == 6  # heading and five cells line up right


def test_a_format_sees_known_cells_only_and_its_markup_stays() -> None:
    seen = []

    def form(value: float) -> str:
        seen.append(value)
        return Markup("<b>{}</b>").format(value) if value > 1 else "<i>"

    frame = pd.DataFrame({"n": [1.0, 2.0, Missing("weg")]})
    shown = html.table(frame, caption="c", formats={"n": form})
    assert seen == [1.0, 2.0]
    assert [row[0] for row in cells(shown)[1:3]] == ["&lt;i&gt;", "<b>2.0</b>"]


def test_plain_values_are_written_in_dutch() -> None:
    frame = pd.DataFrame(
        {"n": [1234], "r": [2.25], "d": pd.to_datetime(["2018-03-12"]), "b": [True], "t": ["é"]}
    )
    shown = cells(html.table(frame, caption="c"))
    assert shown[1] == ["1.234", "2,3", "12 maart 2018", "ja", "é"]


def test_a_long_table_folds_and_a_short_one_does_not() -> None:
    frame = pd.DataFrame({"n": range(26)})
    assert "<summary>Toon de tabel (26 rijen)</summary>" in html.table(frame, caption="c").html
    assert "<details" not in html.table(frame.head(25), caption="c").html


def test_the_row_header_is_a_heading_of_its_row() -> None:
    frame = pd.DataFrame({"naam": ["Gouda"], "n": [1]})
    shown = html.table(frame, caption="c", row_header="naam").html
    assert '<th scope="row">Gouda</th><td class="getal">1</td>' in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"labels": {"weg": "Weg"}}, "frame has no column 'weg'"),
        ({"formats": {"weg": str}}, "frame has no column 'weg'"),
        ({"labels": {"n": "N"}, "row_header": "naam"}, "row_header 'naam' is not among"),
    ],
)
def test_a_name_that_is_not_in_the_frame_is_refused(
    arguments: dict[str, object], message: str
) -> None:
    frame = pd.DataFrame({"n": [1], "naam": ["Gouda"]})
    with pytest.raises(KeyError, match=message):
        html.table(frame, caption="c", **arguments)  # type: ignore[arg-type]


def test_a_table_leaves_its_frame_as_it_was() -> None:
    frame = pd.DataFrame({"n": [1, Missing("weg")]})
    before = frame.copy(deep=True)
    html.table(frame, caption="c", labels={"n": "N"})
    pd.testing.assert_frame_equal(frame, before)


# ---- figure


def png_of(fragment: html.Fragment) -> bytes:
    match = re.search(r"data:image/png;base64,([^\"]+)", fragment.html)
    assert match
    return base64.b64decode(match[1])


def chunks(png: bytes) -> dict[bytes, bytes]:
    found, at = {}, 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        found[png[at + 4 : at + 8]] = png[at + 8 : at + 8 + size]
        at += size + 12
    return found


def shown_figure(*, fictitious: bool) -> html.Fragment:
    fig, ax = canvas(4, 3)
    ax.plot([1, 2], [1, 2])
    return html.figure(fig, caption="c", alt="Lijn stijgt", source="CBS", fictitious=fictitious)


def test_a_figure_is_a_png_without_any_text_about_its_making() -> None:
    shown = shown_figure(fictitious=False)
    found = chunks(png_of(shown))
    assert struct.unpack(">II", found[b"IHDR"][:8]) == (600, 450)  # 4 x 3 inch at 150 dpi
    assert not {b"tEXt", b"iTXt", b"zTXt", b"tIME", b"eXIf"} & set(found)
    assert 'alt="Lijn stijgt"' in shown.html
    assert "Bron: CBS" in shown.html
    assert requests(shown.html) == []


def test_the_fictitious_mark_is_in_the_image_and_covers_nothing() -> None:
    plain, marked = (png_of(shown_figure(fictitious=flag)) for flag in (False, True))
    (height,) = struct.unpack(">I", chunks(marked)[b"IHDR"][4:8])
    assert height == 450 + 33  # a strip of 0,22 inch is added
    fig, ax = canvas(4, 3)
    ax.plot([1, 2], [1, 2])
    html.figure(fig, caption="c", alt="a", source="s", fictitious=True)
    assert [text.get_text() for text in fig.texts] == ["FICTIEVE DATA"]
    strip = 0.22 / 3.22
    lowest = ax.get_tightbbox().y0 / fig.bbox.height  # tick labels included
    assert lowest >= strip > fig.texts[0].get_position()[1]
    assert plain != marked


def test_a_figure_is_the_same_though_its_layout_is_solved_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The solver leaves other last bits in another process: here, larger ones."""
    solve, places, pictures = ConstrainedLayoutEngine.execute, [], []
    for error in (0, 1e-9, -1e-9):

        def execute(engine: ConstrainedLayoutEngine, fig: Figure, error: float = error) -> None:
            solve(engine, fig)
            for ax in fig.axes:
                ax.set_position(np.add(ax.get_position(original=True).bounds, error))

        monkeypatch.setattr(ConstrainedLayoutEngine, "execute", execute)
        fig, axes = canvas(4, 3, nrows=2)
        for ax in axes:
            ax.plot([1, 2, 3], [1, 7, 2])
        pictures.append(html.figure(fig, caption="c", alt="a", source="s", fictitious=True).html)
        places.append([ax.get_position(original=True).bounds for ax in axes])
    assert places[0] == places[1] == places[2]
    assert pictures[0] == pictures[1] == pictures[2]


@pytest.mark.parametrize("fictitious", [False, True])
def test_the_area_is_in_the_image_too(fictitious: bool) -> None:
    fig, _ = canvas(4, 3)
    html.figure(fig, caption="c", alt="a", source="s", fictitious=fictitious, place="Gouda")
    said = [text.get_text() for text in fig.texts]
    assert said == ["Gouda", "FICTIEVE DATA"][: 1 + fictitious]


def test_a_figure_without_layout_engine_keeps_its_axes_above_the_mark() -> None:
    fig, ax = plt.subplots(figsize=(4, 3))
    html.figure(fig, caption="c", alt="a", source="s", fictitious=True)
    assert ax.get_position().y0 > 0.22 / 3.22


@pytest.mark.parametrize("alt", ["", "  "])
def test_a_figure_needs_its_content_in_words(alt: str) -> None:
    fig, _ = canvas(4, 3)
    with pytest.raises(ValueError, match="figure 'Kaart' needs alt"):
        html.figure(fig, caption="Kaart", alt=alt, source="s", fictitious=False)


def test_a_shown_figure_is_closed() -> None:
    fig, _ = plt.subplots()
    html.figure(fig, caption="c", alt="a", source="s", fictitious=False)
    assert not plt.fignum_exists(fig.number)


# ---- small graphics


def test_a_spark_line_has_its_gap_its_last_point_and_one_scale() -> None:
    shown = html.spark([10, None, 5, 0], top=20, label="a")
    # 34 high, 4 padding: 10 of 20 is half way (17,0), 0 lies on the ground (30,0)
    assert 'cx="4.0" cy="17.0" r="1.4"' in shown  # alone between start and gap
    assert 'points="62.7,23.5 92.0,30.0"' in shown
    assert 'cx="92.0" cy="30.0" r="3"' in shown
    assert "stroke-dasharray" not in shown


def test_a_spark_line_whose_last_value_is_unknown_emphasises_none() -> None:
    assert 'r="3"' not in html.spark([3, 2, None], label="a")


def test_a_benchmark_above_all_values_stays_inside_the_line() -> None:
    shown = html.spark([1, 2], mark=8, label="a")
    assert 'y1="4.0"' in shown  # upper edge
    assert 'cy="23.5"' in shown  # 2 of 8


@pytest.mark.parametrize("values", [[], [None], [0, 0]])
def test_a_spark_line_of_nothing_or_zeros_is_drawn(values: list[float | None]) -> None:
    assert html.spark(values, label="a").startswith("<svg")


def test_a_spark_line_needs_words() -> None:
    with pytest.raises(ValueError, match="needs a label in words"):
        html.spark([1], label=" ")
    assert 'role="img" aria-label="1; 2"' in html.spark([1, 2], label="1; 2")


def test_a_gauge_puts_dot_interval_and_benchmark_on_its_scale() -> None:
    shown = html.gauge(5, low=2.5, high=20, mark=0, top=10, label="a")
    assert 'cx="48.0"' in shown  # half of 96
    assert 'x1="26.0" y1="17.0" x2="92.0"' in shown  # the interval stops at the edge
    assert 'x1="4.0" y1="5.0"' in shown
    assert "circle" not in html.gauge(None, mark=1, top=10, label="a")


# ---- the rest


def test_tiles_show_label_value_lines_and_spark() -> None:
    line = html.spark([1, 2], label="twee jaar")
    shown = html.tiles([html.Tile("Pogingen", "31,4 %", ("2017: 29,7 %",), line)])
    assert "<strong>31,4 %</strong><svg" in shown.html
    assert shown.text == "Pogingen: 31,4 %; 2017: 29,7 %"


def test_a_frame_may_only_run_its_own_script() -> None:
    shown = html.embed('<p class="a">&amp;</p>', title="Kaart").html
    assert 'sandbox="allow-scripts"' in shown
    assert 'srcdoc="&lt;p class=&#34;a&#34;&gt;&amp;amp;&lt;/p&gt;"' in shown


def test_absent_names_what_why_and_who_or_says_that_nothing_is() -> None:
    shown = html.absent([("Kosten", "formulier leeg", "gemeente Gouda")])
    assert shown.text.endswith("Kosten | formulier leeg | gemeente Gouda")
    assert "alles is geleverd" in html.absent([]).html


def test_columns_and_join_keep_order() -> None:
    parts = [html.paragraph(name) for name in "abc"]
    for whole in (html.join(*parts), html.columns(*parts)):
        assert re.findall(r"<p>(\w)</p>", whole.html) == ["a", "b", "c"]
        assert whole.text == "a\n\nb\n\nc"


@pytest.mark.parametrize(("n", "is_dense"), [(5, False), (6, True)])
def test_a_long_list_of_what_is_missing_is_set_densely(n: int, is_dense: bool) -> None:
    shown = html.absent([("a", "b", "c")] * n).html
    assert shown.count("<li>") == n
    assert ('class="veel"' in shown) == is_dense


def test_a_fragment_stays_html_inside_html_and_is_its_text_as_text() -> None:
    part = html.paragraph("a & b")
    assert Markup("<div>{}</div>").format(part) == "<div><p>a &amp; b</p></div>"
    assert str(part) == "a & b"


def test_an_unknown_tone_is_refused() -> None:
    with pytest.raises(KeyError):
        html.note("a", tone="gevaar")


def test_the_style_sheet_asks_for_nothing() -> None:
    shown = html.styles().html
    assert ".wib-tegel" in shown
    assert requests(shown) == []

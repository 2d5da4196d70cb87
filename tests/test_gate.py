"""The gate: no class, too high a class, a person in a text, or an open audit stops a pack."""

import nbformat
import pandas as pd
import pytest

from wib_lib import html
from wib_lib.blocks import Cell, Columns, Paragraph, Table
from wib_lib.errors import RunError
from wib_lib.fragment import Fragment, blocks_of, of_class
from wib_lib.gate import check_blocks, check_document, check_release

FRAME = pd.DataFrame({"buurt": ["Kort Haarlem"], "n": [12]})


def table(klasse: str = "V1", text: str = "Kort Haarlem") -> Table:
    return Table("Per buurt", ("Buurt",), ((Cell(text, text),),), "", "", "", None, klasse=klasse)


def book(*fragments: Fragment, tags: tuple[str, ...] = ()) -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook()
    for fragment in fragments:
        data, metadata = fragment._repr_mimebundle_()
        output = nbformat.v4.new_output("execute_result", data=data, metadata=metadata)
        cell = nbformat.v4.new_code_cell("x", outputs=[output], metadata={"tags": list(tags)})
        made.cells.append(cell)
    return made


def test_what_has_a_class_within_its_readers_passes() -> None:
    check_blocks([table("V0"), table("V1"), Columns((table("V1"),))], "proef", "werkgroep")
    check_document(book(of_class(html.table(FRAME, caption="Per buurt"), "V1")), "p", "werkgroep")


@pytest.mark.parametrize("nested", [False, True])
def test_a_table_without_a_class_is_refused_by_name(nested: bool) -> None:
    part = Columns((table(""),)) if nested else table("")
    with pytest.raises(RunError, match=r"proef, cel 3: de tabel 'Per buurt' heeft geen privacyk"):
        check_blocks([part], "proef, cel 3", "werkgroep")


def test_content_above_its_readers_is_refused() -> None:
    with pytest.raises(RunError, match=r"'Per buurt' is V1 en mag niet .* openbaar \(V0\)"):
        check_blocks([table("V1")], "proef", "openbaar")
    with pytest.raises(RunError, match=r"'Per buurt' is V4 en mag niet"):
        check_blocks([table("V4")], "proef", "analist")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("bel 06-12345678", "telefoonnummer"), ("Kerkstraat 12", "straat met huisnummer"),
     ("de heer Jansen", "naam"), ("AB-12-34", "kenteken")],
)  # fmt: skip
def test_a_text_that_points_at_a_person_is_named_by_place_never_repeated(
    text: str, kind: str
) -> None:
    with pytest.raises(RunError, match=rf"rij 1, kolom 'Buurt': .* {kind}") as raised:
        check_blocks([table(text=text)], "proef", "werkgroep")
    assert text not in str(raised.value)
    with pytest.raises(RunError, match=kind) as raised:
        check_blocks([Paragraph(f"Volgens {text} was het druk.")], "proef", "werkgroep")
    assert text not in str(raised.value)


def test_a_frame_for_the_screen_needs_a_class_too() -> None:
    frame = html.embed("<p>kaart</p>", title="Kaart")
    with pytest.raises(RunError, match="kader heeft geen privacyklasse"):
        check_document(book(frame), "proef", "werkgroep")
    check_document(book(of_class(frame, "V1")), "proef", "werkgroep")


def test_what_stays_in_the_notebook_is_not_judged() -> None:
    check_document(book(html.table(FRAME, caption="t"), tags=("alleen-notebook",)), "p", "openbaar")


def test_a_class_once_given_stays() -> None:
    own = of_class(html.table(FRAME, caption="t"), "V1")
    later = of_class(html.columns(own, html.table(FRAME, caption="u")), "V0")
    data, metadata = later._repr_mimebundle_()
    (columns,) = blocks_of({"data": data, "metadata": metadata})
    assert [part.klasse for part in columns.blocks] == ["V1", "V0"]
    assert later.html.count('data-klasse="V1"') == later.html.count('data-klasse="V0"') == 1


def test_an_open_audit_names_the_cell() -> None:
    check_release("Gouda", [])
    with pytest.raises(RunError, match=r"Gouda: .*gebied=WK1;periode=2018 \(en 1 andere\)"):
        check_release("Gouda", ["incidenten;gebied=WK1;periode=2018", "incidenten;gebied=WK2"])

"""Breaks of a series: who shows a span across one says so, and no two sources become one series."""

from datetime import date

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from conftest import lines
from wib_lib.absent import Missing, is_known
from wib_lib.periods import Window
from wib_lib.report import break_line, break_notes
from wib_lib.run import Run, evidence_for
from wib_lib.store import Store

COMBINED = "Sinds juli 2018 boekt de politie samenloop"


@pytest.fixture
def run_of(project):
    """Open a run of Gouda whose window starts on a given day."""
    made = project.small()
    project.ingest(made)

    def open_run(start):
        own = project.project.params("gouda", made.dataset(), {"venster_start": start})
        return Run(
            "02_problem_analysis", project.project, made.dataset(), own, "werkgroep", "gouda"
        )

    return open_run


def test_the_span_decides_whether_a_break_is_told(run_of):
    # The window of 2019 is after July 2018, the year before it is not.
    params = run_of("2019-01-01").params
    assert break_line(params, 0) == ""
    assert break_line(params, 1).startswith(f"Reeksbreuk: {COMBINED}")
    assert break_line(params, 1).endswith("Bron: toelichting politietabellen 47018NED en 47013NED.")
    assert "BPS" not in break_line(params, 5)
    assert "BPS" in break_line(params, 10)  # 2009 to 2019


def test_a_break_of_another_series_is_not_told(run_of):
    params = run_of("2012-01-01").params
    assert "Veiligheidsmonitor" not in break_line(params, 1)
    assert "Veiligheidsmonitor" in break_line(params, 1, "slachtofferschap")
    assert break_line(params, 1, "groepen") == ""
    assert "groepsscan" in break_line(run_of("2016-01-01").params, 1, "groepen")


@pytest.mark.parametrize(("start", "told"), [("2018-01-01", True), ("2017-01-01", False)])
def test_tables_and_figures_print_the_footnote_of_their_span(run_of, start, told):
    run = run_of(start)
    frame = pd.DataFrame({"jaar": ["2017", "2018"], "n": [3, 4]})
    table = run.table(frame, "t", caption="Per jaar", note="Een noot.", years=1)
    figure = run.figure(plt.figure(), caption="Per jaar", alt="drie en vier", years=1)
    assert (COMBINED in table.html) is told
    assert (COMBINED in figure.html) is told
    assert "Een noot." in table.html
    assert COMBINED not in run.table(frame, "u", caption="Nu").html  # shows no span
    assert (COMBINED in break_notes(run.params).html) is told


def test_sources_are_never_joined_into_one_series(project):
    """Try: 2017 from one police table and 2018 from another, and a national series beside them."""
    made = project.small()
    made.content["bronnen"] = [made.source("kwb_2018.csv")]
    months = [f"1.1.1;GM0513;2018MM{month:02};10" for month in range(1, 13)]
    header = "SoortMisdrijf;WijkenEnBuurten;Perioden;GeregistreerdeMisdrijven_1"
    years = lines("SoortMisdrijf;Gemeente;Jaar;GeregistreerdeMisdrijven;Voorlopig",
                  "1.1.1;GM0513;2017;504;N")  # fmt: skip
    nation = lines("date,wib_nl", *(f"2016-{month:02}-01,4000" for month in range(1, 13)))
    made.add("misdrijven_gemeente_maand", "m.csv", "politie_maand", lines(header, *months))
    made.add("misdrijven_gemeente_jaar", "j.csv", "politie_gemeente_jaar", years)
    made.add("landelijke_reeks", "nl.csv", "landelijke_reeks", nation)
    made.save()
    store: Store = project.ingest(made)
    params = project.project.params("gouda", made.dataset(), {"venster_start": "2018-01-01"})
    evidence = evidence_for(project.project, made.dataset(), store, params)
    series = [evidence.series, evidence.country, *evidence.counted_series("GM0513").values()]
    spans = [Window(date(year, 1, 1)) for year in (2016, 2017, 2018)]
    for one in series:
        known = [span.start.year for span in spans if is_known(one.total(span))]
        assert len(known) <= 1, one.source
        assert one.source.count(".csv") <= 1
    assert isinstance(evidence.series.total(Window(date(2017, 7, 1))), Missing)  # across the two

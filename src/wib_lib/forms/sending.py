"""Write the forms of each area to a folder, ready to send."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from wib_lib.codes import OTHER_NAMES, Area
from wib_lib.forms.catalogue import FORMS, VERSION, Form
from wib_lib.forms.questionnaire import Questionnaire, read_questionnaire
from wib_lib.forms.workbook import Content, write_workbook
from wib_lib.params import resolve
from wib_lib.project import REGION_FILE, Project
from wib_lib.store import Store
from wib_lib.tables import Column

SEND_TO = "de RSIV-coördinator, via de afgesproken beveiligde weg"


@dataclass(frozen=True)
class FormArea:
    """
    An area that gets forms.

    Parameters
    ----------
    slug, name : str
        Folder and shown name.
    gemeente_code, gemeente : str
        The gemeente that holds it.
    year : int
        Year that the forms are about.
    places : mapping of str to str
        Names of its wijken and buurten by code; empty when not known.
    """

    slug: str
    name: str
    gemeente_code: str
    gemeente: str
    year: int
    places: Mapping[str, str] = field(default_factory=dict)


def form_areas(
    project: Project, slugs: Collection[str] = (), store: Store | None = None
) -> list[FormArea]:
    """
    Describe areas of the project for their forms.

    Parameters
    ----------
    project : Project
    slugs : collection of str
        Default: all areas.
    store : Store, optional
        Checked tables that know the names of wijken and buurten.
    """
    found = []
    for slug in slugs or project.area_slugs:
        layers = [(f"params/{REGION_FILE}", project.region), project.area_layer(slug)]
        params = resolve(layers)
        area = params.gebied.area
        gemeente = params.eenheid.gemeenten.get(area.gemeente_code, params.gemeente)
        places = {} if store is None else _places(store, area)
        found.append(
            FormArea(slug, params.gemeente, area.gemeente_code, gemeente,
                     params.venster_start.year, places)
        )  # fmt: skip
    return found


def _places(store: Store, area: Area) -> dict[str, str]:
    """Return codes and names of wijken and buurten; codes alone where no boundaries were given."""
    names: dict[str, str] = {}
    for table in ("kerncijfers", "gebieden"):
        rows = store.table(table, [area.gemeente_code])
        if rows is not None:
            known = rows.get("naam", pd.Series("", rows.index)).fillna("")
            names |= dict(zip(rows["code"], known, strict=True))
    return {
        code: name
        for code, name in sorted(names.items())
        if code[:2] in ("WK", "BU") and area.has(code)
    }


def write_forms(
    folder: Path,
    areas: Sequence[FormArea],
    *,
    forms: Collection[str] = tuple(FORMS),
    questionnaire: Questionnaire | None = None,
    send_to: str = SEND_TO,
) -> list[Path]:
    """
    Write `folder/<area>/<form>.xlsx`; the same input gives the same bytes.

    Parameters
    ----------
    folder : Path
    areas : sequence of FormArea
    forms : collection of str
        Names in `FORMS`; default all.
    questionnaire : Questionnaire, optional
        Default: the draft that is shipped.
    send_to : str
        Where the form goes when it is filled in.

    Returns
    -------
    list of Path
        The workbooks written.
    """
    asked = questionnaire or read_questionnaire()
    written = []
    for area in areas:
        target = folder / area.slug
        target.mkdir(parents=True, exist_ok=True)
        for name in forms:
            form = FORMS[name]
            for who in form.respondents or ("",):
                path = target / f"{name}{f'-{who}' if who else ''}.xlsx"
                write_workbook(path, _content(form, area, asked, who, send_to))
                written.append(path)
    return written


def _content(form: Form, area: FormArea, asked: Questionnaire, who: str, send_to: str) -> Content:
    """Bring form, area and questions together as what a workbook shows."""
    content = Content(
        form=form.name,
        title=form.title,
        intro=form.intro,
        above={
            "Gebied": f"{area.name} ({area.gemeente_code})",
            "Formulier": form.name,
            "Versie": VERSION,
            "Jaar": area.year,
        },
        table=form.table,
        columns=[_for_area(column, area) for column in form.table.columns],
        send_to=send_to,
        places=[f"{code} {name}".strip() for code, name in area.places.items()],
    )
    return _with_questions(content, asked, who) if who else content


def _for_area(column: Column, area: FormArea) -> Column:
    """Offer the area's own gemeente as the only choice; it may be left empty."""
    if column.kind != "gemeente":
        return column
    other = OTHER_NAMES.get(area.gemeente)
    spelled = (area.gemeente, other) if other else (area.gemeente,)
    return replace(
        column,
        required=False,
        meaning="gemeente; leeg mag, dan geldt het gebied boven de tabel",
        choices={area.gemeente: spelled},
        example=area.gemeente,
    )


def _with_questions(content: Content, asked: Questionnaire, who: str) -> Content:
    """Print the questions, and mark a draft as such."""
    rows = [
        {"vraag_id": question.id, "respondent": who, "strategie": strategy, "vraag": question.vraag}
        for strategy, question in asked.questions()
    ]
    answers = {answer: (answer,) for answer in asked.antwoorden}
    columns = [
        replace(column, choices=answers) if column.name == "antwoord" else column
        for column in content.columns
    ]
    mark = " (CONCEPT, niet vastgesteld)" if asked.is_draft else ""
    above = {**content.above, "Versie": asked.versie, "Respondent": who}
    return replace(
        content, title=f"{content.title}{mark}", above=above, columns=columns, printed=rows
    )

"""Write the whole dataset: draw, spell, and put it in place in one step."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np

from wib_lib.errors import RunError
from wib_lib.sample.action_file import write_actions
from wib_lib.sample.addresses import build_addresses
from wib_lib.sample.country import (
    Country,
    build_country,
    count,
    country_months,
    national_years,
    write_country,
)
from wib_lib.sample.form_files import form_files, write_form
from wib_lib.sample.incident_file import write_incidents
from wib_lib.sample.kwb_file import write_kwb, write_transition
from wib_lib.sample.manifest import write_manifest, write_shapes
from wib_lib.sample.places import build_places
from wib_lib.sample.plants import choose_plants
from wib_lib.sample.police_file import (
    EARLIER,
    EARLIER_FILE,
    MonthTable,
    national_months,
    police_months,
    write_earlier,
    write_national,
    write_police,
)
from wib_lib.sample.process import draw_events
from wib_lib.sample.published import AREA_CODES, GEMEENTEN, LAST_YEAR, THE_HAGUE, YEARS, dwellings
from wib_lib.sample.records import make_records
from wib_lib.sample.supplier import draw_supplier, supplier_truth
from wib_lib.sample.truth import (
    Truth,
    accepted_months,
    division_truth,
    homes_truth,
    incident_truth,
    laak_codes,
    planted_truth,
    yearly_truth,
)

TRUTH = "waarheid.json"


def write_sample(folder: Path, *, seed: int = 2018, n_gemeenten: int | None = None) -> Truth:
    """
    Write the fictitious dataset, replacing an earlier one.

    Parameters
    ----------
    folder : Path
        Where the dataset comes to stand, usually `data/raw/voorbeeld`. It is written
        beside it first, so that half a dataset never stands there.
    seed : int
        The same seed gives the same bytes.
    n_gemeenten : int, optional
        More gemeenten than the ten, up to `COUNTRY`, for a trial on the scale of the country; the
        rows of the ten stay as they are.

    Returns
    -------
    dict
        What `waarheid.json` holds.

    Raises
    ------
    RunError
        When the folder holds something other than an earlier sample, or so many gemeenten
        cannot be made.
    """
    country = build_country(n_gemeenten, seed) if n_gemeenten is not None else None
    folder = Path(folder)
    if folder.exists() and any(folder.iterdir()) and not (folder / TRUTH).exists():
        raise RunError(
            f"{folder}: bevat iets anders dan voorbeelddata (geen {TRUTH}); "
            "kies een andere map of maak deze eerst leeg."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.in_aanbouw")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        truth = _write_files(draft, seed, country)
        _swap(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return truth


def _swap(draft: Path, folder: Path) -> None:
    """Put the draft in the place of an earlier dataset."""
    old = folder.with_name(f".{folder.name}.vorige")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    draft.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _write_files(folder: Path, seed: int, country: Country | None) -> Truth:
    """Draw everything from one generator and write all files; then what more is asked."""
    rng = np.random.default_rng(seed)
    places = build_places(rng)
    addresses = build_addresses(rng, places)
    plants = choose_plants(rng, places)
    events = draw_events(rng, places, addresses, plants)
    records = make_records(rng, places, addresses, events)
    supplier = draw_supplier(np.random.default_rng([seed, 1]), places, addresses, records)
    n_incidents = write_incidents(
        folder / "incidenten.csv", rng, places, addresses, records, supplier
    )
    national = national_months(rng)
    months = police_months(rng, accepted_months(places, addresses, records), national)
    files: Truth = {
        "incidenten.csv": incident_truth(records, n_incidents),
        "politie_maand.csv": _police_account(
            write_police(folder / "politie_maand.csv", rng, months), months
        ),
        "landelijke_reeks.csv": _all(write_national(folder / "landelijke_reeks.csv", national)),
    }
    for year in YEARS:
        name = f"kwb_{year}.csv"
        files[name] = _all(write_kwb(folder / name, rng, places, year))
    name = "gebiedsovergang.csv"
    files[name] = _all(write_transition(folder / name, places))
    files["gebieden_2018.geojson"] = _all(write_shapes(folder / "gebieden_2018.geojson", places))
    files["acties.csv"] = _all(write_actions(folder / "acties.csv", rng, places))
    forms = form_files(seed, places)
    for form in forms:
        write_form(folder, form)
        files[form.file] = form.account
    later: dict[str, int] = {}
    if not country:  # the police of the whole country have one edition
        later = write_earlier(folder / EARLIER_FILE, np.random.default_rng([seed, 4]), months)
        n_rows = len(months) * (len(YEARS) * 13 - 13 + EARLIER.month - 1)
        n_years = len(months) * (len(YEARS) - 1)
        files[EARLIER_FILE] = _all(n_rows) | {
            "geaccepteerd": n_rows - n_years,
            "afgekeurd": {"jaartotaal_naast_maanden": n_years},
        }
    n_gemeenten = len(AREA_CODES) + len(country.areas) if country else None
    write_manifest(folder / "bronnen.yaml", forms, n_gemeenten)
    incidents = yearly_truth(places, addresses, records)
    truth: Truth = {
        "fictief": True,
        "seed": seed,
        "bestanden": files,
        "incidenten": incidents,
        "laak": {"wijken": laak_codes(), "incidenten": incidents[THE_HAGUE]},
        "politie": _per_year(months),
        "woningen": homes_truth(places),
        "levering": supplier_truth(supplier, records),
        "indeling": division_truth(places),
        "nagekomen": later,
        "geplant": planted_truth(places, addresses, plants, events, records),
    }
    if country:
        _enlarge(folder, seed, country, truth, months)
    text = json.dumps(truth, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / TRUTH).write_bytes(f"{text}\n".encode())
    return truth


def _enlarge(folder: Path, seed: int, country: Country, truth: Truth, months: MonthTable) -> None:
    """Add gemeenten to all files and to the truth; the country becomes the sum of its parts."""
    added, own_months = write_country(folder, country, seed)
    count(truth["bestanden"], added["bestanden"])
    truth["incidenten"] |= added["incidenten"]
    homes = {code: dwellings(code, LAST_YEAR) for code in GEMEENTEN}
    homes |= {area.code: country.homes_of(area.code, LAST_YEAR) for area in country.areas}
    whole = country_months({**months, **own_months}, homes)
    police = folder / "politie_maand.csv"
    n_rows = write_police(police, np.random.default_rng([seed, 3]), whole)
    truth["bestanden"][police.name] = _police_account(n_rows, whole)
    write_national(folder / "landelijke_reeks.csv", national_years(whole["NL00"]))
    truth["politie"] = _per_year(whole)
    truth["woningen"] |= {
        area.code: dict(zip(map(str, YEARS), country.homes[area.code], strict=True))
        for area in country.areas
    }


def _all(n_rows: int) -> Truth:
    """Return the account of a file without flaws."""
    return {"gelezen": n_rows, "geaccepteerd": n_rows, "afgekeurd": {}, "dubbel": 0}


def _police_account(n_rows: int, months: MonthTable) -> Truth:
    """Return the account of the police table: months of burglary count, the rest not."""
    n_months = sum(counts.size for counts in months.values())
    n_years = len(months) * len(YEARS)
    left_out = {"buiten_delictselectie": n_months + n_years, "jaartotaal_naast_maanden": n_years}
    account = _all(n_rows)
    return {**account, "geaccepteerd": n_months, "afgekeurd": left_out}


def _per_year(months: MonthTable) -> Truth:
    """Return the yearly totals of the police table."""
    return {
        region: {str(y): int(n) for y, n in zip(YEARS, counts.sum(axis=1), strict=True)}
        for region, counts in months.items()
    }

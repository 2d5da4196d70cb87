"""`kerncijfers.json`: the key figures of one area for other programs, keys in Dutch.

A value that is suppressed is null and its block says `"onderdrukt": true`; a missing one is null
with its reason under `"reden"`. Percentages are in per cents, `share` is a fraction.
"""

from typing import Any

import pandas as pd

from wib_lib.absent import Missing, Suppressed, Value, is_known
from wib_lib.effect import Effect
from wib_lib.goals import Verdict
from wib_lib.keyfigures import KeyFigures

DECIMALS = 6


def block(**values: Value) -> dict[str, Any]:
    """
    Write values as one block.

    Examples
    --------
    >>> block(venster=Suppressed(5), pct=Missing("minder dan 10"))
    {'venster': None, 'pct': None, 'onderdrukt': True, 'reden': {'pct': 'minder dan 10'}}
    """
    result: dict[str, Any] = {name: plain(value) for name, value in values.items()}
    if any(isinstance(value, Suppressed) for value in values.values()):
        result["onderdrukt"] = True
    reasons = {name: v.reason for name, v in values.items() if isinstance(v, Missing)}
    if reasons:
        result["reden"] = reasons
    return result


def plain(value: Value) -> float | int | None:
    """Return a number that JSON can hold, or None."""
    if not is_known(value):
        return None
    return value if isinstance(value, int) else round(float(value), DECIMALS)


def key_file(figures: KeyFigures, verdicts: list[Verdict], effect: Effect) -> dict[str, Any]:
    """
    Return the content of `kerncijfers.json` except the head, which the run adds.

    Parameters
    ----------
    figures : KeyFigures
    verdicts : list of Verdict
    effect : Effect
    """
    country = figures.benchmarks.get("landelijk")
    national = country.rate if country else Missing("niet geleverd")
    change = effect.change
    return {
        "venster": {
            "start": figures.window.start.isoformat(),
            "eind": figures.window.last.isoformat(),
        },
        "aantal": block(
            venster=figures.n,
            voorafgaand=figures.n_before,
            pct=figures.pct_change,
            gemiddelde_5_jaar=figures.mean_before,
        ),
        "pogingen": block(
            venster=figures.n_attempts,
            voorafgaand=figures.n_attempts_before,
            soort_bekend=figures.n_kind_known,
            share=figures.share_attempts,
        ),
        "opheldering": block(
            venster=figures.n_cleared,
            voorafgaand=figures.n_cleared_before,
            pct=figures.pct_cleared,
        ),
        "woningen": plain(figures.rate.dwellings.n),
        "woningen_jaar": figures.rate.dwellings.year,
        "per_1000_woningen": block(
            venster=figures.rate.value,
            laag=figures.rate.low,
            hoog=figures.rate.high,
            landelijk=national,
        )
        | {"onder_landelijk": _below(figures.rate.value, national)},
        "doelen": [_goal(verdict) for verdict in verdicts],
        "effect": _effect(effect, change),
        "vergelijking": [
            {"id": benchmark.name, "naam": benchmark.label}
            | block(
                venster=benchmark.n,
                voorafgaand=benchmark.n_before,
                pct=benchmark.pct_change,
                per_1000_woningen=benchmark.rate,
            )
            for benchmark in figures.benchmarks.values()
        ],
        "reeks": {
            "labels": [str(w.start.year) for w, _ in reversed(figures.earlier)]
            + [str(figures.window.start.year)],
            "aantal": [plain(n) for _, n in reversed(figures.earlier)] + [plain(figures.n)],
        },
    }


def for_region(rates: pd.DataFrame, coverage: pd.DataFrame) -> dict[str, Any]:
    """
    Return the blocks that only the packs of the region use.

    Parameters
    ----------
    rates : DataFrame
        Per year: `year`, and Values `own`, `country`, `unit` (`assessment.yearly_rates`).
    coverage : DataFrame
        The checklist (`wib_lib.checklist.coverage_table`).
    """
    years = [
        {"id": str(row["year"])}
        | block(per_1000_woningen=row["own"], landelijk=row["country"], regionaal=row["unit"])
        for row in rates.to_dict("records")
    ]
    return {
        "jaren": years,
        "dekking": dict(zip(coverage["number"], coverage["status"], strict=True)),
    }


def _below(own: Value, national: Value) -> bool | None:
    return own < national if is_known(own) and is_known(national) else None


def _goal(verdict: Verdict) -> dict[str, Any]:
    values = block(doelwaarde=verdict.target, gerealiseerd=verdict.realised.value)
    return {
        "id": verdict.doel.id,
        "indicator": verdict.doel.indicator,
        "operator": verdict.doel.operator,
        "naam": verdict.name,
        "voorbeeld": verdict.doel.voorbeeld,
        "oordeel": verdict.oordeel,
        **values,
        "bevindingen": list(verdict.findings),
    }


def _effect(effect: Effect, change: Any) -> dict[str, Any]:
    if isinstance(change, Missing):
        values = block(ratio=change, laag=change, hoog=change)
    else:
        values = block(ratio=change.ratio, laag=change.low, hoog=change.high)
    return {
        **values,
        "kleinste_aantoonbare_daling_pct": plain(effect.detectable),
        "oordeel": effect.oordeel,
    }

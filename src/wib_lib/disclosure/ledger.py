"""What was shown and hidden, to whom and in which run: the suppression ledger.

A reader keeps what was published before. The rule:

- Readers of `openbaar` see openbaar packs; those of `werkgroep` see werkgroep and openbaar packs;
  those of `driehoek` see both, and the driehoek packs of their own area.
- What these packs have shown is known: it protects nothing, and hiding it now helps nobody.
- What was hidden from these readers stays hidden, also in packs for a wider public: a cell that
  the werkgroep may not see is not for openbaar.

In one run the audiences are protected from the widest to the closest, openbaar first, each with
what the ones before it show. A new pack for a wide public can also spoil what a closer one was
refused earlier: protecting the closer audiences after it, if need be without new tables, gives a
finding for every cell that is no longer safe.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from wib_lib.disclosure.cells import Cube, cell_key, codes_of
from wib_lib.disclosure.protection import HIDDEN, SHOWN, Protection
from wib_lib.errors import TableError
from wib_lib.tables import require_columns

AUDIENCES: Mapping[str, tuple[str, ...]] = {
    "openbaar": ("openbaar",),
    "werkgroep": ("openbaar", "werkgroep"),
    "driehoek": ("openbaar", "werkgroep", "driehoek"),
}
COLUMNS = ["run", "audience", "area", "key", "n", "status"]


@dataclass(frozen=True)
class Earlier:
    """
    What earlier publications mean for a new one.

    Parameters
    ----------
    cubes : list of Cube
        Earlier cells that the new tables do not have, to link: a window that ended a month ago.
    hidden, known : frozenset of str
        Keys for `protect`.
    revised : DataFrame
        `run`, `audience`, `key`: shown before with another count, so the data were revised. The
        earlier counts of such a run are not linked to the new ones; its hidden cells stay hidden.
    """

    cubes: list[Cube]
    hidden: frozenset[str]
    known: frozenset[str]
    revised: pd.DataFrame


@dataclass(frozen=True)
class Ledger:
    """
    The ledger of all runs.

    Parameters
    ----------
    entries : DataFrame
        `run`, `audience`, `area` (of driehoek packs, else `""`), `key`, `n`, `status`. Hidden
        counts are in it: it stays with the analyst. `to_publish` leaves them out.
    """

    entries: pd.DataFrame

    def __post_init__(self) -> None:
        require_columns(self.entries, COLUMNS, name="grootboek")
        for audience in self.entries["audience"].unique():
            _seen_by(audience)

    @classmethod
    def empty(cls) -> "Ledger":
        """Start a ledger."""
        text = {name: pd.Series(dtype="str") for name in COLUMNS}
        return cls(pd.DataFrame(text | {"n": pd.Series(dtype="Int64")})[COLUMNS])

    def with_run(
        self, run: str, audience: str, protection: Protection, *, area: str = ""
    ) -> "Ledger":
        """
        Add what a run shows and hides to an audience; the same run and audience is replaced.

        Raises
        ------
        TableError
            When the audience is unknown, or a driehoek pack has no area.
        """
        _seen_by(audience)
        if (audience == "driehoek") != (area != ""):
            raise TableError(f"{audience}: alleen een pakket voor de driehoek heeft een gebied")
        cells = protection.cells
        listed = cells[cells["status"].isin([SHOWN, *HIDDEN]) & cells["is_published"]]
        added = listed[["key", "n", "status"]].assign(run=run, audience=audience, area=area)
        entries = self.entries
        same = (
            (entries["run"] == run) & (entries["audience"] == audience) & (entries["area"] == area)
        )
        return Ledger(pd.concat([entries[~same], added[COLUMNS]], ignore_index=True))

    def to_publish(self) -> pd.DataFrame:
        """Return the entries without the counts of hidden cells, for a manifest."""
        return self.entries.assign(n=self.entries["n"].where(self.entries["status"] == SHOWN))

    def earlier(self, cubes: Sequence[Cube], audience: str, *, area: str = "") -> Earlier:
        """
        Tell what a new publication must take into account.

        Parameters
        ----------
        cubes : sequence of Cube
            The new tables.
        audience, area : str
            Who will read them.
        """
        entries = self.entries
        ours = entries["area"].isin(["", area])
        seen = entries["audience"].isin(_seen_by(audience)) & ours
        closer = [name for name, sees in AUDIENCES.items() if audience in sees]
        # a wider public must not be shown what a closer one was refused
        is_hidden = entries["status"].isin(HIDDEN)
        refused = is_hidden & entries["audience"].isin(closer)
        now = _counts(cubes)
        count_now = entries["key"].map(now).astype("Int64")
        is_revised = count_now.notna() & entries["n"].notna() & (count_now != entries["n"])
        revised = entries[is_revised & (seen | refused)]
        stale = entries["run"].isin(revised["run"]) & ~entries["key"].isin(now.index)
        current = entries[(seen | refused) & ~is_revised & ~stale]
        shown = current["status"] == SHOWN
        seen_now = seen.loc[current.index]
        known = frozenset(current.loc[shown & seen_now, "key"])
        hidden = frozenset(entries.loc[refused, "key"]) - known
        extra = current[~current["key"].isin(now.index)].drop_duplicates("key", keep="last")
        return Earlier(
            _cubes(extra),
            hidden,
            known,
            revised.loc[revised["status"] == SHOWN, ["run", "audience", "key"]].reset_index(
                drop=True
            ),
        )


def _seen_by(audience: str) -> tuple[str, ...]:
    if audience not in AUDIENCES:
        raise TableError(f"onbekend publiek {audience}; kies uit {', '.join(AUDIENCES)}")
    return AUDIENCES[audience]


def _counts(cubes: Sequence[Cube]) -> pd.Series:
    counts: dict[str, object] = {}
    for cube in cubes:
        keys = [
            cell_key(cube.measure, dict(zip(cube.dimensions, codes, strict=True)))
            for codes in cube.cells[list(cube.dimensions)].to_numpy()
        ]
        counts |= dict(zip(keys, cube.cells["n"], strict=True))
    return pd.Series(counts, dtype="Int64")


def _cubes(entries: pd.DataFrame) -> list[Cube]:
    """Earlier cells as tables that are not published again, one per measure and dimensions."""
    rows: dict[tuple[str, tuple[str, ...]], list[dict[str, object]]] = {}
    for key, n in zip(entries["key"], entries["n"], strict=True):
        measure, codes = codes_of(key)
        shape = measure, tuple(sorted(codes))
        rows.setdefault(shape, []).append({**codes, "n": n, "is_published": False})
    return [
        Cube("eerder gepubliceerd", measure, names, pd.DataFrame(cells).astype({"n": "Int64"}))
        for (measure, names), cells in rows.items()
    ]

"""Named checks on delivered rows: nothing is lost, every refusal has a reason.

A row check either rejects a row or empties a field that cannot be right (a burglary with an
impossible coordinate is still a burglary). Rows read = accepted + rejected + duplicates, always.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pandas as pd

WITHHELD = "(afgeschermd)"
LOG_COLUMNS = ["rij", "kolom", "waarde", "toets", "regel"]


@dataclass(frozen=True)
class RowCheck:
    """
    One rule for rows.

    Parameters
    ----------
    name : str
        Machine name, as counted in reports.
    columns : tuple of str
        Columns the rule is about; the first is shown in the log.
    rule : str
        The rule as a Dutch phrase.
    ok : callable
        Frame to boolean Series, True where the row obeys.
    empties : bool
        True: fields in `columns` are emptied where the rule is broken; False: row rejected.
    withheld : bool
        The log names the cell but does not keep what stood there: it may be a person.
    """

    name: str
    columns: tuple[str, ...]
    rule: str
    ok: Callable[[pd.DataFrame], pd.Series]
    empties: bool = False
    withheld: bool = False


@dataclass(frozen=True)
class Checked:
    """
    Rows of one file after checking; logs have the columns of `LOG_COLUMNS`.

    `doubles` holds the rows that `duplicates` logs, for gross beside net counts.
    """

    accepted: pd.DataFrame
    rejected: pd.DataFrame
    duplicates: pd.DataFrame
    emptied: pd.DataFrame
    n_read: int
    doubles: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __post_init__(self) -> None:
        parts = len(self.accepted) + len(self.rejected) + len(self.duplicates)
        if parts != self.n_read:
            raise AssertionError(f"{self.n_read} rows read but {parts} accounted for")


def check_rows(
    typed: pd.DataFrame,
    raw: pd.DataFrame,
    checks: Sequence[RowCheck],
    *,
    key: Sequence[str] = (),
) -> Checked:
    """
    Apply checks in order; a rejected row is not judged again.

    Parameters
    ----------
    typed : DataFrame
        Parsed rows; the index is the row number in the file.
    raw : DataFrame
        The same rows as text, with the same columns where they were delivered.
    checks : sequence of RowCheck
    key : sequence of str
        Columns that identify a row; later rows with the same key are duplicates. A row without
        a key is never a duplicate.

    Returns
    -------
    Checked
    """
    left = typed.copy()
    rejected, emptied = [], []
    for check in checks:
        broken = ~check.ok(left).astype(bool)
        if not broken.any():
            continue
        log = _log(raw, left.index[broken], check)
        if check.empties:
            for column in check.columns:
                left[column] = left[column].mask(broken)
            emptied.append(log)
        else:
            left = left[~broken]
            rejected.append(log)
    twice = left.duplicated(list(key)) & left[list(key)].notna().all(axis=1) if key else None
    again = left.index[:0] if twice is None else left.index[twice]
    rule = RowCheck(
        "dubbel", tuple(key), "elk kenmerk komt één keer voor", lambda rows: ~rows.duplicated()
    )
    return Checked(
        accepted=left.drop(index=again),
        rejected=_stack(rejected),
        duplicates=_log(raw, again, rule) if len(again) else _stack([]),
        emptied=_stack(emptied),
        n_read=len(typed),
        doubles=left.loc[again],
    )


def _log(raw: pd.DataFrame, rows: pd.Index, check: RowCheck) -> pd.DataFrame:
    shown = [column for column in check.columns if column in raw and not check.withheld]
    cells = raw.loc[rows, shown].fillna("")
    values = (
        cells[shown[0]].str.cat(cells[shown[1:]], sep=" | ") if shown else WITHHELD * check.withheld
    )
    return pd.DataFrame(
        {
            "rij": rows,
            "kolom": ", ".join(check.columns),
            "waarde": values,
            "toets": check.name,
            "regel": check.rule,
        }
    )


def _stack(logs: list[pd.DataFrame]) -> pd.DataFrame:
    empty = pd.DataFrame({column: pd.Series(dtype="str") for column in LOG_COLUMNS})
    if not logs:
        return empty.astype({"rij": "int64"})
    return pd.concat(logs).reset_index(drop=True)

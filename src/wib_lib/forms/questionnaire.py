"""The B3W questionnaire: questions per strategy and the answers with their scores.

The text that the region settled on is not public, so a draft is shipped and marked as such; a
`params/b3w.yaml` of the same form replaces it without a change in code. Best of three worlds:
probleemgericht, informatiesturing, burgerparticipatie (Politieacademie, 2010).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from wib_lib.errors import ParamError
from wib_lib.project import read_yaml
from wib_lib.validation import Strict, validated

DRAFT = Path(__file__).parents[1] / "assets" / "b3w.yaml"
Text = Annotated[str, Field(min_length=1)]


class Question(Strict):
    """One question."""

    id: Text
    vraag: Text


class Questionnaire(Strict):
    """
    Questions by strategy, and answers with their score.

    An answer without a score, such as "weet niet", does not count in a mean.
    """

    versie: Text
    status: Literal["concept", "vastgesteld"]
    antwoorden: dict[str, float | None] = Field(min_length=2)
    strategieen: dict[str, tuple[Question, ...]] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_differ(self) -> "Questionnaire":
        ids = [question.id for _, question in self.questions()]
        twice = next((name for name in ids if ids.count(name) > 1), None)
        if twice:
            raise ValueError(f"vraag {twice} staat er meer dan eens in")
        return self

    @property
    def is_draft(self) -> bool:
        """Tell whether the text was not settled."""
        return self.status == "concept"

    def questions(self) -> Iterator[tuple[str, Question]]:
        """Yield strategy and question, in order."""
        for strategy, questions in self.strategieen.items():
            for question in questions:
                yield strategy, question


def read_questionnaire(params: Path | None = None) -> Questionnaire:
    """
    Return the questionnaire in force.

    Parameters
    ----------
    params : Path, optional
        The project's `params/`; its `b3w.yaml` goes before the draft that is shipped.

    Raises
    ------
    ParamError
        One Dutch sentence when the file cannot be used.

    Examples
    --------
    >>> read_questionnaire().is_draft
    True
    """
    own = None if params is None else params / "b3w.yaml"
    path = own if own is not None and own.is_file() else DRAFT
    data = read_yaml(path, error=ParamError)
    return validated(
        Questionnaire, data, source=f"{path.parent.name}/{path.name}", error=ParamError
    )

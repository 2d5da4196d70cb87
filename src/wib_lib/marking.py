"""What every page of a pack says about whom it is for: class, recipients, legal ground, warning.

One function, so that a page of HTML, a running head of a PDF and a sheet cannot say different
things.
"""

from dataclasses import dataclass

from wib_lib.audiences import READERS
from wib_lib.dutch import day, listing
from wib_lib.params import Params

FICTITIOUS = "Fictieve voorbeelddata: geen enkel cijfer op deze pagina is echt"
SECRET = "Vertrouwelijk: wie dit ontvangt heeft geheimhoudingsplicht (Wpg art. 7)"


@dataclass(frozen=True)
class Marking:
    """
    The marks of one pack.

    Parameters
    ----------
    audience : str
        Name of the audience.
    label : str
        Audience with privacy class.
    klasse : str
        Highest privacy class in the pack.
    recipients, ground : str
        Who may have it, and by which article of law.
    banner : str or None
        Warning at the top of every page.
    """

    audience: str
    label: str
    klasse: str
    recipients: str
    ground: str
    banner: str | None

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Name and text, for the head of a page."""
        named = [
            ("Bestemd voor", self.label),
            ("Ontvangers", self.recipients),
            ("Grondslag", self.ground),
        ]
        return tuple(named)

    @property
    def running(self) -> str:
        """One line for the foot or head of every page."""
        return " · ".join([self.label, f"voor {self.recipients}", self.ground])


def marking(audience: str, params: Params, *, fictitious: bool) -> Marking:
    """
    Say for whom a pack is, by which right, and what stands above every page.

    Parameters
    ----------
    audience : str
    params : Params
        Of the area; those of any area for a pack of the region.
    fictitious : bool
    """
    readers = READERS[audience]
    recipients, ground = readers.recipients.format(gebied=params.gemeente), readers.ground
    given = params.grondslag
    if audience == "driehoek" and given is not None:
        ground = f"{given.artikel}, {given.doel}"
        if given.art20_besluit is not None:
            decision = given.art20_besluit
            recipients = listing(list(decision.ontvangers))
            data = listing(list(decision.gegevens))
            ground += f"; besluit {decision.id} van {day(decision.datum)} ({data})"
    warnings = [
        FICTITIOUS if fictitious else "",
        SECRET if readers.klasse in ("V2", "V3") else "",
    ]
    banner = ". ".join(filter(None, warnings)) or None
    return Marking(audience, readers.label, readers.klasse, recipients, ground, banner)

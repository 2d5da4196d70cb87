"""Which forms there are: a register, its title, and what the one who fills it in should know."""

from dataclasses import dataclass

from wib_lib.tables import REGISTERS, Table

VERSION = 1


@dataclass(frozen=True)
class Form:
    """
    A form to send out.

    Parameters
    ----------
    name : str
        Profile that reads it back; also its file name.
    title, intro : str
        Dutch, as shown.
    respondents : tuple of str
        Those who each get a copy of their own; empty for one copy.
    """

    name: str
    title: str
    intro: str
    respondents: tuple[str, ...] = ()

    @property
    def table(self) -> Table:
        """The contract that the form fills."""
        return REGISTERS[self.name]


_FORMS = (
    Form("actieregister", "Actieregister",
         "Eén rij per afgesproken actie, ook als zij niet is uitgevoerd."),
    Form("maatregelen", "Maatregelen: gepland en uitgevoerd",
         "Eén rij per maatregel en gebied. Kies de maatregel uit de lijst."),
    Form("kosten", "Kosten en dekking",
         "Eén rij per kostenpost en periode. Bedragen in euro; tel zelf niets op."),
    Form("overleg", "Overleggen",
         "Eén rij per gepland overleg. Noem organisaties, geen personen."),
    Form("doelen", "SMART-doelen",
         "Eén rij per doel. Geef een doelwaarde, een verandering in % of een vergelijking: precies "
         "één van de drie."),
    Form("b3w", "B3W-vragenlijst",
         "Beantwoord elke vraag voor uw eigen organisatie. Een vraag zonder antwoord telt als niet "
         "beantwoord.", respondents=("gemeente", "basisteam")),
    Form("duiding", "Duiding, successen, knelpunten en voorstellen",
         "Eén rij per punt, in een of twee zinnen."),
    Form("pkvw", "Woningen met PKVW-certificaat",
         "Eén rij per buurt of wijk. Alleen aantallen, nooit een adreslijst."),
    Form("corporaties", "Woningen van corporaties", "Eén rij per corporatie en buurt."),
    Form("groepen", "Hanggroepen en hangplaatsen",
         "Alleen aantallen per gebied; noem geen groepen, personen of precieze plekken."),
    Form("hotspots", "Hotspotregister",
         "Eén rij per hotspot en buurt of wijk waarin die ligt; geen straten of adressen."),
    Form("winkelcentra", "Winkelcentra", "Eén rij per winkelcentrum."),
    Form("burgerschapsstijlen", "Burgerschapsstijlen",
         "Eén rij per stijl en gebied. De verdeling komt uit een model en is geen meting."),
    Form("opheldering", "Opheldering",
         "Eén rij per periode, zo mogelijk apart voor pogingen en voltooide inbraken."),
    Form("verdachten", "Verdachten in aantallen",
         "Eén rij per kenmerk en klasse. Schrijf <5 waar het aantal te klein is om te delen."),
    Form("pga", "Persoonsgerichte aanpak in aantallen",
         "Alleen aantallen; schrijf <5 waar het aantal te klein is om te delen."),
    Form("heling", "Heling en Digitaal Opkopers Register", "Eén rij per periode."),
    Form("preventieadvies", "Preventieadvies", "Eén rij per periode, zo mogelijk per buurt."),
    Form("participatie", "Bewoners: avonden, appgroepen en Burgernet",
         "Eén rij per periode, zo mogelijk per buurt."),
    Form("buit", "Buit en schade in aantallen", "Eén rij per soort buit en periode."),
    Form("pkvw_inbraken", "Woninginbraken in woningen met PKVW-certificaat",
         "Eén rij per periode. De koppeling op adres maakt de bronhouder; hier alleen aantallen."),
)  # fmt: skip
FORMS: dict[str, Form] = {form.name: form for form in _FORMS}

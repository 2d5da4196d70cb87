"""Stems of the tables of Statistics Netherlands, over all editions and the maps of PDOK.

Kerncijfers wijken en buurten: 82339NED (2013) to 85984NED (2024). Nabijheid voorzieningen:
84463NED and its sisters. SES-WOA: 85163NED, 85539NED, 85900NED; not the statusscores of SCP,
which are another construct.
"""

KWB_STEMS = {
    "n_dwellings": ("Woningvoorraad",),
    "n_inhabitants": ("AantalInwoners",),
    "n_men": ("Mannen",),
    "n_women": ("Vrouwen",),
    "n_age_0_14": ("k_0Tot15Jaar",),
    "n_age_15_24": ("k_15Tot25Jaar",),
    "n_age_25_44": ("k_25Tot45Jaar",),
    "n_age_45_64": ("k_45Tot65Jaar",),
    "n_age_65_up": ("k_65JaarOfOuder",),
    "pct_age_0_14": ("percentagePersonen0Tot15Jaar",),
    "pct_age_15_24": ("percentagePersonen15Tot25Jaar",),
    "pct_age_25_44": ("percentagePersonen25Tot45Jaar",),
    "pct_age_45_64": ("percentagePersonen45Tot65Jaar",),
    "pct_age_65_up": ("percentagePersonen65JaarEnOuder",),
    "n_households": ("HuishoudensTotaal", "ParticuliereHuishoudens", "aantalHuishoudens"),
    "n_single_households": ("Eenpersoonshuishoudens",),
    "pct_single_households": ("percentageEenpersoonshuishoudens",),
    "mean_household_size": ("GemiddeldeHuishoudensgrootte", "gemiddeldeHuishoudsgrootte"),
    "pct_owner": ("Koopwoningen", "percentageKoopwoningen"),
    "pct_rent": ("HuurwoningenTotaal", "percentageHuurwoningen"),
    "pct_social": ("InBezitWoningcorporatie", "percHuurwoningenInBezitWoningcorporaties"),
    "pct_other_landlord": ("InBezitOverigeVerhuurders",
                           "percHuurwoningenInBezitOverigeVerhuurders"),
    "pct_owner_unknown": ("EigendomOnbekend", "percentageWoningenMetEigendomOnbekend"),
    "pct_single_family": ("PercentageEengezinswoning",),
    "pct_multi_family": ("PercentageMeergezinswoning",),
    "mean_value_keur": ("GemiddeldeWoningwaarde", "GemiddeldeWOZWaardeVanWoningen"),
    "mean_income_keur": ("GemiddeldInkomenPerInwoner",),
    "n_bijstand": ("PersonenMetEenWWBUitkeringTotaal", "PersonenPerSoortUitkeringBijstand",
                   "aantalPersonenMetEenAlgBijstandsuitkeringTot"),
    "n_ao": ("PersonenMetEenAOUitkeringTotaal", "PersonenPerSoortUitkeringAO",
             "aantalPersonenMetEenAoUitkeringTotaal"),
    "n_ww": ("PersonenMetEenWWUitkeringTotaal", "PersonenPerSoortUitkeringWW",
             "aantalPersonenMetEenWwUitkeringTotaal"),
    "pct_werkzaam": ("Nettoarbeidsparticipatie",),
    "n_cars": ("PersonenautoSTotaal",),
    "km_winkels": ("AfstandTotGroteSupermarkt", "groteSupermarktGemiddeldeAfstandInKm"),
    "km_oprit": ("AfstandTotOpritHoofdverkeersweg",
                 "opritHoofdverkeerswegGemiddeldeAfstandInKm"),
    "is_changed": ("IndelingswijzigingWijkenEnBuurten", "IndelingswijzigingGemeenteWijkBuurt",
                   "Indelingswijziging"),
}  # fmt: skip
YEAR_STEMS = ("Perioden", "jaar")
SES_STEMS = {
    "year": YEAR_STEMS,
    "score": ("GemiddeldeScore_29", "score"),  # the total; the parts are _31, _33 and _35
    "spreiding": ("Waarde_37", "spreiding"),  # of the total score
    "n_huishoudens": ("ParticuliereHuishoudens", "n_huishoudens"),
}
NEARNESS_STEMS = {
    "year": YEAR_STEMS,
    "km_oprit": KWB_STEMS["km_oprit"],
    "km_winkels": KWB_STEMS["km_winkels"],
    "km_warenhuis": ("AfstandTotWarenhuis", "warenhuisGemiddeldeAfstandInKm"),
    "km_treinstation": ("AfstandTotTreinstationsTotaal", "AfstandTotTreinstation",
                        "treinstationGemiddeldeAfstandInKm"),
}  # fmt: skip
WORK_STEMS = {"year": YEAR_STEMS, "pct_werkzaam": (*KWB_STEMS["pct_werkzaam"], "pct_werkzaam")}
BENEFIT_STEMS = {
    "year": YEAR_STEMS,
    "n_bijstand": (*KWB_STEMS["n_bijstand"], "n_bijstand"),
    "n_ao": (*KWB_STEMS["n_ao"], "n_ao"),
    "n_ww": (*KWB_STEMS["n_ww"], "n_ww"),
}
MONITOR_STEMS = {
    "gebied": ("gebied", "RegioS"),
    "year": YEAR_STEMS,
    "indicator": ("indicator",),
    "pct": ("pct",),
    "onder": ("onder",),
    "boven": ("boven",),
    "n": ("n",),
}

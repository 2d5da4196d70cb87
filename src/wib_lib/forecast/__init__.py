"""How many burglaries to expect in the next two weeks, where, and how good that guess has been.

From places and days only: no person, no nationality, nothing of who lives somewhere. Every
expectation is indicative and comes with its interval and its back-test; where the model is not
better than the mean of the last 52 weeks, that mean is what is given. The method is described in
docs/methods/forecast.md.
"""

from wib_lib.forecast.card import algorithm_card
from wib_lib.forecast.outlook import Forecast, forecast
from wib_lib.forecast.panel import Panel, fortnights, months

__all__ = ["Forecast", "Panel", "algorithm_card", "forecast", "fortnights", "months"]

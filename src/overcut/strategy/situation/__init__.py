"""How a race stands at the end of a lap, from nothing but what was known then."""

from overcut.strategy.situation.facts import Entrant, SessionFacts
from overcut.strategy.situation.pace import PaceSettings
from overcut.strategy.situation.reading import facts_of
from overcut.strategy.situation.situation import race_rules, situation

__all__ = ["Entrant", "PaceSettings", "SessionFacts", "facts_of", "race_rules", "situation"]

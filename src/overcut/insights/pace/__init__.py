"""How fast everyone really was: laps made comparable, with intervals."""

"""How text from outside may ask the lake: read-only SQL within limits, and the tables it can name."""

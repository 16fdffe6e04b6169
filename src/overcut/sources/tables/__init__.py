"""Sessions made again from tables of laps, gaps and messages, for which no feed was recorded."""

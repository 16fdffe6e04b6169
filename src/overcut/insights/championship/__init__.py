"""What a championship's arithmetic says: standings, who can still win, and what must happen; exact, not sampled."""

"""Which rows of the lake a session gives: its frames read once, every session table out of them."""

"""How FastF1's cache, or a session that it has loaded, is read: without unpickling, and without FastF1."""

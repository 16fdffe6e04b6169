"""Circuits: what we know of each, one file a circuit."""

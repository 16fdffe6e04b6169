"""Frames become session state, laps and events: deterministic, no clock but the frames' own."""

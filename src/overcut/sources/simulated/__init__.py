"""Simulated weekends: continuous-time racing written in the wire format of the archive."""

"""Seventy-five years of history: typed questions and answers over the lake."""

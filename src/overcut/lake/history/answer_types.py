"""Which types an answer about history can have: for the description of the interface."""

from __future__ import annotations

from overcut.lake.history import answers, career_answers, place_answers

HISTORY_TYPES: tuple[type, ...] = (
    answers.SearchHit,
    answers.SeasonsAnswer,
    answers.SeasonAnswer,
    answers.StandingsAnswer,
    answers.ProgressAnswer,
    answers.RaceAnswer,
    career_answers.CareersAnswer,
    career_answers.DriverAnswer,
    career_answers.CareerResultsAnswer,
    career_answers.ConstructorAnswer,
    career_answers.HeadToHeadAnswer,
    career_answers.TeamMatesAnswer,
    career_answers.RecordsAnswer,
    career_answers.RecordAnswer,
    career_answers.ErasAnswer,
    place_answers.CircuitsAnswer,
    place_answers.GrandsPrixAnswer,
    place_answers.PlaceAnswer,
)
"""The answers; the types within them are found through these."""

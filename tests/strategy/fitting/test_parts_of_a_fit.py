"""Pieces of the fit: pooling, clear air, old tyre names, form, water."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from overcut.strategy.fitting.cars import Form, Shown
from overcut.strategy.fitting.clean_laps import judged
from overcut.strategy.fitting.noise import draws
from overcut.strategy.fitting.pace import season_step
from overcut.strategy.fitting.pooling import pooled
from overcut.strategy.fitting.reading import Recorded, with_tyres
from overcut.strategy.fitting.water import fit_water
from overcut.strategy.model.generic import generic_circuit

Floats = NDArray[np.float64]


def _laps(rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    usual: dict[str, object] = {
        "session_key": "2030-01-R", "pit_in": False, "pit_out": False, "track_status": "1", "tyre": "MEDIUM",
        "tyre_life": 5, "lap_time_s": 90.0, "stint": 1, "driver": "D", "compound": "MEDIUM",
    }  # fmt: skip
    return pl.DataFrame([{**usual, **row} for row in rows])


def _judged(laps: pl.DataFrame) -> pl.DataFrame:
    nothing = pl.DataFrame()
    return judged(Recorded((), laps, nothing, nothing, nothing, nothing))


def test_groups_are_pulled_together_by_how_little_they_tell() -> None:
    rng = np.random.default_rng(1)
    truth = {f"c{place}": rng.normal(0.05, 0.02) for place in range(12)}
    information: list[Floats] = []
    scores: list[Floats] = []
    members: list[tuple[str, str]] = []
    for name, value in truth.items():
        for year in ("2030", "2031", "2032"):
            own = value + rng.normal(0.0, 0.01)
            information.append(np.array([[1.0 / 0.005**2]]))
            scores.append(np.array([(own + rng.normal(0.0, 0.005)) / 0.005**2]))
            members.append((name, year))
    found = pooled(information, scores, members, np.array([0.03]))
    errors = [found.of((name, "2031"))[0][0] - value for name, value in truth.items()]
    assert np.std(errors) < 0.01
    seen, unseen = found.of(("c1", "2031"))[1], found.of(("elsewhere", "2031"))[1]
    assert unseen[0, 0] > seen[0, 0]
    assert found.of(("elsewhere", "2031"))[0][0] == pytest.approx(np.mean(list(truth.values())), abs=0.01)
    assert 0.006 < found.race[0, 0] ** 0.5 < 0.02


def test_one_race_out_of_all_bounds_moves_the_rest_but_little() -> None:
    information = [np.array([[1e4]])] * 12
    scores = [np.array([1e4 * 0.05])] * 11 + [np.array([1e4 * 2.0])]
    found = pooled(information, scores, [("a", "2030")] * 12, np.array([0.05]))
    assert found.of(("a", "2030"))[0][0] < 0.1


def test_laps_behind_another_car_do_not_tell_of_pace() -> None:
    laps = _laps(
        [
            {"driver_number": number, "lap": lap, "lap_start_s": 90.0 * (lap - 1) + gap, "lap_end_s": 90.0 * lap + gap}
            for number, gap in (("1", 0.0), ("2", 0.8), ("3", 9.0))
            for lap in range(1, 6)
        ]
    )
    clear = _judged(laps).filter(pl.col("clear"))
    assert {number: part.height for (number,), part in clear.group_by("driver_number")} == {"1": 3, "3": 3}


def test_a_car_that_is_lapped_is_not_in_clear_air() -> None:
    slow = [
        {"driver_number": "9", "lap": lap, "lap_start_s": 99.0 * (lap - 1), "lap_end_s": 99.0 * lap}
        for lap in range(1, 8)
    ]
    laps = _laps([*slow, {"driver_number": "1", "lap": 8, "lap_start_s": 604.0, "lap_end_s": 694.0}])
    found = _judged(laps).filter((pl.col("driver_number") == "9") & (pl.col("lap") == 7))
    assert found["lapped"].to_list() == [True]
    assert found["clear"].to_list() == [False]


def test_laps_near_water_are_not_dry() -> None:
    laps = _laps(
        [
            {"driver_number": "1", "lap": lap, "lap_end_s": 90.0 * lap, "tyre": "INTERMEDIATE" if lap < 3 else "SOFT"}
            for lap in range(1, 12)
        ]
    )
    assert _judged(laps).filter(pl.col("dry"))["lap"].to_list() == [7, 8, 9, 10, 11]


def test_names_of_2018_are_told_by_the_race() -> None:
    rows = [("2018-01-R", "ULTRASOFT"), ("2018-01-R", "SUPERSOFT"), ("2018-01-R", "SOFT"), ("2019-01-R", "SOFT")]
    laps = pl.DataFrame(
        [
            {"session_key": key, "compound": name, "driver_number": "1", "lap": lap}
            for lap, (key, name) in enumerate(rows)
        ]
    )
    assert with_tyres(laps)["tyre"].to_list() == ["SOFT", "MEDIUM", "HARD", "SOFT"]


def test_draws_between_quantiles_have_the_mean_of_the_values() -> None:
    values = np.concatenate([np.random.default_rng(3).normal(size=4000), np.full(20, 12.0)])
    quantiles = draws(values, 65)
    assert ((quantiles[1:] + quantiles[:-1]) / 2).mean() == pytest.approx(values.mean(), abs=1e-9)
    assert (np.diff(quantiles) >= 0).all()


def _shown(team: str, driver: str, pace: float) -> Shown:
    return Shown(driver, team, team.title(), pace, 0.05, 0.2, 40)


def _season(form: Form, season: int, teams: dict[str, float]) -> None:
    for number in range(6):
        cars = [_shown(team, f"{team[:2]}{seat}", pace) for team, pace in teams.items() for seat in (1, 2)]
        form.learn(f"{season}-{number + 1:02d}-R", season, cars)


def test_a_team_keeps_its_pace_under_a_new_name() -> None:
    form = Form()
    _season(form, 2030, {"rb": -0.8, "haas": 0.0, "ferrari": 0.8})
    form.learn(
        "2031-01-R",
        2031,
        [_shown("racing-bulls", "xx1", 0.0), _shown("haas", "ha1", 0.0), _shown("ferrari", "fe1", 0.0)],
    )
    pace = {(one.season, one.team): one.pace_s for one in form.teams()}
    assert pace[2031, "racing-bulls"].mean < pace[2031, "haas"].mean < pace[2031, "ferrari"].mean
    assert pace[2031, "racing-bulls"].sd > pace[2030, "rb"].sd


def test_a_surprise_is_measured_against_what_was_thought() -> None:
    form = Form()
    _season(form, 2030, {"rb": -0.8, "haas": 0.0, "ferrari": 0.8})
    usual = form.learn(
        "2030-07-R", 2030, [_shown("rb", "rb1", -0.8), _shown("haas", "ha1", 0.0), _shown("ferrari", "fe1", 0.8)]
    )
    odd = form.learn(
        "2030-08-R", 2030, [_shown("rb", "rb1", 0.8), _shown("haas", "ha1", 0.0), _shown("ferrari", "fe1", -0.8)]
    )
    assert np.abs(usual.standardised).max() < 1.0 < np.abs(odd.standardised).max()
    assert odd.log_likelihood < usual.log_likelihood


def _mixed_race() -> pl.DataFrame:
    """It dries: slicks from 14 s to 2 s a lap lost, intermediates from 9 s to 7 s; they cross near 8 s."""
    rows: list[dict[str, object]] = []
    for lap in range(2, 32):
        slick, inter = 14.0 - 0.4 * lap, 9.0 - 0.07 * lap
        for number in range(6):
            loss, tyre = (slick, "SOFT") if number < 3 else (inter, "INTERMEDIATE")
            rows.append(
                {"driver_number": str(number), "lap": lap, "lap_time_s": 90.0 + loss + 0.01 * number, "tyre": tyre,
                 "lap_end_s": 100.0 * lap + 8.0 * number}
            )  # fmt: skip
    return _judged(_laps(rows))


def test_the_crossing_of_slicks_and_intermediates_is_found() -> None:
    found = fit_water(_mixed_race(), {"2030-01-R": 90.0}).pace
    at = found.knots.index(0.3)
    assert found.dry_s[at] == pytest.approx(found.intermediate_s[at])
    assert found.dry_s[at] == pytest.approx(8.0, abs=1.0)
    assert list(found.dry_s) == sorted(found.dry_s)


def test_without_rain_water_costs_what_is_generic() -> None:
    laps = _judged(_laps([{"driver_number": "1", "lap": lap, "lap_end_s": 90.0 * lap} for lap in range(1, 9)]))
    found = fit_water(laps, {"2030-01-R": 90.0})
    assert found.pace.dry_s[:3] == pytest.approx((0.0, 2.1, 6.0))
    assert found.switch_at_s == generic_circuit().weather.switch_at_s


def test_a_season_is_quicker_by_what_it_proved_where_both_were_raced():
    levels = [("monza", 2024, 84.0), ("spa", 2024, 110.0), ("monza", 2025, 83.16), ("spa", 2025, 108.9)]
    assert -0.01 < season_step(levels, 2025) < -0.004, "two circuits one per cent quicker: believed in part"
    many = [(str(n), year, 90.0 if year == 2024 else 89.1) for n in range(40) for year in (2024, 2025)]
    assert season_step(many, 2025) == pytest.approx(np.log(0.99), rel=0.05)
    assert season_step(levels[:2], 2025) == 0.0, "nothing raced yet: no step"
    assert season_step([*levels[:2], ("imola", 2025, 80.0)], 2025) == 0.0, "nothing raced in both"

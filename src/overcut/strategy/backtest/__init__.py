"""How good the race simulator's forecasts were, race by race, against honest baselines."""

from overcut.strategy.backtest.report import BacktestReport, Measure
from overcut.strategy.backtest.running import BacktestPlan, backtest

__all__ = ["BacktestPlan", "BacktestReport", "Measure", "backtest"]

"""Weather, race control and drivers: what of them is missing or doubtful."""

from __future__ import annotations

from collections.abc import Iterator

from overcut.domain.flags import SessionStatus
from overcut.runtime.quality.facts import Facts
from overcut.runtime.quality.report import Area, QualityFinding, Severity
from overcut.runtime.quality.words import at, by_number, capital, count_of, lasting

_PLAUSIBLE = (
    ("air_c", "air temperature", "°C", -10.0, 55.0),
    ("track_c", "track temperature", "°C", -10.0, 80.0),
    ("humidity_pct", "humidity", "%", 0.0, 100.0),
    ("pressure_hpa", "air pressure", "hPa", 700.0, 1100.0),
    ("wind_ms", "wind", "m/s", 0.0, 40.0),
)
"""No circuit sees values outside these (Mexico City, at 2,230 m, has some 780 hPa)."""


def check_weather(facts: Facts) -> Iterator[QualityFinding]:
    """Repeated readings, long silences, values that cannot be."""
    seen = facts.watch.topics.get("WeatherData")
    if seen is None:
        yield QualityFinding(
            "weather_absent", Area.WEATHER, Severity.MISSING, "No trackside weather was recorded.", share=1.0
        )
        return
    if seen.repeated:
        count = len(seen.repeated)
        text = f"{count_of(count, 'weather reading')} {'was' if count == 1 else 'were'} sent twice and counted once."
        yield QualityFinding(
            "weather_repeated",
            Area.WEATHER,
            Severity.REPAIRED,
            text,
            count,
            seen.messages,
            0.0,
            seen.repeated[0],
            seen.repeated[-1],
        )
    length = max(1, facts.over_ms - facts.watch.start_ms)
    for begin, end in seen.silences:
        if begin < facts.over_ms:
            text = (
                f"No weather from {at(begin)} to {at(end)} ({lasting(end - begin)}); the last reading stands meanwhile."
            )
            yield QualityFinding(
                "weather_hole", Area.WEATHER, Severity.MISSING, text, 1, None, (end - begin) / length, begin, end
            )
    yield from _implausible(facts)


def _implausible(facts: Facts) -> Iterator[QualityFinding]:
    readings = facts.watch.weather
    for name, words, unit, low, high in _PLAUSIBLE:
        values = [(event.t_ms, getattr(event.weather, name)) for event in readings]
        wrong = [(t_ms, value) for t_ms, value in values if isinstance(value, float) and not low <= value <= high]
        if wrong:
            t_ms, value = wrong[0]
            what = "is" if len(wrong) == 1 else f"is in {len(wrong)} readings, first"
            text = f"The {words} {what} {value:g} {unit} at {at(t_ms)}, which cannot be."
            yield QualityFinding(
                "weather_implausible",
                Area.WEATHER,
                Severity.DOUBTFUL,
                text,
                len(wrong),
                len(readings),
                len(wrong) / len(readings),
                t_ms,
                wrong[-1][0],
            )


def check_race_control(facts: Facts) -> Iterator[QualityFinding]:
    """Messages that never came, by their numbering."""
    if not facts.watch.seen("RaceControlMessages"):
        yield QualityFinding(
            "race_control_absent",
            Area.RACE_CONTROL,
            Severity.MISSING,
            "No messages of race control were recorded: deleted laps and penalties are unknown.",
            share=1.0,
        )
        return
    known = facts.state.messages
    absent = [index for index in range(max(known, default=-1) + 1) if index not in known]
    if absent:
        after = [known[index].t_ms for index in known if index < absent[0]]
        text = (
            f"{count_of(len(absent), 'message')} of race control never came (of {max(known) + 1}, by their numbers;"
            f" the first after {at(after[-1] if after else 0)})."
        )
        yield QualityFinding(
            "messages_missing",
            Area.RACE_CONTROL,
            Severity.MISSING,
            text,
            len(absent),
            max(known) + 1,
            len(absent) / (max(known) + 1),
            after[-1] if after else 0,
        )


def check_drivers(facts: Facts) -> Iterator[QualityFinding]:
    """Cars that nobody named, and lists of another series' drivers."""
    cars = facts.state.cars
    nameless = [number for number, car in cars.items() if not car.code]
    if len(nameless) == len(cars):  # of no car as well
        yield QualityFinding(
            "drivers_absent",
            Area.DRIVERS,
            Severity.MISSING,
            "No list of drivers was recorded: cars are known by their numbers only.",
            len(cars),
            len(cars),
            1.0,
        )
    elif nameless:
        are = "is" if len(nameless) == 1 else "are"
        text = f"{capital(facts.cars(nameless))} {are} in the timing but not in the list of drivers."
        yield QualityFinding(
            "drivers_missing",
            Area.DRIVERS,
            Severity.MISSING,
            text,
            len(nameless),
            len(cars),
            len(nameless) / len(cars),
            cars=by_number(nameless),
        )
    for t_ms, numbers in facts.watch.renamed:
        if len(numbers) >= 3:
            text = (
                f"At {at(t_ms)} the list of drivers changed to other people for {count_of(len(numbers), 'car')}"
                " (a support series); the session's own names were kept."
            )
            yield QualityFinding(
                "drivers_overwritten",
                Area.DRIVERS,
                Severity.REPAIRED,
                text,
                len(numbers),
                len(cars),
                0.0,
                t_ms,
                t_ms,
                by_number(numbers),
            )
    ran = {lap.number for lap in facts.laps}
    idle = [number for number, car in cars.items() if car.code and number not in ran]
    if idle and ran and facts.state.status is not SessionStatus.UNKNOWN:
        text = f"{capital(facts.cars(idle))} completed no lap."
        yield QualityFinding(
            "cars_without_laps", Area.DRIVERS, Severity.INFO, text, len(idle), len(cars), cars=by_number(idle)
        )

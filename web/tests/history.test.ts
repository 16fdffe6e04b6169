import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { at, coloured, COLOURS, type Line, placesShown, pressedLine } from "../src/history/charts/series";
import { addresses } from "../src/history/api/addresses";
import { asSentence, isEmptyLake } from "../src/history/parts/Answered";
import { decades } from "../src/history/pages/Home";
import { linesOf } from "../src/history/parts/Progress";
import { pressed, sorted } from "../src/history/parts/sorting";
import { gapOf, score } from "../src/history/parts/TeamMates";
import { asked, pageOf, paths } from "../src/history/routes";
import { counted, day, finish, kinship, ordinal, points, raceTime, ranges, share, span, years } from "../src/history/words";
import { RequestError } from "../src/api/client";
import type { ProgressAnswer } from "../src/history/api/types";

describe("relatives", () => {
  it("are called what people call them", () => {
    expect(kinship("SIBLINGS_CHILD")).toBe("nephew or niece");
    expect(kinship("PARENT")).toBe("parent");
    expect(kinship("SOMETHING_NEW")).toBe("something new");
  });
});

describe("permanent links", () => {
  it("lead to the page that they name", () => {
    expect(pageOf("/history")).toEqual({ is: "home" });
    expect(pageOf("/history/")).toEqual({ is: "home" });
    expect(pageOf("/history/1996")).toEqual({ is: "season", year: 1996 });
    expect(pageOf("/history/1996/6")).toEqual({ is: "race", year: 1996, round: 6 });
    expect(pageOf("/history/1996/championship")).toEqual({ is: "championship", year: 1996 });
    expect(pageOf("/history/drivers")).toEqual({ is: "drivers" });
    expect(pageOf("/history/drivers/anna-brandt")).toEqual({ is: "driver", id: "anna-brandt" });
    expect(pageOf("/history/constructors/aurora/")).toEqual({ is: "constructor", id: "aurora" });
    expect(pageOf("/history/grands-prix/lakeside")).toEqual({ is: "grand-prix", id: "lakeside" });
    expect(pageOf("/history/records/wins")).toEqual({ is: "record", id: "wins" });
    expect(pageOf("/history/head-to-head")).toEqual({ is: "head-to-head", a: null, b: null });
    expect(pageOf("/history/head-to-head/a/b")).toEqual({ is: "head-to-head", a: "a", b: "b" });
    expect(pageOf("/history/eras")).toEqual({ is: "eras" });
  });
  it("that name nothing say so", () => {
    for (const path of ["/history/196", "/history/1996/0", "/history/1996/6/7", "/history/1996/xyz", "/history/teams", "/history/eras/1", "/history/constructor", "/history/%E0%A4%A", "/other"]) {
      expect(pageOf(path), path).toEqual({ is: "nothing" });
    }
  });
  it("are read back as they were written, whatever the id", () => {
    fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 30 }).filter((id) => !/^\.{1,2}$/.test(id)), (id) => {
      expect(pageOf(paths.driver(id))).toEqual({ is: "driver", id });
      expect(pageOf(paths.headToHead(id, "b"))).toEqual({ is: "head-to-head", a: id, b: "b" });
    }));
    expect(pageOf(paths.race({ season: 2021, round: 22 }))).toEqual({ is: "race", year: 2021, round: 22 });
  });
  it("keep numbers of the query between their bounds, and refuse what is none", () => {
    expect(asked("?after=12", "after", 1, 16)).toBe(12);
    expect(asked("?after=99", "after", 1, 16)).toBe(16);
    expect(asked("?after=0", "after", 1, 16)).toBe(1);
    for (const text of ["?after=x", "?after=-3", "?after=", ""]) expect(asked(text, "after", 1, 16)).toBeNull();
  });
});

describe("addresses of the API", () => {
  it("encode what they are given, and leave out what is not asked", () => {
    expect(addresses.search("a&b/ü")).toBe("/history/search?q=a%26b%2F%C3%BC&limit=12");
    expect(addresses.record("wins", { of: null, from: 1990, limit: 5 })).toBe("/history/records/wins?from=1990&limit=5");
    expect(addresses.driver("a/b")).toBe("/history/drivers/a%2Fb");
    expect(addresses.championship(2021, "drivers", 20)).toBe("/championship/2021?of=drivers&after=20");
  });
});

describe("words", () => {
  it("write days without any time zone", () => {
    expect(day("1996-06-02")).toBe("2 June 1996");
    expect(day("2024-12-31", "short")).toBe("31 Dec");
    expect(day(null)).toBe("");
  });
  it("write points as they are printed", () => {
    expect([25, 8.5, 1.14, 0, 4971.5].map(points)).toEqual(["25", "8.5", "1.14", "0", "4,971.5"]);
  });
  it("write places, counts, shares and spans", () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111].map(ordinal)).toEqual(["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "101st", "111th"]);
    expect([counted(1, "win"), counted(2, "win"), counted(1200, "race")]).toEqual(["1 win", "2 wins", "1,200 races"]);
    expect(share(0.4706)).toBe("47.1 %");
    expect([span(1994, 2000), span(1994, 1994), span(null, null)]).toEqual(["1994–2000", "1994", ""]);
    expect(years([2020, 2008, 2014, 2015, 2017, 2018, 2019])).toBe("2008, 2014–2015, 2017–2020");
    expect(ranges("1-3,5")).toBe("1–3, 5");
  });
  it("write race times with hours, every digit in its place", () => {
    expect(raceTime(5_523_123)).toBe("1:32:03.123");
    expect(raceTime(3_605_004)).toBe("1:00:05.004");
    expect(raceTime(7_200_000)).toBe("2:00:00.000");
    expect(raceTime(1_800_500)).toBe("30:00.500");
    fc.assert(fc.property(fc.integer({ min: 3_600_000, max: 20_000_000 }), (ms) => {
      const [hours = 0, minutes = 0, seconds = 0] = raceTime(ms).split(":").map(Number);
      expect(Math.round((hours * 3600 + minutes * 60 + seconds) * 1000)).toBe(ms);
      expect(raceTime(ms)).toMatch(/^\d:[0-5]\d:[0-5]\d\.\d{3}$/);
    }));
  });
  it("tell how a race ended", () => {
    const row = { position: 1, position_text: "1", time_ms: 5_523_123, gap_ms: null, gap_laps: null, reason_retired: null };
    expect(finish(row)).toBe("1:32:03.123");
    expect(finish({ ...row, position: 2, gap_ms: 2_256 })).toBe("+2.256");
    expect(finish({ ...row, position: 9, time_ms: null, gap_laps: 1 })).toBe("+1 lap");
    expect(finish({ ...row, position: null, position_text: "DNF", time_ms: null, reason_retired: "Gearbox" })).toBe("Gearbox");
    expect(finish({ ...row, position: null, position_text: "DSQ", time_ms: null })).toBe("Disqualified");
  });
});

describe("sorting", () => {
  const rows = [{ n: 3 }, { n: null }, { n: 1 }, { n: 2 }];
  it("puts what is unknown last, up and down", () => {
    expect(sorted(rows, ({ n }) => n, false).map(({ n }) => n)).toEqual([1, 2, 3, null]);
    expect(sorted(rows, ({ n }) => n, true).map(({ n }) => n)).toEqual([3, 2, 1, null]);
  });
  it("keeps the table's order among equals, and every row", () => {
    fc.assert(fc.property(fc.array(fc.record({ key: fc.option(fc.integer({ min: 0, max: 4 })), id: fc.nat() })), fc.boolean(), (list, down) => {
      const result = sorted(list, ({ key }) => key, down);
      expect(new Set(result)).toEqual(new Set(list));
      for (const key of new Set(list.map((row) => row.key))) expect(result.filter((row) => row.key === key)).toEqual(list.filter((row) => row.key === key));
    }));
  });
  it("sorts names as people do", () => {
    expect(sorted(["Öst", "adam", "Zoe", "Åse"], (name) => name, false)).toEqual(["adam", "Åse", "Öst", "Zoe"]);
  });
  it("turns with each press: first way, other way, the table's own order", () => {
    const one = pressed(null, "wins", "down");
    const two = pressed(one, "wins", "down");
    expect([one, two, pressed(two, "wins", "down")]).toEqual([{ id: "wins", down: true }, { id: "wins", down: false }, null]);
    expect(pressed(two, "name", "up")).toEqual({ id: "name", down: false });
  });
});

describe("charts", () => {
  const lines: Line[] = ["a", "b", "c"].map((id, index) => ({ id, label: id, values: [index, index === 1 ? null : 9 - index] }));
  it("colour the chosen lines in the order of choosing, at most as many as there are colours", () => {
    expect(coloured(lines, ["c", "a"])).toEqual([2, 0, 1]);
    const many = Array.from({ length: COLOURS + 3 }, (_, index) => String(index)).reduce<readonly string[]>(pressedLine, []);
    expect(many).toHaveLength(COLOURS);
    expect(many.at(-1)).toBe(String(COLOURS + 2));
    expect(pressedLine(["a", "b"], "a")).toEqual(["b"]);
  });
  it("say the values at one place, the best first, without those that have none", () => {
    expect(at(lines, ["a", "b", "c"], 1, true).map(({ line }) => line.id)).toEqual(["a", "c"]);
    expect(at(lines, ["a", "b", "c"], 0, false).map(({ line }) => line.id)).toEqual(["a", "b", "c"]);
  });
  it("rule every place of a few, else the first and every fifth", () => {
    expect(placesShown(4.5)).toEqual([1, 2, 3, 4]);
    expect(placesShown(21.5)).toEqual([1, 5, 10, 15, 20]);
  });
  it("draw a championship up to its last table, the leader first", () => {
    const race = (round: number) => ({ season: 2024, round, date: "2024-01-01", grand_prix: { id: "x", name: "X" }, circuit: { id: "x", name: "X" } });
    const line = (id: string, scored: (number | null)[], positions: (number | null)[]) => ({ driver: { id, name: id }, constructor: null, engine: null, points: scored, positions });
    const answer: ProgressAnswer = {
      season: 2024, of: "drivers", rounds: [race(1), race(2), race(3)],
      lines: [line("late", [null, 18, null], [null, 2, null]), line("leads", [25, 43, null], [1, 1, null])],
    };
    expect(linesOf(answer, "points").map(({ id, values }) => [id, values])).toEqual([["leads", [25, 43]], ["late", [null, 18]]]);
    expect(linesOf(answer, "places")[0]?.values).toEqual([1, 1]);
  });
});

describe("what is told", () => {
  it("tells an empty lake from a name that nobody has", () => {
    expect(isEmptyLake(new RequestError(404, "The lake holds no history", "run `overcut history import`"))).toBe(true);
    expect(isEmptyLake(new RequestError(404, "No driver is called x", "search for a name"))).toBe(false);
    expect(isEmptyLake(new RequestError(500, "overcut history import failed"))).toBe(false);
  });
  it("makes sentences of the server's words", () => {
    expect([asSentence("no driver"), asSentence("Done."), asSentence("")]).toEqual(["No driver.", "Done.", ""]);
  });
  it("writes duels from the first driver's side: a positive gap of the second is a lead", () => {
    expect(gapOf({ qualifying_gap_pct: 0.21 })).toBe("−0.210 %");
    expect(gapOf({ qualifying_gap_pct: -0.05 })).toBe("+0.050 %");
    expect(gapOf({})).toBe("");
    expect([score(14, 6), score(0, 0), score(undefined, 3)]).toEqual(["14–6", "–", "0–3"]);
  });
  it("groups seasons by decade, newest first as they come", () => {
    const season = (year: number) => ({ year, rounds: 1, rounds_run: 1, champion: null, champion_points: null, constructors_champion: null, constructors_champion_points: null, winners: 1, most_wins: 1 });
    expect(decades([2020, 2019, 2010, 1999].map(season)).map(([decade, list]) => [decade, list.length])).toEqual([[2020, 1], [2010, 2], [1990, 1]]);
  });
});

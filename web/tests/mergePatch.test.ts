import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergePatch, share } from "../src/stream/mergePatch";

/** The RFC's own pseudo-code, word for word: slow, plain, and independent of ours. */
function byTheBook(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> =
    typeof target === "object" && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, name);
    else result[name] = byTheBook(result[name], value);
  }
  return result;
}

// Few names, so that patches meet what they patch.
const json = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, fc.constant(null), fc.integer(), fc.string({ maxLength: 3 }), fc.boolean(),
    fc.array(tie("value"), { maxLength: 3 }), tie("object")),
  object: fc.dictionary(fc.constantFrom("a", "b", "c", "44"), tie("value"), { maxKeys: 4, noNullPrototype: true }),
}));

const freeze = (value: unknown): unknown => {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
};

describe("mergePatch", () => {
  it("agrees with RFC 7396's pseudo-code on any document and patch", () => {
    fc.assert(fc.property(json.value, json.value, (target, patch) => {
      expect(mergePatch(target, patch)).toEqual(byTheBook(target, patch));
    }), { numRuns: 2000 });
  });

  it("never changes what it was given", () => {
    fc.assert(fc.property(json.object, json.object, (target, patch) => {
      mergePatch(freeze(target), freeze(patch));
    }));
  });

  it("returns the same object when the patch says nothing new", () => {
    fc.assert(fc.property(json.object, (target) => {
      const settled = mergePatch({}, target);
      expect(mergePatch(settled, structuredClone(settled))).toBe(settled);
    }));
  });

  it("passes the RFC's examples of removal and replacement", () => {
    expect(mergePatch({ a: "b", b: "c" }, { a: null })).toEqual({ b: "c" });
    expect(mergePatch({ a: [{ b: "c" }] }, { a: [1] })).toEqual({ a: [1] });
    expect(mergePatch({ a: "foo" }, null)).toBeNull();
    expect(mergePatch({ e: null }, { a: 1 })).toEqual({ e: null, a: 1 });
    expect(mergePatch({}, { a: { bb: { ccc: null } } })).toEqual({ a: { bb: {} } });
  });

  it("keeps the identity of untouched neighbours, in objects and in arrays", () => {
    const before = { one: { n: 1 }, two: { n: 2, sectors: [{ ms: 1 }, { ms: 2 }] } };
    const after = mergePatch(before, { two: { sectors: [{ ms: 1 }, { ms: 3 }] } }) as typeof before;
    expect(after.one).toBe(before.one);
    expect(after.two.sectors[0]).toBe(before.two.sectors[0]);
    expect(after.two.sectors[1]).toEqual({ ms: 3 });
  });

  it("keeps a key called __proto__ a plain key", () => {
    const after = mergePatch({}, JSON.parse('{"__proto__": {"polluted": true}}')) as object;
    expect(Object.hasOwn(after, "__proto__")).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("share", () => {
  it("equals the new value, and is the old one wherever they are equal", () => {
    fc.assert(fc.property(json.value, json.value, (before, after) => {
      expect(share(before, after)).toEqual(after);
      expect(share(before, structuredClone(before))).toBe(before);
    }));
  });
});

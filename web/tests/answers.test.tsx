import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Address, type Answer, forget, useAnswer } from "../src/history/api/useAnswer";

interface Body { readonly of: string; readonly n: number }
const address = (name: string): Address<Body> => `/history/${name}`;

/** What each request was answered; a request waits until its answer is there. */
let answers: Map<string, { status: number; body: unknown }>;
let asked: string[];
let root: Root;
let shown: Answer<Body> | undefined;

function Probe({ at, keep }: { readonly at: Address<Body> | null; readonly keep: boolean }) {
  const answer = useAnswer(at, { keep });
  return <p ref={() => { shown = answer; }} />;
}

const show = (at: Address<Body> | null, keep = false) => { act(() => { root.render(<Probe key={keep ? "keeps" : "not"} at={at} keep={keep} />); }); };
const settle = () => act(async () => { await new Promise((go) => setTimeout(go, 5)); });

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  forget();
  asked = [];
  answers = new Map([["a", { status: 200, body: { of: "a", n: 1 } }], ["b", { status: 200, body: { of: "b", n: 2 } }], ["none", { status: 404, body: { detail: "No driver is called none", hint: "search" } }]]);
  vi.stubGlobal("fetch", vi.fn((path: string) => {
    const name = path.split("/").at(-1) ?? "";
    asked.push(name);
    const { status, body } = answers.get(name) ?? { status: 500, body: {} };
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  }));
  root = createRoot(document.createElement("div"));
});
afterEach(() => {
  act(() => { root.unmount(); });
  vi.unstubAllGlobals();
});

describe("useAnswer", () => {
  it("waits, then knows", async () => {
    show(address("a"));
    expect(shown?.value).toBeUndefined();
    await settle();
    expect(shown).toMatchObject({ value: { of: "a", n: 1 }, late: false, failure: null });
  });
  it("asks for nothing without an address", async () => {
    show(null);
    await settle();
    expect(asked).toEqual([]);
  });
  it("shows what was read before at once, asks again, and keeps the very object when nothing has changed", async () => {
    show(address("a"));
    await settle();
    const before = shown?.value;
    show(address("b"));
    await settle();
    show(address("a"));
    expect(shown?.value).toBe(before);
    await settle();
    expect(asked).toEqual(["a", "b", "a"]);
    expect(shown?.value).toBe(before);
    answers.set("a", { status: 200, body: { of: "a", n: 9 } });
    show(address("b"));
    await settle();
    show(address("a"));
    await settle();
    expect(shown?.value?.n).toBe(9);
  });
  it("keeps the value of the address before when told to, and says that it is late; else it does not", async () => {
    show(address("a"), true);
    await settle();
    show(address("b"), true);
    expect(shown).toMatchObject({ value: { of: "a" }, late: true });
    await settle();
    expect(shown).toMatchObject({ value: { of: "b" }, late: false });
    forget();
    show(address("a"));
    await settle();
    forget();
    show(address("b"));
    expect(shown?.value).toBeUndefined();
    await settle();
  });
  it("tells a failure in the server's words, and asks again when told to", async () => {
    show(address("none"));
    await settle();
    expect(shown?.failure).toMatchObject({ status: 404, message: "No driver is called none", hint: "search" });
    answers.set("none", { status: 200, body: { of: "none", n: 3 } });
    act(() => { shown?.again(); });
    await settle();
    expect(shown).toMatchObject({ value: { n: 3 }, failure: null });
  });
  it("does not take an answer that comes after the address has changed", async () => {
    let late: (answer: Response) => void = () => undefined;
    vi.mocked(fetch).mockImplementationOnce(() => new Promise((go) => { late = go; }));
    show(address("a"));
    show(address("b"));
    await settle();
    act(() => { late(new Response(JSON.stringify({ of: "a", n: 1 }))); });
    await settle();
    expect(shown?.value?.of).toBe("b");
  });
});

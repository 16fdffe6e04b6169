/**
 * Applies an RFC 7396 merge patch without touching what did not change.
 *
 * Objects merge, null removes, arrays replace. Whatever is deeply equal to what was there keeps its identity, down to
 * array elements, so that a row whose car did not change is never drawn again.
 */
type Json = unknown;
type JsonObject = Readonly<Record<string, Json>>;

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `patch` applied to `target`; `target` itself when nothing changed. */
export function mergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return share(target, patch);
  const held = isObject(target);
  const base: JsonObject = held ? target : {};
  let next: Record<string, Json> | null = held ? null : {};
  for (const name of Object.keys(patch)) {
    const change = patch[name];
    if (change === null) {
      if (!Object.hasOwn(base, name)) continue;
      next ??= { ...base };
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a record of our own making
      delete next[name];
      continue;
    }
    const before = Object.hasOwn(base, name) ? base[name] : undefined;
    const after = mergePatch(before, change);
    if (after === before && Object.hasOwn(base, name)) continue;
    next ??= { ...base };
    // "__proto__" as a key would otherwise reach the prototype instead of the record.
    Object.defineProperty(next, name, { value: after, writable: true, enumerable: true, configurable: true });
  }
  return next ?? base;
}

/** `after`, with every part that is deeply equal to its counterpart in `before` replaced by that counterpart. */
export function share(before: Json, after: Json): Json {
  if (before === after) return before;
  if (Array.isArray(before) && Array.isArray(after)) {
    const shared = after.map((item, index) => share(before[index], item));
    return shared.length === before.length && shared.every((item, index) => item === before[index]) ? before : shared;
  }
  if (isObject(before) && isObject(after)) {
    const names = Object.keys(after);
    let same = names.length === Object.keys(before).length;
    const shared: Record<string, Json> = {};
    for (const name of names) {
      const own = Object.hasOwn(before, name);
      const value = share(own ? before[name] : undefined, after[name]);
      same &&= own && value === before[name];
      Object.defineProperty(shared, name, { value, writable: true, enumerable: true, configurable: true });
    }
    return same ? before : shared;
  }
  return after;
}

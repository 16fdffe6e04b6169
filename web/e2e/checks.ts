/** A very small test runner: named checks one after the other, each told at once, counted at the end. */
export class Checks {
  private passed = 0;
  private failed = 0;

  async check(name: string, run: () => Promise<string | undefined>): Promise<void> {
    const began = performance.now();
    try {
      const figure = await run();
      this.passed++;
      console.log(`ok   ${name}${figure ? `: ${figure}` : ""} (${Math.round(performance.now() - began)} ms)`);
    } catch (cause) {
      this.failed++;
      console.log(`FAIL ${name}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }

  /** Prints the closing line and gives the exit code. */
  close(): number {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}

export function equal(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: shown ${a}, expected ${b}`);
}

export function below(value: number, limit: number, what: string): void {
  if (!(value < limit)) throw new Error(`${what}: ${value}, allowed is below ${limit}`);
}

/** Waits until `ready` says so; for what a page must reach by itself. */
export async function until(ready: () => Promise<boolean>, what: string, limitMs = 8_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await ready())) {
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((go) => setTimeout(go, 50));
  }
}

/** Debian's Chromium through playwright-core, as a fresh user each time, with no traffic of its own. */
import { type Browser, chromium, type Page } from "playwright-core";

export const SIZES = {
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1180 },
  desktop: { width: 1440, height: 900 },
} as const;
export type Size = keyof typeof SIZES;

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
    ],
  });

export interface Opened { readonly page: Page; readonly complaints: string[]; readonly close: () => Promise<void> }

/** A new page; what it throws, logs as an error or asks from elsewhere is collected as complaints. */
export async function open(browser: Browser, size: Size, theme: "dark" | "light", url: string): Promise<Opened> {
  const context = await browser.newContext({
    viewport: SIZES[size], colorScheme: theme, hasTouch: size === "phone", deviceScaleFactor: size === "phone" ? 2 : 1,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => { if (message.type() === "error") complaints.push(message.text()); });
  page.on("request", (request) => {
    const asked = new URL(request.url());
    if (asked.protocol.startsWith("http") && asked.host !== new URL(url).host) complaints.push(`asked ${request.url()}`);
  });
  // The test's own functions travel to the page as text that names them through esbuild's __name.
  await page.addInitScript({ content: "globalThis.__name ??= (target) => target" });
  await page.goto(url);
  return { page, complaints, close: () => context.close() };
}

/** Driver codes on the board, top to bottom as the eye sees them. */
export const shownOrder = (page: Page): Promise<string[]> =>
  page.$$eval(".row", (rows) =>
    rows
      .map((row) => ({ top: Number(row.getAttribute("aria-rowindex")), code: row.querySelector(".driver-code")?.textContent ?? "" }))
      .sort((a, b) => a.top - b.top)
      .map(({ code }) => code));

/** The same by where the rows are drawn, once they have come to rest. */
export const drawnOrder = (page: Page): Promise<string[]> =>
  page.$$eval(".row", (rows) =>
    rows
      .map((row) => ({ top: row.getBoundingClientRect().top, code: row.querySelector(".driver-code")?.textContent ?? "" }))
      .sort((a, b) => a.top - b.top)
      .map(({ code }) => code));

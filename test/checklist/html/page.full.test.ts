import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { CONTROLS } from "../../../lib/checklist/controls";
import { page } from "../../../lib/checklist/html/page";
import { report } from "../../../lib/checklist/report";
import { describeWithBrowser } from "../../support/browser";
import { synthExample } from "../../support/examples";
import { scratch } from "../../support/scratch";
import { ROOT } from "../../support/toolchain";

const AXE = readFileSync(join(ROOT, "node_modules", "axe-core", "axe.min.js"), "utf8");
/** Seconds that one look at everything takes at most on two cores. */
const BUDGET_S = 60;

describeWithBrowser("the page in a browser", (browser) => {
  const file = join(scratch("page"), "report.html");
  beforeAll(() => {
    const sources = [{ stack: "complete", file: "cdk.tf.json", plan: synthExample("complete") }];
    writeFileSync(file, page(report(sources, CONTROLS, "2026-11-25")));
  });

  const open = async (width: number, colorScheme: "light" | "dark") => {
    // The page's own rule forbids scripts: what looks at it from outside must be let in.
    const context = await browser().newContext({
      viewport: { width, height: 900 },
      colorScheme,
      bypassCSP: true,
    });
    const opened = await context.newPage();
    const said: string[] = [];
    const asked: string[] = [];
    opened.on("console", (message) => said.push(message.text()));
    opened.on("pageerror", (error) => said.push(error.message));
    opened.on("request", (request) => asked.push(request.url()));
    await opened.goto(pathToFileURL(file).href);
    return { opened, said, asked, close: () => context.close() };
  };

  const violations = async (opened: Page, options: object) => {
    await opened.evaluate(AXE);
    const found = (await opened.evaluate(`axe.run(${JSON.stringify(options)})`)) as {
      violations: { id: string; nodes: unknown[] }[];
    };
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.length}`);
  };

  // Contrast is the slow rule, and the same on a phone.
  test.each([
    ["a desktop, light", 1280, "light", {}],
    ["a desktop, dark", 1280, "dark", { runOnly: ["color-contrast"] }],
    ["a phone", 390, "light", { rules: { "color-contrast": { enabled: false } } }],
  ] as const)(
    "is accessible and quiet on %s",
    async (_what, width, scheme, options) => {
      const { opened, said, asked, close } = await open(width, scheme);
      // Everything that can be opened is looked at, too.
      await opened.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
      expect(await violations(opened, options)).toEqual([]);
      expect(said).toEqual([]);
      expect(asked).toEqual([pathToFileURL(file).href]);
      await close();
    },
    BUDGET_S * 1000,
  );

  test.each([1280, 390])(
    "%d pixels wide it scrolls downwards only; wide tables scroll by themselves",
    async (width) => {
      const { opened, close } = await open(width, "light");
      expect(
        await opened.evaluate("document.documentElement.scrollWidth - window.innerWidth"),
      ).toBeLessThanOrEqual(0);
      await close();
    },
  );

  test("is printed whole: no table is wider than the paper, and what is closed on the screen is open", async () => {
    // A4 between the margins that Chromium leaves, in CSS pixels.
    const { opened, close } = await open(718, "light");
    const heights = () =>
      opened.evaluate(
        "[...document.querySelectorAll('main > details')].map(({ clientHeight }) => clientHeight)",
      );
    const before = (await heights()) as number[];
    await opened.emulateMedia({ media: "print" });
    expect(
      await opened.evaluate(
        "[...document.querySelectorAll('table')].filter((one) => one.offsetWidth > one.parentElement.clientWidth).map((one) => one.caption.textContent)",
      ),
    ).toEqual([]);
    const after = (await heights()) as number[];
    const closed = (await opened.evaluate(
      "[...document.querySelectorAll('main > details')].map(({ open }) => !open)",
    )) as boolean[];
    expect(closed.filter(Boolean).length).toBeGreaterThan(5);
    for (const [index, isClosed] of closed.entries())
      if (isClosed) expect(after[index]).toBeGreaterThan((before[index] ?? 0) * 2);
    await close();
  });

  test("is read with the keyboard alone: first a way past the navigation, then every part", async () => {
    const { opened, close } = await open(1280, "light");
    const focused = () => opened.evaluate("document.activeElement.textContent.trim()");
    await opened.keyboard.press("Tab");
    expect(await focused()).toBe("To the content");
    await opened.keyboard.press("Tab");
    expect(await focused()).toBe("Summary");
    const summary = opened.locator("details summary").first();
    await summary.focus();
    const isOpen = () => opened.evaluate("document.querySelector('details').open");
    const before = await isOpen();
    await opened.keyboard.press("Enter");
    expect(await isOpen()).toBe(!before);
    await close();
  });

  test("a value that got into the page as markup could load nothing", async () => {
    let hits = 0;
    const server = createServer((_request, response) => {
      hits += 1;
      response.end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const markup = `<img src="${url}a"><iframe src="${url}b"></iframe><link rel="stylesheet" href="${url}c">`;
    const load = async (bypassCSP: boolean) => {
      hits = 0;
      const context = await browser().newContext({ bypassCSP });
      const opened = await context.newPage();
      await opened.goto(pathToFileURL(file).href);
      await opened.evaluate(`document.body.insertAdjacentHTML("beforeend", ${JSON.stringify(markup)})`);
      await opened.waitForTimeout(500);
      await context.close();
      return hits;
    };
    // Without the page's rule all three are asked for, so that the zero says something.
    expect([await load(true), await load(false)]).toEqual([3, 0]);
    server.close();
  });
});

import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";
import { aptInstall, canInstall } from "./apt";
import { describeUnless } from "./toolchain";

const PROGRAM = "/usr/bin/chromium";
const INSTALL_MS = 300_000;
const isThere = (): boolean => existsSync(PROGRAM);

/** `describe` with a real Chromium: a failure where CI=true and there is none, else a loud skip. */
export function describeWithBrowser(title: string, body: (browser: () => Browser) => void): void {
  const reason = isThere() || canInstall() ? undefined : "there is no Chromium, and only root can install it";
  describeUnless([reason], title, () => {
    let browser: Browser;
    beforeAll(async () => {
      await aptInstall("chromium", isThere);
      const quiet = ["--no-sandbox", "--disable-quic", "--disable-background-networking"];
      browser = await chromium.launch({ executablePath: PROGRAM, args: quiet });
    }, INSTALL_MS);
    afterAll(() => browser.close());
    body(() => browser);
  });
}

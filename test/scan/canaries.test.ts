import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clientKey } from "../../lib/runtime/rotation/client-key";
import { generated } from "../../lib/runtime/rotation/generated";
import { tlsCertificate } from "../../lib/runtime/rotation/tls-certificate";
import { scratch } from "../support/scratch";
import { ROOT } from "../support/toolchain";
import { fragments, search } from "./canaries";

const VALUES: Readonly<Record<string, object>> = {
  "client key": clientKey({ client: "a-client-with-a-long-name" }).first(),
  text: generated({ length: 48 }).first(),
  "key pair": tlsCertificate({ name: "orders.acme-test.internal", days: 30 }).first(),
};

/** Ways in which a secret gets out. */
const LEAKS: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => `value = ${text}`,
  "in JSON, in JSON": (text) => JSON.stringify({ state: JSON.stringify({ text }) }),
  "in base64": (text) => Buffer.from(text).toString("base64"),
  "in a URL": (text) => `https://x/?q=${encodeURIComponent(text)}`,
};

describe.each(Object.keys(VALUES))("a %s that was planted is found", (kind) => {
  const value = VALUES[kind] as Record<string, string>;
  const texts = fragments(JSON.stringify(value));
  test.each(Object.keys(LEAKS))("%s, whichever field", (leak) => {
    const folder = scratch(`canaries-${kind}-${leak}`.replace(/[^a-z]+/g, "-"));
    mkdirSync(join(folder, "deep", "deeper"), { recursive: true });
    writeFileSync(join(folder, "innocent"), "nothing here");
    for (const [field, text] of Object.entries(value)) {
      if (field === "client" || text === "") continue;
      const file = join(folder, "deep", "deeper", `${field}.log`);
      writeFileSync(file, (LEAKS[leak] as (text: string) => string)(text));
      expect(search([folder], texts).found).toContainEqual(
        expect.stringMatching(new RegExp(`${field}\\.log holds [1-9]`)),
      );
    }
  });
});

test("what is public is none, and where nothing is nothing is found", () => {
  expect(
    fragments(JSON.stringify({ client: "a-client-with-a-long-name", host: "ledger.example.internal" })),
  ).toEqual([]);
  const folder = scratch("canaries-none");
  writeFileSync(join(folder, "file"), "0123456789abcdef");
  expect(search([folder], ["fedcba9876543210"])).toEqual({ found: [], bytes: 16 });
});

test("programs that write such values are no leaks of them", () => {
  const texts = Object.values(VALUES).flatMap((value) => fragments(JSON.stringify(value)));
  expect(search([join(ROOT, "lib")], texts).found).toEqual([]);
});

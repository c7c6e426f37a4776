import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { selfSigned } from "../../lib/runtime/rotation/certificate";

/** OpenSSL stands in for every parser that is stricter than Node's. */
test("openssl accepts the certificate by the letter of X.509, for TLS servers, and its key", () => {
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  const openssl = (...args: string[]) => {
    const { error, status, stdout, stderr } = spawnSync("openssl", args, { cwd: folder, encoding: "utf8" });
    if (error) throw new Error(`this test needs openssl: ${error.message}`);
    return { status, text: stdout + stderr };
  };
  try {
    const name = "orders.acme-test.internal";
    const { certificate, key } = selfSigned({ name, days: 120 });
    writeFileSync(join(folder, "c.pem"), certificate);
    writeFileSync(join(folder, "k.pem"), key);
    const verified = openssl(
      ...["verify", "-x509_strict", "-check_ss_sig", "-purpose", "sslserver"],
      ...["-verify_hostname", name, "-CAfile", "c.pem", "c.pem"],
    );
    expect(verified).toEqual({ status: 0, text: "c.pem: OK\n" });
    const other = openssl("verify", "-x509_strict", "-verify_hostname", "other", "-CAfile", "c.pem", "c.pem");
    expect(other.status).not.toBe(0);
    const { text } = openssl("x509", "-in", "c.pem", "-noout", "-text");
    for (const part of ["Version: 3 (0x2)", "ecdsa-with-SHA256", "NIST CURVE: P-256", "CA:FALSE"]) {
      expect(text).toContain(part);
    }
    expect(openssl("pkey", "-in", "k.pem", "-noout", "-check").text).toContain("valid");
    const ofKey = openssl("pkey", "-in", "k.pem", "-pubout").text;
    expect(openssl("x509", "-in", "c.pem", "-noout", "-pubkey").text).toBe(ofKey);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import {
  cachingSha2Verifier,
  nativeVerifier,
  scramVerifier,
} from "../../lib/runtime/rotation/database/verifiers";
import { sha256Crypt } from "../../lib/runtime/rotation/database/sha256-crypt";

describe("what PostgreSQL stores", () => {
  test("is what the exchange in RFC 7677 follows from", () => {
    // Section 3, the password "pencil": ServerSignature and ClientProof are made of the stored keys.
    const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
    const [, iterations, , stored = "", server = ""] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):(.+)$/.exec(
      scramVerifier("pencil", salt),
    )!;
    expect(iterations).toBe("4096");
    const message =
      "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0," +
      "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    const signed = (key: Buffer): Buffer => createHmac("sha256", key).update(message).digest();
    expect(signed(Buffer.from(server, "base64")).toString("base64")).toBe(
      "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    );
    const proof = Buffer.from("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "base64");
    const mask = signed(Buffer.from(stored, "base64"));
    const clientKey = Buffer.from(proof.map((byte, index) => byte ^ mask[index]!));
    expect(createHash("sha256").update(clientKey).digest("base64")).toBe(stored);
  });

  test("has a salt of its own each time, and is made of printable ASCII alone, which is its own SASLprep", () => {
    const [one, other] = [scramVerifier("p".repeat(40)), scramVerifier("p".repeat(40))];
    expect(one).not.toBe(other);
    const [, salt = "", , server] = /^SCRAM-SHA-256\$4096:([^$]+)\$([^:]+):(.+)$/.exec(one)!;
    expect(Buffer.from(salt, "base64")).toHaveLength(16);
    const salted = pbkdf2Sync("p".repeat(40), Buffer.from(salt, "base64"), 4096, 32, "sha256");
    expect(createHmac("sha256", salted).update("Server Key").digest("base64")).toBe(server);
    for (const password of ["", "naïve", "a\u00a0b", "line\nbreak"])
      expect(() => scramVerifier(password)).toThrow("not printable ASCII");
  });
});

test("what MariaDB stores is its PASSWORD('password')", () => {
  expect(nativeVerifier("password")).toBe("*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19");
});

describe("what MySQL 8 stores", () => {
  test.each([
    // `openssl passwd -5 -salt saltstring`, and one of the vectors of hashcat's mode 7401, whose salt has MySQL's 20 bytes.
    ["Hello world!", Buffer.from("saltstring"), "5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"],
    [
      "hashcat",
      Buffer.from("F9CC98CE08892924F50A213B6BC571A2C11778C5", "hex"),
      "bTy95Y99eAME1dwEkHOA1ndHGBWz.1bxSSRkuTXFGV/",
    ],
  ])("is SHA-256 crypt: %s", (password, salt, digest) => {
    expect(sha256Crypt(password, salt, 5000)).toBe(digest);
  });

  test("stands in a literal as it is: 5,000 rounds, a salt of 20 letters and digits, 43 characters", () => {
    const [one, other] = [cachingSha2Verifier("x".repeat(40)), cachingSha2Verifier("x".repeat(40))];
    expect(one).toMatch(/^\$A\$005\$[A-Za-z0-9]{20}[./0-9A-Za-z]{43}$/);
    expect(one).not.toBe(other);
    const salt = one.slice(7, 27);
    expect(one.slice(27)).toBe(sha256Crypt("x".repeat(40), Buffer.from(salt), 5000));
  });
});

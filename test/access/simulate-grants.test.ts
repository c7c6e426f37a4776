import { asking, named, outcome, right, survivors, type Row } from "./outcomes";
import { GRANTED } from "./grant-rows";
import { grantStack } from "./stack";

const plan = grantStack();

describe.each(Object.entries(GRANTED))("%s", (name, rows) => {
  const who = asking(plan, name);
  test.each(rows.map((row) => [named(row), row] as const))("%s", (_name, row) => {
    expect(outcome(row, who)).toBe(row[2]);
  });

  // A row that notices nothing proves nothing: each statement has one for every way in which it could be wider.
  test("every right that is taken away, and every one that is wider, is noticed", () => {
    expect(who.identity.rights.length).toBeGreaterThan(3);
    expect(survivors(rows, who)).toEqual([]);
  });
});

describe("the boundary of a task that tells users apart", () => {
  const who = asking(plan, "acme-test-notes-task");
  const rows = GRANTED["acme-test-notes-task"] ?? [];
  const all: Row[] = [...rows, ["iam:PassRole", "arn:aws:iam::123456789012:role/x", "denied"]];
  test.each(["RolesOfItsUsers", "NoOtherRole"])("without %s a row would notice", (sid) => {
    const rights = [{ Sid: "All", Effect: "Allow" as const, Action: "*", Resource: "*" }];
    const boundary = who.identity.boundary ?? [];
    const full = { ...who, identity: { rights, boundary } };
    const cut = { ...who, identity: { rights, boundary: boundary.filter(({ Sid }) => Sid !== sid) } };
    expect(boundary.length).toBeGreaterThan(cut.identity.boundary.length);
    expect(all.filter((row) => outcome(row, full) !== outcome(row, cut))).not.toEqual([]);
  });
  test("what it is for stays possible", () => {
    for (const row of rows.filter(([, , decision]) => decision === "allowed"))
      expect([named(row), right(row, who)]).toEqual([named(row), true]);
  });
});

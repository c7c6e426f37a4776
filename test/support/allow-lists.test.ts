import { compareAllowList, readAllowList } from "./allow-lists";

describe("allow-lists", () => {
  it("report what is not on them, and what is there for nothing", () => {
    expect(compareAllowList({ a: "why", b: "why" }, ["b", "c", "c"])).toEqual({
      unexplained: ["c"],
      stale: ["a"],
    });
  });

  it.each(["v6-only", "residues"] as const)("%s gives a reason for every line", (name) => {
    for (const [entry, reason] of Object.entries(readAllowList(name))) {
      expect(entry).toMatch(/^aws_[a-z0-9_]+\.[a-z0-9_.]+$/);
      expect(reason.length).toBeGreaterThan(20);
    }
  });
});

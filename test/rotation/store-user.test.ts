import type { ModifyUserCommand } from "@aws-sdk/client-elasticache";
import { DescribeUsersCommand, type ElastiCacheClient } from "@aws-sdk/client-elasticache";
import type { Kind } from "../../lib/runtime/rotation/kind";
import { PATIENCE_MS, storeUser, type StoreUserValue } from "../../lib/runtime/rotation/store-user";
import { awsStoreUsers } from "../../lib/runtime/rotation/store-users";
import { Bench, STEPS } from "./fixture";

const ID = "acme-test-orders-limits";

/** ElastiCache with one user: a change takes a while, and is refused while another is under way. */
class FakeElastiCache {
  public passwords: readonly string[] = [];
  public type = "iam";
  public status = "active";
  public changes = 0;
  /** How often he is looked at until a change works. */
  public slowness = 2;
  private looks = 0;

  public readonly client = { send: (command: unknown) => this.answer(command) } as unknown as Pick<
    ElastiCacheClient,
    "send"
  >;

  private async answer(command: unknown): Promise<unknown> {
    if (command instanceof DescribeUsersCommand) {
      if (command.input.UserId !== ID) throw Object.assign(new Error("none"), { name: "UserNotFoundFault" });
      if (this.status === "modifying" && ++this.looks > this.slowness) this.status = "active";
      const Authentication = { Type: this.type, PasswordCount: this.passwords.length };
      return Promise.resolve({ Users: [{ Status: this.status, Authentication }] });
    }
    const { UserId, AuthenticationMode } = (command as ModifyUserCommand).input;
    const asked = AuthenticationMode?.Passwords ?? [];
    const refuse = (name: string) => Object.assign(new Error(`refused ${asked.join()}`), { name });
    if (UserId !== ID) throw refuse("UserNotFoundFault");
    if (this.status !== "active") throw refuse("InvalidUserStateFault");
    if (asked.length > 2) throw refuse("InvalidParameterValueException");
    this.passwords = asked;
    this.type = "password";
    this.status = "modifying";
    this.looks = 0;
    this.changes += 1;
    return {};
  }
}

function bench(cache = new FakeElastiCache()) {
  const settings = { userId: ID, endpoint: "https://elasticache.example" };
  let paused = 0;
  const kind = storeUser(settings, {
    users: awsStoreUsers(settings.endpoint, cache.client),
    pause: (ms) => Promise.resolve(void (paused += ms)),
  });
  const own = new Bench(kind as Kind<object>);
  const current = () => own.manager.value("AWSCURRENT") as unknown as StoreUserValue;
  return { cache, kind, own, current, paused: () => paused };
}

describe("the password of a store's user", () => {
  it("is his once it is seeded, as the service reads it", async () => {
    const { cache, own, current } = bench();
    await own.seed();
    const { username, password, previous, login } = current();
    expect({ username, previous, login }).toEqual({ username: ID, previous: "", login: `${ID}:${password}` });
    expect(password).toMatch(/^[A-Za-z0-9]{48}$/);
    expect([cache.type, cache.status, cache.passwords]).toEqual(["password", "active", [password]]);
  });

  it("is the same when it is seeded again", async () => {
    const { cache, own, current } = bench();
    await own.seed();
    const before = current();
    cache.passwords = [];
    cache.type = "iam";
    await own.seed();
    expect(current()).toEqual(before);
    expect(cache.passwords).toEqual([before.password]);
  });

  it("works beside the one before, over ten rotations, and no other does", async () => {
    const { cache, own, current } = bench();
    await own.seed();
    const seen = [current().password];
    for (let round = 0; round < 10; round++) {
      await own.rotate();
      seen.unshift(current().password);
      expect(cache.passwords).toEqual(seen.slice(0, 2));
      expect(current().previous).toBe(seen[1]);
    }
    expect(new Set(seen).size).toBe(11);
    own.expectSilence();
  });

  it("changes although any step is repeated", async () => {
    const { cache, own, current } = bench();
    await own.seed();
    const old = current().password;
    own.manager.now += 86_400_000;
    const token = own.manager.beginRotation();
    for (const step of STEPS) {
      await own.step(step, token);
      await own.step(step, token);
    }
    expect(cache.passwords).toEqual([current().password, old]);
  });

  it("that has leaked is shut out by revoke, and not brought back by a seed", async () => {
    const { cache, own, current } = bench();
    await own.seed();
    await own.rotate();
    const leaked = current().password;
    await own.revoke();
    expect(cache.passwords).toEqual([current().password]);
    await own.seed();
    expect(cache.passwords).not.toContain(leaked);
    expect(JSON.stringify(current())).not.toContain(leaked);
  });

  it("is not current before it works", async () => {
    const { cache, own, current } = bench();
    await own.seed();
    const old = current().password;
    own.manager.now += 86_400_000;
    const token = own.manager.beginRotation();
    await own.step("createSecret", token);
    await expect(own.step("testSecret", token)).rejects.toThrow("has 1 passwords, expected 2");
    cache.slowness = Infinity;
    await own.step("setSecret", token);
    await expect(own.step("testSecret", token)).rejects.toThrow("is modifying, expected active");
    expect(current().password).toBe(old);
    own.expectSilence();
  });

  it("is waited for within the function's time, and not where the user is being deleted", async () => {
    const { cache, own, paused } = bench();
    cache.status = "modifying";
    cache.slowness = Infinity;
    await expect(own.seed()).rejects.toThrow("is modifying, expected active");
    expect(paused()).toBeGreaterThanOrEqual(PATIENCE_MS - 2_000);
    expect(paused()).toBeLessThan(60_000);
    cache.status = "deleting";
    await expect(own.seed()).rejects.toThrow("is deleting, expected active");
    expect(cache.changes).toBe(0);
  });

  it("is not quoted when AWS refuses it", async () => {
    const { cache } = bench();
    cache.status = "deleting";
    const users = awsStoreUsers("https://elasticache.example", cache.client);
    await expect(users.setPasswords(ID, ["not-to-be-said"])).rejects.toThrow(
      /^ModifyUser failed with InvalidUserStateFault$/,
    );
    await expect(users.describe("another")).rejects.toThrow(/^DescribeUsers failed with UserNotFoundFault$/);
  });

  const { kind } = bench();
  const value = kind.next(kind.first());
  it.each<[string, object, string]>([
    ["another user's", { username: "other" }, "another user"],
    ["no password", { password: undefined }, "16 to 128"],
    ["a short one", { password: "short" }, "16 to 128"],
    ["one that a colon cuts", { password: "a".repeat(20) + ":b" }, "16 to 128"],
    ["a foreign one before", { previous: "x" }, "another form"],
    ["a login of another password", { login: `${ID}:${value.previous}` }, "not made of"],
  ])("%s does not fit", (_what, change, fault) => {
    expect(kind.fault({ ...value })).toBeUndefined();
    expect(kind.fault({ ...value, ...change })).toContain(fault);
  });
});

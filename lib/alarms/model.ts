import type { Check, Fields } from "../validation";
import { nearest } from "../validation/nearest";
import { EVERY_ALARM } from "./every-alarm";
import type { AlarmsConfig, NotifyConfig } from "./config";
import { COUNTRY_CODES } from "./countries";

/** Alarms with every default resolved. */
export interface AlarmsModel {
  readonly topic: TopicModel;
  readonly expectedCountries: readonly string[];
  /** By alarm id; the catalogue's own where an id is absent. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/** A topic of ours with its subscribers, or one that is there already. */
export type TopicModel =
  | { readonly kind: "new"; readonly emails: readonly string[] }
  | { readonly kind: "existing"; readonly arn: string };

/** Resolves who is told, and when. */
export function resolveAlarms(config: AlarmsConfig, check: Check): AlarmsModel {
  const fields = { notify: true, expectedCountries: true, thresholds: true } satisfies Fields<AlarmsConfig>;
  const given: Partial<AlarmsConfig> = check.object(config, fields) ? config : {};
  return {
    topic: resolveTopic(given.notify, check.at("notify")),
    expectedCountries: resolveCountries(given.expectedCountries, check.at("expectedCountries")),
    thresholds: resolveThresholds(given.thresholds, check.at("thresholds")),
  };
}

/** ARN of a topic that is there. */
export const TOPIC_ARN = {
  pattern: /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
  form: "the ARN of a standard SNS topic, as arn:aws:sns:eu-west-1:123456789012:oncall",
};

function resolveTopic(config: NotifyConfig | undefined, check: Check): TopicModel {
  const nobody: TopicModel = { kind: "new", emails: [] };
  const fields = { emails: true, topicArn: true } satisfies Fields<NotifyConfig>;
  if (!check.present(config, "say who is told: { emails: [address] } or { topicArn }")) return nobody;
  if (config === undefined || !check.object(config, fields)) return nobody;
  if (config.topicArn === undefined) {
    const emails = resolveEmails(config.emails, check);
    return { kind: "new", emails };
  }
  if (config.emails !== undefined) {
    check.problem(
      "conflict",
      "names a topic and mail addresses",
      "subscribe the addresses to your topic, or leave topicArn out",
    );
  }
  const arn = check.at("topicArn").text(config.topicArn, TOPIC_ARN);
  return arn ? { kind: "existing", arn: config.topicArn } : nobody;
}

function resolveEmails(emails: readonly string[] | undefined, check: Check): readonly string[] {
  const fix = "an alarm that nobody hears is none: add an address or a topicArn";
  const usable = new Set<string>();
  // Subscriptions are named after their address.
  if (!check.at("emails").literal(emails ?? [], "write the addresses themselves")) return [];
  for (const [email, at] of check.at("emails").list(emails ?? [], { min: 1, max: 50, fix })) {
    const right =
      at.literal(email, "write the address itself; its subscription is named after it") &&
      at.text(email, {
        pattern: /^[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/,
        form: "a mail address such as oncall@example.com",
        max: 254,
      });
    if (!right) continue;
    if (usable.has(email)) at.problem("duplicate", "is listed twice", "remove one");
    usable.add(email);
  }
  return [...usable];
}

/** Checks two-letter codes of countries, each once; none where nothing is said. */
export function resolveCountries(codes: readonly string[] | undefined, check: Check): readonly string[] {
  // Whether there is a rule at all depends on the list.
  if (codes === undefined || !check.literal(codes)) return [];
  const usable = new Set<string>();
  for (const [code, at] of check.list(codes, { min: 1 })) {
    if (!at.literal(code)) continue;
    if (!COUNTRY_CODES.includes(code)) {
      const fix = /^uk$/i.test(code) ? "did you mean GB?" : "write its ISO 3166-1 code, as IE";
      at.problem("unknown-kind", `is ${at.show(code)}, expected a country's two-letter code`, fix);
    } else {
      if (usable.has(code)) at.problem("duplicate", "is listed twice", "remove one");
      usable.add(code);
    }
  }
  return [...usable];
}

/** Checks thresholds by alarm id. Also for servers whose platform is in another stack. */
export function resolveThresholds(
  thresholds: AlarmsConfig["thresholds"],
  check: Check,
): Readonly<Record<string, number>> {
  const ids = EVERY_ALARM.map(({ id }) => id);
  const key = { pattern: /^./, form: "an alarm's id", max: 64 };
  const usable = check.entries(thresholds, key).filter(([id, value, at]) => {
    if (!ids.includes(id)) {
      const near = nearest(id, ids);
      const fix = near ? `did you mean ${near}?` : `use one of ${ids.join(", ")}`;
      return at.problem("unknown-reference", "is no alarm of the catalogue", fix);
    }
    if (at.isToken(value)) return true;
    if (typeof value !== "number" || !Number.isFinite(value)) {
      return at.problem("wrong-type", "is no number", "write the threshold as a number");
    }
    return value > 0 || at.problem("out-of-range", `is ${value}, expected more than 0`, "raise it");
  });
  return Object.fromEntries(usable.map(([id, value]) => [id, value]));
}

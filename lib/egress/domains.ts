import type { Check } from "../validation";

/** Names that a server's proxy lets through: what a configuration may write. */
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
/** At least two labels, the last one not a number: no address, no name of one's own machine. */
const DOMAIN = new RegExp(`^(?:\\*\\.)?(?:${LABEL}\\.)+(?!\\d+$)${LABEL}$`);
const FORM = "a name in lower case such as api.example.com, or *.example.com";

/** Whether a text is a name or a wildcard, in form. */
export function isDomain(text: string): boolean {
  return DOMAIN.test(text);
}

/** Endings that no public name has: what they lead to lies inside, and is named by its group or block. */
const INSIDE = /(?:^|\.)(?:internal|local|localhost|localdomain|lan|home|corp|arpa|onion)$/;

/** Names under which anybody can have a name of his own. A wildcard there is a way out to anybody. Not complete. */
export const SHARED_SUFFIXES: readonly string[] = [
  "amazonaws.com",
  "on.aws",
  "cloudfront.net",
  "awsapprunner.com",
  "azurewebsites.net",
  "azureedge.net",
  "cloudapp.net",
  "windows.net",
  "googleapis.com",
  "googleusercontent.com",
  "appspot.com",
  "run.app",
  "web.app",
  "firebaseapp.com",
  "firebaseio.com",
  "cloudfunctions.net",
  "github.io",
  "githubusercontent.com",
  "gitlab.io",
  "workers.dev",
  "pages.dev",
  "r2.dev",
  "herokuapp.com",
  "vercel.app",
  "netlify.app",
  "fly.dev",
  "onrender.com",
  "ngrok.io",
  "ngrok.app",
  "trycloudflare.com",
  "myshopify.com",
  "blogspot.com",
];

/** The most names of one server: each stands twice in its proxy's task definition, which takes 64 KB in all. */
export const MAX_DOMAINS = 50;

/** Resolves the names of one entry; only those that are right. `check` stands at the list. */
export function resolveDomains(domains: readonly string[], check: Check): string[] {
  if (!check.literal(domains, "write the names themselves; the proxy's rules are made of them")) return [];
  const usable: string[] = [];
  for (const [domain, at] of check.list(domains, { min: 1, max: MAX_DOMAINS, fix: "name 1 to 50 domains" })) {
    if (!at.literal(domain, "write the name itself; the proxy's rules are made of it")) continue;
    const fix = typeof domain === "string" ? fixOf(domain) : "write the name";
    if (!at.text(domain, { pattern: DOMAIN, form: FORM, max: 253, fix })) continue;
    if (usable.includes(domain)) {
      at.problem("duplicate", `is ${at.show(domain)} again`, "remove it");
      continue;
    }
    usable.push(domain);
    if (INSIDE.test(domain))
      at.problem(
        "unsafe",
        `is ${at.show(domain)}, which is no public name`,
        "name what it leads to: { securityGroup } or { cidr }",
      );
    if (domain.startsWith("*.")) checkWildcard(domain, at);
    // Also with somebody else's credentials: what endpoints' policies forbid would leave by this way.
    if (/^[a-z0-9-]+\.(?:[a-z]{2}(?:-[a-z]+)+-\d\.)?amazonaws\.com$/.test(domain))
      at.problem(
        "unsafe",
        `is ${at.show(domain)}, one host for all customers of AWS`,
        "use { privateLink }, whose policy admits this account alone",
      );
  }
  return usable;
}

function checkWildcard(domain: string, check: Check): void {
  const under = domain.slice(2);
  const shared = SHARED_SUFFIXES.find((suffix) => under === suffix || under.endsWith(`.${suffix}`));
  // `*.co.uk` and the like; `*.com` has no form to begin with.
  const registry = /^(?:ac|co|com|edu|gov|net|org)\.[a-z]{2}$/.test(under);
  if (shared === undefined && !registry) return;
  check.problem(
    "unsafe",
    `is ${check.show(domain)}, names that anybody can have`,
    "name each host that is meant",
  );
}

/** The usual slips, each with its cure. */
function fixOf(domain: string): string {
  const bare = domain
    .replace(/^[a-z]+:\/\//i, "")
    .replace(/[/:?#].*$/, "")
    .replace(/\.$/, "")
    .toLowerCase();
  if (bare !== domain && DOMAIN.test(bare)) return `did you mean ${bare}?`;
  return /^[\d.]+$/.test(domain) ? "an address is no name: use { cidr } for what lies inside" : "correct it";
}

/** Names under which people keep secrets. */
const NAME =
  /(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)(_|$)|(^|_)(?<!PUBLIC_)KEY$/i;
/** Ends of names that say something about a secret, not the secret itself. */
const ABOUT = /_(ARN|ENDPOINT|FILE|HEADER|ID|ISSUER|MINUTES|NAME|PATH|SECONDS|TTL|URI|URL)$/i;
/** Values that are secrets whatever their name: private keys, tokens, keys of AWS, GitHub, Slack, Stripe, ours, passwords in URLs. */
const VALUE =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.|\b[rs]k_live_|\b(AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|\bxox[abprs]-|\bhmk_[A-Za-z0-9_-]{20}|:\/\/[^\s/:@]+:[^\s/@]+@/;

/** Whether a variable is called as secrets are. */
export function isSecretName(name: string): boolean {
  return name.toUpperCase() === "AWS_ACCESS_KEY_ID" || (NAME.test(name) && !ABOUT.test(name));
}

/** Whether a text has the form of a secret. */
export function isSecretValue(value: string): boolean {
  return VALUE.test(value);
}

export type * from "./config";
export type { ClientPolicy, Interval, IssuerPolicy, PolicyDocument, ToolPolicy } from "./document";
export { buildPolicy, type PolicyConfig, type PolicyFacts } from "./model";
export { readPattern, type PatternResult } from "./pattern";

export { Account } from "./account";
export { allow, deny, policyDocument, trustService, type Conditions, type On, type Statement } from "./allow";
export type { Deployment } from "./deployment";
export { FreeText, json, literal } from "./json";
export { fit, Naming, prefixOf } from "./naming";
export { expressionOf, isToken } from "./tokens";

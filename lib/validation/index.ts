export { Check, NAME, type Fields, type IntegerRule, type IsToken, type TextRule } from "./check";
export { nearest } from "./nearest";
export { ConfigurationError, formatProblem, type Problem, type ProblemCode } from "./problem";
export { checkWaiver, isWaiver, type Waiver } from "./waiver";

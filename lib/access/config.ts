export type * from "./grant-config";
export type * from "./isolation-config";

/** Rights of every role the library makes. */
export interface IamConfig {
  /** A boundary your organisation demands. Ours still holds: it becomes the roles' own deny statements. @default our boundary */
  readonly boundaryArn?: string;
  /** Path of roles and policies, `/` or `/team/`. @default "/" */
  readonly path?: string;
}

/** Why a file gives no policy, in a sentence. */
export class DeployerError extends Error {}

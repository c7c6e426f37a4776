/** End of the name of a service's execution role: policies of secrets name it before it exists. */
export function executionRoleName(service: string): string {
  return `${service}-execution`;
}

/** Days in which a log of the load balancer that expired or was overwritten can still be brought back. */
export const NONCURRENT_DAYS = 30;

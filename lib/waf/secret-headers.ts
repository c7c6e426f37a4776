/** Headers whose values no log may hold. */
export const SECRET_HEADERS = ["authorization", "x-api-key", "cookie", "mcp-session-id"] as const;

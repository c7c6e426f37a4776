// Printed last by every app: its own peak memory, read by run.mjs.
process.on("exit", () =>
  console.log(JSON.stringify({ peakMib: Math.round(process.resourceUsage().maxRSS / 1024) })),
);

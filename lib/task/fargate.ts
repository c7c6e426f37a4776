/** Memory in MiB that Fargate sells with each CPU size: from, to, in steps. */
const MEMORY: Readonly<
  Record<number, { readonly from: number; readonly to: number; readonly step: number }>
> = {
  512: { from: 1024, to: 4096, step: 1024 },
  1024: { from: 2048, to: 8192, step: 1024 },
  2048: { from: 4096, to: 16384, step: 1024 },
  4096: { from: 8192, to: 30720, step: 1024 },
  8192: { from: 16384, to: 61440, step: 4096 },
  16384: { from: 32768, to: 122880, step: 8192 },
};
const SMALLEST = [512, 1024, 2048];

/** CPU sizes of a Fargate task, in units of a 1024th vCPU. */
export const FARGATE_CPU: readonly number[] = [256, ...Object.keys(MEMORY).map(Number)];

/** Whether Fargate sells this memory with this CPU. */
export function isFargatePair(cpuUnits: number, memoryMib: number): boolean {
  if (cpuUnits === 256) return SMALLEST.includes(memoryMib);
  const range = MEMORY[cpuUnits];
  return (
    range !== undefined &&
    memoryMib >= range.from &&
    memoryMib <= range.to &&
    (memoryMib - range.from) % range.step === 0
  );
}

/** The choice in words: `1024 to 4096 in steps of 1024`. */
export function memoriesOf(cpuUnits: number): string {
  const range = MEMORY[cpuUnits];
  return range ? `${range.from} to ${range.to} in steps of ${range.step}` : SMALLEST.join(", ");
}

/** Name of the volume behind a writable path: `/var/cache` → `writable-var-cache`. */
export function volumeName(path: string): string {
  return `writable${path.replace(/[^A-Za-z0-9]+/g, "-")}`;
}

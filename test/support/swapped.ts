/** A text in which another stands for one that it has. @throws Error where it has none: then nothing would be changed */
export function swapped(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`${from} stands nowhere`);
  return text.replace(from, () => to);
}

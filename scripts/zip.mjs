// A zip file whose bytes depend on nothing but names and contents: stored, not compressed, because a compressor's
// output differs between versions of Node; fixed time and mode. (APPNOTE.TXT 6.3.10: 4.3.7 local header, 4.3.12
// central directory, 4.3.16 its end.)
import * as zlib from "node:zlib";

/** 1980-01-01, the first day that the format knows. */
const DATE = 0x0021;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const VERSION = 20;
/** Written by Unix, so that the mode counts. */
const MADE_BY = (3 << 8) | VERSION;
/** A regular file that everybody may read: Lambda runs as another user. */
const MODE = 0o100644;

/**
 * @param {Record<string, string | Buffer>} files content by name
 * @returns {Buffer} the zip file
 */
export function zip(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const name of Object.keys(files).sort()) {
    const content = Buffer.from(files[name]);
    const path = Buffer.from(name);
    // What both headers say.
    const common = fields(
      [2, VERSION],
      [2, FLAGS],
      [2, 0], // stored
      [2, 0], // midnight
      [2, DATE],
      [4, crc32(content)],
      [4, content.length],
      [4, content.length],
      [2, path.length],
      [2, 0], // no extra field
    );
    parts.push(fields([4, 0x04034b50]), common, path, content);
    directory.push(
      fields([4, 0x02014b50], [2, MADE_BY]),
      common,
      fields([2, 0], [2, 0], [2, 0], [4, MODE * 0x10000], [4, offset]),
      path,
    );
    offset += 4 + common.length + path.length + content.length;
  }
  const central = Buffer.concat(directory);
  const count = Object.keys(files).length;
  const end = fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, central.length],
    [4, offset],
    [2, 0],
  );
  return Buffer.concat([...parts, central, end]);
}

/** Little-endian numbers of 2 or 4 bytes. */
function fields(...numbers) {
  return Buffer.concat(
    numbers.map(([size, value]) => {
      const bytes = Buffer.alloc(size);
      bytes.writeUIntLE(value, 0, size);
      return bytes;
    }),
  );
}

/** Node has it from 20.15 and 22.2 on. */
function crc32(content) {
  if (zlib.crc32) return zlib.crc32(content);
  let sum = 0xffffffff;
  for (const byte of content) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
  }
  return (sum ^ 0xffffffff) >>> 0;
}

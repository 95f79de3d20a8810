/**
 * What a shared library says that it needs, read from its ELF headers (elf(5), and the symbol versions of the LSB).
 * @module
 */

/**
 * @typedef {object} Needs
 * @property {string | undefined} arch as in `process.arch`
 * @property {string[]} libraries DT_NEEDED, in the file's order
 * @property {string[]} versions of symbols, such as GLIBC_2.17
 */

/** e_machine of linux/elf-em.h, as Node calls them. @type {Readonly<Record<number, string>>} */
const machines = { 62: 'x64', 183: 'arm64' };

/** sh_type */
const SHT_DYNAMIC = 6;
const SHT_GNU_VERNEED = 0x6fff_fffe;

/** d_tag */
const DT_NULL = 0n;
const DT_NEEDED = 1n;

/**
 * Reads a 64-bit little-endian ELF file.
 * @param {Uint8Array} bytes
 * @returns {Needs}
 * @throws RangeError when it is none, or says that something is where the file has ended
 */
export function readNeeds(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The magic number, class 64, data little-endian.
  if (bytes.length < 64 || view.getUint32(0) !== 0x7f45_4c46 || view.getUint16(4) !== 0x0201) {
    throw new RangeError('not a 64-bit little-endian ELF file');
  }
  const table = offset(view.getBigUint64(40, true));
  const sections = Array.from({ length: view.getUint16(60, true) }, (_, index) => {
    const at = table + index * view.getUint16(58, true);
    return {
      type: view.getUint32(at + 4, true),
      offset: offset(view.getBigUint64(at + 24, true)),
      size: offset(view.getBigUint64(at + 32, true)),
      link: view.getUint32(at + 40, true),
      count: view.getUint32(at + 44, true),
    };
  });

  /** @param {{ link: number }} section whose names they are @param {number} at */
  const name = ({ link }, at) => {
    const strings = sections[link];
    if (strings === undefined) throw new RangeError('a section without its names');
    const start = strings.offset + at;
    const end = bytes.indexOf(0, start);
    if (end < 0) throw new RangeError('a name without an end');
    return new TextDecoder().decode(bytes.subarray(start, end));
  };

  /** @type {Needs} */
  const needs = { arch: machines[view.getUint16(18, true)], libraries: [], versions: [] };
  for (const section of sections) {
    if (section.type === SHT_DYNAMIC) {
      for (let at = section.offset; at < section.offset + section.size; at += 16) {
        const tag = view.getBigUint64(at, true);
        if (tag === DT_NULL) break;
        if (tag !== DT_NEEDED) continue;
        needs.libraries.push(name(section, offset(view.getBigUint64(at + 8, true))));
      }
    } else if (section.type === SHT_GNU_VERNEED) {
      let file = section.offset;
      for (let index = 0; index < section.count; index += 1) {
        let version = file + view.getUint32(file + 8, true);
        for (let left = view.getUint16(file + 2, true); left > 0; left -= 1) {
          needs.versions.push(name(section, view.getUint32(version + 8, true)));
          version += view.getUint32(version + 12, true);
        }
        file += view.getUint32(file + 12, true);
      }
    }
  }
  return needs;
}

/** A 64-bit number that is a place in a file; what is too large for one is past the end of any. @param {bigint} value */
function offset(value) {
  return Number(value);
}

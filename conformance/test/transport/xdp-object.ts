/**
 * An object file with an XDP program, for `ip link set xdp`: no compiler is needed.
 *
 * @module
 */

/** Names of sections and of the program, each at a known place. */
const STRINGS = '\0xdp\0license\0.symtab\0.strtab\0pass\0';
const name = (text: string): number => STRINGS.indexOf(`\0${text}\0`) + 1;

/** `r0 = XDP_PASS; exit`, struct bpf_insn of linux/bpf.h. */
const PROGRAM = Uint8Array.of(0xb7, 0, 0, 0, 2, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0);

/** One that passes every packet: ELF64 of EM_BPF, as elf(5) describes it. */
export function xdpObject(): Uint8Array {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const symbols = new Uint8Array(48);
  const symbol = new DataView(symbols.buffer, 24);
  symbol.setUint32(0, name('pass'), true);
  symbol.setUint8(4, 0x12); // STB_GLOBAL, STT_FUNC
  symbol.setUint16(6, 1, true);
  symbol.setBigUint64(16, BigInt(PROGRAM.length), true);
  const sections = [
    { name: 0, type: 0, flags: 0, bytes: new Uint8Array(), entry: 0, link: 0, info: 0 },
    { name: name('xdp'), type: 1, flags: 6, bytes: PROGRAM, entry: 0, link: 0, info: 0 },
    { name: name('license'), type: 1, flags: 3, bytes: text('BSD\0'), entry: 0, link: 0, info: 0 },
    { name: name('.symtab'), type: 2, flags: 0, bytes: symbols, entry: 24, link: 4, info: 1 },
    { name: name('.strtab'), type: 3, flags: 0, bytes: text(STRINGS), entry: 0, link: 0, info: 0 },
  ];
  const offsets: number[] = [];
  let end = 64;
  for (const { bytes } of sections) {
    offsets.push(end);
    end += Math.ceil(bytes.length / 8) * 8;
  }
  const file = new Uint8Array(end + 64 * sections.length);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]); // ELFCLASS64, ELFDATA2LSB, EV_CURRENT
  view.setUint16(16, 1, true); // ET_REL
  view.setUint16(18, 247, true); // EM_BPF
  view.setUint32(20, 1, true);
  view.setBigUint64(40, BigInt(end), true);
  view.setUint16(52, 64, true);
  view.setUint16(58, 64, true);
  view.setUint16(60, sections.length, true);
  view.setUint16(62, sections.length - 1, true);
  for (const [position, section] of sections.entries()) {
    const header = end + 64 * position;
    file.set(section.bytes, offsets[position]);
    view.setUint32(header, section.name, true);
    view.setUint32(header + 4, section.type, true);
    view.setBigUint64(header + 8, BigInt(section.flags), true);
    view.setBigUint64(header + 24, BigInt(offsets[position] ?? 0), true);
    view.setBigUint64(header + 32, BigInt(section.bytes.length), true);
    view.setUint32(header + 40, section.link, true);
    view.setUint32(header + 44, section.info, true);
    view.setBigUint64(header + 48, 8n, true);
    view.setBigUint64(header + 56, BigInt(section.entry), true);
  }
  return file;
}

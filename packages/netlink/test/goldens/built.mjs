/**
 * Messages of kinds that a kernel may lack, built by hand from the structs and numbers of
 * linux/if_link.h: not recorded, and not made by the encoder that they test. What `ip` prints of
 * these bytes is their judge.
 *
 * @module
 */

const [u8, u16, u32] = [1, 2, 4].map((width) => (value) => {
  const bytes = Buffer.alloc(width);
  bytes.writeUIntLE(value, 0, width);
  return bytes;
});
const be16 = (value) => Buffer.from([value >> 8, value & 0xff]);
const text = (value) => Buffer.from(`${value}\0`);
const hex = (value) => Buffer.from(value, 'hex');

/** An attribute, padded to four bytes. */
function attribute(type, ...values) {
  const value = Buffer.concat(values);
  const padding = Buffer.alloc(-value.length & 3);
  return Buffer.concat([u16(4 + value.length), u16(type), value, padding]);
}

/** RTM_NEWLINK of interface 7: IFLA_IFNAME, IFLA_MTU, then IFLA_LINKINFO. */
function newLink(name, ...info) {
  const ifinfomsg = Buffer.concat([u16(0), u16(1), u32(7), u32(0x1043), u32(0)]);
  const body = Buffer.concat([
    ifinfomsg,
    attribute(3, text(name)),
    attribute(4, u32(1500)),
    attribute(18, ...info),
  ]);
  const header = [u32(16 + body.length), u16(16), u16(0), u32(0), u32(0)];
  return Buffer.concat([...header, body]).toString('hex');
}

const KIND = 1;
const DATA = 2;
const SLAVE_KIND = 4;
const SLAVE_DATA = 5;

const ip4 = (value) => Buffer.from(value.split('.').map(Number));

/** By golden. Numbers of attributes are those of IFLA_VLAN_*, IFLA_VRF_*, IFLA_BOND_*. */
export const built = {
  kind_vlan: newLink(
    'vlan7',
    attribute(KIND, text('vlan')),
    attribute(
      DATA,
      attribute(5, be16(0x88a8)),
      attribute(1, u16(100)),
      // ifla_vlan_flags: REORDER_HDR and GVRP.
      attribute(2, u32(3), u32(0xffff_ffff)),
      // ifla_vlan_qos_mapping
      attribute(4, attribute(1, u32(1), u32(2)), attribute(1, u32(3), u32(4))),
      attribute(3, attribute(1, u32(5), u32(6))),
    ),
  ),
  kind_vrf: newLink('vrf7', attribute(KIND, text('vrf')), attribute(DATA, attribute(1, u32(4010)))),
  kind_vrf_slave: newLink(
    'port7',
    attribute(KIND, text('veth')),
    attribute(SLAVE_KIND, text('vrf')),
    attribute(SLAVE_DATA, attribute(1, u32(4010))),
  ),
  kind_bond: newLink(
    'bond7',
    attribute(KIND, text('bond')),
    attribute(
      DATA,
      attribute(1, u8(4)),
      attribute(3, u32(100)),
      attribute(4, u32(200)),
      attribute(5, u32(300)),
      attribute(28, u32(400)),
      attribute(6, u8(1)),
      attribute(7, u32(500)),
      attribute(8, attribute(0, ip4('10.0.0.1')), attribute(1, ip4('10.0.0.2'))),
      attribute(31, attribute(0, hex('20010db8000000000000000000000001'))),
      attribute(9, u32(3)),
      attribute(10, u32(1)),
      attribute(12, u8(2)),
      attribute(13, u8(1)),
      attribute(14, u8(1)),
      attribute(15, u32(9)),
      attribute(16, u8(8)),
      attribute(17, u8(1)),
      attribute(18, u32(2)),
      attribute(19, u32(7)),
      attribute(20, u32(6)),
      attribute(29, u8(1)),
      attribute(21, u8(1)),
      attribute(22, u8(2)),
      attribute(
        23,
        attribute(1, u16(11)),
        attribute(2, u16(12)),
        attribute(3, u16(13)),
        attribute(4, u16(14)),
        attribute(5, hex('020000000005')),
      ),
      attribute(24, u16(65_535)),
      attribute(25, u16(16)),
      attribute(26, hex('020000000006')),
      attribute(27, u8(1)),
      attribute(30, u8(2)),
    ),
  ),
  kind_bond_slave: newLink(
    'port7',
    attribute(KIND, text('veth')),
    attribute(SLAVE_KIND, text('bond')),
    attribute(
      SLAVE_DATA,
      attribute(1, u8(1)),
      attribute(2, u8(2)),
      attribute(3, u32(3)),
      attribute(4, hex('020000000007')),
      attribute(5, u16(4)),
      attribute(9, u32(0xffff_fffb)),
      attribute(6, u16(5)),
      attribute(7, u8(0x4f)),
      attribute(8, u16(0x3d)),
    ),
  ),
};

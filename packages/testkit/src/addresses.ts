/**
 * Addresses of interfaces, as `ip address add` takes them.
 *
 * @module
 */

import { parseIpAddress } from '@rtap/frames';
import { IFA_F_NODAD } from '@rtap/netlink';
import type { NetlinkClient } from '@rtap/transport';

/**
 * Gives an interface an address, without duplicate address detection: it can be used at once.
 *
 * @param address - with its prefix length, such as `10.0.0.1/24` or `fd00::1/64`.
 * @throws TypeError or RangeError when that is no address; NetlinkError when the kernel refuses.
 */
export async function addAddress(
  client: NetlinkClient,
  ifindex: number,
  address: string,
): Promise<void> {
  const [text = '', length = ''] = address.split('/');
  const bytes = parseIpAddress(text);
  const prefixLength = Number(length);
  if (!/^\d+$/.test(length) || prefixLength > bytes.length * 8) {
    throw new RangeError(`'${address}' has no prefix length of 0 to ${bytes.length * 8}`);
  }
  await client.replaceAddress({
    prefixLength,
    index: ifindex,
    local: bytes,
    ...(bytes.length === 16 ? { flags: IFA_F_NODAD } : {}),
  });
}

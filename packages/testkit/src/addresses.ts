/**
 * Addresses of interfaces, as `ip address add` takes them.
 *
 * @module
 */

import { parseIpAddress } from '@rtap/frames';
import { kernel } from '@rtap/native';
import type { NetlinkSubscriptionSocket, NetworkNamespaceOption } from '@rtap/native';
import { IFA_F_NODAD, RTM_NEWADDR, RTNLGRP_IPV6_IFADDR, messages } from '@rtap/netlink';
import { decodeAddress } from '@rtap/netlink/address';
import { NetlinkClient } from '@rtap/transport';

/** Milliseconds that the kernel's work queue may take. */
const PATIENCE = 10_000;

/** Which address, and whose. */
export interface TestAddress {
  /** The interface's namespace; the process's own when left out. */
  readonly netns?: NetworkNamespaceOption;
  /** The interface, by its index. */
  readonly ifindex: number;
  /** The address with its prefix length, such as `10.0.0.1/24` or `fd00::1/64`. */
  readonly address: string;
}

/**
 * Gives an interface an address, without duplicate address detection, and waits until it can be used.
 *
 * The kernel makes an IPv6 address its own in a work queue, after it has acknowledged the request: a busy
 * machine throws away what comes for it until then.
 *
 * @throws RangeError when that is no address with a prefix length; NetlinkError when the kernel refuses.
 */
export async function addAddress(options: TestAddress): Promise<void> {
  const { ifindex, netns } = options;
  const [text = '', length = ''] = options.address.split('/');
  const bytes = parseIpAddress(text);
  const prefixLength = Number(length);
  if (!/^\d+$/.test(length) || prefixLength > bytes.length * 8) {
    throw new RangeError(`'${options.address}' has no prefix length of 0 to ${bytes.length * 8}`);
  }
  const where = netns === undefined ? {} : { netns };
  const socket =
    bytes.length === 4
      ? undefined
      : await kernel.openSubscriptionSocket({ ...where, groups: [RTNLGRP_IPV6_IFADDR] });
  const client = await NetlinkClient.open(where);
  try {
    const told = socket === undefined ? undefined : addressTold(socket, ifindex, bytes);
    // When the request fails nobody waits for it any more.
    told?.catch(() => undefined);
    await client.replaceAddress({
      prefixLength,
      index: ifindex,
      local: bytes,
      ...(bytes.length === 16 ? { flags: IFA_F_NODAD } : {}),
    });
    await told;
    // It is told just before its route is there, under the lock that this question takes as well.
    await client.getLink({ index: ifindex });
  } finally {
    socket?.close();
    await client.close();
  }
}

/** Resolves when the kernel tells that the address is there. */
function addressTold(
  socket: NetlinkSubscriptionSocket,
  ifindex: number,
  address: Uint8Array,
): Promise<void> {
  socket.ref();
  return new Promise((resolve, reject) => {
    AbortSignal.timeout(PATIENCE).addEventListener('abort', () => {
      reject(new Error('the kernel did not make the address its own'));
    });
    socket.onReadable(() => {
      for (let datagram = socket.receive(); datagram !== undefined; datagram = socket.receive()) {
        for (const message of messages(datagram.bytes)) {
          if (message.type !== RTM_NEWADDR) continue;
          const { index, address: told } = decodeAddress(message);
          if (index === ifindex && told !== undefined && equal(told, address)) resolve();
        }
      }
    });
  });
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

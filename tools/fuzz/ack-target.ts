/**
 * Acknowledgements of any bytes, for requests of any bytes.
 *
 * @module
 */

import {
  decodeAcknowledgement,
  genericRequestLayout,
  MessageWriter,
  NetlinkError,
  NLM_F_ACK_TLVS,
  NLM_F_CAPPED,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSGERR_ATTR_MISS_NEST,
  NLMSGERR_ATTR_MISS_TYPE,
  NLMSGERR_ATTR_MSG,
  NLMSGERR_ATTR_OFFS,
  NLMSGERR_ATTR_POLICY,
  RTM_NEWLINK,
  RTM_NEWROUTE,
  type RequestLayout,
} from '../../packages/netlink/src/index.ts';
import { ENDS_DATAGRAM, endianOf, messageOf, OTHER_PORT, TRUNCATED, type Input } from './input.ts';
import { look } from './look.ts';
import { conversations } from './recorded.ts';
import type { Target } from './target.ts';
import { attempt, Violation } from './violation.ts';

const HEADER = 16;
/** Longest path: a name for every four bytes of the request. */
const NAME = 40;

/** Parts: the acknowledgement, and the request that it is for. */
export const ackTarget: Target = {
  name: 'ack',
  seeds: () => [...recorded(), ...made()],
  headerOf: ({ bytes }) => HEADER + (bytes[4] === NLMSG_DONE || (bytes[6] ?? 0) % 2 === 0 ? 4 : 20),
  run: check,
};

function check([part, request]: Input): void {
  const message = part && messageOf(part);
  if (part === undefined || message === undefined) return;
  if (message.type !== NLMSG_ERROR && message.type !== NLMSG_DONE) return;
  const endian = endianOf(part);
  const length = HEADER + message.body.length;
  for (const layoutOf of [undefined, layoutByControl(part.control)]) {
    const acknowledgement = attempt('decodeAcknowledgement', length, () =>
      decodeAcknowledgement(message, request?.bytes, endian, layoutOf),
    );
    if (acknowledgement === undefined) continue;
    const { values, bytes } = look(acknowledgement, message.body, 'decodeAcknowledgement');
    const { attribute = '', missingAttribute = '' } = acknowledgement;
    const size = length + (request?.bytes.length ?? 0);
    const names = attribute.length + missingAttribute.length;
    if (values > size + 64 || bytes - names > size || names > (size / 4 + 2) * NAME) {
      throw new Violation(
        `decodeAcknowledgement makes ${values} values, ${bytes} bytes of ${size}`,
      );
    }
    if (acknowledgement.errno < 0 || acknowledgement.errno > 2 ** 31) {
      throw new Violation(`errno ${acknowledgement.errno}`);
    }
    const error = new NetlinkError(acknowledgement, { syscall: 'RTM_NEWLINK', interface: 'tap0' });
    if (error.errno > 0 || !error.message.startsWith(error.code)) {
      throw new Violation(`NetlinkError of ${acknowledgement.errno}: ${error.message}`);
    }
  }
}

/** Layouts of generic netlink, chosen by bits that mean nothing here. */
function layoutByControl(control: number): (type: number) => RequestLayout | undefined {
  if ((control & TRUNCATED) !== 0) return () => genericRequestLayout('nlctrl', 3);
  return () => genericRequestLayout('ethtool', (control & OTHER_PORT) === 0 ? 2 : 6);
}

function recorded(): Input[] {
  return conversations().flatMap(({ sent, received }) =>
    received.flatMap((datagram) => {
      const type = datagram[4];
      if (type !== NLMSG_ERROR && type !== NLMSG_DONE) return [];
      const answer = { control: 0, bytes: datagram };
      return [[answer], sent === undefined ? [answer] : [answer, { control: 0, bytes: sent }]];
    }),
  );
}

function made(): Input[] {
  return (['little', 'big'] as const).flatMap((endian, control) =>
    [0, NLM_F_CAPPED].flatMap((capped) =>
      [RTM_NEWLINK, RTM_NEWROUTE].map((type): Input => {
        const request = new MessageWriter(endian).begin(type, 5, 1).bytes(new Uint8Array(16));
        request.beginNest(18, { flag: true }).attributeString(1, 'veth').beginNest(2).beginNest(1);
        const asked = request.bytes(new Uint8Array(16)).endNest().endNest().endNest().finish();
        const answer = new MessageWriter(endian)
          .begin(NLMSG_ERROR, NLM_F_ACK_TLVS | capped, 1)
          .i32(-22)
          .bytes(capped === 0 ? asked : asked.subarray(0, HEADER))
          .attributeString(NLMSGERR_ATTR_MSG, 'no')
          .attributeU32(NLMSGERR_ATTR_OFFS, 48)
          .attributeU32(NLMSGERR_ATTR_MISS_TYPE, 3)
          .attributeU32(NLMSGERR_ATTR_MISS_NEST, 32)
          .beginNest(NLMSGERR_ATTR_POLICY, { flag: true });
        for (const [id, width] of [1, 2, 3, 4, 5, 6, 7, 10, 11].entries()) {
          if (width % 2 === 0) answer.attributeU32(id + 1, width);
          else answer.attributeU64(id + 1, BigInt(width));
        }
        const bytes = answer.endNest().finish();
        return [
          { control: control | ENDS_DATAGRAM, bytes },
          { control, bytes: asked },
        ];
      }),
    ),
  );
}

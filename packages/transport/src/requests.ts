/**
 * The two kinds of requests with one answer: changes, which are acknowledged, and questions.
 *
 * @module
 */

import { MalformedError, NLM_F_ACK, NLM_F_REQUEST } from '@rtap/netlink';
import type { NetlinkMessage, RequestHeader } from '@rtap/netlink';
import type { Conversation } from './conversation.ts';
import { errorCode } from './errors.ts';
import type { RequestOptions } from './exchange.ts';

/** A question whose answer was too long is asked again as often as the buffer can grow. */
const MOST_TRUNCATIONS = 8;

/** Sends a request, with flags besides NLM_F_REQUEST and NLM_F_ACK, and waits for its acknowledgement. */
export function change(
  conversation: Conversation,
  name: string,
  flags: number,
  encode: (header: RequestHeader) => Uint8Array,
  options: RequestOptions,
): Promise<readonly NetlinkMessage[]> {
  return conversation.ask(
    name,
    (sequence) => encode({ flags: NLM_F_REQUEST | NLM_F_ACK | flags, sequence }),
    options,
  );
}

/**
 * Asks for one message, which needs no acknowledgement; again, when there was no room for the answer.
 *
 * @throws MalformedError when no message of the type came.
 */
export async function question(
  conversation: Conversation,
  name: string,
  answerType: number,
  encode: (header: RequestHeader) => Uint8Array,
  options: RequestOptions,
): Promise<NetlinkMessage> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answers = await conversation.ask(
        name,
        (sequence) => encode({ flags: NLM_F_REQUEST, sequence }),
        options,
      );
      const answer = answers.find(({ type }) => type === answerType);
      if (answer !== undefined) return answer;
      throw new MalformedError(`${name} was answered without a message of type ${answerType}`, 0);
    } catch (error) {
      const grows = conversation.grows && attempt < MOST_TRUNCATIONS;
      if (!grows || errorCode(error) !== 'ERR_RTAP_TRUNCATED') throw error;
    }
  }
}

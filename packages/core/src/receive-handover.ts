/**
 * Asking another process for queues.
 *
 * @module
 */

import type {
  HandoverAddress,
  HandoverConnection,
  HandoverFiles,
  HandoverMessage,
  Kernel,
} from '@rtap/native';
import { RtapError } from './errors.ts';
import { COMPANION_FILES, decodeOffer, encodeMessage, malformed } from './handover-protocol.ts';
import type { HandoverOffer } from './handover-protocol.ts';

/** What is asked. */
export interface HandoverQuestion {
  /** Whom. */
  readonly address: HandoverAddress;
  /** For how many queues. */
  readonly queues: number | undefined;
  /** Gives up when aborted. */
  readonly signal: AbortSignal | undefined;
}

/** What has come. */
export interface ReceivedHandover {
  /** To be kept as long as the queues are: closing it gives them back. */
  readonly connection: HandoverConnection;
  /** What is said of them. */
  readonly offer: HandoverOffer;
  /** As many as the offer says. */
  readonly files: HandoverFiles;
}

/**
 * Connects, asks, and waits for the answer; what came is closed when that isn't what it has to be.
 *
 * @throws RtapError `ERR_RTAP_PROTOCOL`, `ECONNRESET` when the other side ends without a word, or with the code of its
 * refusal; what connecting throws; the signal's reason.
 */
export async function receiveHandover(
  kernel: Kernel,
  { address, queues, signal }: HandoverQuestion,
): Promise<ReceivedHandover> {
  const connection = kernel.connectForHandover(address);
  try {
    const answer = nextMessage(connection, signal);
    try {
      connection.send(encodeMessage(queues === undefined ? {} : { queues }));
    } catch (error) {
      // Refused at the door: the reason is there to be read.
      answer.catch(() => undefined);
      if (!isGone(error)) throw error;
    }
    const { bytes, files } = await answer;
    try {
      const offer = decodeOffer(bytes);
      const wanted = offer.queues.length + COMPANION_FILES;
      if (files.count !== wanted) {
        throw malformed(`${files.count} files came with it, and it speaks of ${wanted}`);
      }
      if (queues !== undefined && offer.queues.length !== queues) {
        throw malformed(`${queues} queues were asked for, and ${offer.queues.length} came`);
      }
      return { connection, offer, files };
    } catch (error) {
      files.close();
      throw error;
    }
  } catch (error) {
    connection.close();
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

/** The first message; later ones are nobody's, and what comes with them is closed. */
async function nextMessage(
  connection: HandoverConnection,
  signal: AbortSignal | undefined,
): Promise<HandoverMessage> {
  let onAbort: (() => void) | undefined;
  try {
    return await new Promise<HandoverMessage>((resolve, reject) => {
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      let answered = false;
      connection.ref();
      connection.onMessage((message) => {
        if (message === undefined) {
          const what =
            'the process that shares the device has ended the connection without an answer';
          reject(
            new RtapError('ECONNRESET', what, { hint: 'it, or its device, has ended: try again' }),
          );
        } else if (answered) {
          message.files.close();
        } else {
          answered = true;
          connection.unref();
          resolve(message);
        }
      });
    });
  } finally {
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
  }
}

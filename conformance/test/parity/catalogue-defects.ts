/**
 * The reference's defects: L of link events and netlink, D of the data path. What rtap does is the test's name.
 *
 * @module
 */

import type { Entry } from './catalogue-cases.ts';

function defect(
  id: string,
  reference: string,
  rtap: string,
  status: Entry['status'] = 'tested',
): Entry {
  return { id, reference, rtap, status };
}

export const defects: readonly Entry[] = [
  defect(
    'L1',
    'the application is never called (v5)',
    'every change of status calls the listeners, in the order in which it happened',
  ),
  defect(
    'L2',
    'after an overrun a lost down stays lost',
    'events that the kernel had to drop are made up for, and the link is what it is',
  ),
  defect(
    'L3',
    'every link event of the host wakes the thread',
    "a storm on others' interfaces is filtered away in the kernel, and costs no event",
  ),
  defect(
    'L4',
    'leaving a bridge is taken for deletion',
    'a port that leaves its bridge is neither down nor removed',
  ),
  defect(
    'L5',
    'after deletion the data path spins',
    'a deletion is told as removed, ends the readers, and counts no error',
  ),
  defect(
    'L6',
    'down is told again by a deletion',
    'what was down is not told down again when it is deleted',
  ),
  defect(
    'L7',
    'down for ever after a move',
    'a device follows its interface to another namespace, is told as moved, never as removed, and frames go on',
  ),
  defect(
    'L8',
    'a rename in between attaches queues to another interface',
    'queues are opened on the interface that it is, whatever has its old name',
  ),
  defect(
    'L9',
    'MTU, MAC address and name go stale',
    'MTU, MAC address and name that others set are told, and known',
  ),
  defect(
    'L10',
    'carrier is ignored (v5) or not told apart',
    'carrier and operstate are told apart, and setCarrier drives the carrier',
  ),
  defect(
    'L11',
    "callers can take each other's answers",
    'calls at the same time get the answers that are theirs',
  ),
  defect(
    'L12',
    'messages are cut at 4,096 bytes',
    'messages far larger than 4,096 bytes are read whole',
  ),
  defect(
    'L13',
    'whoever sends is believed',
    'only the kernel is believed: what another port sends changes nothing',
  ),
  defect(
    'L14',
    'start says up, whatever the carrier',
    'after start the link is the truth, also without a carrier, and the first event is the first change',
  ),
  defect(
    'L15',
    'stop loses events, sleeps, may close a watched file',
    'stop leaves no subscription behind, and until it everything is told',
  ),
  defect('L16', 'stop in the callback fails', 'stop and close may be called from a listener'),
  defect(
    'L17',
    'link and receive interrupts exclude each other',
    'link events and waiting for frames go together',
  ),
  defect(
    'L18',
    "a second process uses the first one's file numbers",
    'a process has sockets of its own',
  ),
  defect(
    'L19',
    'a hundred events for fifty flaps (no defect)',
    'fifty fast flaps are a hundred events, in turn',
  ),
  defect(
    'L20',
    'missed frames are read from the wrong counter',
    'rxMissed is what the application failed to read: tx_dropped of the interface, not rx_dropped',
  ),
  defect(
    'L21',
    'promiscuous promises what it does not do',
    'promiscuous and all-multicast are flags of the interface: all frames come, with or without',
  ),
  defect(
    'D1',
    'sending stalls after 6,937 frames',
    'sending goes on for ever: nothing is held that could run out',
  ),
  defect(
    'D2',
    'each frame wakes a thousand reads',
    'a frame wakes who waits for its queue, and nobody else',
  ),
  defect('D3', 'EAGAIN counts as an error', 'a queue that is empty is no error'),
  defect(
    'D4',
    'older kernels: idle reads end at once, for ever',
    'where io_uring cannot be had the device works without, and says why',
  ),
  defect('D5', 'super-frames are cut to the MTU', 'super-frames come whole'),
  defect(
    'D6',
    'after raising the MTU frames are cut',
    'an MTU raised while started holds for the next frame',
  ),
  defect('D7', 'stop and start break the port', 'after stop and start frames pass as before'),
  defect(
    'D8',
    'two rings a queue, nothing registered',
    'one ring a queue, for both directions, with its file registered',
  ),
  defect('D9', 'IFF_NAPI makes sending slower', 'IFF_NAPI, which makes sending slower, is not set'),
  defect(
    'D10',
    'frames of several segments are submitted one by one',
    'frames gathered from parts go in one burst with the others',
  ),
  defect(
    'D11',
    'counted when submitted, and again when it fails',
    'sent is what the kernel took, and counts once',
  ),
  defect(
    'D12',
    'the return value is not what was consumed',
    'txBurst returns how many were consumed, the bad and the skipped among them',
  ),
  defect('D13', 'checksum flags are guessed', 'the header is passed on as it is'),
  defect(
    'D14',
    'lengths wrap at 64 KiB, beyond 1,518 no class',
    'frames of any length are in a class, and their bytes are counted whole',
  ),
  defect('D15', 'reads may outlive their ring', 'nothing is in flight when a call has returned'),
  defect('D16', 'wake-ups are lost', 'a frame that was there before the wait wakes it as well'),
  defect(
    'D17',
    'a failed probe leaves the interface',
    'an opening that fails leaves no interface and no file',
  ),
  defect(
    'D18',
    'no control of the length of the transmit queue, nothing about steering; no USO (comes with the offloads)',
    'the length of the transmit queue is in our hands, and a flow comes back by the queue that sent it',
  ),
  defect(
    'D19',
    'what persists can neither be adopted nor let go',
    'an interface that persists is adopted, whatever flags it has, and can be let go',
  ),
  defect(
    'D20',
    "the header's byte order is assumed",
    'the header is in the byte order of the host, by request',
  ),
  defect('D21', 'shared buffers lose their header lengths', 'header and lengths stay together'),
  defect('D22', 'a second process cannot do I/O', 'a queue works wherever it was handed to'),
];

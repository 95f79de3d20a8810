/**
 * DHCP and DNS for one network namespace: `node main.ts [/run/netns/a]`. The server is 10.0.0.1; a client that asks for an
 * address gets one, and is known by its name from then on.
 *
 * @module
 */

import { openTap } from '@rtap/core';
import {
  ETH_P_IP,
  IPPROTO_UDP,
  buildEthernet,
  buildIpv4,
  buildUdp,
  checksum,
  formatIpAddress,
  parseIpAddress,
  parseMacAddress,
  readEthernet,
  readIpv4,
  readUdp,
  respond,
} from '@rtap/frames';
import { DhcpServer } from './dhcp.ts';
import { answerQuery } from './dns.ts';
import { Leases } from './leases.ts';

const server = { mac: parseMacAddress('02:00:00:00:00:01'), ipv4: parseIpAddress('10.0.0.1') };
const [netns] = process.argv.slice(2);

const tap = await openTap(netns === undefined ? {} : { netns });
const leases = new Leases(parseIpAddress('10.0.0.10'), 100);
const dhcp = new DhcpServer(server.ipv4, leases);
process.once('SIGINT', () => void tap.close());
console.log(`${tap.name} is up, ask 10.0.0.1 for an address; end with Ctrl-C`);

/** Where a datagram came from, or is to go. */
interface Peer {
  readonly mac: Uint8Array;
  readonly address: Uint8Array;
  readonly port: number;
}

function send(to: Peer, sourcePort: number, payload: Uint8Array): void {
  const addresses = { source: server.ipv4, destination: to.address };
  const udp = buildUdp({ ...addresses, sourcePort, destinationPort: to.port, payload });
  const packet = buildIpv4({ ...addresses, protocol: IPPROTO_UDP, payload: udp });
  const ends = { source: server.mac, destination: to.mac };
  tap.send(buildEthernet({ ...ends, etherType: ETH_P_IP, payload: packet }));
}

/** Takes a frame with UDP for the server; anything else is left alone. */
function serve(frame: Uint8Array): void {
  const ethernet = readEthernet(frame);
  if (ethernet?.etherType !== ETH_P_IP) return;
  const ip = readIpv4(frame, ethernet.payloadOffset, ethernet.payloadLength);
  if (ip?.protocol !== IPPROTO_UDP || ip.isFragment) return;
  const udp = readUdp(frame, ip.payloadOffset, ip.payloadLength);
  if (udp === undefined) return;
  const sum = checksum(frame, ip.payloadOffset, ip.payloadLength, ip.pseudoHeaderSum);
  if (udp.checksum !== 0 && sum !== 0) return;
  const payload = frame.subarray(udp.payloadOffset, udp.payloadOffset + udp.payloadLength);
  if (udp.destinationPort === 67) {
    const answer = dhcp.answer(payload);
    if (answer === undefined) return;
    console.log(`${answer.type} ${formatIpAddress(answer.address)} ${answer.name ?? ''}`.trimEnd());
    send({ mac: answer.mac, address: answer.destination, port: 68 }, 67, answer.message);
  } else if (udp.destinationPort === 53 && Buffer.compare(ip.destination, server.ipv4) === 0) {
    const answer = answerQuery(payload, (name) =>
      name === 'gateway.lan' ? server.ipv4 : leases.find(name),
    );
    const peer = { mac: ethernet.source, address: ip.source, port: udp.sourcePort };
    if (answer !== undefined) send(peer, 53, answer);
  }
}

for await (const batch of tap.batches()) {
  for (let i = 0; i < batch.count; i += 1) {
    const frame = batch.frame(i);
    const length = respond(frame, server);
    if (length > 0) tap.send(frame.subarray(0, length));
    else serve(frame);
  }
}
await tap.close();

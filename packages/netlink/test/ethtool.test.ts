import { describe, expect, it } from 'vitest';
import {
  attributePath,
  decodeEthtoolLinkInfo,
  decodeEthtoolLinkInfoRequest,
  decodeEthtoolLinkState,
  decodeEthtoolLinkStateRequest,
  decodeGenericFamily,
  encodeEthtoolLinkInfo,
  encodeEthtoolLinkState,
  ETHTOOL_MSG_LINKINFO_GET,
  ETHTOOL_MSG_LINKINFO_GET_REPLY,
  ETHTOOL_MSG_LINKINFO_NTF,
  ETHTOOL_MSG_LINKSTATE_GET,
  ETHTOOL_MSG_LINKSTATE_GET_REPLY,
  genericRequestLayout,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  type EthtoolLinkInfoRequest,
  type EthtoolLinkStateRequest,
  type NetlinkMessage,
} from '../src/index.ts';
import { firstMessage, recordedMessages, testFamily } from './family.ts';
import { fromHex, golden, withoutSequence } from './golden.ts';

/** The type of ethtool's messages, as the controller told it to ethtool. */
const FAMILY = decodeGenericFamily(firstMessage(golden('genl_get').received[0]!), 'little').id!;

const answers = (name: string): NetlinkMessage[] =>
  recordedMessages(golden(name).received, [FAMILY]);
const states = answers('ethtool_link_state');
const infos = answers('ethtool_link_info');

/** Words of ethtool 6.1 for the numbers of linux/ethtool.h. */
const PORTS: Readonly<Record<number, string>> = { 0: 'Twisted Pair', 1: 'AUI', 3: 'FIBRE' };
const TRANSCEIVERS: Readonly<Record<number, string>> = { 0: 'internal', 1: 'external' };
const CROSSINGS: Readonly<Record<number, string>> = { 0: 'Unknown', 1: 'off', 2: 'on' };

const printed = (name: string): string[] =>
  (golden(name).text ?? '').split('\n').map((line) => line.trim());

const stray = (body: string) => ({
  type: FAMILY,
  flags: 0,
  sequence: 0,
  portId: 0,
  body: fromHex(body),
});

describe('decodeEthtoolLinkState', () => {
  it('tells what ethtool tells', () => {
    const state = decodeEthtoolLinkState(states[0]!, 'little');
    expect(state).toMatchObject({ event: 'reply', version: 1, unknown: [] });
    expect(state.header?.index).toBeGreaterThan(0);
    expect(printed('ethtool_link_state')).toEqual(
      expect.arrayContaining([
        `Settings for ${state.header?.name}:`,
        `Link detected: ${state.link === true ? 'yes' : 'no'}`,
      ]),
    );
  });

  it('keeps what it does not know, and refuses other commands', () => {
    expect(decodeEthtoolLinkState(stray('06010000 0600 6440 0102 0000'), 'little')).toMatchObject({
      command: ETHTOOL_MSG_LINKSTATE_GET_REPLY,
      unknown: [{ type: 0x4064, value: Uint8Array.of(1, 2) }],
    });
    expect(() => decodeEthtoolLinkState(infos[0]!, 'little')).toThrow(TypeError);
  });
});

describe('dumps, judged by ethtool', () => {
  /** Lines that begin with a word, by interface: ethtool asks for all interfaces group by group. */
  const told = (name: string, word: string): string[] => {
    const lines = printed(name);
    return lines.flatMap((line, at) => {
      if (!line.startsWith(`${word}: `)) return [];
      const before = lines.slice(0, at).findLast((other) => other.startsWith('Settings for '));
      return [`${before} ${line}`];
    });
  };

  it('of the state of all links', () => {
    const ours = answers('ethtool_link_state_dump').map((message) => {
      const { header, link } = decodeEthtoolLinkState(message, 'little');
      return `Settings for ${header?.name}: Link detected: ${link === true ? 'yes' : 'no'}`;
    });
    expect(ours.length).toBeGreaterThan(2);
    expect(ours).toEqual(told('ethtool_link_state_dump', 'Link detected'));
  });

  it('of port and transceiver of all links that have them', () => {
    const ours = answers('ethtool_link_info_dump').map((message) => {
      const { header, port } = decodeEthtoolLinkInfo(message, 'little');
      return `Settings for ${header?.name}: Port: ${PORTS[port ?? -1]}`;
    });
    expect(ours.length).toBeGreaterThan(1);
    expect(ours).toEqual(told('ethtool_link_info_dump', 'Port'));
  });
});

describe('decodeEthtoolLinkInfo', () => {
  it('tells what ethtool tells', () => {
    const info = decodeEthtoolLinkInfo(infos[0]!, 'little');
    expect(info).toMatchObject({ event: 'reply', version: 1, mdixControl: 0, unknown: [] });
    expect(printed('ethtool_link_info')).toEqual(
      expect.arrayContaining([
        `Settings for ${info.header?.name}:`,
        `Port: ${PORTS[info.port ?? -1]}`,
        `PHYAD: ${info.phyAddress}`,
        `Transceiver: ${TRANSCEIVERS[info.transceiver ?? -1]}`,
        `MDI-X: ${CROSSINGS[info.mdix ?? -1]}`,
      ]),
    );
  });

  it('tells changes from answers, and refuses other commands', () => {
    const change = decodeEthtoolLinkInfo(stray('03010000 0500 0200 ff000000'), 'little');
    expect(change).toMatchObject({
      event: 'change',
      command: ETHTOOL_MSG_LINKINFO_NTF,
      port: 0xff,
    });
    expect(() => decodeEthtoolLinkInfo(states[0]!, 'little')).toThrow(TypeError);
  });
});

describe('requests, judged by ethtool', () => {
  const flags = NLM_F_REQUEST | NLM_F_ACK;

  it('asks for the state of a link', () => {
    const request = {
      command: ETHTOOL_MSG_LINKSTATE_GET,
      version: 1,
      header: { name: 've0' },
    };
    const { sent } = golden('ethtool_link_state');
    const bytes = encodeEthtoolLinkState(FAMILY, request, { flags, sequence: 0 }, 'little');
    expect(bytes).toEqual(withoutSequence(sent));
    expect(decodeEthtoolLinkStateRequest(firstMessage(sent), 'little')).toEqual(request);
    const layout = genericRequestLayout('ethtool', ETHTOOL_MSG_LINKSTATE_GET);
    expect(attributePath(bytes, 24, layout!, true)).toBe('header.dev-name');
  });

  it('asks for port and transceiver', () => {
    const request = {
      command: ETHTOOL_MSG_LINKINFO_GET,
      version: 1,
      header: { name: 've0' },
    };
    const { sent } = golden('ethtool_link_info');
    const bytes = encodeEthtoolLinkInfo(FAMILY, request, { flags, sequence: 0 }, 'little');
    expect(bytes).toEqual(withoutSequence(sent));
    expect(decodeEthtoolLinkInfoRequest(firstMessage(sent), 'little')).toEqual(request);
    const layout = genericRequestLayout('ethtool', ETHTOOL_MSG_LINKINFO_GET);
    expect(attributePath(bytes, 24, layout!, true)).toBe('header.dev-name');
    expect(genericRequestLayout('ethtool', 200)).toBeUndefined();
  });

  it('asks for all links', () => {
    const header = { flags: flags | NLM_F_DUMP, sequence: 0 };
    const state = { command: ETHTOOL_MSG_LINKSTATE_GET, version: 1, header: {} };
    const info = { command: ETHTOOL_MSG_LINKINFO_GET, version: 1, header: {} };
    expect(encodeEthtoolLinkState(FAMILY, state, header, 'little')).toEqual(
      withoutSequence(golden('ethtool_link_state_dump').sent),
    );
    expect(encodeEthtoolLinkInfo(FAMILY, info, header, 'little')).toEqual(
      withoutSequence(golden('ethtool_link_info_dump').sent),
    );
  });

  it('says all that messages say', () => {
    const header = { index: 1, name: 'lo', flags: 4, phyIndex: 2 };
    const state: EthtoolLinkStateRequest = {
      command: ETHTOOL_MSG_LINKSTATE_GET_REPLY,
      version: 1,
      header,
      link: false,
      signalQuality: 2,
      maxSignalQuality: 3,
      extendedState: 4,
      extendedSubstate: 5,
      linkDownCount: 6,
    };
    const info: EthtoolLinkInfoRequest = {
      command: ETHTOOL_MSG_LINKINFO_GET_REPLY,
      version: 1,
      header,
      port: 2,
      phyAddress: 3,
      mdix: 4,
      mdixControl: 5,
      transceiver: 6,
    };
    const none = { flags: 0, sequence: 0 };
    const stateBytes = encodeEthtoolLinkState(FAMILY, state, none, 'little');
    const infoBytes = encodeEthtoolLinkInfo(FAMILY, info, none, 'little');
    expect(decodeEthtoolLinkState(firstMessage(stateBytes), 'little')).toEqual({
      event: 'reply',
      ...state,
      unknown: [],
    });
    expect(decodeEthtoolLinkInfo(firstMessage(infoBytes), 'little')).toEqual({
      event: 'reply',
      ...info,
      unknown: [],
    });
  });
});

testFamily('generic netlink: link state of ethtool', {
  decode: decodeEthtoolLinkState,
  decodeRequest: decodeEthtoolLinkStateRequest,
  encode: encodeEthtoolLinkState,
  recorded: states,
});

testFamily('generic netlink: link info of ethtool', {
  decode: decodeEthtoolLinkInfo,
  decodeRequest: decodeEthtoolLinkInfoRequest,
  encode: encodeEthtoolLinkInfo,
  recorded: infos,
});

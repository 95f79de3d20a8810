import { describe, expect, it } from 'vitest';
import {
  attributePath,
  CTRL_CMD_DELFAMILY,
  CTRL_CMD_DELMCAST_GRP,
  CTRL_CMD_GETFAMILY,
  CTRL_CMD_NEWFAMILY,
  CTRL_CMD_NEWMCAST_GRP,
  decodeGenericFamily,
  decodeGenericFamilyRequest,
  encodeGenericFamily,
  genericRequestLayout,
  GENL_CMD_CAP_DO,
  GENL_CMD_CAP_DUMP,
  GENL_CMD_CAP_HASPOL,
  GENL_ID_CTRL,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  type GenericFamilyMessage,
  type GenericFamilyRequest,
} from '../src/index.ts';
import { firstMessage, recordedMessages, testFamily } from './family.ts';
import { fromHex, golden, withoutSequence } from './golden.ts';

const recorded = recordedMessages(golden('genl_ctrl').received, [GENL_ID_CTRL]);

const hex = (value: number | undefined): string => `0x${value?.toString(16)}`;

/** What `genl ctrl list` prints of a family, capabilities of commands apart. */
function printFamily(family: GenericFamilyMessage): string[] {
  const { name, id, familyVersion, headerSize, maxAttribute, operations, groups } = family;
  return [
    `Name: ${name}`,
    `ID: ${hex(id)}  Version: ${hex(familyVersion)}  header size: ${headerSize}  max attribs: ${maxAttribute}`,
    'commands supported:',
    ...(operations ?? []).map(({ command }, at) => `#${at + 1}:  ID-${hex(command)}`),
    ...(groups === undefined ? [] : ['multicast groups:']),
    ...(groups ?? []).map((group, at) => `#${at + 1}:  ID-${hex(group.id)}  name: ${group.name}`),
  ];
}

describe('decodeGenericFamily', () => {
  it('tells the families that genl tells', () => {
    const { received, text } = golden('genl_ctrl');
    const families = recordedMessages(received, [GENL_ID_CTRL]).map((message) =>
      decodeGenericFamily(message, 'little'),
    );
    const printed = (text ?? '').split('\n').map((line) => line.trim());
    // Only of the controller's own commands, genl says in words what the flags say.
    const compared = printed.filter((line) => line !== '' && !/^(?:Capab|can )/.test(line));
    expect(families.flatMap(printFamily)).toEqual(compared);
    expect(printed).toContain('Capabilities (0xe):');
    expect(printed).toContain('can doit; can dumpit; has policy');
    const all = GENL_CMD_CAP_DO | GENL_CMD_CAP_DUMP | GENL_CMD_CAP_HASPOL;
    expect(families[0]?.operations?.map(({ flags }) => flags)).toEqual([
      all,
      all & ~GENL_CMD_CAP_DO,
    ]);
    for (const family of families) {
      expect(family).toMatchObject({ event: 'new', command: CTRL_CMD_NEWFAMILY, unknown: [] });
    }
  });

  it('tells one family by its name, as genl does', () => {
    const { received, text } = golden('genl_get');
    const [message] = recordedMessages(received, [GENL_ID_CTRL]);
    const family = decodeGenericFamily(message!, 'little');
    expect(family).toMatchObject({ name: 'ethtool', id: 0x15 });
    const lines = (text ?? '').split('\n').map((line) => line.trim());
    expect(printFamily(family)).toEqual(lines.filter((line) => line !== ''));
    const { flags, sequence, portId } = message!;
    const plain = decodeGenericFamilyRequest(message!, 'little');
    const again = encodeGenericFamily(GENL_ID_CTRL, plain, { flags, sequence, portId }, 'little');
    expect(firstMessage(again)).toEqual(message);
  });

  it('keeps what it does not know, and refuses other commands', () => {
    const body = fromHex('02020000 0600 6440 0102 0000');
    const message = { type: GENL_ID_CTRL, flags: 0, sequence: 0, portId: 0, body };
    expect(decodeGenericFamily(message, 'little')).toMatchObject({
      event: 'delete',
      command: CTRL_CMD_DELFAMILY,
      unknown: [{ type: 0x4064, value: Uint8Array.of(1, 2) }],
    });
    const events = [CTRL_CMD_NEWMCAST_GRP, CTRL_CMD_DELMCAST_GRP].map((command) => {
      const other = { ...message, body: Uint8Array.of(command, 2, 0, 0) };
      return decodeGenericFamily(other).event;
    });
    expect(events).toEqual(['newGroup', 'deleteGroup']);
    const asked = { ...message, body: Uint8Array.of(CTRL_CMD_GETFAMILY, 2, 0, 0) };
    expect(() => decodeGenericFamily(asked)).toThrow(TypeError);
  });
});

describe('encodeGenericFamily, judged by genl and ethtool', () => {
  const cases: readonly (readonly [string, number, GenericFamilyRequest])[] = [
    ['genl_ctrl', NLM_F_REQUEST | NLM_F_DUMP, { command: CTRL_CMD_GETFAMILY, version: 0 }],
    [
      'genl_get',
      NLM_F_REQUEST | NLM_F_ACK,
      { command: CTRL_CMD_GETFAMILY, version: 0, name: 'ethtool' },
    ],
  ];

  it.each(cases)('%s', (name, flags, request) => {
    const { sent } = golden(name);
    const bytes = encodeGenericFamily(GENL_ID_CTRL, request, { flags, sequence: 0 }, 'little');
    expect(bytes).toEqual(withoutSequence(sent));
    expect(decodeGenericFamilyRequest(firstMessage(sent), 'little')).toEqual(request);
  });

  it('says all that a message says, and names attributes', () => {
    const request: GenericFamilyRequest = {
      command: CTRL_CMD_NEWFAMILY,
      version: 2,
      id: 0x15,
      name: 'ethtool',
      familyVersion: 3,
      headerSize: 4,
      maxAttribute: 5,
      operations: [{ command: 1, flags: 0xe }],
      groups: [{ name: 'monitor', id: 6 }],
      operation: 7,
    };
    const header = { flags: 0, sequence: 0 };
    const bytes = encodeGenericFamily(GENL_ID_CTRL, request, header, 'little');
    const decoded = decodeGenericFamily(firstMessage(bytes), 'little');
    expect(decoded).toEqual({ event: 'new', ...request, unknown: [] });
    const layout = genericRequestLayout('nlctrl', CTRL_CMD_GETFAMILY);
    expect(attributePath(bytes, 28, layout!, true)).toBe('family-name');
    expect(genericRequestLayout('no such family', CTRL_CMD_GETFAMILY)).toBeUndefined();
  });
});

testFamily('generic netlink families', {
  decode: decodeGenericFamily,
  decodeRequest: decodeGenericFamilyRequest,
  encode: encodeGenericFamily,
  // Those with many commands take long, and have nothing else inside.
  recorded: recorded.filter(({ body }) => body.length < 200),
});

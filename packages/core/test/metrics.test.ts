import { FakeKernel } from '@rtap/testkit';
import { METRICS_CONTENT_TYPE, metricsOf, openTap } from '@rtap/core';
import type { TapDevice } from '@rtap/core';
import parse from 'parse-prometheus-text-format';
import { afterEach, describe, expect, it } from 'vitest';

const kernel = new FakeKernel();
const opened: TapDevice[] = [];

async function open(options: Parameters<typeof openTap>[0] = {}): Promise<TapDevice> {
  const tap = await openTap({ kernel, ...options });
  opened.push(tap);
  return tap;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((tap) => tap.close()));
});

/** A line as exposition format 0.0.4 has it: `name{label="value",...} number`. */
const LINE =
  /^[a-z_]+\{[a-z_]+="(?:[^"\\\n]|\\[\\n"])*"(?:,[a-z_]+="(?:[^"\\\n]|\\[\\n"])*")*\} \d+$/;

/** Its metrics as another parser reads them, by name. */
function read(text: string): ReadonlyMap<string, ReturnType<typeof parse>[number]> {
  return new Map(parse(text).map((metric) => [metric.name, metric]));
}

function values(text: string, name: string): unknown {
  return read(text)
    .get(name)
    ?.metrics.map(({ value, labels }) => [labels, Number(value)]);
}

describe('metrics', () => {
  it('counts each queue, and tells the link', async () => {
    const tap = await open({ queues: 2 });
    const batch = tap.createBatch();
    batch.push(new Uint8Array(60));
    tap.queue(1).txBurst(batch);
    const text = await tap.metrics();
    expect(values(text, 'rtap_tx_packets_total')).toEqual([
      [{ interface: tap.name, queue: '0' }, 0],
      [{ interface: tap.name, queue: '1' }, 1],
    ]);
    expect(text).toContain(`\nrtap_tx_bytes_total{interface="${tap.name}",queue="1"} 60\n`);
    expect(values(text, 'rtap_link_up')).toEqual([[{ interface: tap.name }, 1]]);
    await tap.linkDown();
    const down = await tap.metrics();
    expect(values(down, 'rtap_link_up')).toEqual([[{ interface: tap.name }, 0]]);
    expect(values(down, 'rtap_link_state_change_events_total')).toEqual([
      [{ interface: tap.name }, 1],
    ]);
  });

  it('tells the device in the labels of one metric', async () => {
    const tap = await open({ mac: '02:00:00:00:00:07' });
    const { namespaceInode, engine } = tap.info();
    expect(values(await tap.metrics(), 'rtap_info')).toEqual([
      [
        {
          ...{ interface: tap.name, ifindex: String(tap.ifindex), netns: String(namespaceInode) },
          ...{ state: 'started', engine: engine.name, mac: '02:00:00:00:00:07' },
        },
        1,
      ],
    ]);
  });
});

describe('metricsOf', () => {
  it('has each metric once, with its help and type before all its lines', async () => {
    const text = await metricsOf([await open(), await open()]);
    const lines = text.split('\n');
    expect(lines.at(-1)).toBe('');
    const named: string[] = [];
    for (const line of lines.slice(0, -1)) {
      const [, kind, name] = /^# (HELP|TYPE) (\S+) ./.exec(line) ?? [];
      if (kind === 'HELP') named.push(name!);
      else if (kind === 'TYPE')
        expect([named.at(-1), /^.* (?:counter|gauge)$/.test(line)]).toEqual([name, true]);
      else
        expect([line, LINE.test(line), line.startsWith(`${named.at(-1)}{`)]).toEqual([
          line,
          true,
          true,
        ]);
    }
    expect(new Set(named).size).toBe(named.length);
    expect(values(text, 'rtap_queues')).toHaveLength(2);
    expect(read(text).get('rtap_rx_missed_total')).toMatchObject({
      type: 'COUNTER',
      help: 'Frames that the kernel dropped because a queue was full.',
    });
  });

  it('tells devices of one name by their namespaces, and each device once', async () => {
    const netns = kernel.createNamespace();
    const [one, other] = [await open({ name: 'same' }), await open({ name: 'same', netns })];
    const text = await metricsOf([one, other, one]);
    expect(values(text, 'rtap_link_up')).toEqual(
      [one, other].map((tap) => [
        { interface: 'same', netns: String(tap.info().namespaceInode) },
        1,
      ]),
    );
  });

  it('escapes what a name has in it', async () => {
    const tap = await open({ name: 'a"b\\c' });
    const text = await metricsOf([tap]);
    expect(text).toContain('rtap_link_up{interface="a\\"b\\\\c"} 1\n');
  });

  it('is empty of none, and takes devices alone', async () => {
    expect(await metricsOf([])).toBe('');
    expect(METRICS_CONTENT_TYPE).toBe('text/plain; version=0.0.4; charset=utf-8');
    for (const wrong of [undefined, {}, await open(), [{}], [null]]) {
      await expect(metricsOf(wrong as never)).rejects.toMatchObject({
        ...{ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' },
      });
    }
  });
});

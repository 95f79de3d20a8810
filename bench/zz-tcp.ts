import { Connection } from './datapath/forwarders.ts';
import { join } from 'node:path';
const dist = join(import.meta.dirname, '../packages/core/dist/index.js');
const streams = Number(process.argv[2] ?? 1), rounds = Number(process.argv[3] ?? 8);
const list: any[] = [
  { name: 'C', command: [join(import.meta.dirname, '../.rtap/bench/datapath-forwarder'), 'tap', 'gso', '1'] },
  ...['1', '2', '4', '64'].map((b) => ({ name: `rtap ${b}`, command: ['env', `BURST=${b}`, process.execPath, join(import.meta.dirname, 'datapath/zz-forward.ts'), dist, 'gso'] })),
];
const cs = [] as any[];
for (const c of list) cs.push(await Connection.create(c));
const all: any = {};
for (let r = -1; r < rounds; r++) for (const c of cs) { const f = await c.tcp(streams, 1); if (r >= 0) for (const k of Object.keys(f)) ((all[c.name] ??= {})[k] ??= []).push(f[k]); }
const med = (a: number[]) => [...a].sort((x, y) => x - y)[a.length >> 1]!;
for (const n of Object.keys(all)) {
  const r = (k: string) => med(all[n][k].map((v: number, i: number) => v / all['C'][k][i]));
  console.log(n.padEnd(10), 'Gb/s', med(all[n]['Gb/s']).toFixed(1), 'x', r('Gb/s').toFixed(3), 'CPU', med(all[n]['CPU ms/Gb']).toFixed(2), 'x', r('CPU ms/Gb').toFixed(3), 'retr', med(all[n].retransmits));
}
for (const c of cs) await c.close();
process.exit();

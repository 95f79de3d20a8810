/**
 * The ratios as a picture.
 *
 * @module
 */

import type { CustomSeriesRenderItem } from 'echarts';
import { CustomChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

import type { Answer } from './contest.ts';
import { nameOfAnswer, type Outcome } from './report.ts';

const ROW = 22;
const WIDTH = 1240;

/** All ratios with their intervals, and the targets, as SVG. */
export function asSvg(told: Outcome): string {
  use([CustomChart, ScatterChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);
  const rows = told.workloads
    .flatMap(({ name, answers }) => answers.map((answer) => ({ workload: name, answer })))
    .toReversed();
  const label = rows.map(({ workload, answer }) => `${workload}: ${nameOfAnswer(answer)}`);
  const height = 110 + ROW * rows.length;
  const chart = init(undefined, undefined, { renderer: 'svg', ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    backgroundColor: '#fff',
    color: ['#888', '#1f77b4', '#d62728'],
    title: {
      text: 'Ratios of one run: median of the paired rounds, 95 % interval, target',
      subtext: `kernel ${told.machine.kernel}, ${told.machine.cpu}, commit ${told.machine.commit}`,
    },
    legend: { bottom: 0, data: ['ratio', 'target'] },
    grid: { left: 680, right: 40, top: 60, bottom: 60 },
    xAxis: { type: 'log', min: 'dataMin', name: 'x', splitLine: { show: true } },
    yAxis: { type: 'category', data: label, axisLabel: { fontSize: 11 } },
    series: [
      {
        type: 'custom',
        name: 'interval',
        encode: { x: [1, 2], y: 0 },
        data: rows.map(({ answer: { interval } }, row) => [row, interval.low, interval.high]),
        renderItem: drawInterval,
      },
      {
        type: 'scatter',
        name: 'ratio',
        symbolSize: 8,
        data: rows.map(({ answer }, row) => [answer.ratio.median, row]),
      },
      {
        type: 'scatter',
        name: 'target',
        symbol: 'rect',
        symbolSize: [3, 16],
        data: rows.flatMap(({ answer }, row) => {
          const goal = goalOf(answer);
          return goal === undefined ? [] : [[goal, row]];
        }),
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** A line from the low end to the high one. */
const drawInterval: CustomSeriesRenderItem = (_, api) => {
  const row = api.value(0);
  const [x1 = 0, y1 = 0] = api.coord([api.value(1), row]);
  const [x2 = 0, y2 = 0] = api.coord([api.value(2), row]);
  return { type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: '#888', lineWidth: 3 } };
};

function goalOf({ target }: Answer): number | undefined {
  if (target === undefined) return undefined;
  return 'least' in target ? target.least : target.most;
}

/**
 * The targets as a picture.
 *
 * @module
 */

import type { CustomSeriesRenderItem } from 'echarts';
import { CustomChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

import type { Target } from './contest.ts';
import { goal, nameOfAnswer, type Outcome } from './report.ts';

const ROW = 22;
const WIDTH = 1240;

/** How much of its target each ratio reaches, with its interval, as SVG: right of 1 is met. */
export function asSvg(told: Outcome): string {
  use([CustomChart, ScatterChart, GridComponent, MarkLineComponent, TitleComponent, SVGRenderer]);
  const rows = told.workloads
    .flatMap(({ name, answers }) =>
      answers.flatMap((answer) => {
        const { ratio, interval, target } = answer;
        if (target === undefined) return [];
        const parts = [ratio.median, interval.low, interval.high].map((each) => part(each, target));
        return [{ label: `${name}: ${nameOfAnswer(answer)} ${goal(target)}`, parts }];
      }),
    )
    // The axis begins at the bottom.
    .toReversed();
  const height = 130 + ROW * rows.length;
  const chart = init(undefined, undefined, { renderer: 'svg', ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    backgroundColor: '#fff',
    color: ['#888', '#1f77b4'],
    title: {
      text: 'How much of its target each ratio reaches: the median of paired rounds and its 95 % interval',
      subtext: `kernel ${told.machine.kernel}, ${told.machine.cpu}, commit ${told.machine.commit}`,
    },
    grid: { left: 680, right: 40, top: 60, bottom: 50 },
    xAxis: { type: 'value', scale: true, splitLine: { show: true } },
    yAxis: {
      type: 'category',
      data: rows.map(({ label }) => label),
      axisLabel: { fontSize: 11 },
      axisLine: { onZero: false },
    },
    series: [
      {
        type: 'custom',
        encode: { x: [1, 2], y: 0 },
        data: rows.map(({ parts: [, low, high] }, row) => [row, low, high]),
        renderItem: drawInterval,
      },
      {
        type: 'scatter',
        symbolSize: 8,
        data: rows.map(({ parts: [median] }, row) => [median, row]),
        markLine: {
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: '#d62728', type: 'solid' },
          data: [{ xAxis: 1 }],
        },
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** 1 is the target, more is better. */
function part(ratio: number, target: Target): number {
  return 'least' in target ? ratio / target.least : target.most / ratio;
}

/** A line from one end to the other. */
const drawInterval: CustomSeriesRenderItem = (_, api) => {
  const row = api.value(0);
  const [x1 = 0, y1 = 0] = api.coord([api.value(1), row]);
  const [x2 = 0, y2 = 0] = api.coord([api.value(2), row]);
  return { type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: '#888', lineWidth: 3 } };
};

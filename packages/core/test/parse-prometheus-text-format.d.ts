declare module 'parse-prometheus-text-format' {
  /** A metric as its parser reads it. */
  interface ParsedMetric {
    readonly name: string;
    readonly help: string;
    readonly type: 'COUNTER' | 'GAUGE' | 'UNTYPED';
    readonly metrics: readonly {
      readonly value: string;
      readonly labels?: Readonly<Record<string, string>>;
    }[];
  }
  export default function parse(text: string): readonly ParsedMetric[];
}

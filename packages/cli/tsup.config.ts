import type { Options } from 'tsup';

const config: Options = {
  entry: { index: 'src/index.ts', bin: 'src/bin.ts', bench: 'src/bench/measuring.ts' },
  format: 'esm',
  target: 'es2022',
  dts: true,
  clean: true,
  sourcemap: true,
};

export default config;

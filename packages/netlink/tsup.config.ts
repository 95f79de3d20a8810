import type { Options } from 'tsup';

const config: Options = {
  entry: [
    'src/index.ts',
    'src/link.ts',
    'src/address.ts',
    'src/neighbour.ts',
    'src/route.ts',
    'src/rule.ts',
    'src/nexthop.ts',
    'src/netns-id.ts',
    'src/stats.ts',
    'src/stats-query.ts',
    'src/tc.ts',
    'src/tc-action.ts',
    'src/generic-family.ts',
    'src/ethtool-link-state.ts',
    'src/ethtool-link-info.ts',
  ],
  format: 'esm',
  target: 'es2022',
  dts: true,
  clean: true,
  sourcemap: true,
};

export default config;

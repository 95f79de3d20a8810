/**
 * The site: guides and the API of all packages, into docs/api. Nothing exported may be undocumented.
 * @module
 */

import { plugin } from './tools/docs/figures.mjs';

const {
  GITHUB_SERVER_URL: server,
  GITHUB_REPOSITORY: repository,
  GITHUB_SHA: commit,
} = process.env;

// Links to sources need no remote, only where the sources are; where that is unknown there are none.
const sources =
  repository === undefined
    ? { disableSources: true }
    : {
        disableGit: true,
        gitRevision: commit ?? 'main',
        sourceLinkTemplate: `${server}/${repository}/blob/{gitRevision}/{path}#L{line}`,
      };

/** @type {import('typedoc').TypeDocOptions} */
const config = {
  name: 'rtap',
  entryPointStrategy: 'packages',
  entryPoints: [
    'packages/core',
    'packages/transport',
    'packages/netlink',
    'packages/frames',
    'packages/native',
    'packages/testkit',
    'packages/cli',
  ],
  out: 'docs/api',
  readme: 'docs/index.md',
  projectDocuments: [
    'getting-started',
    'link-state',
    'data-path',
    'namespaces',
    'offloads',
    'performance',
    'looking-inside',
    'testing',
    'from-ip',
    'from-pyroute2',
    'from-dpdk',
  ].map((name) => `docs/guides/${name}.md`),
  plugin: [plugin],
  customCss: 'docs/site.css',
  searchInDocuments: true,
  searchGroupBoosts: { Functions: 2, Classes: 1.5, Documents: 1.5 },
  defaultCategory: 'Packages',
  navigation: { includeCategories: true, includeFolders: false },
  includeVersion: true,
  treatWarningsAsErrors: true,
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  packageOptions: {
    basePath: import.meta.dirname,
    displayBasePath: import.meta.dirname,
    ...sources,
    excludeInternal: true,
    excludePrivate: true,
  },
};

export default config;

#!/usr/bin/env node
/**
 * The layering rule: imports point down only. {@link layers} is the rule; it is checked against every
 * package.json and every import in every package's sources and tests.
 * @module
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';

import ts from 'typescript';

import { workspaceFolders } from './run/setup.mjs';

/**
 * What a package may use of the workspace.
 * @typedef {object} Layer
 * @property {readonly string[]} [uses] packages that its sources and tests import
 * @property {readonly string[]} [types] packages that it imports types from only ...
 * @property {Readonly<Record<string, readonly string[]>>} [loads] ... but for these files, which may load them by `import()`
 * @property {readonly string[]} [tests] packages that only its tests import, besides
 * @property {boolean} [pure] true: it runs in a browser too, so no Node module and no dependency
 */

/** Top first. @type {Readonly<Record<string, Layer>>} */
export const layers = {
  'rtap-conformance': {
    uses: [
      '@rtap/cli',
      '@rtap/core',
      '@rtap/testkit',
      '@rtap/transport',
      '@rtap/native',
      '@rtap/netlink',
      '@rtap/frames',
    ],
  },
  'rtap-examples': { uses: ['@rtap/core', '@rtap/transport', '@rtap/frames'] },
  'rtap-bench': {
    uses: [
      '@rtap/cli',
      '@rtap/core',
      '@rtap/testkit',
      '@rtap/transport',
      '@rtap/native',
      '@rtap/netlink',
      '@rtap/frames',
    ],
  },
  '@rtap/cli': {
    uses: [
      '@rtap/core',
      '@rtap/testkit',
      '@rtap/transport',
      '@rtap/native',
      '@rtap/netlink',
      '@rtap/frames',
    ],
  },
  '@rtap/core': {
    uses: ['@rtap/transport', '@rtap/native', '@rtap/netlink', '@rtap/frames'],
    tests: ['@rtap/testkit'],
  },
  '@rtap/testkit': {
    uses: ['@rtap/transport', '@rtap/native', '@rtap/netlink', '@rtap/frames'],
  },
  '@rtap/transport': {
    uses: ['@rtap/netlink'],
    types: ['@rtap/native'],
    loads: { '@rtap/native': ['src/open-netlink-socket.ts'] },
  },
  '@rtap/native': {
    uses: [
      '@rtap/native-linux-arm64-gnu',
      '@rtap/native-linux-arm64-musl',
      '@rtap/native-linux-x64-gnu',
      '@rtap/native-linux-x64-musl',
    ],
  },
  '@rtap/native-linux-arm64-gnu': {},
  '@rtap/native-linux-arm64-musl': {},
  '@rtap/native-linux-x64-gnu': {},
  '@rtap/native-linux-x64-musl': {},
  '@rtap/netlink': { pure: true },
  '@rtap/frames': { pure: true },
};

const dependencyKinds = /** @type {const} */ ([
  'dependencies',
  'devDependencies',
  'peerDependencies',
  'optionalDependencies',
]);

/**
 * A member of the workspace.
 * @typedef {object} Package
 * @property {string} name as in package.json
 * @property {string} folder absolute path
 * @property {ReadonlyMap<string, ReadonlySet<string>>} dependencies name -> the kinds it is declared as
 * @property {ReadonlySet<string>} entries subpaths of `exports`
 */

/**
 * Checks a workspace against the rule.
 * @param {string} root the folder of pnpm-workspace.yaml
 * @param {Readonly<Record<string, Layer>>} rule
 * @returns {string[]} one line a problem, none when all is well
 */
export function checkLayers(root, rule = layers) {
  const packages = readPackages(root);
  const byName = new Map(packages.map((one) => [one.name, one]));
  return [
    ...packages.flatMap((one) => checkManifest(one, byName, rule, root)),
    ...findCycles(byName),
    ...packages.flatMap((one) =>
      sourceFiles(one.folder).flatMap((file) => checkFile(one, file, byName, rule, root)),
    ),
  ];
}

/**
 * @param {string} root
 * @returns {Package[]}
 */
function readPackages(root) {
  const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  return workspaceFolders(root, workspace)
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      /** @type {Map<string, Set<string>>} */
      const dependencies = new Map();
      for (const kind of dependencyKinds) {
        for (const name of Object.keys(manifest[kind] ?? {})) {
          dependencies.set(name, (dependencies.get(name) ?? new Set()).add(kind));
        }
      }
      const entries = new Set(Object.keys(manifest.exports ?? { '.': '' }));
      return { name: String(manifest.name), folder, dependencies, entries };
    });
}

/**
 * @param {Package} one
 * @param {ReadonlyMap<string, Package>} byName
 * @param {Readonly<Record<string, Layer>>} rule
 * @param {string} root
 * @returns {string[]}
 */
function checkManifest(one, byName, rule, root) {
  const where = relative(root, join(one.folder, 'package.json'));
  const layer = rule[one.name];
  if (layer === undefined) {
    return [`${where}: ${one.name} has no place in the table of tools/check-layers.mjs`];
  }
  /** @type {string[]} */
  const problems = [];
  for (const [name, kinds] of one.dependencies) {
    const isForRuntime = [...kinds].some((kind) => kind !== 'devDependencies');
    if (!byName.has(name)) {
      if (layer.pure && isForRuntime)
        problems.push(`${where}: ${one.name} takes no dependency, not ${name}`);
    } else if (!allowed(layer).includes(name)) {
      problems.push(`${where}: ${one.name} may not depend on ${name}`);
    } else if (isForRuntime && layer.tests?.includes(name)) {
      problems.push(
        `${where}: ${one.name} may have ${name} for its tests only, as a dev dependency`,
      );
    }
  }
  return problems;
}

/** @param {Layer} layer */
function allowed({ uses = [], types = [], tests = [] }) {
  return [...uses, ...types, ...tests];
}

/**
 * Cycles in the graph of the packages, dev dependencies included.
 * @param {ReadonlyMap<string, Package>} byName
 * @returns {string[]}
 */
function findCycles(byName) {
  /** @type {string[]} */
  const problems = [];
  const finished = new Set();
  /** @param {string} name @param {readonly string[]} path */
  const visit = (name, path) => {
    const start = path.indexOf(name);
    if (start >= 0) {
      problems.push(`packages depend on each other: ${[...path.slice(start), name].join(' -> ')}`);
      return;
    }
    if (finished.has(name)) return;
    for (const next of byName.get(name)?.dependencies.keys() ?? []) {
      if (byName.has(next)) visit(next, [...path, name]);
    }
    finished.add(name);
  };
  for (const name of byName.keys()) visit(name, []);
  return problems;
}

/**
 * The TypeScript and JavaScript files of a package, members of the workspace inside it excluded.
 * @param {string} folder
 * @returns {string[]}
 */
function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (['node_modules', 'dist', 'target', '.turbo', 'coverage'].includes(entry.name)) return [];
      return existsSync(join(path, 'package.json')) ? [] : sourceFiles(path);
    }
    return /\.[cm]?[jt]sx?$/.test(entry.name) ? [path] : [];
  });
}

/**
 * @param {Package} one
 * @param {string} file
 * @param {ReadonlyMap<string, Package>} byName
 * @param {Readonly<Record<string, Layer>>} rule
 * @param {string} root
 * @returns {string[]}
 */
function checkFile(one, file, byName, rule, root) {
  const layer = rule[one.name];
  if (layer === undefined) return [];
  const inPackage = relative(one.folder, file).split(sep).join('/');
  const isSource = inPackage.startsWith('src/');
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);

  return findImports(source).flatMap(({ specifier, kind, node }) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    const problem = judge(specifier, kind);
    return problem === undefined ? [] : [`${relative(root, file)}:${line + 1}: ${problem}`];
  });

  /**
   * @param {string | undefined} specifier
   * @param {Import['kind']} kind
   * @returns {string | undefined}
   */
  function judge(specifier, kind) {
    if (specifier === undefined) {
      return isSource && layer?.pure ? 'an import that is computed cannot be checked' : undefined;
    }
    if (specifier.startsWith('.') || specifier.startsWith('/') || specifier.startsWith('file:')) {
      const inside = relative(one.folder, resolve(dirname(file), specifier));
      return inside.startsWith('..') || !specifier.startsWith('.')
        ? `'${specifier}' leaves the package: import the other one by its name`
        : undefined;
    }
    if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
      return isSource && layer?.pure
        ? `${one.name} runs in a browser too: no '${specifier}'`
        : undefined;
    }
    const name = packageName(specifier);
    const target = byName.get(name);
    if (target === undefined) {
      return isSource && layer?.pure ? `${one.name} takes no dependency, not '${name}'` : undefined;
    }
    return judgePackage(name, `.${specifier.slice(name.length)}`, target, kind);
  }

  /**
   * @param {string} name
   * @param {string} entry
   * @param {Package} target
   * @param {Import['kind']} kind
   * @returns {string | undefined}
   */
  function judgePackage(name, entry, target, kind) {
    if (!target.entries.has(entry)) return `${name} does not export '${entry}'`;
    if (name === one.name) {
      return isSource ? `a source of ${name} imports its own files, not ${name}` : undefined;
    }
    if (!allowed(layer ?? {}).includes(name)) return `${one.name} may not import ${name}`;
    if (isSource && layer?.tests?.includes(name)) {
      return `${one.name} may import ${name} in its tests only`;
    }
    const isLoader = kind === 'dynamic' && layer?.loads?.[name]?.includes(inPackage);
    if (layer?.types?.includes(name) && kind !== 'type' && !isLoader) {
      return `${one.name} may import types only from ${name} (import type), or load it in ${layer.loads?.[name]?.join(', ')}`;
    }
    const kinds = one.dependencies.get(name);
    if (kinds === undefined) return `package.json of ${one.name} does not declare ${name}`;
    if (isSource && kinds.size === 1 && kinds.has('devDependencies')) {
      return `package.json of ${one.name} declares ${name} for development only`;
    }
    return undefined;
  }
}

/** @param {string} specifier */
function packageName(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** @typedef {{ specifier: string | undefined, kind: 'value' | 'type' | 'dynamic', node: ts.Node }} Import */

/**
 * Everything in a file that names another module: import and export declarations, `import()`,
 * `require()`, `require.resolve()`, `import.meta.resolve()`, `vi.mock()`, `import('...')` types and
 * `/// <reference types>`.
 * @param {ts.SourceFile} source
 * @returns {Import[]}
 */
function findImports(source) {
  /** @type {Import[]} */
  const found = source.typeReferenceDirectives.map(({ fileName }) => ({
    specifier: fileName === 'node' ? 'node:process' : fileName,
    kind: 'type',
    node: source,
  }));
  /** @param {ts.Node | undefined} node */
  const text = (node) =>
    node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;

  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      found.push({
        specifier: text(node.moduleSpecifier),
        kind: isTypeImport(node) ? 'type' : 'value',
        node,
      });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      found.push({
        specifier: text(node.moduleSpecifier),
        kind: node.isTypeOnly ? 'type' : 'value',
        node,
      });
    } else if (
      ts.isImportEqualsDeclaration(node) &&
      ts.isExternalModuleReference(node.moduleReference)
    ) {
      found.push({ specifier: text(node.moduleReference.expression), kind: 'value', node });
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      found.push({ specifier: text(node.argument.literal), kind: 'type', node });
    } else if (ts.isCallExpression(node)) {
      const callee = node.expression.getText(source).replaceAll(/\s/g, '');
      if (node.expression.kind === ts.SyntaxKind.ImportKeyword) {
        found.push({ specifier: text(node.arguments[0]), kind: 'dynamic', node });
      } else if (loaders.has(callee)) {
        found.push({ specifier: text(node.arguments[0]), kind: 'value', node });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Functions whose first argument names a module. */
const loaders = new Set([
  'require',
  'require.resolve',
  'import.meta.resolve',
  'vi.mock',
  'vi.doMock',
  'vi.importActual',
]);

/**
 * `import type`, or an import of nothing but `type` names, which verbatimModuleSyntax would keep as a
 * loading import: so only the first counts.
 * @param {ts.ImportDeclaration} node
 */
function isTypeImport(node) {
  return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) {
  const problems = checkLayers(join(import.meta.dirname, '..'));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else console.log('imports point down only');
}

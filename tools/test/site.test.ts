/// <reference lib="dom" />
/**
 * The site as people see it: no dead link, and in headless Chromium search, console, a phone's width, the dark.
 *
 * @module
 */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { find } from '../run/machine.mjs';

const root = new URL('../..', import.meta.url).pathname;
/** Where pictures of the pages are kept; CI takes them along. */
const pictures = join(root, '.rtap/site');

let site = '';
beforeAll(() => {
  site = mkdtempSync(join(tmpdir(), 'rtap-site-'));
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typedoc/bin/typedoc'), '--out', site, '--logLevel', 'Warn'],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`typedoc: ${stdout}${stderr}`);
}, 240_000);
afterAll(() => rmSync(site, { recursive: true, force: true }));

const textOf = (file: string): string => readFileSync(file, 'utf8');
const pagesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.html'),
  );

describe('links', () => {
  it('lead to files and places that are there', { timeout: 120_000 }, () => {
    const ids = new Map<string, ReadonlySet<string>>();
    const idsOf = (file: string): ReadonlySet<string> => {
      const known = ids.get(file);
      if (known !== undefined) return known;
      const found = new Set(
        [...textOf(file).matchAll(/ id="([^"]*)"/g)].map(([, id = '']) =>
          id.replaceAll('&amp;', '&'),
        ),
      );
      ids.set(file, found);
      return found;
    };
    const dead = new Set<string>();
    let links = 0;
    for (const page of pagesOf(site)) {
      const file = join(site, page);
      for (const [, target = ''] of textOf(file).matchAll(/ (?:href|src)="([^"]*)"/g)) {
        if (/^(?:https?:|data:|mailto:)/.test(target)) continue;
        links += 1;
        const [path = '', anchor = ''] = decodeURIComponent(target.replaceAll('&amp;', '&')).split(
          '#',
        );
        const to = path === '' ? file : resolve(dirname(file), path.split('?')[0] ?? '');
        const there = statSync(to, { throwIfNoEntry: false })?.isFile() === true;
        const found = there && (anchor === '' || !to.endsWith('.html') || idsOf(to).has(anchor));
        if (!found) dead.add(`${page}: ${target}`);
      }
    }
    expect([...dead]).toEqual([]);
    expect(links).toBeGreaterThan(1000);
  });

  it('of pictures have words for those who do not see them', () => {
    for (const page of pagesOf(site)) {
      for (const [image] of textOf(join(site, page)).matchAll(/<img [^>]*>/g)) {
        expect(image, page).toMatch(/ alt="[^"]{20,}"/);
      }
    }
  });
});

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** The site on the loopback interface. */
function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const file = join(site, decodeURIComponent(pathname === '/' ? '/index.html' : pathname));
    const there = statSync(file, { throwIfNoEntry: false })?.isFile() === true;
    // Chromium asks for one on its own.
    if (pathname === '/favicon.ico') response.writeHead(204).end();
    else if (!there || relative(site, file).startsWith('..')) response.writeHead(404).end();
    else {
      response.setHeader('content-type', TYPES[extname(file)] ?? 'text/plain; charset=utf-8');
      response.end(readFileSync(file));
    }
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

const executablePath = ['chromium', 'chromium-browser', 'google-chrome']
  .map((name) => find(name, process.env))
  .find((path) => path !== undefined);

/** Contrast of all text with what is behind it (WCAG 2.2, 1.4.3), where it is less than 4.5. Runs in the page. */
function pale(): string[] {
  type Color = readonly [red: number, green: number, blue: number, alpha: number];
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (canvas === null) return ['no canvas'];
  const color = (css: string): Color => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha];
  };
  const luminance = (rgb: Color): number => {
    const [red = 0, green = 0, blue = 0] = rgb.map((value) => {
      const part = value / 255;
      return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element: Element | null): Color => {
    for (let at = element; at !== null; at = at.parentElement) {
      const found = color(getComputedStyle(at).backgroundColor);
      if (found[3] > 250) return found;
    }
    return [255, 255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = new Set<string>();
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const element = node.parentElement;
    const words = node.textContent?.trim() ?? '';
    if (element === null || words === '' || !element.checkVisibility()) continue;
    if (element.closest('script, style, svg') !== null) continue;
    const [one, two] = [
      luminance(color(getComputedStyle(element).color)),
      luminance(behind(element)),
    ];
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (ratio < 4.5) found.add(`${ratio.toFixed(2)} <${element.localName}> ${words.slice(0, 40)}`);
  }
  return [...found];
}

describe('in Chromium', () => {
  let browser: Browser | undefined;
  let server: Server | undefined;
  let address = '';
  beforeAll(async () => {
    if (executablePath === undefined) return;
    server = await serve();
    const bound = server.address();
    address = typeof bound === 'object' && bound !== null ? `http://127.0.0.1:${bound.port}` : '';
    // Root has no sandbox in Chromium; the pages are our own.
    browser = await chromium.launch({ executablePath, chromiumSandbox: false });
    mkdirSync(pictures, { recursive: true });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const need = (skip: (reason: string) => never): Browser => {
    if (browser === undefined) skip('needs Chromium: apt-get install chromium');
    return browser;
  };

  /** Opens a page, and hears what goes wrong in it. */
  async function open(page: Page, path: string): Promise<readonly string[]> {
    const problems: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('requestfailed', (request) => problems.push(`failed: ${request.url()}`));
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
    });
    await page.goto(`${address}/${path}`, { waitUntil: 'networkidle' });
    return problems;
  }

  const samples = (): string[] => [
    'index.html',
    ...pagesOf(site).filter((page) => page.startsWith('documents/')),
    'modules/_rtap_core.html',
    'classes/_rtap_core.TapDevice.html',
  ];

  it('search finds what is asked for, and leads there', { timeout: 60_000 }, async ({ skip }) => {
    const page = await need(skip).newPage();
    const problems = await open(page, 'index.html');
    for (const query of ['openTap', 'pyroute2']) {
      await page.locator('#tsd-search-trigger').click();
      await page.locator('#tsd-search-input').fill(query);
      const first = page.locator('#tsd-search-results li').first();
      await first.waitFor();
      expect(await first.textContent()).toContain(query);
      await first.locator('a').click();
      await page.waitForURL((url) => !url.pathname.endsWith('index.html'));
      expect(await page.locator('.col-content').textContent()).toContain(query);
    }
    expect(problems).toEqual([]);
    await page.close();
  });

  // Side by side: most of it is waiting until a page asks for nothing any more.
  it.concurrent.for([
    { name: 'light', colorScheme: 'light', width: 1280 },
    { name: 'dark', colorScheme: 'dark', width: 1280 },
    { name: 'phone', colorScheme: 'light', width: 360 },
    { name: 'phone-dark', colorScheme: 'dark', width: 360 },
  ] as const)('every guide is readable: $name', { timeout: 120_000 }, async (look, { skip }) => {
    const { name, colorScheme, width } = look;
    const context = await need(skip).newContext({
      colorScheme,
      viewport: { width, height: 800 },
      isMobile: width < 500,
    });
    for (const sample of samples()) {
      const page = await context.newPage();
      expect(await open(page, sample), sample).toEqual([]);
      const { wide, size } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        size: parseFloat(
          getComputedStyle(document.querySelector('.tsd-typography p') ?? document.body).fontSize,
        ),
      }));
      expect(wide, `${sample} is wider than the screen`).toBeLessThanOrEqual(0);
      expect(size, sample).toBeGreaterThanOrEqual(14);
      expect(await page.evaluate(pale), sample).toEqual([]);
      if (/index|Link-state|Performance|data_path/.test(sample)) {
        const file = `${sample.replaceAll('/', '-').replace('.html', '')}-${name}.png`;
        await page.screenshot({ path: join(pictures, file), fullPage: true });
      }
      await page.close();
    }
    await context.close();
  });
});

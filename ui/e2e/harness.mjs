/**
 * The real program and a real browser. Everything is made anew for each test file: a shop in a folder of
 * its own, a browser with an empty profile, a port that the system chooses.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const tresen = process.env.TRESEN_BIN;
assert.ok(tresen && existsSync(tresen), 'TRESEN_BIN names the program to test; run: cargo xtask e2e');

/** When to give up, milliseconds: far beyond what anything takes, so that a busy machine fails no test. */
const PATIENCE = 60_000;

/** How long one file may take, milliseconds: one that waits for ever is named and ended, and the others run. */
const FILE_PATIENCE = 600_000;
setTimeout(() => {
  console.error(`${process.argv[1]} has not ended after ten minutes: the test after the last one reported waits for ever`);
  process.exit(1);
}, FILE_PATIENCE).unref();

/** Our program, until it ends or this file does. `more` is what `spawn` takes besides. */
export function program(args, more = {}) {
  const child = spawn(tresen, args, { stdio: ['ignore', 'pipe', 'inherit'], ...more });
  const end = () => child.kill('SIGKILL');
  process.on('exit', end);
  child.once('exit', () => process.off('exit', end));
  return child;
}

/** A browser on this machine. */
function browserPath() {
  if (process.env.TRESEN_CHROMIUM) return process.env.TRESEN_CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
  assert.ok(found, 'no Chromium on the PATH');
  return found;
}

/** A folder that goes when the test file ends. */
export function folder() {
  const path = mkdtempSync(join(tmpdir(), 'tresen-e2e-'));
  process.on('exit', () => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** `tresen run` on a file of its own. */
export class Shop {
  #child = null;
  address = '';
  /** The link that the program prints before the first run. */
  setup = '';

  constructor(path = join(folder(), 'shop.sqlite')) {
    this.file = path;
  }

  /** Starts it; after the first time at the same address again, as a shop's machine would. */
  async start() {
    const listen = this.address ? new URL(this.address).host : '127.0.0.1:0';
    this.#child = program(['run', '--file', this.file, '--listen', listen], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    createInterface({ input: this.#child.stderr }).on('line', (line) => said.push(line));
    const ended = once(this.#child, 'exit').then(() => {
      throw new Error(`the program ended before it listened:\n${said.join('\n')}`);
    });
    const listening = new Promise((done) => {
      createInterface({ input: this.#child.stdout }).on('line', (line) => {
        said.push(line);
        this.setup = /https?:\/\/\S+#setup=\S+/.exec(line)?.[0] ?? this.setup;
        const found = /^listening on (http:\/\/\S+)$/.exec(line);
        if (found) done(found[1]);
      });
    });
    // Its end after it has listened is the test's own doing.
    ended.catch(() => {});
    this.address = await Promise.race([listening, ended]);
    return this;
  }

  async #end(signal) {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** The power goes: no goodbye. */
  kill() {
    return this.#end('SIGKILL');
  }
  stop() {
    return this.#end('SIGTERM');
  }

  /** The chain is whole and every table is what the journal says; the program must not run. */
  verify() {
    const done = spawnSync(tresen, ['verify', '--file', this.file, '--tables'], { encoding: 'utf8' });
    assert.equal(done.status, 0, `${done.stdout}\n${done.stderr}`);
  }
}

/** A browser with an empty profile, and what it did that no page of ours does. */
export class Browser {
  /** Requests to other origins, and what the content security policy stopped. */
  misdeeds = [];
  /** Errors that no page caught. */
  errors = [];
  /** Other origins that pages of this test may show: whole ones, with their ports, and no more than those named here. */
  also = [];

  /** `flags`: of the browser, besides those that every test has. */
  async start({ touch = false, width = 1280, height = 800, flags = [] } = {}) {
    this.context = await chromium.launchPersistentContext(folder(), {
      executablePath: browserPath(),
      headless: true,
      hasTouch: touch,
      viewport: { width, height },
      locale: 'de-DE',
      timezoneId: 'Europe/Berlin',
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', ...flags,
      ],
    });
    this.context.setDefaultTimeout(PATIENCE);
    await this.context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
      });
    });
    this.context.on('page', (page) => this.#watch(page));
    for (const page of this.context.pages()) this.#watch(page);
    return this;
  }

  #watch(page) {
    page.on('console', (message) => {
      const text = message.text();
      if (/Content Security Policy|^CSP /.test(text)) this.misdeeds.push(text);
    });
    // From the beginning: a chooser that opens before somebody listens would open on no screen.
    page.on('filechooser', () => {});
    page.on('pageerror', (error) => this.errors.push(String(error.stack ?? error)));
    page.on('request', (request) => {
      const url = request.url();
      const ours = [this.origin, ...this.also].some((origin) => url.startsWith(`${origin}/`));
      if (this.origin && !ours && !/^(data|blob|about):/.test(url)) this.misdeeds.push(url);
    });
  }

  /** The page at an address of the shop. */
  async open(shop, path) {
    this.origin = shop.address;
    const page = this.context.pages()[0] ?? (await this.context.newPage());
    await page.goto(path.startsWith('http') ? path : `${shop.address}${path}`);
    return page;
  }

  stop() {
    return this.context?.close();
  }

  /** No page asked for anything elsewhere, broke the policy, or threw. */
  assertGood() {
    assert.deepEqual(this.misdeeds, []);
    assert.deepEqual(this.errors, []);
  }
}

/** What a scanner does: keys faster than fingers, then Enter. They are sent without waiting for each other. */
export async function scan(page, code) {
  const cdp = await page.context().newCDPSession(page);
  const strokes = [...code].flatMap((text) => [
    cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', key: text, text, unmodifiedText: text }),
    cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key: text }),
  ]);
  const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 };
  strokes.push(cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', ...enter, text: '\r' }));
  strokes.push(cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter }));
  await Promise.all(strokes);
  await cdp.detach();
}

/** Presses Tab until the keyboard stands on an element. Nothing is clicked. */
export async function tabTo(page, locator, key = 'Tab') {
  await locator.waitFor({ state: 'attached' });
  for (let pressed = 0; pressed < 150; pressed += 1) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`no way with ${key} to ${locator}`);
}

/** Text as people read it: no-break spaces are spaces. */
export async function textOf(locator) {
  return (await locator.innerText()).replace(/[\u00a0\u202f]/g, ' ').replace(/\s+/g, ' ').trim();
}

/** Waits until an element's text fits; gives up after as long as any other wait. */
export async function reads(locator, expected) {
  let last = '';
  const until = Date.now() + PATIENCE;
  while (Date.now() < until) {
    last = await textOf(locator).catch(() => '');
    if (typeof expected === 'string' ? last.includes(expected) : expected.test(last)) return last;
    await locator.page().evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  }
  throw new Error(`expected ${expected}, last read: ${last}`);
}

/** Asks until the answer is something; gives up after as long as any other wait, and says what was waited for. */
export async function eventually(what, ask) {
  const until = Date.now() + PATIENCE;
  while (Date.now() < until) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`waited in vain: ${what}`);
}

/** Nothing on the page that anybody could not use, in light and dark. */
export async function accessible(page, what) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    assert.deepEqual(await axe(page), [], `${what}, ${colorScheme}`);
  }
}

/** What the accessibility checker finds on the page, in words. */
export async function axe(page) {
  const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source);
  const violations = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const found = await window.axe.run(document, { runOnly: { type: 'tag', values: tags } });
    return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)} – ${node.failureSummary}`));
  });
  return violations;
}

/** The shop that all tests sell in. GTINs are of the range for use inside a shop. */
export const items = [
  { code: '2000000000015', name: 'Apfelsaft klar 1 l', price: '1,99' },
  { code: '2000000000022', name: 'Bauernbrot 750 g', price: '3,49' },
  { code: '2000000000039', name: 'Küchenkräuter Petersilie', price: '0,89' },
  { code: '2000000000046', name: 'Kornbrand 0,7 l', price: '8,99', tax: 19, age: 18 },
];

/** The catalogue of these items as a file. */
export function catalogue(country = 'DE') {
  // Reduced and full: where the items stand, their rates are those of the country.
  const rates = { DE: { 7: '7', 19: '19' }, AT: { 7: '10', 19: '20' }, CH: { 7: '2,6', 19: '8,1' } }[country];
  const path = join(folder(), 'artikel.csv');
  const rows = items.map(({ code, name, price, tax = 7, age = '' }, i) => `${100 + i};${code};${name};${price};${rates[tax]};Lebensmittel;${age}`);
  writeFileSync(path, `Artikelnummer;GTIN;Bezeichnung;Preis;MwSt;Warengruppe;Mindestalter\r\n${rows.join('\r\n')}\r\n`);
  return path;
}

export const person = { name: 'Anna Berg', passphrase: 'Regen fällt auf sieben Dächer', pin: '482913' };

/** A shop that is set up, with its items, an open till day and Anna at till 1: by the API, from its own page. */
export async function readyShop(browser, country = 'DE') {
  const shop = await new Shop().start();
  const page = await browser.open(shop, '/office');
  const code = decodeURIComponent(new URL(shop.setup).hash.replace('#setup=', ''));
  const csv = readFileSync(catalogue(country), 'utf8');
  const currency = country === 'CH' ? 'CHF' : 'EUR';
  const address = country === 'CH' ? ['Marktgasse 28', 'CH-8400 Winterthur'] : ['Hauptstraße 1', '10115 Berlin'];
  await page.evaluate(
    async ({ code, csv, person, country, address, currency }) => {
      const ask = async (path, body, type = 'application/json') => {
        const data = type === 'application/json' ? JSON.stringify(body) : body;
        const response = await fetch(`/api/v1${path}`, body === undefined ? {} : { method: 'POST', headers: { 'content-type': type }, body: data });
        if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
        return response.json();
      };
      await ask('/setup', {
        code, shop_name: 'Laden am Eck', address, country, language: 'de',
        till_name: 'Kasse 1', person_name: person.name, passphrase: person.passphrase, pin: person.pin,
      });
      let status = await ask('/imports?name=artikel.csv', csv, 'text/csv');
      const until = async (wanted) => {
        while (status.state !== wanted) {
          if (['failed', 'cancelled'].includes(status.state)) throw new Error(JSON.stringify(status));
          status = await ask(`/imports/${status.id}`);
        }
      };
      await until('ready');
      status = await ask(`/imports/${status.id}/apply`, { keep_good: false });
      await until('done');
      const [who] = await ask('/tills/1/people');
      await ask('/tills/1/sign-in', { person: who.id, pin: person.pin });
      await ask('/tills/1/commands', { id: crypto.randomUUID(), type: 'open_day', float: { amount: 10000, currency } });
    },
    { code, csv, person, country, address, currency },
  );
  return shop;
}

/** The parts of the till that tests look at. */
export function till(page) {
  return {
    receipt: page.getByRole('region', { name: 'Bon', exact: true }),
    lines: page.locator('.receipt .line'),
    total: page.locator('.receipt .total'),
    paid: page.locator('.receipt .paid'),
  };
}

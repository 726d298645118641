/** A day of 500 receipts of real items through the browser: closed, verified, rebuilt, restored. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Browser, folder, items, readyShop, reads, scan, till } from './harness.mjs';

const RECEIPTS = 500;

/** The catalogue of real items lies beside the project, where there is one. */
function realItems() {
  for (let at = dirname(fileURLToPath(import.meta.url)); at !== dirname(at); at = dirname(at)) {
    const file = join(at, 'shared/data/catalogue/dach.csv');
    if (existsSync(file)) return file;
  }
  return null;
}

const file = realItems();
const browser = new Browser();
let shop;
before(async () => {
  if (!file) return;
  await browser.start();
  shop = await readyShop(browser);
});
after(async () => {
  await browser.stop();
  await shop?.stop();
});

/** The same sequence each time (a linear congruence; no test needs better chance than that). */
function* chance(seed) {
  let state = seed;
  for (;;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

/** An amount as the screen shows it. */
const shown = ({ amount }) => `${Math.floor(amount / 100)},${String(amount % 100).padStart(2, '0')}`;
/** An item of the shop that needs nothing but its code. */
const sure = items[0].code;

test(`${RECEIPTS} receipts of real items through the browser`, { skip: file ? false : 'no catalogue of real items beside the project' }, async () => {
  const page = await browser.open(shop, '/office#/items/import');
  await page.reload();
  const choosing = page.waitForEvent('filechooser');
  await page.getByText('Datei wählen').click();
  await (await choosing).setFiles(file);
  await page.getByRole('button', { name: /Artikel einlesen|guten Zeilen einlesen/ }).click({ timeout: 120_000 });
  await page.getByRole('status').filter({ hasText: 'neue Artikel' }).waitFor({ timeout: 240_000 });

  const codes = readFileSync(file, 'utf8').split('\n').slice(1).map((row) => row.split(/[;,]/).find((cell) => /^\d{13}$/.test(cell))).filter(Boolean);
  assert.ok(codes.length > RECEIPTS, 'real codes in the file');
  await page.goto(`${shop.address}/till/1`);
  const at = till(page);
  await reads(at.receipt, 'Bereit.');
  const next = chance(7);
  const pick = () => codes[Math.floor(next.next().value * codes.length)];
  const sold = async () => (await page.evaluate(() => fetch('/api/v1/tills/1').then((answer) => answer.json()))).next_receipt - 1;

  for (let receipt = 1; receipt <= RECEIPTS; receipt += 1) {
    const lines = 1 + Math.floor(next.next().value * 3);
    let basket = null;
    for (let line = 0; line < lines || !basket; line += 1) {
      const answered = page.waitForResponse((answer) => answer.url().endsWith('/commands'));
      await scan(page, line < lines ? pick() : sure);
      const answer = await answered;
      // What needs more than its code (a price, a weight) is left out.
      if (answer.ok()) basket = (await answer.json()).view.basket;
      else await page.getByRole('button', { name: 'Weglassen' }).click();
    }
    if (basket.age_needed && !(basket.age_checked >= basket.age_needed)) {
      await page.locator('.age').waitFor();
      await page.keyboard.press('Alt+a');
      await page.locator('.age').waitFor({ state: 'detached' });
    }
    await reads(at.total, shown(basket.due));
    await page.keyboard.press('F9');
    await at.paid.waitFor();
  }
  assert.equal(await sold(), RECEIPTS);

  const closed = await page.evaluate(async () => {
    const send = async (command) => {
      const body = JSON.stringify({ id: crypto.randomUUID(), ...command });
      const answer = await fetch('/api/v1/tills/1/commands', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      if (!answer.ok) throw new Error(await answer.text());
      return answer.json();
    };
    await send({ type: 'count_drawer', pieces: [{ value: 100, pieces: 1 }] });
    await send({ type: 'close_day' });
    return fetch('/api/v1/days?till=1&limit=1').then((answer) => answer.json());
  });
  assert.equal(closed.days?.[0]?.number ?? closed.days?.[0]?.day, 1);
  browser.assertGood();

  await shop.stop();
  shop.verify();
  const tresen = (...words) => {
    const done = spawnSync(process.env.TRESEN_BIN, words, { encoding: 'utf8' });
    assert.equal(done.status, 0, `${words.join(' ')}\n${done.stdout}\n${done.stderr}`);
  };
  const at2 = folder();
  tresen('backup', join(at2, 'backup.sqlite'), '--file', shop.file);
  tresen('restore', join(at2, 'backup.sqlite'), join(at2, 'restored.sqlite'));
  tresen('verify', '--file', join(at2, 'restored.sqlite'), '--tables');
  tresen('rebuild', '--file', shop.file);
  shop.verify();
});

/** The proof of a till day in the office: every statement with its word, the signed file, and what somebody changed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Browser, axe, folder, items, readyShop } from './harness.mjs';

const browser = new Browser();
let shop;
before(async () => {
  await browser.start();
  shop = await readyShop(browser);
});
after(async () => {
  await browser.stop();
  await shop?.stop();
});

const verify = (...words) => spawnSync(process.env.TRESEN_BIN, ['verify', ...words], { encoding: 'utf8' });

test('a closed day says what is proved, what cannot be, and hands out a file that anybody verifies', async () => {
  const page = await browser.open(shop, '/office#/days');
  await page.reload();
  await page.evaluate(async ({ code }) => {
    const send = async (command) => {
      const body = JSON.stringify({ id: crypto.randomUUID(), ...command });
      const answer = await fetch('/api/v1/tills/1/commands', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      if (!answer.ok) throw new Error(await answer.text());
    };
    await send({ type: 'scan', code });
    await send({ type: 'pay_cash' });
    await send({ type: 'count_drawer', pieces: [{ value: 100, pieces: 102 }] });
    await send({ type: 'close_day' });
  }, { code: items[0].code });
  await page.reload();
  const link = page.getByRole('row').filter({ hasText: 'Kasse 1' }).getByRole('link').last();
  // By keyboard alone.
  await link.focus();
  await page.keyboard.press('Enter');
  const statement = (text) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: text }) });
  await statement('Belegnummern ohne Lücke').getByText('bewiesen', { exact: true }).waitFor();
  assert.equal(await page.locator('.statements > li').count(), 11);
  // This shop has no signing unit: said, not left out.
  const signed = statement('Jeder Vorgang ist signiert');
  await signed.getByText('nicht beweisbar').waitFor();
  await signed.getByText('An diesem Tag war keine TSE eingerichtet.').waitFor();
  await page.getByText('Nichts widerspricht sich').waitFor();
  const difference = await statement('Bargeld: erwartet, gezählt').innerText();
  assert.match(difference, /erwartet\s*101,99\s*€/);
  assert.match(difference, /gezählt\s*102,00\s*€/);
  assert.deepEqual(await axe(page), []);

  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Signierte Datei', exact: true }).click();
  const path = join(folder(), 'proof.json');
  await (await downloading).saveAs(path);
  const held = verify('--proof', path, '--file', shop.file);
  assert.equal(held.status, 0, held.stdout + held.stderr);
  assert.match(held.stdout, /Das Journal sagt dasselbe/);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('"value":199', '"value":198'));
  assert.notEqual(readFileSync(path, 'utf8'), text);
  const refused = verify('--proof', path);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /Signatur passt nicht/);

  await page.getByRole('button', { name: 'Noch einmal prüfen' }).click();
  await page.locator('tr', { hasText: 'Kasse 1' }).locator('.mark.unproved').waitFor();
  browser.assertGood();
});

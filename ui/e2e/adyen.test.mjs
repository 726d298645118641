/** A terminal of Adyen's, simulated: told of in the office, and paid at; the customer is played by the test. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { createInterface } from 'node:readline';
import { axe, Browser, items, readyShop, reads, scan, till } from './harness.mjs';

/** `tresen simulate terminal --protocol adyen`: where it is, and what it shares with the shop. */
async function startTerminal() {
  const child = spawn(process.env.TRESEN_BIN, ['simulate', 'terminal', '--protocol', 'adyen', '--listen', '127.0.0.1:0', '--page', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const line of createInterface({ input: child.stdout })) {
    said += `${line}\n`;
    if (line.includes('END CERTIFICATE')) break;
  }
  const [, address, name] = /(127\.0\.0\.1:\d+) \(Adyen, (\S+)\)/.exec(said);
  const [, passphrase, key, version] = /Passphrase:\s+(.+) \(Schlüssel (\S+), Version (\d+)\)/.exec(said);
  const [page] = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
  return { child, address, name, passphrase, key, version, page, root: said.slice(said.indexOf('-----BEGIN')).trim() };
}

describe('a till with a terminal of Adyen’s', () => {
  const browser = new Browser();
  let terminal;
  let shop;
  let page;
  before(async () => {
    [terminal] = await Promise.all([startTerminal(), browser.start()]);
    shop = await readyShop(browser);
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
    const ended = once(terminal.child, 'exit');
    terminal.child.kill('SIGKILL');
    await ended;
  });
  const check = async (what) => {
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      assert.deepEqual(await axe(page), [], `${what}, ${colorScheme}`);
    }
  };
  const office = async (path) => {
    page = await browser.open(shop, `/office#/${path}`);
    await page.reload();
    await page.getByRole('main').getByRole('heading').first().waitFor();
  };
  const save = async () => {
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Gespeichert.').waitFor();
  };

  test('the office is told of it, and shows no secret again', async () => {
    await office('settings/terminals');
    await page.getByRole('button', { name: 'Neues Terminal' }).click();
    await page.getByLabel('Spricht').selectOption('adyen_local');
    await page.getByLabel('Adresse:Port im Netz').fill(terminal.address);
    await page.getByLabel('Name des Terminals').fill(terminal.name);
    await save();
    await page.getByText('Passphrase, Schlüssel und Stammzertifikat').click();
    await page.getByLabel('Passphrase', { exact: true }).fill(terminal.passphrase);
    await page.getByLabel('Schlüsselname').fill(terminal.key);
    await page.getByLabel('Version des Schlüssels').fill(terminal.version);
    await page.getByLabel('Adyens Stammzertifikat für Terminals').fill(terminal.root);
    await check('telling it');
    await page.getByRole('button', { name: 'Übernehmen' }).click();
    await page.getByText('Übernommen.').waitFor();
    await office('settings/terminals');
    await page.getByText('Passphrase, Schlüssel und Stammzertifikat').click();
    assert.equal(await page.getByLabel('Passphrase', { exact: true }).inputValue(), '');
    const settings = await page.evaluate(async () => (await fetch('/api/v1/settings')).text());
    assert.ok(!settings.includes(terminal.passphrase) && !settings.includes('CERTIFICATE'), 'secrets lie apart from the settings');
    await office('settings/tills');
    await page.getByLabel('Kartenterminal').selectOption({ label: 'Terminal 1' });
    await save();
    browser.assertGood();
  });

  test('a card pays there', async () => {
    page = await browser.open(shop, '/till/1');
    const at = till(page);
    await reads(at.receipt, 'Bereit.');
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await page.keyboard.press('F12');
    await reads(page.getByRole('main'), 'Bitte Karte ans Terminal');
    const answer = await fetch(`${terminal.page}/customer/tap`, { method: 'POST', headers: { accept: 'application/json' } });
    assert.ok(answer.ok, `tap: ${answer.status}`);
    await reads(at.paid, /Mit Karte bezahlt.*1,99 €/);
    browser.assertGood();
  });
});

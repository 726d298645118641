/** A ZVT terminal over TLS, simulated: its certificate is looked at and taken over in the office, and a card pays there. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { createInterface } from 'node:readline';
import { axe, Browser, items, readyShop, reads, scan, till } from './harness.mjs';

/** `tresen simulate terminal --protocol zvt-tls`: where it is, and its certificate. */
async function startTerminal() {
  const child = spawn(process.env.TRESEN_BIN, ['simulate', 'terminal', '--protocol', 'zvt-tls', '--listen', '127.0.0.1:0', '--page', '127.0.0.1:0', '--automatic', '1'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const line of createInterface({ input: child.stdout })) {
    said += `${line}\n`;
    if (line.includes('http://')) break;
  }
  const [, address] = /(127\.0\.0\.1:\d+) \(ZVT, TLS/.exec(said);
  const [print] = /([0-9A-F]{2}:){31}[0-9A-F]{2}/.exec(said);
  return { child, address, print };
}

describe('a till with a ZVT terminal over TLS', () => {
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

  test('the office takes over the certificate that it shows', async () => {
    await office('settings/terminals');
    await page.getByRole('button', { name: 'Neues Terminal' }).click();
    await page.getByLabel('Spricht').selectOption('zvt_serial');
    await page.getByLabel('Serielle Schnittstelle').fill('/dev/ttyUSB0');
    await check('a serial port');
    await page.getByLabel('Spricht').selectOption('zvt_tls');
    await page.getByLabel('Adresse:Port im Netz').fill(terminal.address);
    await save();
    await page.getByText('Ohne Fingerabdruck wird dieses Terminal nicht angesprochen.').waitFor();
    await page.getByRole('button', { name: 'Am Terminal ansehen' }).click();
    await page.getByText(terminal.print).waitFor();
    await check('a certificate that is seen first');
    await page.getByRole('button', { name: 'Übernehmen' }).click();
    assert.equal(await page.getByLabel('Fingerabdruck').inputValue(), terminal.print);
    await save();
    await office('settings/terminals');
    await page.getByRole('button', { name: 'Verbindung testen' }).click();
    await page.getByText('alles in Ordnung').waitFor();
    await page.getByRole('button', { name: 'Initialisieren' }).click();
    await page.getByText('Das Terminal ist initialisiert.').waitFor();
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
    await reads(at.paid, /Mit Karte bezahlt.*1,99 €/);
    browser.assertGood();
  });

  test('another certificate is refused', async () => {
    await office('settings/terminals');
    await page.getByLabel('Fingerabdruck').fill('ab'.repeat(32));
    await page.getByLabel('Fingerabdruck').blur();
    await save();
    await office('settings/terminals');
    await page.getByRole('button', { name: 'Verbindung testen' }).click();
    await page.getByText('sein Zertifikat ist nicht das erwartete').waitFor();
    await page.getByRole('button', { name: 'Am Terminal ansehen' }).click();
    await page.getByText('Das Terminal zeigt ein anderes Zertifikat').waitFor();
    await check('another certificate');
  });
});

/** A ZVT terminal over TLS, simulated: its certificate is looked at and taken over in the office, and a card pays there. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { items, reads, scan, till } from './harness.mjs';
import { Lane } from './simulated.mjs';

/** Where it is, and its certificate. */
const simulated = {
  protocol: 'zvt-tls',
  last: 'http://',
  more: ['--automatic', '1'],
  read: (said) => {
    const [, address] = /(127\.0\.0\.1:\d+) \(ZVT, TLS/.exec(said);
    const [print] = /([0-9A-F]{2}:){31}[0-9A-F]{2}/.exec(said);
    return { address, print };
  },
};

describe('a till with a ZVT terminal over TLS', () => {
  const lane = new Lane();
  let terminal;
  let page;
  before(async () => {
    await lane.start(simulated);
    terminal = lane.terminal;
  });
  after(() => lane.stop());

  test('the office takes over the certificate that it shows', async () => {
    page = await lane.office('settings/terminals');
    await page.getByRole('button', { name: 'Neues Terminal' }).click();
    await page.getByLabel('Spricht').selectOption('zvt_serial');
    await page.getByLabel('Serielle Schnittstelle').fill('/dev/ttyUSB0');
    await lane.check('a serial port');
    await page.getByLabel('Spricht').selectOption('zvt_tls');
    await page.getByLabel('Adresse:Port im Netz').fill(terminal.address);
    await lane.save();
    await page.getByText('Ohne Fingerabdruck wird dieses Terminal nicht angesprochen.').waitFor();
    await page.getByRole('button', { name: 'Am Terminal ansehen' }).click();
    await page.getByText(terminal.print).waitFor();
    await lane.check('a certificate that is seen first');
    await page.getByRole('button', { name: 'Übernehmen' }).click();
    assert.equal(await page.getByLabel('Fingerabdruck').inputValue(), terminal.print);
    await lane.save();
    page = await lane.office('settings/terminals');
    await page.getByRole('button', { name: 'Verbindung testen' }).click();
    await page.getByText('alles in Ordnung').waitFor();
    await page.getByRole('button', { name: 'Initialisieren' }).click();
    await page.getByText('Das Terminal ist initialisiert.').waitFor();
    await lane.atTill();
    lane.browser.assertGood();
  });

  test('a card pays there', async () => {
    page = await lane.open('/till/1');
    const at = till(page);
    await reads(at.receipt, 'Bereit.');
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await page.keyboard.press('F12');
    await reads(at.paid, /Mit Karte bezahlt.*1,99 €/);
    lane.browser.assertGood();
  });

  test('another certificate is refused', async () => {
    page = await lane.office('settings/terminals');
    await page.getByLabel('Fingerabdruck').fill('ab'.repeat(32));
    await page.getByLabel('Fingerabdruck').blur();
    await lane.save();
    page = await lane.office('settings/terminals');
    await page.getByRole('button', { name: 'Verbindung testen' }).click();
    await page.getByText('sein Zertifikat ist nicht das erwartete').waitFor();
    await page.getByRole('button', { name: 'Am Terminal ansehen' }).click();
    await page.getByText('Das Terminal zeigt ein anderes Zertifikat').waitFor();
    await lane.check('another certificate');
  });
});

/** A terminal of Adyen's, simulated: told of in the office, and paid at; the customer is played by the test. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { items, reads, scan, till } from './harness.mjs';
import { Lane, root } from './simulated.mjs';

/** Where it is, and what it shares with the shop. */
const simulated = {
  protocol: 'adyen',
  read: (said) => {
    const [, address, name] = /(127\.0\.0\.1:\d+) \(Adyen, (\S+)\)/.exec(said);
    const [, passphrase, key, version] = /Passphrase:\s+(.+) \(Schlüssel (\S+), Version (\d+)\)/.exec(said);
    return { address, name, passphrase, key, version, root: root(said) };
  },
};

describe('a till with a terminal of Adyen’s', () => {
  const lane = new Lane();
  let terminal;
  let page;
  before(async () => {
    await lane.start(simulated);
    terminal = lane.terminal;
  });
  after(() => lane.stop());

  test('the office is told of it, and shows no secret again', async () => {
    page = await lane.office('settings/terminals');
    await page.getByRole('button', { name: 'Neues Terminal' }).click();
    await page.getByLabel('Spricht').selectOption('adyen_local');
    await page.getByLabel('Adresse:Port im Netz').fill(terminal.address);
    await page.getByLabel('Name des Terminals').fill(terminal.name);
    await lane.save();
    await page.getByText('Passphrase, Schlüssel und Stammzertifikat').click();
    await page.getByLabel('Passphrase', { exact: true }).fill(terminal.passphrase);
    await page.getByLabel('Schlüsselname').fill(terminal.key);
    await page.getByLabel('Version des Schlüssels').fill(terminal.version);
    await page.getByLabel('Adyens Stammzertifikat für Terminals').fill(terminal.root);
    await lane.check('telling it');
    await page.getByRole('button', { name: 'Übernehmen' }).click();
    await page.getByText('Übernommen.').waitFor();
    page = await lane.office('settings/terminals');
    await page.getByText('Passphrase, Schlüssel und Stammzertifikat').click();
    assert.equal(await page.getByLabel('Passphrase', { exact: true }).inputValue(), '');
    const settings = await page.evaluate(async () => (await fetch('/api/v1/settings')).text());
    assert.ok(!settings.includes(terminal.passphrase) && !settings.includes('CERTIFICATE'), 'secrets lie apart from the settings');
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
    await reads(page.getByRole('main'), 'Bitte Karte ans Terminal');
    await lane.press('customer/tap');
    await reads(at.paid, /Mit Karte bezahlt.*1,99 €/);
    lane.browser.assertGood();
  });
});

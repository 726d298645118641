/** Strange values on screen: a price below zero, a line break in a mail address, a link of another host at the till. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessible, Browser, items, readyShop, reads, scan, till } from './harness.mjs';

describe('what nobody should type or scan', () => {
  const browser = new Browser();
  let shop;
  let page;
  before(async () => {
    await browser.start();
    shop = await readyShop(browser);
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
    shop?.verify();
  });
  const asks = (path) => page.evaluate(async (path) => (await fetch(`/api/v1${path}`)).json(), path);
  const office = async (path) => {
    // From outside: a form with changes would ask whether it may be left.
    await browser.context.pages()[0].goto('about:blank');
    page = await browser.open(shop, `/office#/${path}`);
    await page.getByRole('main').getByRole('heading').first().waitFor();
  };

  test('a price below zero is said at the field, and no item is stored', async () => {
    await office('items/new');
    const before = await asks('/items');
    await page.getByLabel('Name', { exact: true }).fill('Geschenk');
    await page.getByLabel('Artikelnummer', { exact: true }).fill('M1');
    const price = page.getByRole('textbox', { name: /^Preis je/ }).last();
    await price.fill('-1');
    await page.getByRole('button', { name: 'Speichern', exact: true }).click();
    await reads(page.locator('.field', { has: price }), 'Darf nicht kleiner als null sein.');
    assert.equal(await price.getAttribute('aria-invalid'), 'true');
    await accessible(page, 'a price below zero');
    assert.deepEqual(await asks('/items'), before);
  });

  test('a file with a price below zero says the line and why, and nothing of it is stored', async () => {
    await office('items/import');
    const before = await asks('/items');
    const file = 'Artikelnummer;GTIN;Bezeichnung;Preis;MwSt;Warengruppe\r\nM2;;Geschenk;-1,00;7;Lebensmittel\r\n';
    await page.locator('input[type=file]').setInputFiles({ name: 'artikel.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
    await reads(page.getByRole('main'), 'Der Preis ist kleiner als null.');
    await accessible(page, 'the file');
    assert.deepEqual(await asks('/items'), before);
    browser.assertGood();
  });

  test('a mail address with a line break in it is none, and nothing is sent', async () => {
    await page.evaluate(async () => {
      const post = async (path, body) => {
        const answer = await fetch(`/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: crypto.randomUUID(), ...body }) });
        if (!answer.ok) throw new Error(await answer.text());
      };
      const { revision: _, ...settings } = await (await fetch('/api/v1/settings')).json();
      // Nobody listens there: what was sent would wait to be seen.
      const mail = { server: '127.0.0.1', port: 9, security: 'none', from: 'bon@laden.example' };
      await post('/shop/commands', { type: 'configure', settings: { ...settings, digital_receipts: { mail } } });
    });
    page = await browser.open(shop, '/till/1');
    await reads(till(page).receipt, 'Bereit.');
    await scan(page, items[0].code);
    await reads(till(page).total, '1,99');
    await page.keyboard.press('F9');
    await till(page).paid.waitFor();
    await page.getByRole('button', { name: 'Beleg als QR, Mail, SMS' }).click();
    const field = page.getByLabel('Mailadresse des Kunden');
    await field.waitFor();
    await browser.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: shop.address });
    await page.evaluate(() => navigator.clipboard.writeText('ada@example.org\r\nBcc: eve@example.org'));
    await field.focus();
    await page.keyboard.press('Control+V');
    assert.match(await field.inputValue(), /^ada@example\.org.*eve@example\.org$/, 'it was pasted');
    await page.getByRole('button', { name: 'Beleg senden' }).click();
    await reads(page.getByRole('alert').first(), 'Das ist keine Mailadresse');
    await accessible(page, 'no mail address');
    assert.deepEqual((await asks('/digital')).messages, []);
    await page.keyboard.press('Escape');
    browser.assertGood();
  });

  test('a link of another host sells the goods it names or is said to be none, and is never opened', async () => {
    page = await browser.open(shop, '/till/1');
    await page.reload();
    const at = till(page);
    await at.receipt.waitFor();
    await scan(page, `https://fremder-laden.example/01/${items[1].code.padStart(14, '0')}/10/L1?17=271231`);
    await reads(at.lines.first(), 'Bauernbrot');
    await reads(at.total, '3,49');
    await scan(page, 'https://fremder-laden.example/gewinnspiel?kunde=1');
    const said = await reads(page.locator('body'), 'fremder-laden.example/gewinnspiel');
    assert.ok(said, 'it is said, as a code that nobody knows');
    assert.equal(page.url(), `${shop.address}/till/1`);
    assert.equal(browser.context.pages().length, 1);
    assert.equal(await page.locator('a[href*="fremder-laden"]').count(), 0);
    await accessible(page, 'an unknown link');
    browser.assertGood();
  });
});

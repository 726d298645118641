/** Tips, and money that goes back the way it came. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, Browser, items, person, readyShop, reads, scan, till } from './harness.mjs';

describe('a till that takes tips and gives money back', () => {
  const browser = new Browser();
  let shop;
  let page;
  let at;

  before(async () => {
    await browser.start();
    shop = await readyShop(browser);
    page = await browser.open(shop, '/office');
    await page.evaluate(async () => {
      const post = async (path, body) => {
        const response = await fetch(`/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
        if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
        return response.json();
      };
      const { made } = await post('/shop/commands', { id: crypto.randomUUID(), type: 'put_person', name: 'Jonas Kern', role: 'cashier', active: true });
      await post(`/people/${made.person}/credentials`, { kind: 'pin', secret: '739164' });
    });
    at = till(page);
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
  });

  const press = (key) => page.keyboard.press(key);
  const main = () => page.getByRole('main');
  async function check(what) {
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      assert.deepEqual(await axe(page), [], `${what}, ${theme}`);
    }
  }
  async function signIn(name, pin) {
    await press('Alt+l');
    await page.getByRole('button', { name }).click();
    await page.getByLabel(`PIN von ${name}`).waitFor();
    await page.keyboard.type(pin);
    await press('Enter');
    await page.getByLabel(`PIN von ${name}`).waitFor({ state: 'detached' });
  }

  test('the office says whose tips are, and the till then offers one', async () => {
    await page.goto(`${shop.address}/office#/settings/shop`);
    await page.getByLabel('Trinkgeld').selectOption({ label: 'gehört dem Personal' });
    await page.getByRole('button', { name: 'Speichern' }).click();
    await reads(main(), 'Gespeichert');
    await check('settings with tips');
    page = await browser.open(shop, '/till/1');
    at = till(page);
    await reads(at.receipt, 'Bereit.');
    await scan(page, items[0].code);
    await scan(page, items[1].code);
    await reads(at.total, '5,48');
    await press('F8');
    await page.getByRole('button', { name: 'Trinkgeld' }).click();
    await check('a tip');
    await page.getByLabel('Macht zusammen').waitFor();
    await page.keyboard.type('6', { delay: 90 });
    await press('Enter');
    await reads(at.total, '6,00');
    await reads(at.receipt, /Trinkgeld.*0,52/);
    browser.assertGood();
  });

  test('paid in cash and by card, it goes back to the card first, then in cash', async () => {
    await press('F10');
    await page.getByLabel('Gegeben').waitFor();
    await page.keyboard.type('2', { delay: 90 });
    await press('Enter');
    await reads(at.total, /noch offen.*4,00/);
    await press('F12');
    await page.getByRole('button', { name: 'Am Terminal bezahlt' }).click();
    await reads(at.paid, 'Karte (anderes Terminal)');
    await signIn('Jonas Kern', '739164');
    await press('F6');
    await page.getByLabel('Den Code auf dem Bon scannen').waitFor();
    await page.keyboard.type('1', { delay: 90 });
    await press('Enter');
    await page.getByRole('button', { name: 'Alles zurücknehmen' }).click();
    // The tip stays given.
    await reads(at.total, /Auszuzahlen.*5,48/);
    await reads(main(), /Zurück, wie bezahlt:.*Karte \(anderes Terminal\) 4,00.*Bar 1,48/);
    await check('going back');
    await press('F12');
    await page.getByRole('button', { name: 'Am Terminal zurückgezahlt' }).click();
    await reads(main(), /Zurück, wie bezahlt:.*Bar 1,48/);
    await press('F9');
    await reads(at.paid, '1,48');
    browser.assertGood();
  });

  test('another way needs somebody who may choose', async () => {
    await scan(page, items[2].code);
    await reads(at.total, '0,89');
    await press('F12');
    await page.getByRole('button', { name: 'Am Terminal bezahlt' }).click();
    await reads(at.paid, 'Karte (anderes Terminal)');
    await press('F6');
    await page.getByLabel('Den Code auf dem Bon scannen').waitFor();
    await page.keyboard.type('3', { delay: 90 });
    await press('Enter');
    await page.getByRole('button', { name: 'Alles zurücknehmen' }).click();
    await reads(at.total, /Auszuzahlen.*0,89/);
    await press('F9');
    await reads(main(), 'Anders zurückzahlen als bezahlt');
    await page.getByRole('button', { name: person.name }).click();
    await page.getByLabel(`PIN von ${person.name}`).waitFor();
    await page.keyboard.type(person.pin);
    await press('Enter');
    await reads(at.paid, '0,89');
    browser.assertGood();
    await shop.stop();
    shop.verify();
  });
});

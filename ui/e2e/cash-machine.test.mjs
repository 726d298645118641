/** Cash at a simulated machine: set up on the page of devices, paid by putting coins in, change given, counted and emptied. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessible, Browser, items, readyShop, reads, scan, till } from './harness.mjs';
import { Simulator } from './simulated.mjs';

describe('a cash machine beside the till', () => {
  const browser = new Browser();
  let shop;
  let page;
  let machine;
  before(async () => {
    [machine] = await Promise.all([Simulator.start(['cash-machine']), browser.start()]);
    shop = await readyShop(browser);
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
    await machine?.end();
    shop?.verify();
  });
  const check = (what) => accessible(page, what);

  test('it is set up on the page of devices, and says what it holds', async () => {
    page = await browser.open(shop, '/office#/settings/devices');
    await page.reload();
    await page.getByRole('button', { name: 'Bezahlautomaten hinzufügen' }).click();
    const form = page.getByRole('group', { name: 'Bezahlautomat' });
    await form.getByLabel('Anschluss').fill(machine.at);
    await form.getByLabel('Steht an Kasse').selectOption({ index: 1 });
    await form.getByRole('button', { name: 'Prüfen' }).click();
    await reads(form, 'Der Automat antwortet.');
    await reads(form, 'Er kann 1.777,60 € ausgeben.');
    await check('devices');
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Gespeichert.').waitFor();
  });

  test('coins are put in, the change is given, and the receipt says so', async () => {
    page = await browser.open(shop, '/till/1');
    await page.getByText('Bereit.').waitFor();
    await scan(page, items[0].code);
    const at = till(page);
    await reads(at.total, '1,99');
    await page.keyboard.press('F10');
    const running = page.getByRole('region', { name: /Barzahlung/ });
    await reads(running, '1,99');
    await machine.shows(/please pay 1\.99/);
    await machine.press('/put/100');
    await reads(running, 'eingeworfen 1,00 €');
    await reads(running, 'noch offen 0,99 €');
    await check('paying');
    await machine.press('/put/200');
    await running.waitFor({ state: 'detached' });
    const paid = page.locator('.paid');
    await reads(paid, 'Rückgeld – gibt der Automat');
    await reads(paid, '1,01');
    await check('paid');
    const receipt = await page.evaluate(async () => (await fetch('/api/v1/receipts/1/1/text')).text());
    assert.match(receipt, /gegeben\s+3,00/);
    assert.match(receipt, /zurück\s+1,01/);
    await machine.shows(/It holds 1779\.59/);
  });

  test('it is given up, and the money comes back; then it is taken by hand', async () => {
    await scan(page, items[0].code);
    await page.keyboard.press('F10');
    await machine.shows(/please pay 1\.99/);
    await machine.press('/put/50');
    await reads(page.getByRole('region', { name: /Barzahlung/ }), 'eingeworfen 0,50 €');
    await page.getByRole('button', { name: /Abbrechen/ }).click();
    await reads(page.locator('.failed'), 'Nicht kassiert');
    await check('given up');
    await machine.shows(/It holds 1779\.59/);
    await page.keyboard.press('Shift+F10');
    await page.getByRole('button', { name: 'Von Hand kassieren' }).click();
    await reads(page.locator('main'), 'nicht in den Automaten');
    await check('by hand');
    await page.keyboard.press('Enter');
    await reads(page.locator('.paid'), 'Passend bezahlt');
  });

  test('the count takes over what the machine holds, and it is emptied as a drop', async () => {
    await page.keyboard.press('F8');
    await page.getByRole('button', { name: /Lade zählen/ }).click();
    await page.getByRole('button', { name: 'Bestand des Automaten mitzählen' }).click();
    await reads(page.locator('form'), 'Der Automat meldet 1.779,59 €.');
    await check('counting');
    await page.keyboard.press('Escape');
    await page.keyboard.press('F8');
    await page.getByRole('button', { name: 'Automat leeren' }).click();
    await reads(page.locator('main'), '1.779,59 €');
    await page.getByRole('button', { name: 'Leeren und buchen' }).click();
    await page.getByLabel('Grund').fill('Bank');
    await check('emptying');
    await page.getByRole('button', { name: 'Leeren und buchen' }).click();
    await page.getByText('Der Automat ist geleert').waitFor();
    await machine.shows(/It holds 0\.00/);
  });
});

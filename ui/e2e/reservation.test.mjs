/** Money reserved at a simulated terminal: a part is booked on a receipt, another reservation released; no journey scrolls sideways. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, Browser, items, readyShop, reads, scan, till } from './harness.mjs';
import { atTill, Terminal } from './terminal.mjs';

describe('a till at whose terminal money is reserved', () => {
  const browser = new Browser();
  const terminal = new Terminal();
  let shop;
  let page;
  let at;

  before(async () => {
    await Promise.all([browser.start(), terminal.start()]);
    shop = await readyShop(browser);
    await atTill(await browser.open(shop, '/office'), terminal);
    page = await browser.open(shop, '/till/1');
    at = till(page);
    await reads(at.receipt, 'Bereit.');
  });
  after(async () => {
    await browser.stop();
    await Promise.all([shop?.stop(), terminal.stop()]);
  });

  const press = (key) => page.keyboard.press(key);
  const main = () => page.getByRole('main');
  async function check(what, of = page) {
    for (const theme of ['light', 'dark']) {
      await of.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      assert.deepEqual(await axe(of), [], `${what}, ${theme}`);
      if (process.env.PICTURES) await of.screenshot({ path: `${process.env.PICTURES}/reservation-${what.replaceAll(' ', '-')}-${theme}.png` });
    }
    await of.emulateMedia({ colorScheme: 'light' });
    await of.setViewportSize({ width: 390, height: 844 });
    assert.ok(await of.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${what} on a telephone`);
    if (process.env.PICTURES) await of.screenshot({ path: `${process.env.PICTURES}/reservation-${what.replaceAll(' ', '-')}-390.png` });
    await of.setViewportSize({ width: 1280, height: 800 });
  }
  async function reserve(amount, note) {
    await press('F8');
    await page.getByRole('button', { name: 'Betrag reservieren' }).click();
    await page.getByLabel('Wofür').fill(note);
    await page.getByRole('textbox', { name: 'Betrag' }).click();
    await page.keyboard.type(amount, { delay: 90 });
  }
  const kinds = async () => (await terminal.state()).transactions.map(({ kind, amount }) => [kind, amount]);

  test('an amount is reserved on a card, and nothing is paid by that', async () => {
    await reserve('50', 'Pavillon');
    await check('amount and note');
    await press('Enter');
    await reads(main(), /Betrag wird reserviert.*50,00 €/);
    const display = await browser.context.newPage();
    await display.goto(`${shop.address}/display/1`);
    await reads(display.locator('main'), /wird reserviert.*50,00 €.*Bitte Karte ans Terminal/);
    await display.close();
    await check('reserving');
    await terminal.customer('tap');
    await reads(main(), /Offene Reservierungen.*••••.*Pavillon.*50,00 €/);
    await reads(at.receipt, 'Bereit.');
    await reserve('30', 'Tisch 4');
    await press('Enter');
    await terminal.customer('insert');
    await reads(main(), /Pavillon.*Tisch 4.*30,00 €/);
    assert.deepEqual(await kinds(), [['reservation', 5000], ['reservation', 3000]]);
    await check('open reservations');
    browser.assertGood();
  });

  test('a card that the bank declines leaves nothing reserved, and the list says so', async () => {
    await reserve('10', '');
    await press('Enter');
    await terminal.customer('decline');
    await reads(main(), /Nicht reserviert.*Die Bank hat abgelehnt/);
    await check('not reserved');
    browser.assertGood();
  });

  test('a part of it pays a receipt as a card payment, and the rest is free again', async () => {
    await press('Escape');
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await press('F8');
    await page.getByRole('button', { name: /^Reservierungen/ }).click();
    await page.locator('li', { hasText: 'Pavillon' }).getByRole('button', { name: 'Einlösen' }).click();
    await reads(main(), /Reserviert.*50,00 €.*Offen auf dem Bon.*1,99 €/);
    await check('booking');
    await press('Enter');
    await reads(at.paid, /Mit Karte bezahlt.*1,99 €/);
    assert.deepEqual((await kinds()).at(-1), ['booking', 199]);
    browser.assertGood();
  });

  test('the office shows what is open with its age, and the till releases it', async () => {
    const office = await browser.context.newPage();
    await office.goto(`${shop.address}/office#/payments`);
    await reads(office.getByRole('main'), /Eine Reservierung ist offen.*heute.*30,00.*Tisch 4/);
    await check('office', office);
    await office.close();
    await press('F8');
    await page.getByRole('button', { name: /^Reservierungen/ }).click();
    await page.locator('li', { hasText: 'Tisch 4' }).getByRole('button', { name: 'Freigeben' }).click();
    await reads(main(), /Reservierung freigeben.*30,00 €/);
    await check('release');
    await page.getByRole('button', { name: 'Am Terminal freigeben' }).click();
    await reads(main(), 'Nichts ist reserviert.');
    assert.deepEqual((await kinds()).at(-1), ['release', 3000]);
    browser.assertGood();
  });

  test('in English the same', async () => {
    await page.evaluate(() => localStorage.setItem('tresen.language', 'en'));
    await page.reload();
    await page.getByRole('button', { name: /^More/ }).waitFor();
    await press('F8');
    await page.getByRole('button', { name: 'Reserve an amount' }).click();
    await page.getByLabel('What for').fill('Bicycle, back on Monday');
    await page.getByRole('textbox', { name: 'Amount' }).click();
    await page.keyboard.type('100', { delay: 90 });
    await check('amount in English');
    await press('Enter');
    await terminal.customer('tap');
    await reads(main(), /Open reservations.*Bicycle, back on Monday.*€100\.00/);
    await check('open reservations in English');
    const office = await browser.context.newPage();
    await office.goto(`${shop.address}/office#/payments`);
    await reads(office.getByRole('main'), /One reservation is open.*Bicycle/);
    await check('office in English', office);
    await office.close();
    browser.assertGood();
  });
});

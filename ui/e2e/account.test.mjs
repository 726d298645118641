/** On account: a customer is added in the office, buys at the till, is seen owing, pays in cash later; and the invoice. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, Browser, items, readyShop, reads, scan, textOf, till } from './harness.mjs';

/** A page of the office; another address of the same page is not loaded anew by itself. */
async function openOffice(browser, shop, path) {
  const page = await browser.open(shop, `/office#/${path}`);
  await page.reload();
  return page;
}
const button = (page, name) => page.getByRole('button', { name, exact: true });

describe('on account', () => {
  const browser = new Browser();
  let shop;
  before(async () => {
    await browser.start();
    shop = await readyShop(browser);
  });
  after(async () => {
    await shop?.stop();
    await browser.stop();
  });

  test('a customer is added, buys on account, owes, and pays later', async () => {
    const page = await openOffice(browser, shop, 'customers/new');
    const field = (name) => page.getByRole('textbox', { name: new RegExp(`^${name}`) });
    await field('Firma').fill('Müller & Söhne GmbH');
    await field('Name').fill('Anna Müller');
    await page.getByLabel('Straße und Hausnummer').fill('Lange Gasse 7');
    await page.getByLabel('Postleitzahl').fill('50667');
    await field('Ort').fill('Köln');
    await page.getByLabel('Kreditlimit').fill('100');
    await button(page, 'Speichern').click();
    await reads(page.getByRole('heading', { level: 2, name: 'Müller & Söhne GmbH' }), 'Müller');
    assert.deepEqual(await axe(page), []);

    const register = await browser.open(shop, '/till/1');
    const at = till(register);
    await reads(at.receipt, 'Bereit.');
    await scan(register, items[0].code);
    await reads(at.total, '1,99');
    await scan(register, items[1].code);
    await reads(at.total, '5,48');
    // By keyboard alone: more, on account, part of the name, all of it.
    await register.keyboard.press('F8');
    await button(register, 'Auf Rechnung').focus();
    await register.keyboard.press('Enter');
    // At a person's pace: what is faster is a scan.
    await register.getByLabel('Kunde: Name oder Nummer').fill('sohne koln');
    await register.keyboard.press('Enter');
    await register.getByText('Noch verfügbar').waitFor();
    assert.deepEqual(await axe(register), []);
    await register.keyboard.press('Enter');
    await reads(at.paid, 'Auf Rechnung');
    await reads(at.paid, 'Müller & Söhne GmbH');

    const office = await openOffice(browser, shop, 'customers/open');
    await reads(office.getByRole('main'), 'aus einem Beleg auf Rechnung');
    const row = office.getByRole('row').filter({ hasText: 'Müller & Söhne GmbH' });
    await reads(row, '5,48');
    const invoice = await row.getByRole('link', { name: '1-1' }).getAttribute('href');

    const back = await browser.open(shop, '/till/1');
    await reads(at.receipt, /Auf Rechnung|Bereit/);
    await back.keyboard.press('F8');
    await button(back, 'Rechnung bezahlen').click();
    await back.getByLabel('Kunde: Name oder Nummer').fill('1');
    await back.keyboard.press('Enter');
    await back.getByRole('radio', { name: /1-1/ }).check();
    await back.getByRole('button', { name: 'Auf den Bon' }).click();
    await reads(at.lines.first(), 'Zahlung auf Kundenkonto 1');
    await back.keyboard.press('F9');
    await reads(at.paid, '5,48');

    const settled = await openOffice(browser, shop, 'customers/1');
    await reads(settled.getByRole('main'), 'auf Rechnung gekauft');
    await button(settled, 'Kunden vergessen …').waitFor();
    const text = await textOf(settled.getByRole('main'));
    assert.match(text, /bezahlt/);

    const paper = await browser.open(shop, invoice);
    const printed = await textOf(paper.getByRole('main'));
    for (const told of ['Rechnung R1-1', 'Laden am Eck', 'Müller & Söhne GmbH', 'Lange Gasse 7', '50667 Köln', 'Bauernbrot', '5,48', 'Leistungsdatum', 'davon noch offen EUR 0,00']) assert.ok(printed.includes(told), `${told}: ${printed}`);
    browser.assertGood();
  });

  test('the shop verifies afterwards, names and tables', async () => {
    await shop.stop();
    shop.verify();
  });
});

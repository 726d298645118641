/** Goods for people who work there: from the menu of the till, without a payment; what was put aside before; both seen by an auditor. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, Browser, items, person, readyShop, reads, scan, till } from './harness.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: true });

describe('goods without a payment, and receipts put aside', () => {
  const browser = new Browser();
  const other = new Browser();
  let shop;
  let page;
  let at;
  before(async () => {
    await Promise.all([browser.start(), other.start({ width: 1024, height: 768 })]);
    shop = await readyShop(browser);
    page = await browser.open(shop, '/till/1');
    at = till(page);
    await reads(at.receipt, 'Bereit.');
  });
  after(async () => {
    await Promise.all([browser.stop(), other.stop()]);
    await shop?.stop();
  });

  test('nothing is taken without saying who takes it and what for', async () => {
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await page.keyboard.press('F8');
    await button(page, 'Sachbezug, Eigenverbrauch').click();
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      assert.deepEqual(await axe(page), [], theme);
    }
    await button(page, 'Ohne Bezahlung entnehmen').click();
    await page.getByText('Bitte sagen, wer die Ware nimmt.').waitFor();
    await page.getByText('Bitte sagen, wofür.').waitFor();
    await page.getByText(person.name, { exact: true }).last().click();
    await button(page, 'Mahlzeit in der Pause').click();
    await button(page, 'Ohne Bezahlung entnehmen').click();
    await page.getByText('Entnommen. Nichts wurde bezahlt').waitFor();
    await reads(at.receipt, 'Bereit.');
    browser.assertGood();
  });

  test('it stands in the day as a row of its own, and an auditor finds it and the order', async () => {
    await scan(page, items[1].code);
    await reads(at.total, '3,49');
    await page.keyboard.press('F5');
    await page.keyboard.press('Enter');
    await reads(at.receipt, 'Bereit.');
    await page.keyboard.press('F8');
    await button(page, 'X-Bericht').click();
    await reads(page.getByRole('row', { name: /Sachbezug, Eigenverbrauch/ }), /1.*1,99/);
    const office = await browser.open(shop, '/office#/record/audit');
    await office.reload();
    await office.getByLabel('Behörde und Aktenzeichen').fill('Finanzamt Köln-Mitte, 215/1234/5678');
    await button(office, 'Öffnen und Code zeigen').click();
    const code = (await office.locator('.code b').innerText()).trim();
    const auditor = await other.open(shop, '/office#audit');
    await auditor.getByLabel('Code').fill(code);
    await button(auditor, 'Öffnen').click();
    const records = auditor.getByRole('table').filter({ hasText: 'Vorgang' });
    await reads(records, /Bestellung \(geparkt\).*3,49/);
    await reads(records, /Sachbezug, Eigenverbrauch.*1,99.*Mahlzeit in der Pause/);
    assert.deepEqual(await axe(auditor), []);
    browser.assertGood();
    other.assertGood();
  });
});

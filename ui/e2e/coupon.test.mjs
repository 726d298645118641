/** Coupons of the shop's own: defined in the office, scanned at the till, named on the receipt, and each paper taken once. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, Browser, items, readyShop, reads, scan, textOf, till } from './harness.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: true });

describe('coupons', () => {
  const browser = new Browser();
  let shop;
  let page;
  before(async () => {
    await browser.start({ width: 1024, height: 768 });
    shop = await readyShop(browser);
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
  });

  test('the office defines one that is taken once, and one for a group', async () => {
    page = await browser.open(shop, '/office#/settings/coupons');
    await page.reload();
    await page.getByText('Kein Coupon.').waitFor();
    await button(page, 'Neuer Coupon').click();
    await page.getByLabel('Name auf dem Bon').fill('Treue');
    await page.getByLabel('Code').first().fill('TREUE');
    await page.getByLabel('Nachlass', { exact: true }).selectOption('amount');
    await page.getByLabel('Nachlass, EUR').fill('1,50');
    await page.getByLabel(/Mindesteinkauf/).fill('4');
    await page.getByLabel(/Jedes Papier nur einmal/).check();
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      assert.deepEqual(await axe(page), [], theme);
    }
    await button(page, 'Speichern').click();
    await page.getByText('Gespeichert.').waitFor();
    assert.equal(await button(page, 'Treue: Beenden').count(), 1, 'one that was saved is ended, not removed');
    browser.assertGood();
  });

  test('the till refuses it with the reason, takes it, and gives it back', async () => {
    page = await browser.open(shop, '/till/1');
    const at = till(page);
    await reads(at.receipt, 'Bereit.');
    await scan(page, items[1].code);
    await reads(at.total, '3,49');
    await scan(page, 'TREUE-0001');
    await page.getByText('gilt ab einem Einkauf von 4,00').waitFor();
    await scan(page, items[0].code);
    await reads(at.total, '5,48');
    await scan(page, 'TREUE-0001');
    await reads(at.total, '3,98');
    await reads(at.receipt, /Coupon – Treue \(0001\).*−1,50/);
    assert.deepEqual(await axe(page), []);
    await button(page, 'Treue: zurücknehmen').click();
    await reads(at.total, '5,48');
    await scan(page, 'TREUE-0001');
    await reads(at.total, '3,98');
    // Parked and fetched, it is still there.
    await page.keyboard.press('F5');
    await page.keyboard.press('Enter');
    await reads(at.receipt, 'Bereit.');
    await page.keyboard.press('F5');
    await reads(page.getByRole('main'), /Geparkt.*3,98/);
    await button(page, 'Holen').click();
    await reads(at.receipt, /Coupon – Treue \(0001\)/);
    await page.keyboard.press('F9');
    await at.paid.waitFor();
    await scan(page, items[1].code);
    await scan(page, items[1].code);
    await reads(at.total, '6,98');
    await scan(page, 'TREUE-0001');
    await page.getByText('ist schon eingelöst (Beleg 1-1)').waitFor();
    browser.assertGood();
  });

  test('the office shows it on the receipt, and an ended one is taken no longer', async () => {
    page = await browser.open(shop, '/office#/receipts/1/1');
    await page.reload();
    await reads(page.getByRole('main'), /Coupon – Treue/);
    await page.goto(`${shop.address}/office#/settings/coupons`);
    await button(page, 'Treue: Beenden').click();
    await button(page, 'Speichern').click();
    await page.getByText('Gespeichert.').waitFor();
    await reads(page.getByRole('main'), /Treue · beendet/);
    page = await browser.open(shop, '/till/1');
    await reads(till(page).total, '6,98');
    await scan(page, 'TREUE-0002');
    await page.getByText('wird nicht mehr angenommen').waitFor();
    assert.match(await textOf(till(page).total), /6,98/);
    browser.assertGood();
    await shop.stop();
    shop.verify();
  });
});

/** The browser holds nothing that matters, and the program loses nothing that it answered. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, items, readyShop, reads, scan, textOf, till } from './harness.mjs';

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
});

/** Every line and the total, as they stand on the screen. */
async function screen() {
  const at = till(page);
  const lines = await at.lines.all();
  const names = await Promise.all(lines.map((line) => textOf(line.locator('.main'))));
  return [...names, await textOf(at.total)];
}

test('a reload in mid-sale shows the same receipt', async () => {
  page = await browser.open(shop, '/till/1');
  await reads(till(page).receipt, 'Bereit.');
  await scan(page, items[0].code);
  await reads(till(page).total, '1,99');
  await scan(page, items[1].code);
  await reads(till(page).total, '5,48');
  const beforehand = await screen();
  await page.reload();
  await reads(till(page).total, '5,48');
  assert.deepEqual(await screen(), beforehand);
});

test('another window shows it too, and so does the customer display', async () => {
  const display = await browser.context.newPage();
  await display.goto(`${shop.address}/display/1`);
  await reads(display.locator('main'), '5,48');
  await scan(page, items[2].code);
  await reads(till(page).total, '6,37');
  await reads(display.locator('main'), '6,37');
  await display.close();
});

test('the process killed in mid-sale: the page goes on by itself with the same receipt', async () => {
  const beforehand = await screen();
  await shop.kill();
  await shop.start();
  // Nobody touches the page: a scan made now is sent until it is answered, and counts once.
  await scan(page, items[0].code);
  await reads(till(page).total, '8,36');
  const afterwards = await screen();
  assert.equal(afterwards.length, beforehand.length + 1);
  assert.deepEqual(afterwards.slice(0, -2), beforehand.slice(0, -1));
  await page.reload();
  await reads(till(page).total, '8,36');
  assert.deepEqual(await screen(), afterwards);
});

test('a scan into a dead process is not lost: it is carried out when the process is back', async () => {
  await shop.kill();
  await scan(page, items[1].code);
  await shop.start();
  await reads(till(page).total, '11,85');
  assert.equal((await screen()).length, 6);
});

test('paid is paid: a kill right after it, and the receipt is there', async () => {
  await page.keyboard.press('F9');
  await reads(till(page).paid, '11,85');
  await shop.kill();
  await shop.start();
  await page.reload();
  await reads(till(page).paid, '11,85');
  const receipts = await page.evaluate(() => fetch('/api/v1/receipts?till=1&limit=10').then((response) => response.json()));
  assert.equal(receipts.receipts.length, 1);
  assert.equal(receipts.receipts[0].total.amount, 1185);
  browser.assertGood();
  await shop.stop();
  shop.verify();
});

/** A payment that is taken back: that one, and no other. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser, items, reads, readyShop, scan, till } from './harness.mjs';

describe('taking a payment back', () => {
  const browser = new Browser();
  let shop;
  before(async () => {
    await browser.start();
    shop = await readyShop(browser);
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
  });

  test('of two parts in cash the last one goes back, and the first stays', async () => {
    const page = await browser.open(shop, '/till/1');
    await page.getByText('Bereit.').waitFor();
    await scan(page, items[1].code);
    await page.evaluate(async () => {
      const send = async (body) => {
        const data = JSON.stringify({ id: crypto.randomUUID(), ...body });
        const answer = await fetch('/api/v1/tills/1/commands', { method: 'POST', headers: { 'content-type': 'application/json' }, body: data });
        if (!answer.ok) throw new Error(await answer.text());
      };
      for (const amount of [100, 200]) await send({ type: 'pay_cash', tendered: { amount, currency: 'EUR' } });
    });
    const sent = [];
    page.on('request', (request) => {
      if (request.postData()?.includes('undo_tender')) sent.push(request.url());
    });
    await page.getByRole('button', { name: 'Zurücknehmen' }).first().click();
    await reads(till(page).receipt, '2,49');
    const left = await page.evaluate(async () => (await (await fetch('/api/v1/tills/1')).json()).basket.tenders.length);
    assert.deepEqual([left, sent.length], [1, 1]);
  });
});

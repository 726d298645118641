/** Every fault that the simulated terminal has, in a browser: the screen says the truth, and the books agree with the terminal's. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser, items, readyShop, reads, scan, textOf, till } from './harness.mjs';
import { atTill, Terminal } from './terminal.mjs';

/** They make the till wait for minutes, as a terminal does; the driver's own tests have them. */
const SLOW = ['time_out', 'slow_acknowledgement'];

describe('a till beside a terminal that fails in every way', () => {
  const browser = new Browser();
  const terminal = new Terminal();
  let shop;
  let page;
  let at;

  before(async () => {
    await Promise.all([browser.start(), terminal.start('--automatic', '0')]);
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

  /** What stands at the terminal: payments that were not taken back. */
  const standing = async () => (await terminal.state()).transactions.filter((t) => t.kind === 'payment' && !t.settled).length;

  test('charged, not charged, or unknown until it is known: and so it was', async () => {
    const { faults } = await terminal.state();
    assert.ok(faults.length > 12, String(faults));
    const told = [];
    for (const fault of faults.filter((name) => !SLOW.includes(name))) {
      const before = await standing();
      await scan(page, items[0].code);
      await reads(at.total, '1,99');
      await terminal.press(`fault/${fault}`);
      await page.keyboard.press('F12');
      const doubted = page.locator('main .doubt').waitFor().then(() => 'doubt', () => 'never');
      const ended = reads(at.receipt, /Karte belastet|Nicht belastet/).then(() => 'end', (error) => assert.fail(`${fault}: ${error}\n${told.join('\n')}`));
      let way = '';
      if ((await Promise.race([doubted, ended])) === 'doubt') {
        assert.match(await textOf(page.locator('main .doubt')), /Nicht noch einmal kassieren/, fault);
        way = 'in doubt, then ';
        await ended;
      }
      await terminal.press('fault/none');
      const paid = (await textOf(at.receipt)).includes('Karte belastet');
      told.push(`${fault}: ${way}${paid ? 'charged' : 'not charged'}`);
      assert.equal(await standing(), before + (paid ? 1 : 0), fault);
      if (!paid) {
        await page.keyboard.press('F9');
        await reads(at.paid, 'Passend bezahlt');
      }
    }
    console.log(told.join('\n'));
    assert.ok(told.some((line) => line.includes('in doubt, then charged')) && told.some((line) => line.includes('in doubt, then not charged')), told.join('\n'));
    browser.assertGood();
    await shop.stop();
    shop.verify();
  });
});

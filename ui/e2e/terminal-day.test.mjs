/** A terminal's day with a simulated terminal: signed for, closed with the till, matched line by line; a wrong total, and its reason. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, Browser, items, readyShop, reads, scan, textOf, till } from './harness.mjs';
import { atTill, Terminal } from './terminal.mjs';

describe('the day of a card terminal', () => {
  const browser = new Browser();
  const terminal = new Terminal();
  let shop;
  let office;
  let page;
  let at;

  before(async () => {
    await Promise.all([browser.start(), terminal.start()]);
    shop = await readyShop(browser);
    office = await browser.open(shop, '/office');
    await atTill(office, terminal);
    page = await browser.open(shop, '/till/1');
    at = till(page);
    await reads(at.receipt, 'Bereit.');
  });
  after(async () => {
    await browser.stop();
    await Promise.all([shop?.stop(), terminal.stop()]);
  });

  /** A command at till 1, as the page sends it. */
  const send = (command) =>
    page.evaluate(async (body) => {
      const response = await fetch('/api/v1/tills/1/commands', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: crypto.randomUUID(), ...body }) });
      if (!response.ok) throw new Error(`${body.type}: ${response.status} ${await response.text()}`);
    }, command);
  async function check(where, what) {
    for (const theme of ['light', 'dark']) {
      await where.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      assert.deepEqual(await axe(where), [], `${what}, ${theme}`);
    }
  }
  async function sale(how) {
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await page.keyboard.press('F12');
    await terminal.customer(how);
  }
  const main = () => office.locator('main');

  test('tapped, inserted and signed for: the sale is done when the cashier has compared', async () => {
    await sale('tap');
    await reads(at.paid, 'Mit Karte bezahlt');
    await sale('insert');
    await reads(at.paid, 'Mit Karte bezahlt');
    await sale('sign');
    const sign = page.locator('main .sign');
    await reads(sign, /Unterschrift vergleichen.*1,99 €/);
    await check(page, 'signature');
    // Nothing else pays it meanwhile.
    await page.keyboard.press('F9');
    await reads(page.getByRole('status').first(), 'Erst die Unterschrift');
    await page.getByRole('button', { name: 'Gleich', exact: true }).click();
    await reads(at.paid, 'Mit Karte bezahlt');
    browser.assertGood();
  });

  test('another signature takes the payment back at the terminal', async () => {
    await sale('sign');
    await page.getByRole('button', { name: 'Nicht gleich' }).click();
    await reads(at.total, '1,99');
    await page.locator('main .sign').waitFor({ state: 'detached' });
    const { transactions } = await terminal.state();
    assert.equal(transactions.filter((entry) => entry.kind === 'reversal').length, 1);
    await page.keyboard.press('F9');
    await reads(at.paid, 'Passend bezahlt');
    browser.assertGood();
  });

  test('a return goes back to a card', async () => {
    await send({ type: 'return_receipt', receipt: { till: 1, number: 1 } });
    await send({ type: 'pay_card' });
    await terminal.customer('insert');
    await reads(at.paid, 'Auf die Karte zurückgezahlt');
    browser.assertGood();
  });

  test('the terminal’s day follows the till’s, and matches line by line', async () => {
    await send({ type: 'count_drawer', pieces: [{ value: 1, pieces: 1 }] });
    await send({ type: 'close_day' });
    await office.goto(`${shop.address}/office#/payments/days`);
    await reads(main(), /mit .*, Tag 1.*stimmt/);
    assert.deepEqual((await terminal.state()).transactions, [], 'the terminal has begun a new day');
    await main().getByRole('row', { name: /stimmt/ }).getByRole('link').click();
    const detail = office.locator('section[aria-labelledby="terminal-day"]');
    await reads(detail, 'Terminal und Kasse stimmen überein.');
    await reads(detail, /Mastercard.*1.*1,99/);
    await reads(detail, /girocard/);
    await reads(detail, /Visa/);
    const lines = detail.locator('table').last().locator('tbody tr');
    assert.equal(await lines.count(), 6, 'three payments, one taken back with its reversal, one refund');
    await reads(detail, /\*\* Kassenschnitt \*\*/);
    await check(office, 'terminal day');
    await lines.nth(3).getByRole('link').click();
    await reads(office.locator('section.detail'), /Unterschrift verglichen: nicht gleich/);
    await office.getByRole('button', { name: /Händlerbeleg/ }).click();
    await reads(office.frameLocator('iframe').locator('body'), /HÄNDLERBELEG.*KOPIE|KOPIE.*HÄNDLERBELEG/s);
    await check(office, 'a try');
    const csv = await office.evaluate(async () => (await fetch('/api/v1/payments/export.csv?state=approved')).text());
    assert.equal(csv.trim().split('\n').length, 7, 'a head and six tries');
    assert.match(csv, /payment;;199;199;EUR;/);
    const report = await office.evaluate(async () => (await fetch('/api/v1/days/1/1')).json());
    assert.equal(report.terminals[0].closing.matches, true);
    browser.assertGood();
  });

  test('a wrong total is a difference until somebody says where it comes from', async () => {
    await send({ type: 'open_day', float: { amount: 0, currency: 'EUR' } });
    page = await browser.open(shop, '/till/1');
    at = till(page);
    await reads(at.receipt, 'Bon 6');
    await sale('tap');
    await reads(at.paid, 'Mit Karte bezahlt');
    await terminal.press('fault/wrong_total');
    await office.goto(`${shop.address}/office#/payments/days`);
    await office.getByRole('button', { name: /Kassenschnitt machen/ }).click();
    await reads(main(), /weicht ab/);
    await main().getByRole('row', { name: /weicht ab/ }).getByRole('link').click();
    const detail = office.locator('section[aria-labelledby="terminal-day"]');
    await reads(detail, /Am Terminal steht mehr als in der Kasse: 0,01 €/);
    await check(office, 'difference');
    await detail.getByLabel('Woher kommt die Differenz?').fill('Cent am Terminal getippt');
    await detail.getByRole('button', { name: 'Begründung festhalten' }).click();
    await reads(detail, /Begründet von .*Cent am Terminal getippt/);
    await reads(main(), /weicht ab, begründet/);
    assert.match(await textOf(main()), /stimmt/);
    browser.assertGood();
  });
});

/** Goods by weight at a simulated scale, the customer's display of two lines beside it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessible, Browser, eventually, items, readyShop, reads, scan, till } from './harness.mjs';
import { Simulator } from './simulated.mjs';

const glass = async (device) => {
  const html = await device.html();
  assert.match(html, /class="sign">Simulator</);
  return /<div class="glass">([^<]*)<\/div>/.exec(html)[1];
};

describe('selling by weight', () => {
  const browser = new Browser();
  let shop;
  let page;
  let scale;
  let pole;
  before(async () => {
    [scale, pole] = await Promise.all([Simulator.start(['scale', '--protocol', 'dialog04']), Simulator.start(['display', '--dialect', 'epson']), browser.start()]);
    shop = await readyShop(browser);
    page = await browser.open(shop, '/office');
    await page.evaluate(
      async ({ scale, pole }) => {
        const command = async (body) => {
          const data = JSON.stringify({ id: crypto.randomUUID(), ...body });
          const answer = await fetch('/api/v1/shop/commands', { method: 'POST', headers: { 'content-type': 'application/json' }, body: data });
          if (!answer.ok) throw new Error(await answer.text());
          return answer.json();
        };
        const { revision: _, ...known } = await (await fetch('/api/v1/settings')).json();
        const [first] = known.tills;
        const group = known.groups[0];
        await command({
          type: 'put_item',
          draft: {
            number: 'K1', name: 'Bergkäse vom Almhof', codes: [], unit: 'kilogram', tax: group.tax, group: group.id, weighed: true,
            prices: [{ amount: 2490, list: 0 }], open_price: false, refund: false, price_bound: false, discountable: true, stocked: false, retired: false,
          },
        }).then((made) => { known.tiles = [...known.tiles, made.made.item]; });
        await command({
          type: 'configure',
          settings: {
            ...known,
            peripherals: [
              { at: scale, name: 'Waage', device: { kind: 'scale', protocol: 'dialog04' } },
              { at: pole, name: 'Anzeige', device: { kind: 'display', dialect: 'epson', umlauts: true } },
            ],
            tills: known.tills.map((till) => (till.id === first.id ? { ...till, scale, pole_display: pole } : till)),
          },
        });
      },
      { scale: scale.at, pole: pole.at },
    );
    page = await browser.open(shop, '/till/1');
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
    await Promise.all([scale?.end(), pole?.end()]);
    shop?.verify();
  });
  const check = (what) => accessible(page, what);
  const weighing = () => page.getByRole('region', { name: /Bergkäse/ });
  const tap = () => page.locator('.tile', { hasText: 'Bergkäse' }).click();

  test('the line comes when the weight does, and other goods meanwhile', async () => {
    await tap();
    await reads(weighing(), 'Bitte Ware auflegen');
    await reads(weighing(), '24,90 € je kg');
    await check('weighing');
    await scan(page, items[0].code);
    const at = till(page);
    await reads(at.total, '1,99');
    await scale.press('/put/500');
    await reads(at.total, '14,44');
    await reads(at.lines.last(), '0,500');
    await reads(at.lines.last(), 'von der Waage');
    await weighing().waitFor({ state: 'detached' });
    assert.match(await glass(scale), /0\.500 kg/);
  });

  test('the display of two lines shows the goods and the total', async () => {
    const lines = await eventually('the total on the display', async () => {
      const shown = await glass(pole);
      return shown.includes('14,44') && shown;
    });
    assert.equal(lines, 'Bergkäse vom A 12,45\nSumme          14,44');
  });

  test('a load is sold once, the packing is taken off, and the receipt says so', async () => {
    await tap();
    await reads(weighing(), 'wurde schon gewogen');
    await page.getByRole('button', { name: 'Tara …' }).click();
    await page.getByLabel('Verpackung in Gramm').waitFor();
    await page.keyboard.type('50');
    await page.keyboard.press('Enter');
    await reads(weighing(), 'Tara 50 g wird abgezogen');
    await scale.press('/put/0');
    await reads(weighing(), 'Bitte Ware auflegen');
    await scale.press('/put/250');
    const at = till(page);
    await reads(at.lines.last(), '0,200');
    await reads(at.lines.last(), 'netto, Tara 0,050 kg');
    const receipt = await page.evaluate(async () => {
      const command = { id: crypto.randomUUID(), type: 'pay_cash' };
      const answer = await fetch('/api/v1/tills/1/commands', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(command) });
      return answer.json();
    });
    const number = receipt.receipt?.number ?? 1;
    const html = await page.evaluate(async (n) => (await fetch(`/api/v1/receipts/1/${n}/html`)).text(), number);
    assert.match(html, /0,200 kg/);
    assert.match(html, /netto, abgezogene Tara 0,050 kg/);
  });

  test('whoever cannot wait for the scale types the weight in', async () => {
    await scale.press('/fault/gone');
    await tap();
    await reads(weighing(), 'nicht zu erreichen');
    await page.getByRole('button', { name: 'Von Hand eingeben' }).click();
    // The scale is given up first: until then its own panel is there, with the same name.
    await page.getByRole('button', { name: 'Nicht wiegen' }).waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: /Bergkäse/ }).waitFor();
    await page.keyboard.type('0,3');
    await page.keyboard.press('Enter');
    const at = till(page);
    await reads(at.total, '7,47');
    await reads(at.lines.last(), 'von Hand');
    await scale.press('/fault/none');
    browser.assertGood();
  });
});

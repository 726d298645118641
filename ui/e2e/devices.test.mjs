/** The office's pages of devices: what the search says, a scale with its key, the part that was tested for weighing, a display of two lines. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { accessible, Browser, eventually, readyShop, reads, till } from './harness.mjs';
import { Simulator } from './simulated.mjs';

/** A key that a maker gave to nobody. */
const KEY = '9AC08000';
const glass = async (device) => /<div class="glass">([^<]*)<\/div>/.exec(await device.html())[1];

describe('devices in the office', () => {
  const browser = new Browser();
  let shop;
  let page;
  let printer;
  let scale;
  let pole;
  before(async () => {
    [printer, scale, pole] = await Promise.all([
      Simulator.start(['printer', '--protocol', 'esc-pos']), Simulator.start(['scale', '--protocol', 'dialog06', '--secret', KEY]),
      Simulator.start(['display', '--dialect', 'epson']), browser.start(),
    ]);
    shop = await readyShop(browser);
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
    await Promise.all([printer?.end(), scale?.end(), pole?.end()]);
    shop?.verify();
  });
  const office = async (path) => {
    page = await browser.open(shop, `/office#/${path}`);
    await page.reload();
    await page.getByRole('main').getByRole('heading').first().waitFor();
  };
  const save = async () => {
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Gespeichert.').waitFor();
  };
  /** The page as a telephone shows it. */
  const narrow = async (what) => {
    await page.setViewportSize({ width: 390, height: 844 });
    const [wide, seen] = await page.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth]);
    assert.ok(wide <= seen, `${what}: ${wide} of ${seen}`);
    await page.setViewportSize({ width: 1280, height: 800 });
  };

  test('the search says that it searches, that it found nothing, what went wrong and what it found', async () => {
    await office('settings/devices');
    // The shop would knock at every machine of the network that the test happens to run in; what it finds is said by the test instead.
    const answers = [];
    let asked = 0;
    await page.route('**/api/v1/peripherals/search', async (route) => {
      asked += 1;
      await route.fulfill(await new Promise((done) => answers.push(done)));
    });
    const answer = async (body, status = 200) => {
      const done = await eventually('the shop is asked', () => answers.shift());
      done({ status, contentType: status === 200 ? 'application/json' : 'application/problem+json', body: JSON.stringify(body) });
    };
    const search = page.getByRole('button', { name: 'Geräte suchen' });
    const searching = page.getByRole('button', { name: 'Sucht im Netz und an den Anschlüssen …' });
    await search.click();
    await searching.waitFor();
    assert.ok(await searching.isDisabled(), 'it is searched once at a time');
    await accessible(page, 'while it searches');
    await answer([]);
    await page.getByText('Nichts gefunden. Ist der Drucker eingeschaltet').waitFor();
    await accessible(page, 'nothing found');
    await search.click();
    await answer({ type: 'about:blank', status: 503, code: 'busy', title: 'busy' }, 503);
    await page.getByRole('main').getByRole('alert').waitFor();
    await search.click();
    await answer([
      { at: printer.at, called: '', kind: 'printer', language: 'esc_pos', known: false },
      { at: '/dev/ttyS7', called: '', kind: 'serial_port', known: false },
      { at: '192.168.77.77:9100', called: '', kind: 'silent_printer', known: false },
    ]);
    const found = page.getByRole('region', { name: 'Gefunden' });
    await reads(found, printer.at);
    assert.equal(await page.getByRole('main').getByRole('alert').count(), 0, 'what went wrong before is over');
    await accessible(page, 'what was found');
    await narrow('what was found');
    await found.getByRole('button', { name: `${printer.at}: Aufnehmen` }).click();
    const card = page.getByRole('group', { name: 'Bondrucker', exact: true });
    // It is the real one: the simulator answers.
    await card.getByRole('button', { name: 'Nachsehen' }).click();
    await card.getByText('Zustand: bereit').waitFor();
    await reads(found, 'schon aufgenommen');
    await save();
    assert.equal(asked, 3);
    await page.unroute('**/api/v1/peripherals/search');
    browser.assertGood();
  });

  test('a scale gets its key, which nobody is shown again, and the tested part says its version and its checksum', async () => {
    await office('settings/counter');
    const main = page.getByRole('main');
    await main.getByRole('button', { name: 'Waage hinzufügen' }).click();
    const card = page.getByRole('group', { name: 'Waage', exact: true });
    await card.getByLabel('Anschluss').fill('zwei Wörter');
    await reads(card, 'Bitte einen Anschluss angeben, der nur einmal vorkommt.');
    await card.getByLabel('Anschluss').fill(scale.at);
    await card.getByLabel('Protokoll').selectOption('sics');
    await reads(card, 'Diese Waage nennt nur das Gewicht');
    await accessible(page, 'a scale that tells the weight alone');
    await card.getByLabel('Protokoll').selectOption('dialog06');
    await card.getByLabel('Kasse 1').check();
    await save();
    await reads(card, 'Ohne diesen Schlüssel wiegt die Waage nicht für die Kasse.');
    const key = card.getByLabel('Schlüssel der Waage (Dialog 06)');
    assert.equal(await key.getAttribute('type'), 'password');
    await key.fill('1234');
    await card.getByRole('button', { name: 'Schlüssel ablegen' }).click();
    await reads(card, 'Das ist kein solcher Schlüssel: acht Zeichen 0–9 und A–F');
    await accessible(page, 'no such key');
    await narrow('no such key');
    // Eight such characters, and still none that a scale could be asked with.
    await key.fill('5AC01D17');
    const refused = page.waitForResponse('**/api/v1/scales/secret');
    await card.getByRole('button', { name: 'Schlüssel ablegen' }).click();
    assert.equal((await refused).status(), 422);
    await reads(card, 'acht Zeichen 0–9 und A–F, so wie der Hersteller sie nennt.');
    assert.equal(await card.getByText('Passt hier nicht').count(), 0, 'said in words of keys');
    assert.equal(await key.inputValue(), '5AC01D17');
    await key.fill(KEY);
    await page.keyboard.press('Enter');
    await reads(card, 'Der Schlüssel ist abgelegt.');
    assert.equal(await card.getByText('Ohne diesen Schlüssel wiegt die Waage nicht').count(), 0);
    const part = await page.evaluate(async () => (await fetch('/api/v1/scales')).text());
    await page.reload();
    await card.waitFor();
    const everywhere = [part, await page.content(), await page.evaluate(async () => (await fetch('/api/v1/settings')).text())];
    everywhere.push(...(await page.locator('input').evaluateAll((all) => all.map((one) => one.value))));
    for (const text of everywhere) assert.ok(!text.toUpperCase().includes(KEY), 'the key is shown to nobody again');
    const said = await reads(main.getByRole('region', { name: 'Waagen' }), /Prüfsumme \(SHA-256\) [0-9a-f]{64}/);
    assert.match(said, /Eichpflichtiger Teil \d+\.\d+\.\d+/);
    assert.match(said, /mit Simulatoren getestet und von keiner Stelle geprüft/);
    await accessible(page, 'the tested part');
    browser.assertGood();
  });

  test('with its key the scale weighs for the till', async () => {
    await page.evaluate(async () => {
      const { groups: [group] } = await (await fetch('/api/v1/settings')).json();
      const draft = {
        number: 'K1', name: 'Bergkäse vom Almhof', codes: [], unit: 'kilogram', tax: group.tax, group: group.id, weighed: true,
        prices: [{ amount: 2490, list: 0 }], open_price: false, refund: false, price_bound: false, discountable: true, stocked: false, retired: false,
      };
      const body = JSON.stringify({ id: crypto.randomUUID(), type: 'put_item', draft });
      const answer = await fetch('/api/v1/shop/commands', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      if (!answer.ok) throw new Error(await answer.text());
    });
    page = await browser.open(shop, '/till/1');
    await reads(till(page).receipt, 'Bereit.');
    await page.keyboard.press('F2');
    await page.keyboard.type('K1', { delay: 130 });
    await page.keyboard.press('Enter');
    await reads(page.getByRole('region', { name: /Bergkäse/ }), 'Bitte Ware auflegen');
    await scale.press('/put/500');
    await reads(till(page).total, '12,45');
    await reads(till(page).lines.first(), 'von der Waage');
    browser.assertGood();
  });

  test('a display of two lines is entered, and greets', async () => {
    await office('settings/counter');
    const main = page.getByRole('main');
    await main.getByRole('button', { name: 'Anzeige hinzufügen' }).click();
    const card = page.getByRole('group', { name: 'Kundenanzeige', exact: true });
    await card.getByLabel('Anschluss').fill(scale.at);
    await reads(card, 'der nur einmal vorkommt');
    await card.getByLabel('Anschluss').fill(pole.at);
    await card.getByLabel('Zeigt Umlaute').check();
    await card.getByLabel('Kasse 1').check();
    await accessible(page, 'a display');
    await narrow('a display');
    await save();
    await eventually('the total on the display', async () => (await glass(pole)).includes('12,45'));
    browser.assertGood();
  });
});

/** Card payments with a simulated terminal: paid, declined, given up, in doubt and settled; the customer is played by the test. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { axe, Browser, items, person, readyShop, reads, scan, textOf, till } from './harness.mjs';
import { connect, Terminal } from './terminal.mjs';

describe('a till with a card terminal', () => {
  const browser = new Browser();
  const terminal = new Terminal();
  let shop;
  let page;
  let at;

  before(async () => {
    await Promise.all([browser.start(), terminal.start()]);
    shop = await readyShop(browser);
    page = await browser.open(shop, '/office');
    await connect(page, terminal);
    page = await browser.open(shop, '/till/1');
    at = till(page);
    await reads(at.receipt, 'Bereit.');
  });
  after(async () => {
    await browser.stop();
    await Promise.all([shop?.stop(), terminal.stop()]);
  });

  const press = (key) => page.keyboard.press(key);
  const running = () => page.locator('main .running');
  const doubt = () => page.locator('main .doubt');
  async function check(what) {
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      assert.deepEqual(await axe(page), [], `${what}, ${theme}`);
    }
  }

  test('one key asks the terminal for what is due, and the card pays the receipt', async () => {
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await press('F12');
    await reads(running(), /Kartenzahlung.*1,99 €/);
    await reads(running(), 'Bitte Karte ans Terminal halten');
    const display = await browser.context.newPage();
    await display.goto(`${shop.address}/display/1`);
    await reads(display.locator('main'), /1,99 €.*Bitte Karte ans Terminal/);
    await display.close();
    await check('payment running');
    // Goods are not added under the customer's hand.
    await scan(page, items[1].code);
    await reads(page.getByRole('status').first(), /läuft noch eine Zahlung/);
    const state = await terminal.customer('tap');
    assert.equal(state.asks.amount, 199);
    await reads(at.paid, /Mit Karte bezahlt.*1,99 €/);
    await reads(at.paid, 'Karte belastet');
    await running().waitFor({ state: 'detached' });
    await check('paid by card');
    browser.assertGood();
  });

  test('declined: the receipt says so until the next try, and cash pays it', async () => {
    await scan(page, items[1].code);
    await reads(at.total, '3,49');
    await page.getByRole('button', { name: /^Karte/ }).click();
    await terminal.customer('decline');
    await reads(at.receipt, /Nicht belastet/);
    await check('declined');
    await press('F9');
    await reads(at.paid, 'Passend bezahlt');
    browser.assertGood();
  });

  test('given up at the till: only the terminal says whether it was', async () => {
    await scan(page, items[1].code);
    await reads(at.total, '3,49');
    await press('F12');
    await terminal.waits();
    // A key goes to what is on the screen.
    await running().getByRole('button', { name: 'Abbrechen' }).waitFor();
    await press('Escape');
    await reads(at.receipt, /Nicht belastet.*An der Kasse wurde abgebrochen/);
    await running().waitFor({ state: 'detached' });
    browser.assertGood();
  });

  test('a part by card, taken back at the terminal, then all of it', async () => {
    await press('Shift+F12');
    await page.getByLabel('Teilbetrag mit Karte').waitFor();
    await page.keyboard.type('1,50', { delay: 90 });
    await press('Enter');
    await terminal.customer('insert');
    await reads(at.total, /noch offen.*1,99/);
    await at.receipt.getByRole('button', { name: 'zurücknehmen' }).click();
    await reads(page.getByRole('main'), 'Storno');
    await page.getByRole('button', { name: 'Am Terminal zurücknehmen' }).click();
    await reads(at.total, /Summe.*3,49/);
    const { transactions } = await terminal.state();
    assert.deepEqual(transactions.slice(-1).map(({ kind, amount }) => ({ kind, amount })), [{ kind: 'reversal', amount: 150 }]);
    await press('F12');
    await terminal.customer('tap');
    await reads(at.paid, /Mit Karte bezahlt.*3,49 €/);
    browser.assertGood();
  });

  test('a return goes back to the card', async () => {
    await press('F6');
    await page.getByLabel('Den Code auf dem Bon scannen').waitFor();
    await page.keyboard.type('1', { delay: 90 });
    await press('Enter');
    await page.getByRole('button', { name: 'Alles zurücknehmen' }).click();
    await reads(at.total, /Auszuzahlen.*1,99/);
    await press('F12');
    await terminal.customer('tap');
    await reads(at.paid, 'Auf die Karte zurückgezahlt');
    browser.assertGood();
  });

  test('the terminal goes in mid-payment: in doubt, the next customer is served, and by hand it is settled', async () => {
    await scan(page, items[2].code);
    await reads(at.total, '0,89');
    await press('F12');
    await terminal.waits();
    await terminal.stop();
    await reads(doubt(), 'Nicht noch einmal kassieren');
    await reads(doubt(), 'sind gespeichert');
    await reads(at.receipt, 'ungeklärt');
    await check('in doubt');
    // A reload forgets nothing.
    await page.reload();
    await reads(doubt(), 'Nicht noch einmal kassieren');
    await doubt().getByRole('button', { name: 'Am Terminal nachsehen' }).click();
    await reads(doubt(), 'Händlerbeleg');
    await press('Escape');
    await doubt().getByRole('button', { name: 'Nächsten Kunden bedienen' }).click();
    await doubt().waitFor({ state: 'detached' });
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await press('F9');
    await reads(at.paid, 'Passend bezahlt');
    await page.getByRole('button', { name: '1 Zahlung ungeklärt' }).click();
    await doubt().getByRole('button', { name: 'Von Hand klären' }).click();
    await check('settling by hand');
    await doubt().getByText('Karte ist nicht belastet').click();
    await doubt().getByRole('button', { name: 'Letzter Beleg ist älter' }).click();
    await doubt().getByRole('button', { name: 'So klären' }).click();
    await page.getByRole('button', { name: '1 Zahlung ungeklärt' }).waitFor({ state: 'detached' });
    // Its receipt is open again.
    await at.receipt.getByRole('button', { name: /0,89/ }).click();
    await reads(at.total, '0,89');
    await press('F9');
    await reads(at.paid, 'Passend bezahlt');
    browser.assertGood();
  });

  test('a terminal that is gone is said to be, and cash pays', async () => {
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await press('F12');
    await reads(at.receipt, 'Nicht belastet');
    await running().waitFor({ state: 'detached' });
    await press('F9');
    await reads(at.paid, 'Passend bezahlt');
    browser.assertGood();
  });

  test('a terminal that says nothing can be given up on, and cash pays', async () => {
    const held = new Set();
    const mute = createServer((socket) => held.add(socket.on('error', () => {})));
    const [host, port] = terminal.address.split(':');
    mute.listen(Number(port), host);
    await once(mute, 'listening');
    try {
      await scan(page, items[0].code);
      await reads(at.total, '1,99');
      await press('F12');
      await running().getByRole('button', { name: 'Abbrechen' }).click();
      await reads(at.receipt, 'Nicht belastet');
      await running().waitFor({ state: 'detached' });
      await press('F9');
      await reads(at.paid, 'Passend bezahlt');
      browser.assertGood();
    } finally {
      for (const socket of held) socket.destroy();
      mute.close();
      await once(mute, 'close');
    }
  });

  test('a cashier closes the day in spite of a doubt: with a reason, and when somebody else approves', async () => {
    const cashier = await page.evaluate(async () => {
      const post = async (path, body) => {
        const response = await fetch(`/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
        if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
        return response.json();
      };
      const { made } = await post('/shop/commands', { id: crypto.randomUUID(), type: 'put_person', name: 'Jonas Kern', role: 'cashier', active: true });
      await post(`/people/${made.person}/credentials`, { kind: 'pin', secret: '739164' });
      return made.person;
    });
    assert.ok(cashier > 1);
    await terminal.start();
    await scan(page, items[1].code);
    await reads(at.total, '3,49');
    await press('F12');
    await terminal.waits();
    await terminal.stop();
    await reads(doubt(), 'Nicht noch einmal kassieren');
    await press('Alt+l');
    await page.reload();
    await page.getByRole('button', { name: 'Jonas Kern' }).click();
    await page.getByLabel('PIN von Jonas Kern').waitFor();
    await page.keyboard.type('739164');
    await press('Enter');
    await reads(doubt(), 'braucht eine Freigabe');
    await press('F8');
    await page.getByRole('button', { name: 'Lade zählen' }).click();
    await page.getByLabel('Stück zu 100,00 €').fill('1');
    await page.getByRole('button', { name: 'Zählung speichern' }).click();
    await page.getByRole('button', { name: /^Kassentag \d+ abschließen/ }).click();
    const main = page.getByRole('main');
    await reads(main, '1 Zahlung ungeklärt');
    await check('closing in spite of a doubt');
    await page.getByRole('button', { name: 'Trotzdem abschließen' }).click();
    await reads(page.getByRole('alert'), 'Bitte einen Grund angeben');
    await page.getByRole('button', { name: 'Terminal ist erst morgen erreichbar' }).click();
    await page.getByRole('button', { name: 'Trotzdem abschließen' }).click();
    await reads(main, 'Ungeklärte Zahlungen klären');
    await page.getByRole('button', { name: person.name }).click();
    await page.getByLabel(`PIN von ${person.name}`).waitFor();
    await page.keyboard.type(person.pin);
    await press('Enter');
    await reads(page.getByRole('region', { name: 'Meldungen' }), 'Der Kassentag ist abgeschlossen.');
    // Still in doubt, and in everybody's sight.
    await page.getByRole('button', { name: '1 Zahlung ungeklärt' }).click();
    await reads(doubt(), 'Nicht noch einmal kassieren');
    browser.assertGood();
  });

  test('the office lists every try, with what a person said, and the terminal itself', async () => {
    await page.goto(`${shop.address}/office#/payments`);
    await page.reload();
    const main = page.getByRole('main');
    await reads(main, 'Eine Zahlung ist ungeklärt');
    await main.getByRole('link', { name: 'Zu Kasse 1' }).waitFor();
    for (const words of ['erfolgt', 'abgelehnt', 'abgebrochen', 'Rücknahme: erfolgt', 'Erstattung: erfolgt', 'von Hand geklärt: nicht erfolgt', 'Letzter Beleg ist älter']) await reads(main, words);
    await check('office, payments');
    await page.goto(`${shop.address}/office#/settings/terminals`);
    await reads(main, 'zertifiziert');
    await reads(main, 'Steht an: Kasse 1.');
    await check('office, terminals');
    assert.match(await textOf(page.getByRole('navigation').first()), /Zahlungen/);
    browser.assertGood();
    await shop.stop();
    shop.verify();
  });
});

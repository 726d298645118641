/** Another terminal in the place of the shop's: card payment stops, a person confirms, and it goes on. Rounds of inspection, and stripes that are dropped. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, Browser, items, person, readyShop, reads, scan, till } from './harness.mjs';
import { atTill, Terminal } from './terminal.mjs';

describe('a shop whose card terminal somebody exchanges', () => {
  const browser = new Browser();
  const terminal = new Terminal();
  let shop;
  let page;

  before(async () => {
    await Promise.all([browser.start(), terminal.start()]);
    await terminal.press('automatic/1');
    shop = await readyShop(browser);
    page = await browser.open(shop, '/office');
    await atTill(page, terminal);
  });
  after(async () => {
    await browser.stop();
    await Promise.all([shop?.stop(), terminal.stop()]);
  });

  const main = () => page.locator('main');
  const button = (name) => main().getByRole('button', { name, exact: true });
  async function office(hash) {
    page = await browser.open(shop, `/office#/${hash}`);
    await page.reload();
  }
  async function check(what) {
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      assert.deepEqual(await axe(page), [], `${what}, ${theme}`);
    }
  }
  /** A card payment at the till; the line that the receipt ends with. */
  async function pay() {
    page = await browser.open(shop, '/till/1');
    const at = till(page);
    await reads(at.receipt, /./);
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await page.keyboard.press('F12');
    return at;
  }

  test('the office says that a terminal is not in the register, and takes over what it reports', async () => {
    await office('today');
    await reads(main(), /Ein Kartenterminal steht nicht im Verzeichnis/);
    await office('terminals');
    await reads(main(), /SIM-0001/);
    await check('an unregistered terminal');
    await main().getByLabel('Hersteller').fill('Muster');
    await main().getByLabel('Standort').fill('Theke, rechts');
    await main().getByLabel(/Nummer des Siegels/).fill('S-20931');
    await main().getByLabel(/Zulassung bis/).fill('2020-04-30');
    await button('In das Verzeichnis aufnehmen').click();
    await reads(main(), /Aufgenommen von Anna Berg/);
    await reads(main(), /Die Zulassung ist abgelaufen/);
    await reads(main(), /Passwort, mit dem Geräte ausgeliefert werden/);
    await check('a registered terminal');
    const at = await pay();
    await reads(at.paid, /bezahlt|Rückgeld/i);
  });

  test('another device at the same address is asked for no money, and the till says what changed', async () => {
    await terminal.press('device/exchanged');
    const at = await pay();
    await reads(page.locator('.status'), /Theke: Kartenzahlung angehalten.*Seriennummer.*Bar und andere Terminals gehen weiter/);
    await check('a till whose terminal is stopped');
    // Asked again, the rule itself says no.
    await page.keyboard.press('Escape');
    await page.keyboard.press('F12');
    await reads(page.locator('.status'), /An diesem Terminal ist die Kartenzahlung angehalten/);
    const { transactions } = await terminal.state();
    assert.equal(transactions.length, 1, 'nothing was charged at the other device');
    // Cash goes on.
    await page.keyboard.press('F9');
    await reads(at.paid, /bezahlt|Rückgeld/i);
  });

  test('a person says in the office why it is the right one, and cards go on', async () => {
    await office('today');
    await reads(main(), /An einem Terminal ist die Kartenzahlung angehalten/);
    await office('terminals');
    await reads(main(), /Kartenzahlung ist angehalten: Theke.*Im Verzeichnis SIM-0001, jetzt SIM-0002/s);
    await check('a stopped terminal');
    await button('Ist das richtige: wieder freigeben').click();
    await reads(main(), /Bitte ausfüllen/);
    await main().getByLabel(/Woher ist bekannt/).fill('Technikerbesuch, Auftrag 4711');
    await button('Ist das richtige: wieder freigeben').click();
    await main().getByText('Kartenzahlung ist angehalten').waitFor({ state: 'detached' });
    await reads(main(), /Bestätigt und freigegeben.*Technikerbesuch, Auftrag 4711.*Meldet etwas anderes: angehalten/s);
    const at = await pay();
    await reads(at.paid, /bezahlt|Rückgeld/i);
  });

  test('a round goes through the list, and a finding stops the terminal', async () => {
    await office('terminals');
    await button('Prüfung beginnen').click();
    for (const [point, answer] of [['Siegel', 'In Ordnung'], ['Aufsatz', 'Auffällig'], ['Kabel', 'In Ordnung'], ['Seriennummer', 'In Ordnung'], ['Umgebung', 'In Ordnung']]) {
      await reads(main(), new RegExp(`Punkt \\d von 5: ${point}`));
      await button(answer).click();
    }
    await check('the result of a round');
    await button('Prüfung eintragen').click();
    await reads(main(), /Bitte ausfüllen/);
    await main().getByLabel('Was ist aufgefallen?').fill('Zweiter Schlitz auf dem Schlitz');
    await button('Prüfung eintragen').click();
    await reads(main(), /Kartenzahlung ist angehalten: Theke.*Aufsatz/s);
    await reads(main(), /Zuletzt geprüft von Anna Berg/);
    await main().getByLabel(/Woher ist bekannt/).fill('Aufsatz entfernt, Polizei war da');
    await button('Ist das richtige: wieder freigeben').click();
    await main().getByText('Kartenzahlung ist angehalten').waitFor({ state: 'detached' });
  });

  test('a photo is made small, kept, and shown', async () => {
    await office('terminals');
    const picture = await page.evaluate(async () => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [3000, 1500];
      canvas.getContext('2d').fillRect(10, 10, 400, 400);
      const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'));
      return [...new Uint8Array(await blob.arrayBuffer())];
    });
    await main().locator('input[type=file]').setInputFiles({ name: 'terminal.png', mimeType: 'image/png', buffer: Buffer.from(picture) });
    const photo = main().getByAltText('Foto von Theke');
    await photo.waitFor();
    await photo.evaluate((image) => image.decode());
    assert.deepEqual(await photo.evaluate((image) => [image.naturalWidth, image.naturalHeight]), [1600, 800]);
    await main().locator('input[type=file]').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
    await reads(main(), /Dieses Bild lässt sich nicht lesen/);
  });

  test('a stripe that is swiped or typed is dropped and said, at the till and in the office', async () => {
    const track = ';4111111111111111=25121010000000000?';
    page = await browser.open(shop, '/till/1');
    await reads(till(page).receipt, /./);
    await scan(page, track);
    await reads(page.locator('.status'), /Das waren Daten einer Zahlungskarte/);
    await office('terminals');
    await button('Ändern').click();
    const field = main().getByLabel('Standort');
    await field.pressSequentially(track);
    await reads(page.getByRole('alert').first(), /Das waren Daten einer Zahlungskarte/);
    assert.doesNotMatch(await field.inputValue(), /4111/);
  });

  test('no page asked for anything elsewhere, and the journal is whole', async () => {
    browser.assertGood();
    await shop.stop();
    shop.verify();
  });
});

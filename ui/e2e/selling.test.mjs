/** The main job, twice: with the keyboard alone, and with fingers alone. */
import { after, before, describe, test } from 'node:test';
import { Browser, catalogue, items, person, reads, readyShop, scan, Shop, tabTo, till } from './harness.mjs';

const button = (page, name) => page.getByRole('button', { name });

/** Fills the fields of the first run; `enter` puts a text into a field. */
async function setUp(page, enter) {
  await enter(page.getByLabel('Name des Geschäfts'), 'Laden am Eck');
  await enter(page.getByLabel('Anschrift'), 'Hauptstraße 1');
  await enter(page.getByLabel('Dein Name'), person.name);
  await enter(page.getByLabel('Passphrase für das Büro'), person.passphrase);
  await enter(page.getByLabel('PIN für die Kasse'), person.pin);
}

describe('by keyboard alone', () => {
  const browser = new Browser();
  const shop = new Shop();
  before(() => Promise.all([browser.start(), shop.start()]));
  after(() => Promise.all([browser.stop(), shop.stop()]));

  test('first run, import, sale, return, closing', async () => {
    const page = await browser.open(shop, shop.setup);
    const press = (key) => page.keyboard.press(key);
    const go = async (locator) => {
      await tabTo(page, locator);
      await press('Enter');
    };
    const type = async (locator, text) => {
      await tabTo(page, locator);
      await page.keyboard.type(text);
    };

    await setUp(page, type);
    await go(button(page, 'Geschäft anlegen'));
    await reads(page.getByRole('heading', { level: 1 }), 'Laden am Eck ist eingerichtet.');

    await go(button(page, 'Artikel einlesen'));
    const field = page.locator('input[type=file]');
    await tabTo(page, field);
    const choosing = page.waitForEvent('filechooser');
    await press('Space');
    await (await choosing).setFiles(catalogue());
    await go(button(page, '4 Artikel einlesen'));
    await reads(page.getByRole('main'), '4 neue Artikel');

    await go(page.getByRole('link', { name: 'Zur Kasse' }));
    await go(page.getByRole('link', { name: 'Kasse 1' }));
    await go(button(page, person.name));
    await page.getByLabel(`PIN von ${person.name}`).waitFor();
    await page.keyboard.type(person.pin);
    await press('Enter');
    await page.getByLabel('Anfangsbestand').waitFor();
    await page.keyboard.type('100');
    await press('Enter');

    const at = till(page);
    await reads(at.receipt, 'Bereit.');
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    // "3 ×" before the scan, then a search by parts of the name, accents left out.
    await press('F3');
    await page.getByLabel('Menge vor dem nächsten Scan').waitFor();
    await page.keyboard.type('3');
    await press('Enter');
    await scan(page, items[1].code);
    await reads(at.total, '12,46');
    await page.keyboard.type('petersi kuche', { delay: 90 });
    await page.getByRole('button', { name: items[2].name }).waitFor();
    await press('Enter');
    await reads(at.total, '13,35');
    // Spirits: paying waits until the age is checked, scanning does not.
    await scan(page, items[3].code);
    await reads(page.getByRole('alert'), 'Ab 18');
    await reads(at.total, '22,34');
    await press('Alt+a');
    await page.locator('.age').waitFor({ state: 'detached' });
    await press('F10');
    await page.getByLabel('Gegeben').waitFor();
    await page.keyboard.type('30');
    await press('Enter');
    await reads(at.paid, '7,66');

    await press('F6');
    await page.getByLabel('Den Code auf dem Bon scannen').waitFor();
    await page.keyboard.type('1');
    await press('Enter');
    await go(button(page, 'Alles zurücknehmen'));
    await reads(at.total, /Auszuzahlen.*22,34/);
    await press('F9');
    await reads(at.paid, 'Ausgezahlt');

    await press('F8');
    await go(button(page, 'Lade zählen'));
    await type(page.getByLabel('Stück zu 100,00 €'), '1');
    await go(button(page, 'Zählung speichern'));
    await reads(page.getByRole('main'), 'Die Lade stimmt.');
    await go(button(page, 'Kassentag 1 abschließen'));
    await go(button(page, 'Jetzt abschließen'));
    await reads(page.getByRole('main'), 'Kassentag 1 ist abgeschlossen.');

    browser.assertGood();
    await shop.stop();
    shop.verify();
  });
});

describe('by touch alone', () => {
  const browser = new Browser();
  const shop = new Shop();
  before(() => Promise.all([browser.start({ touch: true, width: 1024, height: 768 }), shop.start()]));
  after(() => Promise.all([browser.stop(), shop.stop()]));

  test('first run, import, sale, return, closing', async () => {
    const page = await browser.open(shop, shop.setup);
    const tap = (name) => button(page, name).tap();
    /** A field's own keyboard is the tablet's; on the till the page brings the keys. */
    const fill = async (locator, text) => {
      await locator.tap();
      await locator.fill(text);
      await locator.blur();
    };
    const keys = async (digits) => {
      for (const digit of digits) await page.locator('.pad').getByRole('button', { name: digit, exact: true }).tap();
    };

    await setUp(page, fill);
    await tap('Geschäft anlegen');
    await tap('Artikel einlesen');
    const choosing = page.waitForEvent('filechooser');
    await page.getByText('Datei wählen').tap();
    await (await choosing).setFiles(catalogue());
    await tap('4 Artikel einlesen');
    await reads(page.getByRole('main'), '4 neue Artikel');

    await page.goto(`${shop.address}/till`);
    await page.getByRole('link', { name: 'Kasse 1' }).tap();
    await tap(person.name);
    await keys(person.pin);
    await tap('Anmelden');
    await page.getByLabel('Anfangsbestand').waitFor();
    await keys('100');
    await tap('Kassentag eröffnen');

    const at = till(page);
    await page.getByRole('group', { name: 'Artikelgruppen' }).getByRole('button', { name: 'Lebensmittel' }).tap();
    await tap(items[0].name);
    await reads(at.total, '1,99');
    await tap(items[1].name);
    await reads(at.total, '5,48');
    await at.receipt.getByRole('button', { name: 'Menge' }).tap();
    await page.getByLabel('Stück').waitFor();
    await keys('2');
    await tap('Übernehmen');
    await reads(at.total, '8,97');
    await page.getByRole('group', { name: 'Artikelgruppen' }).getByRole('button', { name: 'Lebensmittel' }).tap();
    await tap(items[3].name);
    await reads(at.total, '17,96');
    await tap('Ja, geprüft');
    await page.getByRole('group', { name: 'Bar gegeben' }).getByRole('button', { name: '20,00' }).tap();
    await reads(at.paid, '2,04');

    await tap('Rückgabe');
    await tap(/^1-1\b/);
    await tap('Alles zurücknehmen');
    await reads(at.total, /Auszuzahlen.*17,96/);
    await tap('Auszahlen');
    await reads(at.paid, 'Ausgezahlt');

    await tap('Mehr');
    await tap('Lade zählen');
    await fill(page.getByLabel('Stück zu 100,00 €'), '1');
    await tap('Zählung speichern');
    await reads(page.getByRole('main'), 'Die Lade stimmt.');
    await tap('Kassentag 1 abschließen');
    await tap('Jetzt abschließen');
    await reads(page.getByRole('main'), 'Kassentag 1 ist abgeschlossen.');

    browser.assertGood();
    await shop.stop();
    shop.verify();
  });
});

describe('keys that come before the answers', () => {
  const browser = new Browser();
  let shop;
  let page;
  before(async () => {
    await browser.start();
    shop = await readyShop(browser);
    page = await browser.open(shop, '/till/1');
    await reads(till(page).receipt, 'Bereit.');
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
    shop?.verify();
  });

  /** The till's commands get no answer until what it returns is called. */
  const hold = async () => {
    let free;
    const freed = new Promise((done) => (free = done));
    await page.route('**/tills/1/commands', async (route) => {
      await freed;
      await route.continue();
    });
    return async () => {
      free();
      await page.unroute('**/tills/1/commands', { behavior: 'wait' });
    };
  };

  test('a key right after two scans pays both', async () => {
    const at = till(page);
    const answer = await hold();
    await scan(page, items[0].code);
    await scan(page, items[1].code);
    await page.keyboard.press('F9');
    await reads(at.receipt, 'Bereit.');
    await answer();
    await reads(at.paid, '5,48');
    await reads(at.paid, 'Passend bezahlt');
  });

  test('an item that nobody under age may buy is asked about first', async () => {
    const at = till(page);
    const answer = await hold();
    await scan(page, items[3].code);
    await page.keyboard.press('F9');
    await answer();
    await reads(at.total, '8,99');
    await page.getByRole('button', { name: 'Ja, geprüft' }).click();
    await page.keyboard.press('F9');
    await reads(at.paid, 'Passend bezahlt');
    browser.assertGood();
  });

  test('what is opened after the screen has changed stays, though the answer comes later', async () => {
    const at = till(page);
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    let free;
    const freed = new Promise((done) => (free = done));
    // The shop does it and tells all screens; this command's own answer is late.
    await page.route('**/tills/1/commands', async (route) => {
      const response = await route.fetch();
      await freed;
      await route.fulfill({ response });
    });
    await page.keyboard.press('F5');
    await page.keyboard.press('Enter');
    await reads(at.receipt, 'Bereit.');
    await page.keyboard.press('F8');
    const xReport = page.getByRole('button', { name: 'X-Bericht', exact: true });
    await xReport.waitFor();
    const answered = page.waitForResponse('**/tills/1/commands');
    free();
    await answered;
    await page.unroute('**/tills/1/commands', { behavior: 'wait' });
    await xReport.click();
    await reads(page.getByRole('main'), 'X-Bericht: bisher');
    browser.assertGood();
  });
});

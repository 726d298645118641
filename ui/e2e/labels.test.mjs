/** Labels in the office: an item gets its content, two items become a PDF, a label printer prints them and says what is wrong with it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { accessible, Browser, readyShop } from './harness.mjs';
import { Simulator } from './simulated.mjs';

describe('labels', () => {
  const browser = new Browser();
  let shop;
  let page;
  let printer;
  before(async () => {
    [printer] = await Promise.all([Simulator.start(['label-printer']), browser.start()]);
    shop = await readyShop(browser);
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
    await printer?.end();
  });
  const check = (what) => accessible(page, what);
  const office = async (path) => {
    page = await browser.open(shop, `/office#/${path}`);
    await page.reload();
    await page.getByRole('main').getByRole('heading').first().waitFor();
  };
  const print = async (expected) => {
    await page.getByRole('button', { name: 'Drucken', exact: true }).click();
    await page.getByText(expected).waitFor();
  };

  test('an item gets its content, and its unit price is shown', async () => {
    await office('items');
    await page.getByRole('link', { name: 'Bauernbrot 750 g' }).click();
    await page.getByLabel('Inhalt', { exact: false }).first().fill('0,75');
    await page.getByLabel('Einheit des Inhalts').selectOption('kg');
    await check('item');
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('1 kg = 4,65').waitFor();
  });

  test('two items that are ticked become a PDF on a sheet that was begun', async () => {
    await office('items');
    for (const name of ['Bauernbrot 750 g', 'Küchenkräuter Petersilie']) await page.getByLabel(`${name}: für Etiketten wählen`).check();
    await page.getByText('2 Artikel für Etiketten gewählt').waitFor();
    await page.getByRole('link', { name: 'Etiketten drucken' }).click();
    await page.getByLabel('Anzahl für Bauernbrot 750 g').fill('0');
    await page.getByText('Bitte 1 bis 1000.').waitFor();
    await page.getByLabel('Anzahl für Bauernbrot 750 g').fill('3');
    await page.getByRole('button', { name: 'Platz 22', exact: true }).click();
    await page.getByText('4 Etiketten auf 2 Seiten').waitFor();
    const picture = page.getByAltText('Etikett für Bauernbrot 750 g');
    const drawn = decodeURIComponent(await picture.getAttribute('src')).replaceAll('\u{a0}', ' ');
    assert.match(drawn, /3,49 €/);
    assert.match(drawn, /1 kg = 4,65 €/);
    await check('labels');
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Als PDF' }).click();
    const file = await (await waiting).path();
    assert.equal(readFileSync(file).subarray(0, 5).toString(), '%PDF-');
    await page.getByText('labels.pdf ist gespeichert.').waitFor();
  });

  test('a label printer is added, looked at, and prints them', async () => {
    await office('settings/devices');
    await page.getByRole('button', { name: 'Etikettendrucker aufnehmen' }).click();
    const card = page.getByRole('group', { name: 'Etikettendrucker', exact: true });
    await card.getByText('Bitte einen Anschluss angeben').waitFor();
    await card.getByLabel('Wo er angeschlossen ist').fill(printer.at);
    await card.getByRole('button', { name: 'Nachsehen' }).click();
    await card.getByText('Zustand: bereit').waitFor();
    await card.getByRole('button', { name: 'Probeetikett drucken' }).click();
    await card.getByText('Gedruckt. Stimmen Umlaute').waitFor();
    await check('label printers');
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Gespeichert.').waitFor();

    await office('items/labels');
    await page.getByRole('searchbox', { name: 'Artikel hinzufügen' }).fill('Bauernbrot');
    await page.getByRole('button', { name: /Bauernbrot/ }).first().click();
    await page.getByLabel('Anzahl für Bauernbrot 750 g').fill('2');
    await page.getByText('2 Etiketten auf 2 Seiten').waitFor();
    await print('Gedruckt.');
    const out = await printer.html();
    for (const wanted of ['Bauernbrot', '3,49 €', '1 kg = 4,65 €', '× 2', 'not understood: 0']) assert.ok(out.includes(wanted), `${wanted} in ${out}`);
  });

  test('what is wrong with the printer is said in words', async () => {
    await printer.press('/head');
    await print('Nicht gedruckt: Druckkopf oder Deckel offen.');
    await printer.press('/head');
    await printer.press('/paper');
    await print('Nicht gedruckt: keine Etiketten.');
    await printer.press('/paper');
    await page.getByText('Geänderte Preise').click();
    await page.getByRole('button', { name: 'Nachsehen' }).click();
    await page.getByText('4 Artikel', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Alle übernehmen' }).click();
    await page.getByText('5 Etiketten auf 5 Seiten').waitFor();
    await check('changed prices');
    browser.assertGood();
  });
});

/** Shops elsewhere than in Germany. Switzerland: no signing unit anywhere, cash in five Rappen, the UID on receipts, and nothing of Germany's law. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, Browser, items, readyShop, reads, scan, textOf, till } from './harness.mjs';

describe('a shop in Switzerland', () => {
  const browser = new Browser();
  const other = new Browser();
  let shop;
  let page;
  before(async () => {
    await Promise.all([browser.start(), other.start({ width: 1024, height: 768 })]);
    shop = await readyShop(browser, 'CH');
  });
  after(async () => {
    await Promise.all([browser.stop(), other.stop()]);
    await shop?.stop();
    shop?.verify();
  });
  const check = async (what) => assert.deepEqual(await axe(page), [], what);
  const office = async (path) => {
    page = await browser.open(shop, `/office#/${path}`);
    await page.reload();
    await page.getByRole('main').getByRole('heading').first().waitFor();
  };
  const save = () => page.getByRole('button', { name: 'Speichern', exact: true }).click();
  const without = async (where, words) => {
    const shown = await textOf(where);
    for (const word of words) assert.ok(!shown.includes(word), `${word}: ${shown}`);
    return shown;
  };

  test('the settings know the UID, and no signing unit, DATEV or notice to the tax office', async () => {
    await office('settings/shop');
    const tabs = page.getByRole('navigation', { name: 'Einstellungs-Bereiche' });
    await tabs.getByRole('link', { name: 'Steuersätze' }).waitFor();
    await without(tabs, ['TSE', 'RKSV']);
    await page.getByLabel('MWST-Nr. (UID)').fill('CHE-123.456.789');
    await save();
    await page.locator('.bar').getByRole('alert').waitFor();
    await page.getByLabel('MWST-Nr. (UID)').fill('CHE-123.456.788');
    await save();
    await page.getByText('Gespeichert.').waitFor();
    assert.match(await without(page.getByRole('main'), ['BGB', 'USt-IdNr.', 'Deutschland']), /Schweiz: 10, Art\. 127 OR/);
    await tabs.getByRole('link', { name: 'Buchhaltung' }).click();
    await page.getByLabel('Abteilung oder Funktion').waitFor();
    await without(page.getByRole('main'), ['DATEV', 'SKR03', 'Beraternummer']);
    await tabs.getByRole('link', { name: 'Finanzamt' }).click();
    await page.getByLabel('Gerät (Hersteller, Modell)').waitFor();
    await without(page.getByRole('main'), ['146a', 'In Betrieb seit', 'TSE']);
    await tabs.getByRole('link', { name: 'Gruppen' }).click();
    await page.getByText('Verkauf im Namen und auf Rechnung anderer').waitFor();
    await without(page.getByRole('main'), ['pa.csv']);
    // A tab that is not there is not reached by its address either.
    await office('settings/signing');
    await page.getByLabel('MWST-Nr. (UID)').waitFor();
    await check('the settings');
  });

  test('cash is paid in five Rappen, and the receipt names the UID with MWST', async () => {
    page = await browser.open(shop, '/till/1');
    const at = till(page);
    await reads(at.receipt, 'Bereit.');
    await scan(page, items[0].code);
    await reads(at.total, 'CHF 1.99');
    await page.keyboard.press('F9');
    await at.paid.waitFor();
    await reads(page.locator('.foot'), /drucken/);
    await without(page.locator('.foot'), ['Bewirtungsbeleg']);
    const text = await page.evaluate(async () => (await fetch('/api/v1/receipts/1/1/text')).text());
    assert.match(text, /MWST-Nr\. \(UID\) CHE-123\.456\.788 MWST/);
    assert.match(text, /1,99/);
    assert.match(text, /Rundung\S*\s+0,01/);
    assert.match(text, /2,00/);
    const asked = await page.evaluate(async () => (await fetch('/api/v1/receipts/1/1/text?hospitality=true')).status);
    assert.equal(asked, 422);
  });

  test('the record and an auditor’s page show nothing of Germany’s', async () => {
    const german = ['TSE', 'DSFinV-K', '146a', 'TAR', 'DATEV', 'USt-IdNr.', 'RKSV', 'DEP7', 'DEP', 'Signatureinheit'];
    await office('record');
    await page.getByRole('heading', { name: 'Sicherung' }).waitFor();
    await without(page.getByRole('main'), german);
    await page.getByRole('link', { name: 'Kassen-Nachschau' }).click();
    await page.getByRole('heading', { name: 'Unterlagen' }).waitFor();
    await without(page.getByRole('main'), german);
    await page.getByLabel('Behörde und Aktenzeichen').fill('Eidgenössische Steuerverwaltung, 4711');
    await page.getByRole('button', { name: 'Öffnen und Code zeigen' }).click();
    const code = (await page.locator('.code b').innerText()).trim();
    page = await other.open(shop, '/office#audit');
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Öffnen', exact: true }).click();
    await page.getByRole('heading', { name: 'Kassen und Bestand' }).waitFor();
    await page.getByRole('heading', { name: 'Unterlagen' }).waitFor();
    const shown = await without(page.getByRole('main'), german);
    assert.match(shown, /MWST-Nr\. \(UID\) CHE-123\.456\.788/);
    await check('the audit');
    other.assertGood();
    browser.assertGood();
  });
});

describe('a shop in Austria, whose books are in euros as well', () => {
  const browser = new Browser();
  let shop;
  before(async () => {
    await browser.start();
    shop = await readyShop(browser, 'AT');
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
  });

  test('is shown neither DATEV nor a Bewirtungsbeleg nor the notice of § 146a', async () => {
    let page = await browser.open(shop, '/office#/settings/books');
    await page.reload();
    await page.getByLabel('Abteilung oder Funktion').waitFor();
    const tabs = await textOf(page.getByRole('navigation', { name: 'Einstellungs-Bereiche' }));
    assert.ok(tabs.includes('RKSV') && !tabs.includes('TSE'), tabs);
    assert.ok(!(await textOf(page.getByRole('main'))).includes('DATEV'));
    await page.getByRole('link', { name: 'Finanzamt' }).click();
    await page.getByLabel('Gerät (Hersteller, Modell)').waitFor();
    assert.ok(!(await textOf(page.getByRole('main'))).includes('146a'));
    assert.equal(await page.getByLabel('In Betrieb seit').count(), 0);
    page = await browser.open(shop, '/till/1');
    const at = till(page);
    await reads(at.receipt, 'Bereit.');
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await page.keyboard.press('F9');
    await at.paid.waitFor();
    await page.getByRole('button', { name: 'Rechnung mit Anschrift' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Bewirtungsbeleg drucken' }).count(), 0);
    browser.assertGood();
  });
});

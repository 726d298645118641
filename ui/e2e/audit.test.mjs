/** A Kassen-Nachschau: opened by the manager, entered with its code in another browser, read only, recorded, ended. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, Browser, items, readyShop, reads, scan, till } from './harness.mjs';

describe('a Kassen-Nachschau', () => {
  const browser = new Browser();
  const other = new Browser();
  let shop;
  let office;
  let auditor;
  let code = '';

  before(async () => {
    await Promise.all([browser.start(), other.start({ width: 1024, height: 768 })]);
    shop = await readyShop(browser);
    const page = await browser.open(shop, '/till/1');
    const at = till(page);
    await reads(at.receipt, 'Bereit.');
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await page.keyboard.press('F9');
    await reads(at.paid, '1,99');
    office = await browser.open(shop, '/office#/record/audit');
    await office.reload();
  });
  after(async () => {
    await Promise.all([browser.stop(), other.stop()]);
    await shop?.stop();
  });

  async function check(page, what) {
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      assert.deepEqual(await axe(page), [], `${what}, ${theme}`);
    }
  }

  test('the manager opens it and is shown a code', async () => {
    await office.getByRole('heading', { name: 'Kassen-Nachschau öffnen' }).waitFor();
    await check(office, 'opening');
    await office.getByLabel('Behörde und Aktenzeichen').fill('Finanzamt Köln-Mitte, 215/1234/5678');
    await office.getByRole('button', { name: 'Öffnen und Code zeigen' }).click();
    code = (await office.locator('.code b').innerText()).trim();
    assert.match(code, /^[A-Z2-9]{4}-[A-Z2-9]{4}$/);
    await check(office, 'opened');
    browser.assertGood();
  });

  test('a wrong code lets nobody in and loses nothing that was typed', async () => {
    auditor = await other.open(shop, '/office#audit');
    await auditor.getByLabel('Code').fill('AAAA-AAAA');
    await auditor.getByRole('button', { name: 'Öffnen', exact: true }).click();
    await auditor.getByText('Mit diesem Code ist keine Nachschau offen').waitFor();
    assert.equal(await auditor.getByLabel('Code').inputValue(), 'AAAA-AAAA');
    await check(auditor, 'code');
  });

  test('the auditor sees drawers, receipts, documents and changes, and can write nothing', async () => {
    await auditor.getByLabel('Code').fill(code.toLowerCase());
    await auditor.getByRole('button', { name: 'Öffnen', exact: true }).click();
    await auditor.getByRole('heading', { name: 'Kassen und Bestand' }).waitFor();
    await reads(auditor.getByRole('main'), /Soll-Bestand.*Nr\. 1, seit/);
    await reads(auditor.getByRole('main'), /1,99/);
    await auditor.getByRole('cell', { name: 'Person 1' }).first().waitFor();
    await check(auditor, 'audit');
    const asked = await auditor.evaluate(async () => {
      const ask = async (path, body) =>
        (await fetch(`/api/v1${path}`, body ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {})).status;
      const id = crypto.randomUUID();
      return [
        await ask('/tills/1/commands', { id, type: 'new_basket' }),
        await ask('/shop/commands', { id, type: 'retire_item', item: 1, retired: true }),
        await ask('/people'), await ask('/settings'), await ask('/audits'),
        await ask('/audit/procedures.pdf'), await ask('/audit/notification.xml'),
      ];
    });
    assert.deepEqual(asked, [403, 403, 403, 403, 403, 200, 200]);
    const paper = await auditor.context().newPage();
    await paper.goto(`${shop.address}/api/v1/audit/procedures.html`);
    await paper.getByRole('heading', { name: '5 Internes Kontrollsystem (IKS)' }).waitFor();
    await paper.close();
    // A reload is the same page: the session is the shop's.
    await auditor.reload();
    await auditor.getByRole('heading', { name: 'Kassen und Bestand' }).waitFor();
    other.assertGood();
  });

  test('in English it has its own words', async () => {
    await auditor.getByRole('combobox', { name: 'Sprache' }).selectOption('en');
    await reads(auditor.getByRole('main'), /Tills and cash.*Before → after/);
    await auditor.getByRole('combobox', { name: 'Language' }).selectOption('de');
  });

  test('it is ended, and what was looked at stands with the shop', async () => {
    await auditor.getByRole('button', { name: 'Nachschau beenden' }).click();
    await auditor.getByText('Die Nachschau ist beendet.').waitFor();
    assert.equal(await auditor.evaluate(async () => (await fetch('/api/v1/audit')).status), 401);
    await office.reload();
    await office.locator('details summary').first().click();
    await reads(office.locator('details').first(), /Übersicht.*Verfahrensdokumentation \(PDF\).*Datenblatt § 146a \(XML\)/);
    await reads(office.getByRole('main'), 'vom Prüfer beendet');
    browser.assertGood();
  });

  test('the changes are found by kind, in the office too', async () => {
    office = await browser.open(shop, '/office#/record/changes');
    await office.reload();
    await office.getByRole('combobox', { name: 'Was' }).selectOption('people');
    await reads(office.getByRole('main').getByRole('table'), 'PIN');
    await check(office, 'changes');
    await browser.open(shop, '/office#/settings/office');
    await office.reload();
    await office.getByLabel('Gerät (Hersteller, Modell)').fill('Lenovo');
    await office.getByRole('button', { name: 'Speichern' }).click();
    await office.getByText('Gespeichert.', { exact: true }).waitFor();
    await check(office, 'what the tax office is told');
    browser.assertGood();
  });

  test('what cannot be read is said, with the documents too, and going back from the code leads back', async () => {
    const broken = (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"type":"about:blank","title":"not_stored","status":503,"code":"not_stored"}' });
    const address = /\/api\/v1\/record$/;
    await office.context().route(address, broken);
    office = await browser.open(shop, '/office#/record/audit');
    await office.reload();
    await office.getByRole('heading', { name: 'Kassen-Nachschau öffnen' }).waitFor();
    await office.getByRole('main').getByRole('alert').waitFor();
    await office.context().unroute(address, broken);
    await office.getByRole('button', { name: 'Noch einmal' }).click();
    await office.getByRole('heading', { name: 'Unterlagen' }).waitFor();
    await office.evaluate(() => (location.hash = '#audit'));
    await office.getByLabel('Code').waitFor();
    await office.goBack();
    await office.getByRole('heading', { name: 'Unterlagen' }).waitFor();
    browser.assertGood();
  });

  test('a code can be entered where somebody is signed in, who no longer is then', async () => {
    office = await browser.open(shop, '/office#/record/audit');
    await office.reload();
    await office.getByLabel('Behörde und Aktenzeichen').fill('Finanzamt Köln-Mitte');
    await office.getByRole('button', { name: 'Öffnen und Code zeigen' }).click();
    const here = (await office.locator('.code b').innerText()).trim();
    await office.evaluate(() => (location.hash = '#audit'));
    await office.getByLabel('Code').fill(here);
    await office.getByRole('button', { name: 'Öffnen', exact: true }).click();
    await office.getByRole('heading', { name: 'Kassen und Bestand' }).waitFor();
    await office.getByRole('button', { name: 'Nachschau beenden' }).click();
    await office.getByText('Die Nachschau ist beendet.').waitFor();
    await office.getByRole('button', { name: 'Zur Anmeldung' }).click();
    await office.getByRole('heading', { name: 'Anmelden' }).waitFor();
    browser.assertGood();
  });
});

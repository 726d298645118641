/** A shop in Austria: device and tills are set up, the start receipt comes by itself, a sale gets its code, the export holds. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { accessible, Browser, folder, items, readyShop, reads, scan, till } from './harness.mjs';

describe('a shop in Austria', () => {
  const browser = new Browser();
  const other = new Browser();
  let shop;
  let page;
  before(async () => {
    await Promise.all([browser.start(), other.start({ width: 1024, height: 768 })]);
    shop = await readyShop(browser, 'AT');
  });
  after(async () => {
    await Promise.all([browser.stop(), other.stop()]);
    await shop?.stop();
    shop?.verify();
  });
  const check = (what) => accessible(page, what);
  const office = async (path) => {
    page = await browser.open(shop, `/office#/${path}`);
    await page.reload();
    await page.getByRole('main').getByRole('heading').first().waitFor();
  };
  const get = (path) => page.evaluate(async (asked) => (await fetch(`/api/v1${asked}`)).json(), path);
  const save = () => page.getByRole('button', { name: 'Speichern', exact: true }).click();

  test('a practice card wants the shop’s VAT ID; then the start receipt comes by itself', async () => {
    await office('settings/rksv');
    await page.getByText('In Österreich darf so nicht kassiert werden').waitFor();
    await page.getByRole('button', { name: 'Software zum Üben hinzufügen' }).click();
    await page.getByLabel('Anfang der Kassen-ID').fill('LADEN_1');
    await save();
    await page.getByText('A bis Z, a bis z, 0 bis 9 und Bindestrich').first().waitFor();
    await page.getByLabel('Anfang der Kassen-ID').fill('LADEN');
    await save();
    await reads(page.getByRole('alert'), 'die UID (ATU und 8 Ziffern)');
    await page.getByRole('link', { name: 'Geschäft', exact: true }).click();
    await page.getByLabel('UID-Nummer').fill('ATU12345678');
    await save();
    await page.getByText('Gespeichert.').waitFor();
    await page.getByRole('link', { name: 'RKSV', exact: true }).click();
    await page.getByText('Signiert', { exact: true }).first().waitFor();
    await page.getByText('LADEN-1', { exact: true }).waitFor();
    await page.getByText('Der Startbeleg ist mit FinanzOnline').waitFor();
    const { registers, devices } = await get('/rksv');
    assert.deepEqual([registers[0].state, registers[0].codes, registers[0].key], ['running', 1, 'kept']);
    assert.match(registers[0].check, /^[A-Za-z0-9+/]{4}$/);
    assert.equal(devices[0].certified, false);
    await page.getByRole('button', { name: 'Schlüssel für FinanzOnline zeigen' }).click();
    await page.getByText('Geheim. Nur FinanzOnline braucht ihn.').waitFor();
    await check('the settings');
  });

  test('a sale is signed, and its receipt shows the code and says that it is practice', async () => {
    page = await browser.open(shop, '/till/1');
    const at = till(page);
    await reads(at.receipt, 'Bereit.');
    await page.getByText('Keine echte Signatur').first().waitFor();
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await page.keyboard.press('F9');
    await at.paid.waitFor();
    const text = await page.evaluate(async () => (await fetch('/api/v1/receipts/1/1/text')).text());
    assert.match(text, /Kassen-ID: LADEN-1/);
    assert.match(text, /TEST: keine zugelassene\s+Signaturerstellungseinheit/);
    const html = await page.evaluate(async () => (await fetch('/api/v1/receipts/1/1/html')).text());
    assert.match(html, /<svg/, 'the QR code');
    assert.equal((await get('/rksv')).registers[0].codes, 2);
  });

  test('a null receipt is made on demand, and the start receipt is noted as checked', async () => {
    await office('settings/rksv');
    await page.getByRole('button', { name: 'Nullbeleg' }).click();
    await page.getByText('Belege ohne Umsatz').click();
    await page.getByRole('cell', { name: 'Nullbeleg' }).waitFor();
    const [row] = await get('/rksv/1/receipts');
    assert.deepEqual([row.kind, row.number, row.signed], ['zero', 'S3', true]);
    const html = await page.evaluate(async () => (await fetch('/api/v1/rksv/1/receipts/3/html')).text());
    assert.match(html, /Nullbeleg/);
    await page.getByRole('button', { name: 'Geprüft' }).click();
    await page.getByText('Der Startbeleg ist mit FinanzOnline').waitFor({ state: 'detached' });
  });

  test('the export is verified, handed out, and verified again by the program', async () => {
    await office('record');
    await page.getByRole('heading', { name: 'Datenerfassungsprotokoll (DEP7)' }).waitFor();
    await check('the record');
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'DEP7 ausgeben' }).click();
    const file = join(folder(), 'dep7.json');
    const download = await downloading;
    await download.saveAs(file);
    assert.equal(download.suggestedFilename(), 'dep7-LADEN-1-TEST.json');
    await page.getByText('TEST: Eine Einheit, die nicht zugelassen ist').waitFor();
    await check('the export');
    await page.getByRole('button', { name: 'Gesichert' }).click();
    await page.getByText('Als gesichert vermerkt: LADEN-1.').waitFor();
    assert.ok((await get('/rksv')).registers[0].saved);
    const export_ = JSON.parse(readFileSync(file, 'utf8'));
    assert.equal(export_['Belege-Gruppe'][0]['Belege-kompakt'].length, 3);
    const keys = join(folder(), 'keys.json');
    writeFileSync(keys, await page.evaluate(async () => (await fetch('/api/v1/rksv/1/keys.json')).text()));
    const verify = (path) => spawnSync(process.env.TRESEN_BIN, ['verify', '--dep7', path, '--key', keys], { encoding: 'utf8' });
    const held = verify(file);
    assert.equal(held.status, 0, held.stderr);
    assert.match(held.stdout, /Belege: 3/);
    assert.match(held.stdout, /Umsatzzähler: 1,99/);
    // Without the key all but the counter.
    const keyless = spawnSync(process.env.TRESEN_BIN, ['verify', '--dep7', file], { encoding: 'utf8' });
    assert.notEqual(keyless.status, 0, 'a closed system has no certificates in the file');
    // The same from the command line, beside the running shop.
    const by_hand = join(folder(), 'dep7.json');
    const written = spawnSync(process.env.TRESEN_BIN, ['export', 'dep7', '--till', '1', '--file', shop.file, by_hand], { encoding: 'utf8' });
    assert.equal(written.status, 0, written.stderr);
    assert.equal(readFileSync(by_hand, 'utf8'), readFileSync(file, 'utf8'));
    // One letter of the second receipt's signature.
    const [start, sale, zero] = export_['Belege-Gruppe'][0]['Belege-kompakt'];
    const other = sale.slice(0, -3) + (sale.at(-3) === 'A' ? 'B' : 'A') + sale.slice(-2);
    export_['Belege-Gruppe'][0]['Belege-kompakt'] = [start, other, zero];
    const forged = join(folder(), 'forged.json');
    writeFileSync(forged, JSON.stringify(export_));
    const failed = verify(forged);
    assert.notEqual(failed.status, 0);
    assert.match(failed.stderr, /Beleg 2: die Signatur passt nicht/);
  });

  test('an auditor finds the chain, its last codes and the export, and nothing of a TSE', async () => {
    await office('record/audit');
    await page.getByLabel('Behörde und Aktenzeichen').fill('Finanzamt Österreich, GZ 17/2026');
    await page.getByRole('button', { name: 'Öffnen und Code zeigen' }).click();
    const code = (await page.locator('.code b').innerText()).trim();
    page = await other.open(shop, '/office#audit');
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Öffnen', exact: true }).click();
    await page.getByRole('heading', { name: 'Signaturen nach RKSV' }).waitFor();
    const shown = await page.getByRole('main').innerText();
    for (const said of ['LADEN-1', 'Signiert', 'Nullbeleg', 'Startbeleg', 'Kein Ausfall aufgezeichnet.', 'Software zum Üben']) assert.ok(shown.includes(said), said);
    for (const unsaid of ['TSE', 'DSFinV-K', '146a', 'TAR']) assert.ok(!shown.includes(unsaid), unsaid);
    await check('the audit');
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'DEP7 von LADEN-1' }).click();
    const file = join(folder(), 'audited.json');
    await (await downloading).saveAs(file);
    assert.equal(JSON.parse(readFileSync(file, 'utf8'))['Belege-Gruppe'][0]['Belege-kompakt'].length, 3);
    const asked = await page.evaluate(async () => {
      const ask = async (path) => (await fetch(`/api/v1${path}`)).status;
      return [await ask('/audit/rksv/1/receipts/1/html'), await ask('/audit/notification.html'), await ask('/rksv/1/keys.json')];
    });
    assert.deepEqual(asked, [200, 422, 403]);
    await page.getByText('TEST: Eine Einheit, die nicht zugelassen ist').waitFor();
    other.assertGood();
    browser.assertGood();
  });

  test('a till with another name shows what it had under the one before', async () => {
    await office('settings/rksv');
    await page.getByLabel('Eigene Kassen-ID').fill('ECHT-1');
    await save();
    await page.getByText('Gespeichert.').waitFor();
    await page.getByRole('heading', { name: 'Frühere Kassen-ID LADEN-1' }).waitFor();
    await page.getByText('ECHT-1', { exact: true }).waitFor();
    await page.getByText('Belege ohne Umsatz LADEN-1').click();
    await page.getByRole('cell', { name: 'Nullbeleg' }).waitFor();
    await check('the earlier name');
    await office('record');
    await page.getByLabel('Kasse', { exact: true }).selectOption('LADEN-1');
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'DEP7 ausgeben' }).click();
    assert.equal((await downloading).suggestedFilename(), 'dep7-LADEN-1-TEST.json');
    // A chain with a receipt missing is handed out on a second wish.
    await page.route('**/record/dep7.json*', (route) =>
      route.request().url().includes('anyway')
        ? route.continue()
        : route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify({ type: 'about:blank', status: 422, code: 'export_wrong', title: 'there is no export', detail: 'receipt 2: does not follow the receipt before it' }) }));
    await page.getByRole('button', { name: 'DEP7 ausgeben' }).click();
    await page.getByText('receipt 2: does not follow').waitFor();
    const anyway = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Trotzdem ausgeben, ungeprüft' }).click();
    await anyway;
    await page.unroute('**/record/dep7.json*');
  });

  test('the command line hands out what it can, and says what nobody verified', () => {
    const place = folder();
    const copy = join(place, 'copy.sqlite');
    const made = spawnSync(process.env.TRESEN_BIN, ['backup', '--file', shop.file, copy], { encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
    const run = (target, ...more) => {
      const asked = ['export', 'dep7', '--till', '1', '--register', 'LADEN-1', '--file', copy, target, ...more];
      return spawnSync(process.env.TRESEN_BIN, asked, { encoding: 'utf8' });
    };
    // The key that opens the counter's key lies beside the shop's file, not in its backup.
    const keyless = run(join(place, 'keyless.json'));
    assert.equal(keyless.status, 0, keyless.stderr);
    assert.match(keyless.stdout, /Summe der Belege: 1,99; Umsatzzähler nicht geprüft/);
    assert.match(keyless.stdout, /TEST: von einer Einheit signiert/);
    const never = join(place, 'never.json');
    const keys = run(never, '--keys', never);
    assert.notEqual(keys.status, 0);
    assert.match(keys.stderr, /der Schlüssel des Umsatzzählers fehlt/);
    assert.equal(existsSync(never), false);
  });
});

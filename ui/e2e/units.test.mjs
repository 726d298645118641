/** Makers' signing units, simulated: entered in the office, set up from nothing, signed with; and what the screens say of it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { accessible, Browser, folder, items, program, reads, readyShop, scan, till } from './harness.mjs';

/** `tresen simulate fiskaly --new`, or Epson's; `last` is in the last line that it says. */
async function simulate(maker, last) {
  const file = join(folder(), 'unit.tse');
  const child = program(['simulate', maker, '--listen', '127.0.0.1:0', '--file', file, '--new']);
  let said = '';
  for await (const line of createInterface({ input: child.stdout })) {
    said += `${line}\n`;
    if (line.includes(last)) break;
  }
  return { child, said };
}

describe('signing units', () => {
  const browser = new Browser();
  let shop;
  let cloud;
  let printer;
  let page;
  before(async () => {
    [cloud, printer] = await Promise.all([simulate('fiskaly', 'test_key'), simulate('epson', 'EPSONKEY'), browser.start()]);
    cloud.address = /http:\/\/127\.0\.0\.1:\d+\/api\/v2/.exec(cloud.said)[0];
    printer.address = /127\.0\.0\.1:\d+/.exec(printer.said)[0];
    shop = await readyShop(browser);
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
    for (const { child } of [cloud, printer]) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  });

  const office = async (path) => {
    page = await browser.open(shop, `/office#/${path}`);
    await page.reload();
    await page.getByRole('main').getByRole('heading').first().waitFor();
    return page;
  };
  const check = (what) => accessible(page, what);
  const save = async () => {
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Gespeichert.').waitFor();
  };

  test('what cannot be an address is refused in words, and nothing typed is lost', async () => {
    await office('settings/signing');
    await page.getByRole('button', { name: 'fiskaly', exact: true }).click();
    assert.equal(await page.getByLabel('Adresse der Schnittstelle').inputValue(), 'https://kassensichv-middleware.fiskaly.com/api/v2');
    await page.getByLabel('Adresse der Schnittstelle').fill('http://192.168.1.20/api/v2');
    await page.getByRole('button', { name: 'Neu ziehen' }).click();
    const tss = await page.getByLabel('Nummer der TSE').inputValue();
    assert.match(tss, /^[0-9a-f-]{36}$/);
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Ohne TLS geht nur der Simulator auf diesem Gerät').waitFor();
    assert.equal(await page.getByLabel('Nummer der TSE').inputValue(), tss);
    await page.getByLabel('Adresse der Schnittstelle').fill(cloud.address);
    await save();
    await page.getByText('Simulator auf diesem Gerät: keine zertifizierte TSE').waitFor();
    browser.assertGood();
  });

  test('fiskaly makes a unit: the PUK is shown until it is noted, no secret ever again', async () => {
    await page.getByText('Zugangsdaten fehlen: Ohne sie signiert diese Einheit nicht.').waitFor();
    await page.getByLabel('API-Schlüssel').fill('test_key');
    await page.getByLabel('API-Geheimnis').fill('test_secret');
    await page.getByLabel('Admin-PIN').fill('1234');
    await page.getByRole('button', { name: 'Übernehmen' }).click();
    await page.getByText('Das können nicht die Zugangsdaten dieser Einheit sein').waitFor();
    await page.getByLabel('Admin-PIN').fill('123456789');
    await check('telling credentials');
    await page.getByRole('button', { name: 'Übernehmen' }).click();
    await page.getByText('Einrichten', { exact: true }).click();
    await check('setting up');
    await page.getByRole('button', { name: 'fiskaly: Jetzt einrichten' }).click();
    await page.getByText('Eingerichtet. In wenigen Sekunden signiert sie.').waitFor();
    await page.getByText('Die PUK dieser TSE. Sie wird gezeigt, bis mit der TSE etwas anderes getan wird').waitFor();
    await page.getByText('8417360025').waitFor();
    await page.getByText('In Betrieb nehmen').waitFor();
    await check('set up');
    await page.getByRole('button', { name: 'Ist notiert' }).click();
    await page.getByText('Signiert', { exact: true }).waitFor();
    await page.reload();
    await page.getByText('Signiert', { exact: true }).waitFor();
    const shown = await page.getByRole('main').innerText();
    assert.ok(!shown.includes('test_secret'));
    browser.assertGood();
  });

  test('Epson’s unit is set up beside it and checked', async () => {
    await page.getByRole('button', { name: 'Epson', exact: true }).click();
    await page.getByLabel('Adresse:Port').fill(printer.address);
    await save();
    const unit = page.getByRole('group', { name: 'Epson TSE' });
    await unit.getByLabel('Gemeinsamer Schlüssel').fill('EPSONKEY');
    await unit.getByLabel('PIN des Verwalters').fill('31415');
    await unit.getByLabel('PIN der Kassen').fill('27182');
    await unit.getByRole('button', { name: 'Übernehmen' }).click();
    await unit.getByText('Einrichten', { exact: true }).click();
    await unit.getByRole('button', { name: 'Epson TSE: Jetzt einrichten' }).click();
    await unit.getByText('Es ging nicht weiter: die PUK fehlt').waitFor();
    await unit.getByLabel('PUK').fill('123456');
    await unit.getByRole('button', { name: 'Epson TSE: Jetzt einrichten' }).click();
    await unit.getByText('Eingerichtet. In wenigen Sekunden signiert sie.').waitFor();
    await unit.getByRole('button', { name: 'Epson TSE: Jetzt prüfen' }).click();
    await unit.getByText('Geprüft: Sie ist in Ordnung.').waitFor();
    await unit.getByText('0 von 1.000.000').waitFor();
    await check('two units');
    browser.assertGood();
  });

  test('a sale is signed, and every screen says that no certified unit did it', async () => {
    await page.getByText('TEST – keine echte Signatur. So darf nicht kassiert werden.').waitFor();
    page = await browser.open(shop, '/till/1');
    const at = till(page);
    await reads(at.receipt, 'Bereit.');
    await page.getByText('TEST – keine echte Signatur').waitFor();
    await check('the till');
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await page.keyboard.press('F9');
    await reads(at.paid, /1,99 €/);
    // The receipt carries the unit's signature.
    const html = () => page.evaluate(async () => (await fetch('/api/v1/receipts/1/1/html')).text());
    let receipt = await html();
    for (let tries = 0; tries < 600 && !receipt.includes('Signaturzähler'); tries += 1) {
      await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
      receipt = await html();
    }
    assert.match(receipt, /TEST: keine zertifizierte Sicherheitseinrichtung/);
    assert.match(receipt, /Signaturzähler/);
    page = await browser.open(shop, '/display/1');
    await page.getByText('TEST – keine echte Signatur').waitFor();
    await check('the customer display');
    browser.assertGood();
  });

  test('a unit that is gone stands in the to-do list with its reason, and the other signs', async () => {
    const ended = once(cloud.child, 'exit');
    cloud.child.kill('SIGKILL');
    await ended;
    page = await browser.open(shop, '/till/1');
    const at = till(page);
    // The till is there when it says what signs at it.
    await page.getByText('TEST – keine echte Signatur').waitFor();
    await scan(page, items[1].code);
    await reads(at.total, '3,49');
    await page.keyboard.press('F9');
    await reads(at.paid, /3,49 €/);
    await office('today');
    for (let tries = 0; tries < 600 && !(await page.getByText('TSE „fiskaly“ signiert nicht').isVisible()); tries += 1) {
      await page.getByRole('button', { name: 'Aktualisieren' }).click();
      await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
    }
    await page.getByText(/Signiert nicht seit .*: antwortet nicht/).waitFor();
    await check('today with an outage');
    const signed = await page.evaluate(async () => (await fetch('/api/v1/receipts/1/2/html')).text());
    assert.match(signed, /Signaturzähler/);
    browser.assertGood();
  });

  test('an auditor is told that neither unit is certified, and which of them was gone', async () => {
    await office('record/audit');
    await page.getByLabel('Behörde und Aktenzeichen').fill('Finanzamt Köln-Mitte, 215/1234/5678');
    await page.getByRole('button', { name: 'Öffnen und Code zeigen' }).click();
    const code = (await page.locator('.code b').innerText()).trim();
    page = await browser.open(shop, '/office#audit');
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Öffnen', exact: true }).click();
    await page.getByRole('heading', { name: 'Signatureinheiten (TSE)' }).waitFor();
    assert.equal(await page.getByText('TEST: Simulator oder Testumgebung, keine zertifizierte TSE').count(), 2);
    await page.getByRole('cell', { name: 'fiskaly', exact: true }).first().waitFor();
    await check('the audit');
    browser.assertGood();
  });
});

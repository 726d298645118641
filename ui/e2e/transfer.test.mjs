/** A transfer from its code on the customer's display to the bank's file; foreign notes beside it. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { accessible, Browser, folder, items, readyShop, reads, scan, till } from './harness.mjs';

describe('paying by transfer', () => {
  const browser = new Browser();
  let shop;
  let page;
  before(async () => {
    await browser.start();
    shop = await readyShop(browser);
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
    shop?.verify();
  });
  const check = (what) => accessible(page, what);
  const office = async (path) => {
    page = await browser.open(shop, `/office#/${path}`);
    await page.reload();
    await page.getByRole('main').getByRole('heading').first().waitFor();
  };
  const view = () => page.evaluate(async () => (await fetch('/api/v1/tills/1')).json());
  const more = async (name) => {
    await page.keyboard.press('F8');
    await page.getByRole('button', { name, exact: true }).click();
  };
  /** A file of the bank with one credit for each of these. */
  const camt = (name, credits) => {
    const entries = credits.map(
      ({ reference, amount, own }) =>
        `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt>` +
        `<NtryDtls><TxDtls><Refs><AcctSvcrRef>${own}</AcctSvcrRef></Refs><RmtInf><Ustrd>${reference}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`,
    );
    const path = join(folder(), name);
    writeFileSync(path, `<?xml version="1.0" encoding="UTF-8"?><Document><BkToCstmrDbtCdtNtfctn><Ntfctn>${entries.join('')}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`);
    return path;
  };
  const takeIn = async (path) => {
    await office('bank');
    await page.locator('input[type=file]').setInputFiles(path);
  };
  let reference;

  test('the office is told the account and a rate', async () => {
    await office('settings/bank');
    await page.getByLabel('Kontoinhaber').fill('Laden am Eck');
    await page.getByLabel('IBAN').fill('DE89 3704 0044 0532 0130 01');
    await page.getByRole('button', { name: 'Speichern' }).click();
    await reads(page.getByRole('alert'), 'Die IBAN stimmt nicht');
    await page.getByLabel('IBAN').fill('DE89 3704 0044 0532 0130 00');
    await page.getByLabel('Währung', { exact: true }).fill('usd');
    await page.getByLabel('Kleinster Schein').fill('5');
    await page.getByLabel('Kurs: 1 USD').fill('0,92');
    await page.getByLabel('gilt ab').fill('2026-01-01T00:00');
    await page.getByRole('button', { name: 'Kurs hinzufügen' }).click();
    await check('the settings');
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Gespeichert.').waitFor();
    const settings = await page.evaluate(async () => (await fetch('/api/v1/settings')).json());
    assert.deepEqual(settings.bank, { iban: 'DE89370400440532013000', holder: 'Laden am Eck' });
    assert.deepEqual(settings.foreign_cash, [{ currency: 'USD', smallest: 500, rates: [{ rate: 920000, from: '2026-01-01T00:00:00' }] }]);
    browser.assertGood();
  });

  test('the display shows the code, and the till goes on with the next customer', async () => {
    page = await browser.open(shop, '/till/1');
    const at = till(page);
    await reads(at.receipt, 'Bereit.');
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await more('Überweisung (QR)');
    await page.getByRole('button', { name: 'QR-Code zeigen' }).click();
    await reads(page.getByRole('main'), 'Warten auf die Überweisung');
    await check('the till waits');
    const { transfer } = await view();
    reference = transfer.reference;
    assert.match(reference, /^TR[0-9A-HJKMNP-TV-Z]{12}$/);
    assert.equal(transfer.qr.payload, `BCD\n002\n1\nSCT\n\nLaden am Eck\nDE89370400440532013000\nEUR1.99\n\n\n${reference}`);
    page = await browser.open(shop, '/display/1');
    await reads(page.locator('main'), reference);
    await reads(page.locator('main'), /1,99 €/);
    // What is drawn is the code that the shop made (its modules are decoded in the shop's own tests).
    assert.equal(await page.locator('svg path').getAttribute('d'), transfer.qr.path);
    await check('the display');

    page = await browser.open(shop, '/till/1');
    await page.getByRole('button', { name: 'Nächster Kunde' }).click();
    await reads(till(page).receipt, 'Bereit.');
    await reads(till(page).receipt, '1 Überweisung offen');
    await scan(page, items[1].code);
    await reads(till(page).total, '3,49');
    browser.assertGood();
  });

  test('too little waits for a person; what fits finishes the receipt; the same file does nothing', async () => {
    await takeIn(camt('wenig.xml', [{ reference, amount: '1.00', own: 'A1' }]));
    await reads(page.getByRole('main'), 'zu wenig');
    await page.getByRole('button', { name: 'Einlesen', exact: true }).click();
    await reads(page.getByRole('main'), 'An der Kasse kann die Aufsicht den Teil bestätigen');
    await check('the bank page');
    await page.getByLabel('Was wurde getan?').fill('Rest kam extra');
    await page.getByRole('button', { name: 'Erledigt' }).click();
    await reads(page.getByRole('main'), 'Nichts zu klären');

    const file = camt('passt.xml', [{ reference: `Danke ${reference.toLowerCase()}`, amount: '1.99', own: 'A2' }, { reference: 'Miete', amount: '900.00', own: 'A3' }]);
    await takeIn(file);
    await reads(page.getByRole('main'), '1 werden bezahlt');
    await page.getByRole('button', { name: 'Einlesen', exact: true }).click();
    await reads(page.getByRole('main'), 'von der Bank bestätigt');
    await takeIn(file);
    await reads(page.getByRole('main'), 'nichts Neues für die Kasse');
    const day = await page.evaluate(async () => (await fetch('/api/v1/tills/1/x-report')).json());
    assert.equal(day.day.totals.tenders.transfer.amount, 199);

    page = await browser.open(shop, '/till/1');
    await reads(till(page).total, '3,49');
    assert.equal((await view()).transfers.length, 0);
    browser.assertGood();
  });

  test('a person confirms by hand and the report says so', async () => {
    await more('Überweisung (QR)');
    await page.getByRole('button', { name: 'QR-Code zeigen' }).click();
    await page.getByRole('button', { name: 'Von Hand bestätigen' }).click();
    await check('confirming');
    await page.getByRole('button', { name: 'Das Geld ist da' }).click();
    await reads(page.getByRole('main'), 'Grund');
    await page.getByRole('button', { name: 'Eingang im Online-Banking gesehen' }).click();
    // The answer closes this panel; a key that is faster than it would open one that is closed with it.
    const answered = page.waitForResponse((response) => response.url().endsWith('/commands'));
    await page.getByRole('button', { name: 'Das Geld ist da' }).click();
    await answered;
    await reads(till(page).paid, 'Per Überweisung bezahlt');
    await more('X-Bericht');
    await reads(page.getByRole('main'), 'Überweisung, von Hand bestätigt');
    browser.assertGood();
  });

  test('dollars are taken at the rate, and counted apart', async () => {
    await page.keyboard.press('Escape');
    await scan(page, items[1].code);
    await reads(till(page).total, '3,49');
    await more('Bar in anderer Währung');
    await check('foreign cash');
    await page.getByRole('button', { name: /genügen/ }).click();
    // 5.00 USD at 0.92 are 4.60: 1.11 back.
    await reads(till(page).paid, '1,11 €');
    await reads(till(page).paid, /Kurs 0.92/);
    await more('Lade zählen');
    await page.getByLabel('USD', { exact: true }).fill('5');
    await check('the count');
    await page.getByRole('button', { name: 'Zählung speichern' }).click();
    await reads(page.getByRole('main'), 'Gezählt (USD)');
    browser.assertGood();
  });
});

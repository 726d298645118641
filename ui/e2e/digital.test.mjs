/** A receipt without paper: by the code on the customer's display, by mail, by text, and from a host that cannot read it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { accessible, Browser, eventually, folder, items, program, readyShop, reads, scan, till } from './harness.mjs';

const tresen = process.env.TRESEN_BIN;
const any = '127.0.0.1:0';

/** A program of ours that runs until the test ends; answers the addresses that it says. */
async function runs(...args) {
  const child = program(args);
  const said = [];
  const wanted = args[0] === 'receipts' ? 1 : 2;
  await new Promise((done, failed) => {
    child.once('exit', () => failed(new Error(`it ended: ${said.join('\n')}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(...(line.match(/(?:http:\/\/)?127\.0\.0\.1:\d+/g) ?? []));
      if (said.length >= wanted) done();
    });
  });
  return { said, end: async () => child.exitCode === null && (child.kill('SIGINT'), await once(child, 'exit')) };
}

describe('receipts without paper', () => {
  const browser = new Browser();
  const running = [];
  let shop;
  let page;
  let mail;
  let sms;
  before(async () => {
    await browser.start();
    shop = await readyShop(browser);
    mail = await runs('simulate', 'mail', '--listen', any, '--page', any);
    sms = await runs('simulate', 'sms', '--gateway', 'seven', '--listen', any, '--page', any, '--secret', 'geheim');
    running.push(mail, sms);
  });
  after(async () => {
    await browser.stop();
    for (const one of running) await one.end();
    await shop?.stop();
    shop?.verify();
  });
  const check = (what) => accessible(page, what);
  const open = async (path) => {
    page = await browser.open(shop, path);
    await page.reload();
  };
  const save = async () => {
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Gespeichert.').waitFor();
  };
  const sell = async () => {
    await open('/till/1');
    await reads(till(page).receipt, /Bereit\.|Danke|Passend|Rückgeld/);
    await scan(page, items[0].code);
    await reads(till(page).total, '1,99');
    await page.evaluate(async () => {
      const body = { id: crypto.randomUUID(), type: 'pay_cash' };
      await fetch('/api/v1/tills/1/commands', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    });
    await till(page).paid.waitFor();
  };
  const asks = (path) => page.evaluate(async (path) => (await fetch(path)).json(), path);
  const shown = () => eventually('the code of the receipt', async () => {
    const { receipt } = await asks('/api/v1/tills/1/display');
    return receipt?.qr && receipt;
  });

  test('the owner switches it on, and tells the password apart', async () => {
    await open('/office#/settings/digital');
    await page.getByLabel('Wo die Seite liegt').selectOption('shop');
    await page.getByLabel('Adresse', { exact: true }).fill('192.168.1.10');
    await reads(page.getByRole('main'), 'Mit http:// oder https:// beginnen');
    await page.getByLabel('Adresse', { exact: true }).fill(shop.address);
    await page.getByLabel('Belege per E-Mail verschicken').check();
    await page.getByLabel('Server').fill('127.0.0.1');
    await page.getByLabel('Verschlüsselung').selectOption('none');
    await page.getByLabel('Port').fill(mail.said[0].split(':')[1]);
    await page.getByLabel('Absenderadresse').fill('bon@laden.example');
    await page.getByLabel('Den Link zum Beleg per SMS verschicken').check();
    await page.getByLabel('Absender', { exact: true }).fill('Laden');
    await page.getByLabel('Andere Adresse').fill(sms.said[0]);
    await check('the settings');
    await save();
    await page.getByLabel('Schlüssel oder Token').fill('geheim');
    await page.getByRole('button', { name: 'Übernehmen' }).click();
    await page.getByText('Übernommen.').waitFor();
    assert.ok(!(await page.content()).includes('geheim'), 'the key is shown to nobody again');
    browser.assertGood();
  });

  test('the code on the display leads to the receipt, without a word being asked', async () => {
    await sell();
    const receipt = await shown();
    await open('/display/1');
    await reads(page.locator('main'), 'Mit dem Handy scannen');
    // What is drawn is the code that the shop made (its modules are decoded in the shop's own tests).
    assert.equal(await page.locator('svg path').getAttribute('d'), receipt.qr.path);
    await check('the display');
    page = await browser.open(shop, receipt.qr.payload);
    const says = await reads(page.getByRole('article'), 'Elektronischer Beleg');
    assert.match(says, /Apfelsaft klar 1 l.*1,99/);
    await check('the page');
    const loaded = page.waitForEvent('download');
    await page.getByRole('link', { name: 'PDF', exact: true }).click();
    const file = readFileSync(await (await loaded).path());
    assert.equal(file.subarray(0, 5).toString(), '%PDF-');
    browser.assertGood();
  });

  test('by mail and by text it arrives, and the address is forgotten', async () => {
    await open('/till/1');
    await page.getByRole('button', { name: 'Beleg als QR, Mail, SMS' }).click();
    await reads(page.getByRole('main'), 'Der Kunde scannt den Code');
    await check('the code at the till');
    await page.getByRole('button', { name: 'E-Mail', exact: true }).click();
    await page.getByLabel('Mailadresse des Kunden').fill('ada@@example.org');
    await page.getByRole('button', { name: 'Beleg senden' }).click();
    await reads(page.getByRole('alert').first(), 'Das ist keine Mailadresse');
    await page.getByLabel('Mailadresse des Kunden').fill('ada@example.org');
    await check('mail at the till');
    await page.keyboard.press('Enter');
    await reads(page.getByRole('main'), 'Unterwegs an a…@example.org');
    await page.getByRole('button', { name: 'SMS', exact: true }).click();
    await page.getByLabel('Handynummer des Kunden').fill('0170 1234567');
    await page.keyboard.press('Enter');
    await reads(page.getByRole('main'), 'Unterwegs an …4567');
    const rows = await eventually('all messages are sent', async () => {
      const { messages } = await asks('/api/v1/digital');
      return messages.every((row) => row.state === 'done') && messages;
    });
    assert.deepEqual(rows.map((row) => row.to), ['', '']);
    browser.assertGood();
    browser.origin = null;
    await page.goto(mail.said.at(-1).startsWith('http') ? mail.said.at(-1) : `http://${mail.said.at(-1)}`);
    await reads(page.locator('body'), 'SIMULATOR');
    await reads(page.locator('article'), /ada@example\.org.*Ihr Beleg 1-1 von Laden am Eck.*Apfelsaft/);
    await page.goto(sms.said.at(-1));
    const text = await reads(page.locator('article'), /Ihr Beleg von Laden am Eck: http/);
    assert.ok(text.includes('+491701234567'), text);
  });

  test('the office says how it was handed over, and a customer may want none', async () => {
    const handed = (number, ...ways) => eventually(ways.join(', '), async () => {
      await open(`/office#/receipts/1/${number}`);
      const said = await reads(page.getByRole('main'), /Gesamt|Summe/);
      return ways.every((way) => said.includes(way)) && said;
    });
    const said = await handed(1, 'Belegseite geöffnet', 'per E-Mail verschickt', 'per SMS verschickt');
    assert.ok(!said.includes('example.org'), 'to whom stands nowhere');
    await open('/office#/settings/receipt');
    await page.getByLabel('Jeden Bon drucken').uncheck();
    await save();
    await sell();
    await page.getByRole('button', { name: 'Kunde will keinen Beleg' }).click();
    await page.getByText('Vermerkt: Beleg angeboten, nicht gewünscht.').waitFor();
    await check('the till');
    await handed(2, 'angeboten, nicht gewünscht');
    browser.assertGood();
  });

  test('a host outside keeps it and cannot read it; the browser opens it with the key of the code', async () => {
    const data = folder();
    const made = spawnSync(tresen, ['receipts', '--data', data, '--new-token', 'laden'], { encoding: 'utf8' });
    const token = made.stdout.trim().split('\n').at(-1);
    const host = await runs('receipts', '--data', data, '--listen', any);
    running.push(host);
    await open('/office#/settings/digital');
    await page.getByLabel('Wo die Seite liegt').selectOption('host');
    await page.getByLabel('Adresse', { exact: true }).fill(host.said[0]);
    await save();
    // Not uploaded, not shown: the display says that it is on its way.
    await sell();
    await open('/display/1');
    await reads(page.locator('main'), 'Ihr Beleg ist gleich abrufbar.');
    assert.equal(await page.locator('svg').count(), 0, 'a code that leads nowhere is none');
    await open('/office#/settings/digital');
    await page.getByLabel('Token für das Hochladen').fill(token);
    await page.getByRole('button', { name: 'Übernehmen' }).first().click();
    await page.getByText('Übernommen.').waitFor();
    await page.getByRole('button', { name: 'Jetzt versuchen' }).click();
    const receipt = await shown();
    const [way, key] = receipt.qr.payload.split('#');
    assert.ok(way.startsWith(`${host.said[0]}/r/`) && key.length === 43, receipt.qr.payload);
    browser.assertGood();

    browser.origin = host.said[0];
    await page.goto(receipt.qr.payload);
    const says = await reads(page.getByRole('article'), 'Elektronischer Beleg');
    assert.match(says, /Apfelsaft klar 1 l.*1,99/);
    await check('the page that decrypts');
    const loaded = page.waitForEvent('download');
    await page.getByRole('button', { name: 'PDF', exact: true }).click();
    const file = readFileSync(await (await loaded).path());
    assert.equal(file.subarray(0, 5).toString(), '%PDF-');
    const sealed = join(data, 'sealed');
    const bytes = Buffer.concat(readdirSync(sealed).map((name) => readFileSync(join(sealed, name))));
    for (const clear of ['Apfelsaft', 'Laden am Eck', '%PDF', key]) assert.equal(bytes.includes(clear), false, `${clear} can be read`);

    await page.goto(`${way}#${'A'.repeat(43)}`);
    await page.reload();
    await reads(page.getByRole('alert'), 'öffnet diesen Beleg nicht');
    await page.goto(way);
    await page.reload();
    await reads(page.getByRole('alert'), 'Der Schlüssel hinter dem Zeichen # fehlt');
    await check('without the key');
    browser.assertGood();
  });
});

/**
 * `tresen demo` as somebody tries it: the counter with all simulated devices side by side, a sale with goods by weight and a card at the
 * till, and a receipt that goes to the telephone by code, by mail and by text.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { accessible, Browser, eventually, folder, program, reads, textOf, till } from './harness.mjs';

/** The devices as the page names them. */
const DEVICES = ['Bondrucker und Lade', 'Anzeige mit zwei Zeilen', 'Waage', 'Scanner', 'Kartenterminal', 'Mailserver', 'SMS auf dem Handy'];

const euros = (sum) => `${Math.floor(sum / 100)},${String(sum % 100).padStart(2, '0')}`;

describe('a demo', () => {
  // A window each, as they stand on two screens: a tab behind another draws nothing.
  const browser = new Browser();
  const tillBrowser = new Browser();
  const data = folder();
  const said = [];
  let child;
  let ended;
  /** The demo as a shop whose pages are opened. */
  const shop = { address: '' };
  /** Device by name: the origin of its page. */
  const pages = {};
  let counter;
  let page;
  let at;

  before(async () => {
    child = program(['demo', '--listen', '127.0.0.1:0', '--data', data, '--fresh']);
    ended = once(child, 'exit');
    const listening = new Promise((done) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        said.push(line);
        const device = /^ {4}(\S.*?) +(http:\/\/127\.0\.0\.1:\d+)\/$/.exec(line);
        if (device) pages[device[1]] = device[2];
        const address = /^listening on (http:\/\/\S+)$/.exec(line)?.[1];
        if (address) done(address);
      });
    });
    const early = ended.then(() => Promise.reject(new Error(`the demo ended:\n${said.join('\n')}`)));
    // Its end after it has listened is the test's own doing.
    early.catch(() => {});
    [shop.address] = await Promise.all([Promise.race([listening, early]), browser.start(), tillBrowser.start()]);
    // The counter's frames are the devices' own pages: those that the demo named, and nothing else that listens on this machine.
    browser.also = Object.values(pages);
  });
  after(async () => {
    await Promise.all([browser.stop(), tillBrowser.stop()]);
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  });

  /** What stands in a device's frame at the counter. */
  const frame = (name) => counter.frameLocator(`iframe[title="${name}"]`);
  const body = (name) => frame(name).locator('body');
  /** An amount in an element's text, in cents. */
  const cents = async (locator) => Number(/(\d+),(\d\d)/.exec(await textOf(locator)).slice(1).join(''));
  /** The total at the till once there are so many lines, in cents and as it is written. */
  const total = async (lines) => {
    await eventually(`${lines} lines`, async () => (await at.lines.count()) === lines);
    const sum = await cents(at.total);
    return [sum, euros(sum)];
  };
  /** Presses a button of a device in its frame. */
  const push = (name, button) => frame(name).getByRole('button', { name: button }).click();

  test('says where everything is, and shows it side by side, each named a simulator', async () => {
    assert.deepEqual(Object.keys(pages), DEVICES, said.join('\n'));
    assert.ok(said.some((line) => line.includes(`${shop.address}/counter`)), said.join('\n'));
    counter = await browser.open(shop, '/counter');
    // All of it in view at once: browsers draw no frame that is scrolled out of sight, and its buttons stand still for nobody.
    await counter.setViewportSize({ width: 1280, height: 2000 });
    await counter.getByRole('heading', { name: 'Die Theke des Demoladens' }).waitFor();
    for (const name of [...DEVICES, 'Handy des Kunden']) {
      const panel = counter.locator('section', { has: counter.locator(`iframe[title="${name}"]`) });
      assert.equal(await panel.locator('.sign').innerText(), 'Simulator', name);
    }
    // The display is the shop's own page, and no simulator.
    await reads(body('Kundenanzeige (Browser)'), 'Demoladen am Eck');
    for (const name of DEVICES) {
      await reads(body(name), /simulator/i);
      assert.ok(counter.frames().some((one) => one.url().startsWith(`${pages[name]}/`)), `${name} is the page that the demo named`);
    }
    await reads(body('Handy des Kunden'), 'Hier öffnet sich der Beleg');
    await accessible(counter, 'the counter');
    // A device's page that paints no ground of its own stands on its frame's: white under the white letters of the dark theme is none.
    for (const [colorScheme, ground] of [['light', 'rgb(255, 255, 255)'], ['dark', 'rgb(18, 18, 18)']]) {
      await counter.emulateMedia({ colorScheme });
      const grounds = await counter.locator('iframe').evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundColor));
      assert.deepEqual([...new Set(grounds)], [ground], colorScheme);
    }
    browser.assertGood();
  });

  test('fits a telephone, and so does each device’s page alone', async () => {
    const alone = await browser.context.newPage();
    await alone.setViewportSize({ width: 390, height: 844 });
    for (const [name, address] of [['counter', `${shop.address}/counter`], ...Object.entries(pages)]) {
      // As it is when it is asked for: these pages ask for themselves again every other second, under the checker's hands.
      const html = await (await fetch(name === 'counter' ? address : `${address}/`)).text();
      await alone.setContent(html.replace(/<meta http-equiv="refresh"[^>]*>/, '').replaceAll(/<iframe[^>]*><\/iframe>/g, ''));
      // Where a page paints nothing, browsers do in the theme's colour, and the checker takes that for white.
      await alone.addStyleTag({ content: 'html{background:Canvas}' });
      const [wide, seen] = await alone.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth]);
      assert.ok(wide <= seen, `${name}: ${wide} of ${seen}`);
      await accessible(alone, name);
    }
    await alone.close();
    browser.assertGood();
  });

  test('somebody signs in with the PIN that was said, and opens the till day', async () => {
    page = await tillBrowser.open(shop, '/till/1');
    at = till(page);
    const [, pin] = /Demo Kasse +PIN (\d+)/.exec(said.join('\n'));
    await page.getByRole('button', { name: 'Demo Kasse' }).click();
    await page.getByLabel('PIN von Demo Kasse').waitFor();
    await page.keyboard.type(pin);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Kassentag 1 eröffnen' }).waitFor();
    await page.getByLabel('Anfangsbestand').fill('200');
    await page.keyboard.press('Enter');
    await reads(at.receipt, 'Bereit.');
    await accessible(page, 'the till');
  });

  test('bananas from the scale and a carton of milk are paid by card, and the receipt comes out of the printer', async () => {
    // The customer is played here; nobody else holds a card there meanwhile.
    await push('Kartenterminal', 'Kunden kommen von selbst');
    await page.locator('.tile', { hasText: 'Bananen' }).click();
    const weighing = page.getByRole('region', { name: /Bananen/ });
    await reads(weighing, 'Bitte Ware auflegen');
    const perKilogram = await cents(weighing.getByText('je kg'));
    await push('Waage', '500 g');
    await reads(at.lines.first(), 'von der Waage');
    const [bananas] = await total(1);
    assert.equal(bananas, Math.round(perKilogram / 2));
    await page.locator('.tile', { hasText: 'Frische Milch' }).first().click();
    const [both, due] = await total(2);
    assert.ok(both > bananas, due);
    await reads(frame('Anzeige mit zwei Zeilen').locator('.glass'), new RegExp(`Summe +${due}`));
    await reads(body('Kundenanzeige (Browser)'), due);
    await page.keyboard.press('F12');
    await reads(body('Kartenterminal'), due);
    await push('Kartenterminal', /^Karte vorhalten$/);
    await reads(at.paid, new RegExp(`Mit Karte bezahlt.*${due} €`));
    // This shop prints for whoever wants paper.
    await page.getByRole('button', { name: /^Beleg drucken/ }).click();
    const paper = frame('Bondrucker und Lade').locator('.paper', { hasText: 'Bananen' });
    await reads(paper, new RegExp(`Bananen.*0,500 kg.*Milch.*${due}`));
    await reads(frame('Kartenterminal').locator('main'), new RegExp(`Gespeicherte Vorgänge.*${due}`));
    browser.assertGood();
    tillBrowser.assertGood();
  });

  test('the next receipt reaches the telephone by its code, by mail and by text', async () => {
    await page.locator('.tile', { hasText: 'Butter' }).first().click();
    const [, due] = await total(1);
    await page.keyboard.press('F9');
    await at.paid.waitFor();
    await reads(body('Kundenanzeige (Browser)'), 'Mit dem Handy scannen');
    await counter.getByRole('link', { name: 'QR-Code der Kundenanzeige scannen' }).click();
    await reads(frame('Handy des Kunden').getByRole('article'), new RegExp(`Butter.*${due}.*Elektronischer Beleg`));

    await page.getByRole('button', { name: 'Beleg als QR, Mail, SMS' }).click();
    await page.getByRole('button', { name: 'E-Mail', exact: true }).click();
    await page.getByLabel('Mailadresse des Kunden').fill('ada@example.org');
    await page.keyboard.press('Enter');
    await reads(page.getByRole('main'), 'Unterwegs an a…@example.org');
    await page.getByRole('button', { name: 'SMS', exact: true }).click();
    await page.getByLabel('Handynummer des Kunden').fill('0170 1234567');
    await page.keyboard.press('Enter');
    await reads(page.getByRole('main'), 'Unterwegs an …4567');
    await reads(body('Mailserver'), /ada@example\.org.*Demoladen am Eck/);
    await reads(frame('Mailserver').locator('article'), 'Butter');
    await reads(body('SMS auf dem Handy'), /\+491701234567.*Ihr Beleg von Demoladen am Eck: http/);
    await accessible(counter, 'the counter after two sales');
    browser.assertGood();
    tillBrowser.assertGood();
  });

  test('asked to end, it ends well, and its book is whole', async () => {
    await Promise.all([browser.stop(), tillBrowser.stop()]);
    child.kill('SIGTERM');
    await eventually('the demo ends', () => child.exitCode !== null || child.signalCode !== null);
    assert.deepEqual([child.exitCode, child.signalCode], [0, null]);
    const done = spawnSync(process.env.TRESEN_BIN, ['verify', '--file', join(data, 'shop.sqlite'), '--tables'], { encoding: 'utf8' });
    assert.equal(done.status, 0, `${done.stdout}\n${done.stderr}`);
  });
});

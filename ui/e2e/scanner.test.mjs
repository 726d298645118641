/**
 * Scanners: keyboards in every page and field, a cable, a camera; batches that were recalled, and two symbols of one pack. How fast keys come
 * is said by their time stamps, so that a busy machine makes no difference.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { axe, Browser, folder, items, reads, readyShop, scan, textOf, till } from './harness.mjs';
import { Simulator } from './simulated.mjs';

/** Each place with each pace and each end, twice. */
const BURSTS = 198;
const GROUP = '20 Restposten';

/** Mulberry32. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Keys with the time that each was pressed at; the last is pressed now. */
async function press(page, keys, pause) {
  // No key is older than its page.
  await page.waitForFunction(() => performance.now() > 2_000);
  const cdp = await page.context().newCDPSession(page);
  const pauses = keys.map(() => pause());
  let at = Date.now() - pauses.reduce((sum, one) => sum + one, 0);
  const sent = keys.flatMap((text, index) => {
    at += pauses[index];
    const named = { Enter: { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' }, Tab: { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 } };
    const key = named[text] ?? { key: text, text, unmodifiedText: text };
    return [
      cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key, timestamp: at / 1000 }),
      cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key, timestamp: (at + 2) / 1000 }),
    ];
  });
  await Promise.all(sent);
  await cdp.detach();
}

describe('a scanner that plays keyboard', () => {
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
  });

  /** Where it is scanned, and how one knows that the code arrived whole. */
  const office = (hash, field) => async (burst) => {
    await page.evaluate((to) => (location.hash = `#/${to}`), hash);
    await page.waitForFunction((to) => document.querySelector('nav a[aria-current=page]')?.getAttribute('href') === `#/${to.split('/')[0]}`, hash);
    const main = page.locator('main');
    await main.getByRole('heading').first().waitFor();
    if (field) await main.locator(field).first().focus();
    await burst();
    await page.waitForFunction(() => /^#\/(items|stock)\/\d+$/.test(location.hash));
    assert.equal(await page.evaluate(() => location.hash.split('/').pop()), '1');
  };
  const places = {
    'receipts, no field': office('receipts'),
    'receipts, search': office('receipts', 'input[type=search]'),
    'receipts, a date': office('receipts', 'input[type=date]'),
    'items, search': office('items', 'input[type=search]'),
    'stock, no field': office('stock'),
    'stock, search': office('stock', 'input[type=search]'),
    'settings, the name': office('settings/shop', 'input'),
    'customers, search': office('customers', 'input[type=search]'),
    'items, the list of groups': office('items', 'select'),
    'receipts, the list of tills': office('receipts', 'select'),
    'settings, a list': office('settings/shop', 'select'),
  };

  test(`${BURSTS} bursts into pages, fields and lists of the office, at 5, 20 and 60 ms, with and without an end`, async () => {
    page = await browser.open(shop, '/office');
    // A group that the first keys of the code choose where nobody stops them.
    await page.evaluate(async (name) => {
      const { revision: _, ...settings } = await (await fetch('/api/v1/settings')).json();
      const group = { ...settings.groups[0], id: Math.max(...settings.groups.map(({ id }) => id)) + 1, name };
      const body = JSON.stringify({ id: crypto.randomUUID(), type: 'configure', settings: { ...settings, groups: [...settings.groups, group] } });
      const answer = await fetch('/api/v1/shop/commands', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      if (!answer.ok) throw new Error(await answer.text());
    }, GROUP);
    await page.reload();
    await page.evaluate(() => {
      window.heard = 0;
      document.addEventListener('change', (event) => (window.heard += Number(event.target instanceof HTMLSelectElement)));
    });
    // A page with changes asks before it is left: yes.
    page.on('dialog', (dialog) => void dialog.accept());
    await page.locator('main').getByRole('heading').first().waitFor();
    const names = Object.keys(places);
    const counts = {};
    for (let seed = 1; seed <= BURSTS; seed += 1) {
      const next = random(seed);
      const pace = [5, 20, 60][seed % 3];
      const end = [['Enter'], ['Tab'], []][Math.floor(seed / 3) % 3];
      const name = names[seed % names.length];
      await places[name](() => press(page, [...items[0].code, ...end], () => pace * (0.8 + next() * 0.4)));
      counts[`${pace} ms`] = (counts[`${pace} ms`] ?? 0) + 1;
    }
    console.log('bursts that arrived whole:', counts);
    assert.equal(await page.evaluate(() => window.heard), 0, 'no list told of a change');
  });

  test('a scan with a list in focus is a scan, and a person still chooses with keys', async () => {
    await page.evaluate(() => (location.hash = '#/items/new'));
    const main = page.locator('main');
    const list = main.getByLabel('Gruppe', { exact: true });
    await list.waitFor();
    const before = await list.inputValue();
    const code = '2000000000060';
    for (const [pace, end] of [[5, ['Enter']], [20, ['Tab']], [60, []]]) {
      await list.focus();
      await press(page, [...code, ...end], () => pace);
      await page.waitForFunction((wanted) => [...document.querySelectorAll('[data-scan=code]')].some(({ value }) => value === wanted), code);
      assert.equal(await list.inputValue(), before, `${pace} ms`);
      assert.ok(await list.evaluate((one) => one === document.activeElement), 'the keyboard stays where it was');
      await main.locator('[data-scan=code]').last().fill('');
    }
    assert.equal(await page.evaluate(() => window.heard), 0);
    await list.focus();
    await press(page, ['2', '0'], () => 160);
    await page.waitForFunction((name) => document.activeElement.selectedOptions?.[0].text === name, GROUP);
    await page.waitForFunction(() => window.heard === 1);
    // Begun anew: nothing of this form is left for what comes next.
    await page.goto('about:blank');
    page = await browser.open(shop, '/office');
    await page.locator('main').getByRole('heading').first().waitFor();
  });

  test('a field for codes takes the code, and a form keeps what was typed', async () => {
    await page.evaluate(() => (location.hash = '#/items/recalls'));
    const form = page.locator('main');
    await form.getByLabel('Grund', { exact: true }).fill('vorher');
    await form.getByLabel('Grund', { exact: true }).focus();
    await press(page, [...`]d201${items[1].code.padStart(14, '0')}10L7`, 'Enter'], () => 8);
    await page.waitForFunction((code) => document.querySelector('[data-scan=code]')?.value === code, items[1].code);
    assert.equal(await form.getByLabel('Charge').inputValue(), 'L7');
    assert.equal(await form.getByLabel('Grund', { exact: true }).inputValue(), 'vorher');
    await form.getByLabel('Strichcode oder Artikelnummer').focus();
    await press(page, [...`]E0${items[2].code}`, 'Enter'], () => 20);
    await page.waitForFunction((code) => document.querySelector('[data-scan=code]')?.value === code, items[2].code);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      assert.deepEqual(await axe(page), [], colorScheme);
    }
  });

  test('a scan in a count counts one more', async () => {
    await page.evaluate(() => (location.hash = '#/stock/2'));
    const main = page.locator('main');
    await reads(main, /Bauernbrot/);
    const counts = await main.getByLabel('Menge').count();
    if (counts === 0) return assert.match(await textOf(main), /Bestand/);
    for (let n = 1; n <= 3; n += 1) {
      await press(page, [...items[1].code, 'Enter'], () => 10);
      await page.waitForFunction((wanted) => [...document.querySelectorAll('main form input')].some((field) => field.value === String(wanted)), n);
    }
  });

  test('the test code tells a swapped layout, and the repair is kept', async () => {
    await page.evaluate(() => (location.hash = '#/scanner'));
    const main = page.locator('main');
    await main.getByText('Warte auf den Prüfcode').waitFor();
    const cdp = await page.context().newCDPSession(page);
    // What a German keyboard makes of the places that a scanner presses that types for a US one.
    const german = { y: 'z', z: 'y', Y: 'Z', Z: 'Y', '-': 'ß', '/': '-', ':': 'Ö', ';': 'ö' };
    const places = { '-': 'Minus', '/': 'Slash', ':': 'Semicolon', ';': 'Semicolon', '=': 'Equal', 1: 'Digit1' };
    const swapped = async (code) => {
      for (const char of code) {
        const shift = /[A-Z:]/.test(char);
        const key = char === '=' ? 'Dead' : (german[char] ?? char);
        const stroke = { key, code: places[char] ?? (/[a-z]/i.test(char) ? `Key${char.toUpperCase()}` : `Digit${char}`), modifiers: shift ? 8 : 0, ...(key.length === 1 ? { text: key } : {}) };
        await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', ...stroke });
        await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...stroke, text: undefined });
      }
      await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' });
    };
    await swapped('TST-yzYZ/:;=1');
    await reads(main, /schreibt für eine andere Tastatur/);
    await main.getByRole('button', { name: 'Hier beheben' }).click();
    await swapped('TST-yzYZ/:;=1');
    await reads(main, /Behoben/);
    await page.reload();
    await reads(main, /Tasten nach ihrem Platz/);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      assert.deepEqual(await axe(page), [], colorScheme);
    }
    await main.getByRole('button', { name: 'Zeichen nehmen, wie sie ankommen' }).click();
    await cdp.detach();
  });

  test('120 bursts at the till, none lost and none counted twice, whatever has the focus', async () => {
    page = await browser.open(shop, '/till/1');
    const at = till(page);
    await at.receipt.waitFor();
    for (let seed = 1; seed <= 120; seed += 1) {
      const next = random(seed * 31);
      const pace = [5, 20, 60][seed % 3];
      const end = [['Enter'], ['Tab'], []][Math.floor(seed / 3) % 3];
      if (seed % 2) await page.locator('.find input').first().focus();
      await press(page, [...items[0].code, ...end], () => pace * (0.8 + next() * 0.4));
      await page.waitForFunction(([n]) => document.querySelector('.receipt .line .q')?.textContent?.trim().startsWith(String(n)), [seed]);
    }
    console.log('bursts at the till that became one piece each: 120');
  });

  test('a person who types is searching', async () => {
    const at = till(page);
    const before = await textOf(at.total);
    for (const word of ['apfel', 'brot', 'petersilie']) {
      const next = random(word.length);
      await press(page, [...word], () => 110 + next() * 90);
      const field = page.locator('.find input').first();
      await page.waitForFunction((wanted) => [...document.querySelectorAll('input')].some((one) => one.value === wanted), word);
      assert.equal(await field.inputValue(), word);
      await page.keyboard.press('Escape');
      await field.fill('');
    }
    assert.equal(await textOf(at.total), before);
  });

  test('two symbols of one pack count once, and a recalled batch stops with the reason', async () => {
    const at = till(page);
    const gtin = items[2].code.padStart(14, '0');
    await scan(page, items[2].code);
    await reads(at.receipt, /Petersilie/);
    await scan(page, `]d201${gtin}`);
    await reads(page.locator('.status'), /derselben Packung: einmal gezählt/);
    assert.equal(await textOf(at.lines.filter({ hasText: 'Petersilie' }).locator('.q')), '1');
    await page.evaluate(async (code) => {
      const command = { id: crypto.randomUUID(), type: 'recall_batches', recalls: [{ goods: { gtin: code }, batch: 'L7', reason: 'Glassplitter', dated: '2026-11-20' }] };
      const answer = await fetch('/api/v1/shop/commands', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(command) });
      if (!answer.ok) throw new Error(await answer.text());
    }, items[1].code);
    await scan(page, `]d201${items[1].code.padStart(14, '0')}10L7`);
    await reads(page.locator('.status'), /Charge L7, ist seit 20\.11\.2026 zurückgerufen: Glassplitter/);
    assert.equal(await at.lines.filter({ hasText: 'Bauernbrot' }).count(), 0);
    await scan(page, `]d201${items[1].code.padStart(14, '0')}15200101`);
    await reads(page.locator('.status'), /Mindesthaltbarkeit 01\.01\.2020 überschritten/);
    await reads(at.receipt, /MHD 01\.01\.2020 überschritten/);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      assert.deepEqual(await axe(page), [], colorScheme);
    }
    browser.assertGood();
  });
});

describe('a scanner by cable', () => {
  const browser = new Browser();
  let shop;
  let device;
  before(async () => {
    device = await Simulator.start(['scanner']);
    await browser.start();
    shop = await readyShop(browser);
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
    await device?.end();
  });

  test('is entered in the office, sells at its till, and comes back by itself', async () => {
    const place = device.at;
    let page = await browser.open(shop, '/office#/scanner');
    await page.reload();
    const main = page.locator('main');
    // The scanner's page leads to where all devices are.
    await main.getByRole('link', { name: 'Zu den Geräten' }).click();
    await main.getByRole('button', { name: 'Scanner von Hand aufnehmen' }).click();
    await main.getByLabel('Anschluss').fill(place);
    await main.getByLabel('Name', { exact: true }).fill('Handscanner');
    assert.equal(await main.getByLabel('Verkauft an').inputValue(), '1');
    await main.getByRole('button', { name: 'Speichern' }).click();
    await main.getByText('Gespeichert.').waitFor();
    assert.deepEqual(await axe(page), []);
    page = await browser.open(shop, '/till/1');
    const { receipt } = till(page);
    await receipt.waitFor();
    await page.locator('.lamp', { hasText: 'Scanner' }).waitFor();
    await device.press('/scan', new URLSearchParams({ code: items[0].code }));
    await reads(receipt, /Apfelsaft/);
    await device.press('/switch/gone');
    await page.locator('button.lamp', { hasText: 'Scanner fehlt' }).click();
    await reads(page.locator('main'), /Ist er wieder da, geht es von selbst weiter/);
    await page.keyboard.press('Escape');
    await device.press('/switch/gone');
    await page.locator('button.lamp', { hasText: 'Scanner fehlt' }).waitFor({ state: 'detached' });
    await device.press('/scan', new URLSearchParams({ code: items[1].code }));
    await reads(receipt, /Bauernbrot/);
    browser.assertGood();
  });
});

/** An EAN-13 as a film of one picture, as cameras give it. */
function film(code) {
  const left = ['0001101', '0011001', '0010011', '0111101', '0100011', '0110001', '0101111', '0111011', '0110111', '0001011'];
  const parity = ['LLLLLL', 'LLGLGG', 'LLGGLG', 'LLGGGL', 'LGLLGG', 'LGGLLG', 'LGGGLL', 'LGLGLG', 'LGLGGL', 'LGGLGL'];
  const turned = (bits) => [...bits].map((bit) => (bit === '1' ? '0' : '1')).join('');
  const back = (bits) => [...bits].reverse().join('');
  const digits = [...code].map(Number);
  const front = digits.slice(1, 7).map((digit, i) => (parity[digits[0]][i] === 'L' ? left[digit] : back(turned(left[digit]))));
  const bits = `101${front.join('')}01010${digits.slice(7).map((digit) => turned(left[digit])).join('')}101`;
  const [width, height, module] = [640, 480, 5];
  const light = Buffer.alloc(width * height, 235);
  const from = Math.floor((width - bits.length * module) / 2);
  for (let y = 140; y < 340; y += 1) {
    for (let x = 0; x < bits.length * module; x += 1) if (bits[Math.floor(x / module)] === '1') light[y * width + from + x] = 16;
  }
  const colour = Buffer.alloc((width * height) / 2, 128);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), light, colour]);
  const path = join(folder(), 'camera.y4m');
  writeFileSync(path, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]));
  return path;
}

describe('the camera', () => {
  const browser = new Browser();
  let shop;
  before(async () => {
    const camera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${film(items[0].code)}`];
    await browser.start({ flags: camera, width: 390, height: 844, touch: true });
    shop = await readyShop(browser);
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
  });

  test('reads a code once for as long as it is held there, with nothing from elsewhere', async () => {
    const page = await browser.open(shop, '/till/1');
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.keyboard.press('F10');
    const { receipt, lines } = till(page);
    await receipt.waitFor();
    if ((await page.getByRole('button', { name: 'Mit der Kamera scannen' }).count()) === 0) await page.getByRole('button', { name: /^Mehr/ }).first().click();
    assert.ok(!asked.some((url) => url.endsWith('.wasm')), 'nothing of it is loaded before it is asked for');
    await page.getByRole('button', { name: 'Mit der Kamera scannen' }).click();
    await reads(receipt, /Apfelsaft/);
    assert.ok(asked.some((url) => url.startsWith(shop.address) && url.endsWith('.wasm')));
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      assert.deepEqual(await axe(page), [], colorScheme);
    }
    assert.equal(await textOf(lines.first().locator('.q')), '1', 'held there all the while, it is one piece');
    browser.assertGood();
  });
});

describe('a camera that the browser may not use', () => {
  const browser = new Browser();
  let shop;
  before(async () => {
    await browser.start({ flags: ['--use-fake-device-for-media-stream', '--deny-permission-prompts'] });
    shop = await readyShop(browser);
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
  });

  test('says what to do', async () => {
    const page = await browser.open(shop, '/office#/today');
    await page.reload();
    await page.getByRole('button', { name: 'Mit der Kamera scannen' }).click();
    await reads(page.locator('main'), /Der Browser darf die Kamera nicht benutzen/);
    await page.getByRole('button', { name: 'Noch einmal versuchen' }).click();
    await reads(page.locator('main'), /Der Browser darf die Kamera nicht benutzen/);
    browser.assertGood();
  });
});

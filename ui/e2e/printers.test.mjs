/** Printers in the office and at the till: added, tried, calibrated, assigned; paper that runs out, the printer that stands in, a drawer opened with a key. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { axe, Browser, items, reads, readyShop, scan, till } from './harness.mjs';

/** `tresen simulate printer`: its address, and the address of its page. */
async function simulate(protocol) {
  const child = spawn(process.env.TRESEN_BIN, ['simulate', 'printer', '--protocol', protocol, '--listen', '127.0.0.1:0', '--page', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const line of createInterface({ input: child.stdout })) {
    said += `${line}\n`;
    if (line.includes('http://')) break;
  }
  const [page] = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
  const [address] = /127\.0\.0\.1:\d+/.exec(said);
  /** Presses a button of its page. */
  const press = (path) => fetch(`${page}${path}`, { method: 'POST', redirect: 'manual' });
  const paper = async () => (await fetch(`${page}/`)).text();
  return { child, address, press, paper };
}

describe('printers', () => {
  const browser = new Browser();
  let shop;
  let own;
  let spare;
  let page;
  before(async () => {
    [own, spare] = await Promise.all([simulate('esc-pos'), simulate('star'), browser.start()]);
    shop = await readyShop(browser);
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
    for (const { child } of [own, spare]) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  });
  const check = async (what) => {
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      assert.deepEqual(await axe(page), [], `${what}, ${colorScheme}`);
    }
  };
  /** Until the printer's page shows it. */
  const printed = async (printer, text) => {
    for (;;) {
      if ((await printer.paper()).includes(text)) return;
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
    }
  };
  const card = (name) => page.getByRole('group', { name, exact: true });

  test('two printers are added, tried and assigned, and the drawer is learned', async () => {
    page = await browser.open(shop, '/office#/settings/devices');
    await page.reload();
    await page.getByText('Noch ist kein Gerät aufgenommen.').waitFor();
    await page.getByRole('button', { name: 'Drucker von Hand aufnehmen' }).click();
    await page.getByLabel('Name').fill('Vorn');
    await card('Vorn').getByLabel('Wo er angeschlossen ist').fill('nirgends');
    await card('Vorn').getByText('So ist nichts angeschlossen.').waitFor();
    await card('Vorn').getByLabel('Wo er angeschlossen ist').fill(own.address);
    await card('Vorn').getByRole('button', { name: 'Testseite drucken' }).click();
    await card('Vorn').getByText('Gedruckt.').waitFor();
    await printed(own, 'Testseite');
    await card('Vorn').getByRole('button', { name: 'Lade öffnen und lernen' }).click();
    await card('Vorn').getByText('Die Lade ist offen?').waitFor();
    await own.press('/drawer/close');
    await card('Vorn').getByRole('button', { name: 'Sie ist zu' }).click();
    await card('Vorn').getByText('Gelernt: Offen und geschlossen').waitFor();
    await card('Vorn').getByLabel('Kasse 1').selectOption('own');
    await page.getByRole('button', { name: 'Drucker von Hand aufnehmen' }).click();
    const second = page.getByRole('group', { name: 'Bondrucker', exact: true });
    await second.getByLabel('Wo er angeschlossen ist').fill(spare.address);
    await second.getByLabel('Er versteht').selectOption('star');
    await second.getByLabel('Kasse 1').selectOption('spare');
    await second.getByRole('button', { name: 'Nachsehen' }).click();
    await second.getByText('Zustand: bereit').waitFor();
    await check('devices');
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Gespeichert.').waitFor();
    await page.goto(`${new URL(page.url()).origin}/office#/settings/tills`);
    await reads(page.getByRole('group', { name: 'Kasse 1' }), 'Vorn');
  });

  test('a receipt waits for paper, and comes out of the other printer when somebody says so', async () => {
    page = await browser.open(shop, '/till/1');
    await page.getByText('Bereit.').waitFor();
    await own.press('/set/paper-out/on');
    await scan(page, items[0].code);
    await reads(till(page).total, '1,99');
    await page.keyboard.press('F9');
    await page.getByRole('button', { name: 'Kein Papier' }).click();
    await reads(page.locator('.panel'), '1 Druck wartet.');
    await check('the lamp');
    await page.getByRole('button', { name: 'Auf dem anderen Drucker drucken' }).click();
    await printed(spare, 'R1-1');
    await page.getByRole('button', { name: 'Wieder auf dem eigenen drucken' }).waitFor();
    await own.press('/set/paper-out/off');
    await page.getByRole('button', { name: 'Wieder auf dem eigenen drucken' }).click();
    await reads(page.locator('.panel'), 'Beleg sicher');
    await page.keyboard.press('Escape');
    await scan(page, items[1].code);
    await reads(till(page).total, '3,49');
    await page.keyboard.press('F9');
    await printed(own, 'R1-2');
    assert.ok(!(await spare.paper()).includes('R1-2'));
  });
});

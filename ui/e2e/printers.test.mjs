/** Printers in the office and at the till: added, tried, calibrated, assigned; paper that runs out, the printer that stands in, a drawer opened with a key. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accessible, Browser, items, reads, readyShop, scan, till } from './harness.mjs';
import { Simulator } from './simulated.mjs';

describe('printers', () => {
  const browser = new Browser();
  let shop;
  let own;
  let spare;
  let page;
  before(async () => {
    [own, spare] = await Promise.all([Simulator.start(['printer', '--protocol', 'esc-pos']), Simulator.start(['printer', '--protocol', 'star']), browser.start()]);
    shop = await readyShop(browser);
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
    await Promise.all([own?.end(), spare?.end()]);
  });
  const check = (what) => accessible(page, what);
  const card = (name) => page.getByRole('group', { name, exact: true });

  test('two printers are added, tried and assigned, and the drawer is learned', async () => {
    page = await browser.open(shop, '/office#/settings/devices');
    await page.reload();
    await page.getByText('Noch ist kein Gerät aufgenommen.').waitFor();
    await page.getByRole('button', { name: 'Drucker von Hand aufnehmen' }).click();
    await page.getByLabel('Name').fill('Vorn');
    await card('Vorn').getByLabel('Wo er angeschlossen ist').fill('nirgends');
    await card('Vorn').getByText('So ist nichts angeschlossen.').waitFor();
    await card('Vorn').getByLabel('Wo er angeschlossen ist').fill(own.at);
    await card('Vorn').getByRole('button', { name: 'Testseite drucken' }).click();
    await card('Vorn').getByText('Gedruckt.').waitFor();
    await own.shows('Testseite');
    await card('Vorn').getByRole('button', { name: 'Lade öffnen und lernen' }).click();
    await card('Vorn').getByText('Die Lade ist offen?').waitFor();
    await own.press('/drawer/close');
    await card('Vorn').getByRole('button', { name: 'Sie ist zu' }).click();
    await card('Vorn').getByText('Gelernt: Offen und geschlossen').waitFor();
    await card('Vorn').getByLabel('Kasse 1').selectOption('own');
    await page.getByRole('button', { name: 'Drucker von Hand aufnehmen' }).click();
    const second = page.getByRole('group', { name: 'Bondrucker', exact: true });
    await second.getByLabel('Wo er angeschlossen ist').fill(spare.at);
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
    await spare.shows('R1-1');
    await page.getByRole('button', { name: 'Wieder auf dem eigenen drucken' }).waitFor();
    await own.press('/set/paper-out/off');
    await page.getByRole('button', { name: 'Wieder auf dem eigenen drucken' }).click();
    await reads(page.locator('.panel'), 'Beleg sicher');
    await page.keyboard.press('Escape');
    await scan(page, items[1].code);
    await reads(till(page).total, '3,49');
    await page.keyboard.press('F9');
    await own.shows('R1-2');
    assert.ok(!(await spare.html()).includes('R1-2'));
  });
});

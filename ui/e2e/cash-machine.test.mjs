/** Cash at a simulated machine: set up on the page of devices, paid by putting coins in, change given, counted and emptied. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { axe, Browser, items, readyShop, reads, scan, till } from './harness.mjs';

/** `tresen simulate cash-machine`: where it listens and where its page is. */
async function simulate() {
  const child = spawn(process.env.TRESEN_BIN, ['simulate', 'cash-machine', '--listen', '127.0.0.1:0', '--page', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const line of createInterface({ input: child.stdout })) {
    said += `${line}\n`;
    if (line.includes('http://')) break;
  }
  const [page] = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
  const [at] = /127\.0\.0\.1:\d+/.exec(said);
  return { child, page, at };
}
async function end(device) {
  if (!device) return;
  const ended = once(device.child, 'exit');
  device.child.kill('SIGKILL');
  await ended;
}
/** Presses a button of the simulator's page. */
const press = async (device, path) => {
  const answer = await fetch(`${device.page}${path}`, { method: 'POST', redirect: 'manual' });
  assert.equal(answer.status, 303, path);
};
const shows = async (device, wanted) => {
  for (;;) {
    const html = await (await fetch(`${device.page}/`)).text();
    if (wanted.test(html)) return html;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
};

describe('a cash machine beside the till', () => {
  const browser = new Browser();
  let shop;
  let page;
  let machine;
  before(async () => {
    [machine] = await Promise.all([simulate(), browser.start()]);
    shop = await readyShop(browser);
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
    await end(machine);
    shop?.verify();
  });
  const check = async (what) => {
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      assert.deepEqual(await axe(page), [], `${what}, ${colorScheme}`);
    }
  };

  test('it is set up on the page of devices, and says what it holds', async () => {
    page = await browser.open(shop, '/office#/settings/devices');
    await page.reload();
    await page.getByRole('button', { name: 'Bezahlautomaten hinzufügen' }).click();
    const form = page.getByRole('group', { name: 'Bezahlautomat' });
    await form.getByLabel('Anschluss').fill(machine.at);
    await form.getByLabel('Steht an Kasse').selectOption({ index: 1 });
    await form.getByRole('button', { name: 'Prüfen' }).click();
    await reads(form, 'Der Automat antwortet.');
    await reads(form, 'Er kann 1.777,60 € ausgeben.');
    await check('devices');
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Gespeichert.').waitFor();
  });

  test('coins are put in, the change is given, and the receipt says so', async () => {
    page = await browser.open(shop, '/till/1');
    await page.getByText('Bereit.').waitFor();
    await scan(page, items[0].code);
    const at = till(page);
    await reads(at.total, '1,99');
    await page.keyboard.press('F10');
    const running = page.getByRole('region', { name: /Barzahlung/ });
    await reads(running, '1,99');
    await shows(machine, /please pay 1\.99/);
    await press(machine, '/put/100');
    await reads(running, 'eingeworfen 1,00 €');
    await reads(running, 'noch offen 0,99 €');
    await check('paying');
    await press(machine, '/put/200');
    await running.waitFor({ state: 'detached' });
    const paid = page.locator('.paid');
    await reads(paid, 'Rückgeld – gibt der Automat');
    await reads(paid, '1,01');
    await check('paid');
    const receipt = await page.evaluate(async () => (await fetch('/api/v1/receipts/1/1/text')).text());
    assert.match(receipt, /gegeben\s+3,00/);
    assert.match(receipt, /zurück\s+1,01/);
    await shows(machine, /It holds 1779\.59/);
  });

  test('it is given up, and the money comes back; then it is taken by hand', async () => {
    await scan(page, items[0].code);
    await page.keyboard.press('F10');
    await shows(machine, /please pay 1\.99/);
    await press(machine, '/put/50');
    await reads(page.getByRole('region', { name: /Barzahlung/ }), 'eingeworfen 0,50 €');
    await page.getByRole('button', { name: /Abbrechen/ }).click();
    await reads(page.locator('.failed'), 'Nicht kassiert');
    await check('given up');
    await shows(machine, /It holds 1779\.59/);
    await page.keyboard.press('Shift+F10');
    await page.getByRole('button', { name: 'Von Hand kassieren' }).click();
    await reads(page.locator('main'), 'nicht in den Automaten');
    await check('by hand');
    await page.keyboard.press('Enter');
    await reads(page.locator('.paid'), 'Passend bezahlt');
  });

  test('the count takes over what the machine holds, and it is emptied as a drop', async () => {
    await page.keyboard.press('F8');
    await page.getByRole('button', { name: /Lade zählen/ }).click();
    await page.getByRole('button', { name: 'Bestand des Automaten mitzählen' }).click();
    await reads(page.locator('form'), 'Der Automat meldet 1.779,59 €.');
    await check('counting');
    await page.keyboard.press('Escape');
    await page.keyboard.press('F8');
    await page.getByRole('button', { name: 'Automat leeren' }).click();
    await reads(page.locator('main'), '1.779,59 €');
    await page.getByRole('button', { name: 'Leeren und buchen' }).click();
    await page.getByLabel('Grund').fill('Bank');
    await check('emptying');
    await page.getByRole('button', { name: 'Leeren und buchen' }).click();
    await page.getByText('Der Automat ist geleert').waitFor();
    await shows(machine, /It holds 0\.00/);
  });
});

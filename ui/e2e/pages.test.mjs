/** Every page, in both themes and both languages: accessible, within the policy, without other origins. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, Browser, items, person, readyShop, reads, scan, Shop, till } from './harness.mjs';

const office = ['today', 'receipts', 'items', 'items/new', 'items/unknown', 'items/import', 'stock', 'days', 'people', 'settings', 'record'];
const themes = ['light', 'dark'];

/** Checks what is on the screen in both themes. */
async function check(page, what) {
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    assert.deepEqual(await axe(page), [], `${what}, ${theme}`);
  }
}

describe('before the first run', () => {
  const browser = new Browser();
  const shop = new Shop();
  before(() => Promise.all([browser.start(), shop.start()]));
  after(() => Promise.all([browser.stop(), shop.stop()]));

  test('the setting-up page', async () => {
    const page = await browser.open(shop, shop.setup);
    await page.getByRole('button', { name: 'Geschäft anlegen' }).waitFor();
    assert.ok(!page.url().includes('setup='), 'the code is taken out of the address');
    await check(page, 'set-up');
    await page.getByRole('button', { name: 'English' }).click();
    await reads(page.getByRole('heading', { level: 1 }), 'Set up Tresen');
    await check(page, 'set-up in English');
    browser.assertGood();
  });
});

describe('in a shop', () => {
  const browser = new Browser();
  let shop;
  before(async () => {
    await browser.start();
    shop = await readyShop(browser);
  });
  after(async () => {
    await browser.stop();
    await shop?.stop();
  });

  for (const path of office) {
    test(`office: ${path}`, async () => {
      const page = await browser.open(shop, `/office#/${path}`);
      // Going to another fragment of the same page loads nothing anew.
      await page.reload();
      await page.getByRole('main').getByRole('heading').first().waitFor();
      await page.waitForLoadState('networkidle');
      await check(page, path);
      browser.assertGood();
    });
  }

  test('till: empty, with a receipt, each task, paid, locked', async () => {
    const page = await browser.open(shop, '/till/1');
    const at = till(page);
    await reads(at.receipt, 'Bereit.');
    await check(page, 'empty till');
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await check(page, 'receipt');
    for (const key of ['F1', 'F3', 'F4', 'Shift+F4', 'F5', 'F6', 'F7', 'Shift+F7', 'F8', 'F10']) {
      await page.keyboard.press(key);
      await page.locator('main .panel').waitFor();
      await check(page, `till, ${key}`);
      await page.keyboard.press('Escape');
      await page.locator('main .panel').waitFor({ state: 'detached' });
      await page.keyboard.press('Escape');
    }
    await scan(page, '2000000009995');
    await reads(page.locator('main .panel'), 'ist unbekannt');
    await check(page, 'unknown code');
    await page.getByRole('button', { name: 'Weglassen' }).click();
    await page.keyboard.press('F9');
    await reads(at.paid, '1,99');
    await check(page, 'paid');
    await page.keyboard.press('Alt+l');
    await page.getByLabel(`PIN von ${person.name}`).or(page.getByRole('button', { name: person.name })).first().waitFor();
    await check(page, 'locked');
    browser.assertGood();
  });

  test('customer display: idle and paid', async () => {
    const page = await browser.open(shop, '/display/1');
    await page.locator('main').waitFor();
    await check(page, 'display');
    browser.assertGood();
  });

  test('signing in at the office', async () => {
    const page = await browser.open(shop, '/office');
    await page.getByRole('button', { name: 'Abmelden' }).click();
    await page.getByLabel('Passphrase').waitFor();
    await check(page, 'sign-in');
    await page.getByLabel('Wer bist du?').fill(person.name);
    await page.getByLabel('Passphrase').fill('nicht die richtige Passphrase');
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await reads(page.getByRole('main'), 'Name oder Passphrase stimmen nicht.');
    await page.getByLabel('Passphrase').fill(person.passphrase);
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await page.getByRole('button', { name: 'Abmelden' }).waitFor();
  });

  test('no page lies elsewhere, and a foreign page may not ask', async () => {
    const answer = await fetch(`${shop.address}/api/v1/tills/1/commands`, {
      method: 'POST', headers: { origin: 'https://elsewhere.example', 'content-type': 'application/json' }, body: '{}',
    });
    assert.equal(answer.status, 403);
    assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  });
});

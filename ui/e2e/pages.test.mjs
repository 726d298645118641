/** Every page in both themes: accessible, within the policy, without other origins; in English the same. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, Browser, items, person, readyShop, reads, scan, Shop, tabTo, till } from './harness.mjs';

const sections = ['shop', 'groups', 'tills', 'terminals', 'tax', 'promotions', 'tiles', 'reasons', 'receipt'];
const office = [
  'today', 'receipts', 'payments', 'items', 'items/1', 'items/new', 'items/unknown', 'items/labels', 'items/import', 'stock', 'stock/1', 'days', 'people', 'people/1', 'people/new',
  'record', ...sections.map((section) => `settings/${section}`),
];
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

  /** A page of the office, loaded anew, with what it shows. */
  async function officePage(path) {
    const page = await browser.open(shop, `/office#/${path}`);
    // Going to another fragment of the same page loads nothing anew.
    await page.reload();
    await page.getByRole('main').getByRole('heading').first().waitFor();
    await page.waitForLoadState('networkidle');
    return page;
  }

  for (const path of office) {
    test(`office: ${path}`, async () => {
      await check(await officePage(path), path);
      browser.assertGood();
    });
  }

  test('office in English: every page has its own words', async () => {
    const page = await officePage('today');
    await page.getByRole('combobox', { name: 'Sprache' }).selectOption('en');
    try {
      for (const path of office) {
        await officePage(path);
        await reads(page.getByRole('navigation').first(), 'Receipts');
        const said = await page.getByRole('main').innerText();
        assert.doesNotMatch(said, /\b(oder|nicht|wird|noch|Speichern|Abbrechen|Kassentag|Einstellungen)\b/, path);
      }
      await check(page, 'office in English');
    } finally {
      // The choice is the browser's; the next tests speak German.
      await page.evaluate(() => localStorage.clear());
    }
    browser.assertGood();
  });

  test('office: what another window saved meanwhile is not overwritten, and nothing typed is lost', async () => {
    /** What another window does: a command of the office, and what stands there then. */
    const other = (page, kind, name) =>
      page.evaluate(
        async ({ kind, name }) => {
          const get = async (path) => (await fetch(`/api/v1${path}`)).json();
          const settings = async () => {
            const { revision: _, ...rest } = await get('/settings');
            return { type: 'configure', settings: { ...rest, name } };
          };
          const item = async () => {
            const { id, ...draft } = (await get('/items/1')).item;
            return { type: 'put_item', item: id, draft: { ...draft, name } };
          };
          const people = async () => {
            const { id, role, active } = (await get('/people'))[0];
            return { type: 'put_person', person: id, name, role, active };
          };
          const body = { id: crypto.randomUUID(), ...(await { settings, item, people }[kind]()) };
          const answer = await fetch('/api/v1/shop/commands', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
          if (!answer.ok) throw new Error(await answer.text());
        },
        { kind, name },
      );
    for (const [path, kind, original] of [['settings/shop', 'settings', 'Laden am Eck'], ['items/1', 'item', items[0].name], ['people/1', 'people', person.name]]) {
      const page = await officePage(path);
      const field = page.getByRole('main').locator('form:has(button.primary)').getByLabel('Name').first();
      const save = page.getByRole('main').getByRole('button', { name: 'Speichern', exact: true }).first();
      await field.fill('meins');
      await other(page, kind, 'fremd');
      await save.click();
      await page.getByText('Jemand anders hat das inzwischen geändert').waitFor();
      assert.equal(await field.inputValue(), 'meins', `${kind}: what was typed is there`);
      await check(page, `${kind}, changed meanwhile`);
      await page.getByRole('button', { name: 'Trotzdem so speichern' }).click();
      await page.getByText('Gespeichert.').waitFor();
      // The other way: what stands there now is loaded.
      await field.fill('meins noch einmal');
      await other(page, kind, original);
      await save.click();
      await page.getByRole('button', { name: /Neuen Stand laden/ }).click();
      // The form is drawn anew: a field of before would never say it.
      await page.waitForFunction((now) => [...document.querySelectorAll('main form input')].some((field) => field.value === now), original);
      assert.equal(await field.inputValue(), original, `${kind}: what is there now`);
    }
    browser.assertGood();
  });

  test('customer display: idle', async () => {
    const page = await browser.open(shop, '/display/1');
    await reads(page.locator('main'), 'Laden am Eck');
    await check(page, 'display, idle');
    browser.assertGood();
  });

  test('till: empty, with a receipt, each task, paid, locked', async () => {
    const page = await browser.open(shop, '/till/1');
    const at = till(page);
    await reads(at.receipt, 'Bereit.');
    await check(page, 'empty till');
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await check(page, 'receipt');
    await scan(page, items[3].code);
    await page.locator('.age').waitFor();
    await check(page, 'age');
    await page.keyboard.press('Alt+a');
    await page.locator('.age').waitFor({ state: 'detached' });
    for (const key of ['F1', 'F3', 'F4', 'Shift+F4', 'F5', 'F6', 'F7', 'Shift+F7', 'F8', 'F10', 'F12']) {
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
    await reads(at.paid, '10,98');
    await check(page, 'paid');
    await page.keyboard.press('Alt+l');
    await page.getByLabel(`PIN von ${person.name}`).or(page.getByRole('button', { name: person.name })).first().waitFor();
    await check(page, 'locked');
    browser.assertGood();
  });

  test('customer display: paid, and with a receipt', async () => {
    const page = await browser.open(shop, '/display/1');
    await reads(page.locator('main'), '10,98');
    await check(page, 'display, paid');
    await page.evaluate(
      async ({ pin, code }) => {
        const post = async (path, body) => {
          const answer = await fetch(`/api/v1/tills/1/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
          if (!answer.ok) throw new Error(await answer.text());
        };
        await post('sign-in', { person: 1, pin });
        await post('commands', { id: crypto.randomUUID(), type: 'scan', code });
      },
      { pin: person.pin, code: items[1].code },
    );
    await reads(page.locator('main'), /Bauernbrot.*3,49/);
    await check(page, 'display, receipt');
    browser.assertGood();
  });

  test('office: a receipt that was sold', async () => {
    const page = await officePage('receipts/1/1');
    await reads(page.getByRole('main'), items[0].name);
    await check(page, 'receipts/1/1');
    browser.assertGood();
  });

  test('a person who left is forgotten by keyboard alone', async () => {
    const page = await officePage('people');
    const id = await page.evaluate(async () => {
      const body = { id: crypto.randomUUID(), type: 'put_person', name: 'Ruth Seidel', role: 'cashier', active: false };
      const answer = await fetch('/api/v1/shop/commands', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      return (await answer.json()).made.person;
    });
    await officePage(`people/${id}`);
    const ask = page.getByRole('button', { name: 'Diese Person vergessen' });
    const confirm = page.getByRole('button', { name: 'Endgültig vergessen' });
    await tabTo(page, ask);
    assert.equal(await confirm.count(), 0, 'first it is said what happens');
    await page.keyboard.press('Enter');
    for (const words of ['Ruth Seidel', `Person ${id}`, 'Sicherungen', 'Steuerrecht']) await reads(page.getByRole('group', { name: 'Ruth Seidel' }), words);
    await check(page, 'forgetting');
    await page.keyboard.press('Tab');
    assert.ok(await confirm.evaluate((button) => button === document.activeElement), 'the next thing the keyboard comes to');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Ruth Seidel' }).waitFor({ state: 'detached' });
    await reads(page.getByRole('main'), person.name);
    assert.ok(!(await page.content()).includes('Ruth Seidel'));
    // Whoever may sign in has no such button.
    await officePage('people/1');
    assert.equal(await page.getByRole('button', { name: 'vergessen' }).count(), 0);
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

  test('the checks see what is wrong', async () => {
    const page = await browser.open(shop, '/display/1');
    await page.locator('main').waitFor();
    await page.evaluate(() => {
      const wrong = document.createElement('div');
      wrong.innerHTML = '<img src="https://elsewhere.example/x.png"><button onclick="alert(1)"></button>';
      document.querySelector('main').append(wrong);
    });
    const found = (await axe(page)).join('\n');
    assert.match(found, /image-alt/);
    assert.match(found, /button-name/);
    assert.throws(() => browser.assertGood(), /elsewhere\.example/);
    assert.ok(browser.misdeeds.some((text) => text.includes('Content Security Policy')), 'the policy stopped it');
    browser.misdeeds = [];
  });

  test('a foreign page may not ask', async () => {
    const answer = await fetch(`${shop.address}/api/v1/tills/1/commands`, {
      method: 'POST', headers: { origin: 'https://elsewhere.example', 'content-type': 'application/json' }, body: '{}',
    });
    assert.equal(answer.status, 403);
    assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  });
});

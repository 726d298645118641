/** A reader of SumUp's, simulated with its provider: told of in the office, paired, and paid at; the customer is played by the test. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { items, reads, scan, till } from './harness.mjs';
import { Lane, root } from './simulated.mjs';

/** Where it is, and what it shares with the shop. */
const simulated = {
  protocol: 'sumup',
  read: (said) => {
    const [, address, merchant, reader] = /(127\.0\.0\.1:\d+) \(SumUp, (\S+), (\S+)\)/.exec(said);
    const [, code] = /Kopplungscode:\s+(\S+)/.exec(said);
    const [, key, app, affiliate] = /API-Schlüssel:\s+(\S+) \(Anwendung (\S+), (\S+)\)/.exec(said);
    return { address, merchant, reader, code, key, app, affiliate, root: root(said) };
  },
};

describe('a till with a reader of SumUp’s', () => {
  const lane = new Lane();
  let reader;
  let page;
  before(async () => {
    await lane.start(simulated);
    reader = lane.terminal;
  });
  after(() => lane.stop());

  test('the office is told of it, pairs it, and shows no secret again', async () => {
    page = await lane.office('settings/terminals');
    await page.getByRole('button', { name: 'Neues Terminal' }).click();
    await page.getByLabel('Spricht').selectOption('sumup_cloud');
    assert.equal(await page.getByLabel('Adresse:Port des Anbieters').inputValue(), 'api.sumup.com:443');
    await page.getByLabel('Adresse:Port des Anbieters').fill(reader.address);
    await page.getByLabel('Händlercode').fill(reader.merchant);
    await lane.save();
    await page.getByText('Schlüssel zum Anbieter').click();
    await page.getByLabel('API-Schlüssel').fill(reader.key);
    await page.getByLabel('Anwendung (app id)').fill(reader.app);
    await page.getByLabel('Affiliate Key').fill(reader.affiliate);
    await page.getByLabel('Stammzertifikat').fill(reader.root);
    await lane.check('telling it');
    await page.getByRole('button', { name: 'Übernehmen' }).click();
    await page.getByText('Übernommen.').waitFor();
    await page.getByText('Leser koppeln', { exact: true }).click();
    await page.getByLabel('Code am Leser').fill('WRONGCODE');
    await page.getByRole('button', { name: 'Koppeln', exact: true }).click();
    await page.getByText('SumUp kennt keinen Leser, der diesen Code zeigt.').waitFor();
    await page.getByLabel('Code am Leser').fill(reader.code);
    await page.getByRole('button', { name: 'Koppeln', exact: true }).click();
    await page.getByText(`Gekoppelt: ${reader.reader}.`).waitFor();
    assert.equal(await page.getByLabel('Nummer des Lesers').inputValue(), reader.reader);
    await lane.check('pairing it');
    await lane.save();
    page = await lane.office('settings/terminals');
    await page.getByText('Schlüssel zum Anbieter').click();
    assert.equal(await page.getByLabel('API-Schlüssel').inputValue(), '');
    const settings = await page.evaluate(async () => (await fetch('/api/v1/settings')).text());
    assert.ok(!settings.includes(reader.key) && !settings.includes(reader.affiliate) && !settings.includes('CERTIFICATE'), 'secrets lie apart from the settings');
    // The shop looks at it by itself; the page shows what is known when it is asked.
    const asked = () => Promise.all([page.waitForResponse((answer) => answer.url().endsWith('/terminals')), page.getByRole('button', { name: /Neu ansehen/ }).click()]);
    for (let tries = 0; tries < 1000 && !(await page.getByText('virtual-solo').isVisible()); tries += 1) await asked();
    assert.ok(await page.getByText('virtual-solo').isVisible(), 'it says which one it is');
    await lane.atTill();
  });

  test('a card pays there', async () => {
    page = await lane.open('/till/1');
    const at = till(page);
    await reads(at.receipt, 'Bereit.');
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await page.keyboard.press('F12');
    await reads(page.getByRole('main'), 'Bitte Karte');
    await lane.press('customer/tap');
    await reads(at.paid, /Mit Karte bezahlt.*1,99 €/);
    lane.browser.assertGood();
  });

  test('an answer that is lost is looked up, and the card is charged once', async () => {
    const at = till(page);
    await lane.press('fault/lost_before_outcome');
    await scan(page, items[0].code);
    await reads(at.total, '1,99');
    await page.keyboard.press('F12');
    await reads(page.getByRole('main'), 'Nicht noch einmal kassieren');
    await lane.press('customer/insert');
    await page.getByText('Nicht noch einmal kassieren').waitFor({ state: 'hidden' });
    await reads(at.paid, /Mit Karte bezahlt.*1,99 €/);
    const state = await (await fetch(`${reader.page}/state`)).json();
    assert.equal(state.transactions.length, 2, 'one for each receipt');
    assert.equal(state.simulator, true);
    lane.browser.assertGood();
  });
});

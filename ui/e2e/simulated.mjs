/** What tests of one simulated terminal share: the terminal of a protocol, a shop beside it, and its office. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { axe, Browser, readyShop } from './harness.mjs';

/** `tresen simulate terminal --protocol …`: what it says until a line holds `last`, and where its page is. */
async function simulate(protocol, last, more) {
  const child = spawn(process.env.TRESEN_BIN, ['simulate', 'terminal', '--protocol', protocol, '--listen', '127.0.0.1:0', '--page', '127.0.0.1:0', ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const line of createInterface({ input: child.stdout })) {
    said += `${line}\n`;
    if (line.includes(last)) break;
  }
  const [page] = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
  return { child, said, page };
}

/** The certificate that a simulator wrote. */
export const root = (said) => said.slice(said.indexOf('-----BEGIN')).trim();

/** A terminal, a browser and a shop; `read` takes out of the terminal's words what the office is told. */
export class Lane {
  browser = new Browser();
  page;

  async start({ protocol, last = 'END CERTIFICATE', more = [], read }) {
    const [terminal] = await Promise.all([simulate(protocol, last, more), this.browser.start()]);
    this.terminal = { ...terminal, ...read(terminal.said) };
    this.shop = await readyShop(this.browser);
  }
  async stop() {
    await this.browser.stop();
    await this.shop?.stop();
    const ended = once(this.terminal.child, 'exit');
    this.terminal.child.kill('SIGKILL');
    await ended;
  }
  /** Nothing that anybody could not use, in light and dark. */
  async check(what) {
    for (const colorScheme of ['light', 'dark']) {
      await this.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      assert.deepEqual(await axe(this.page), [], `${what}, ${colorScheme}`);
    }
  }
  async open(path) {
    this.page = await this.browser.open(this.shop, path);
    return this.page;
  }
  async office(path) {
    const page = await this.open(`/office#/${path}`);
    await page.reload();
    await page.getByRole('main').getByRole('heading').first().waitFor();
    return page;
  }
  async save() {
    await this.page.getByRole('button', { name: 'Speichern' }).click();
    await this.page.getByText('Gespeichert.').waitFor();
  }
  /** The terminal stands at the till. */
  async atTill() {
    const page = await this.office('settings/tills');
    await page.getByLabel('Kartenterminal').selectOption({ label: 'Terminal 1' });
    await this.save();
  }
  /** A button on the terminal's page. */
  async press(path) {
    const answer = await fetch(`${this.terminal.page}/${path}`, { method: 'POST', headers: { accept: 'application/json' } });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
  }
}

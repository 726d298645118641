/** What tests of one simulated terminal share: the terminal of a protocol, a shop beside it, and its office. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { accessible, Browser, eventually, program, readyShop } from './harness.mjs';

/** `tresen simulate …` with its page, until the test ends it. */
export class Simulator {
  #child;

  /** `last`: in the last line that it says when it is ready. */
  static async start(what, last = 'http://') {
    const it = new Simulator();
    it.#child = program(['simulate', ...what, '--listen', '127.0.0.1:0', '--page', '127.0.0.1:0']);
    it.said = '';
    for await (const line of createInterface({ input: it.#child.stdout })) {
      it.said += `${line}\n`;
      if (line.includes(last)) break;
    }
    /** Where the device listens, and where its page is. */
    [it.at] = /127\.0\.0\.1:\d+/.exec(it.said) ?? [];
    [it.page] = /http:\/\/127\.0\.0\.1:\d+/.exec(it.said) ?? [];
    assert.ok(it.page, `no page of ${what.join(' ')}: ${it.said}`);
    return it;
  }
  async end() {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
  /** Presses a button of its page. */
  async press(path, body) {
    const answer = await fetch(`${this.page}${path}`, { method: 'POST', body, redirect: 'manual' });
    assert.equal(answer.status, 303, `${path}: ${await answer.text()}`);
  }
  /** Its page, fixed blanks as people see them. */
  async html() {
    return (await (await fetch(`${this.page}/`)).text()).replaceAll('\u{a0}', ' ');
  }
  /** Its page, once it holds what is wanted. */
  shows(wanted) {
    return eventually(`${wanted} on the simulator's page`, async () => {
      const html = await this.html();
      return (typeof wanted === 'string' ? html.includes(wanted) : wanted.test(html)) && html;
    });
  }
}

/** The certificate that a simulator wrote. */
export const root = (said) => said.slice(said.indexOf('-----BEGIN')).trim();

/** A terminal, a browser and a shop; `read` takes out of the terminal's words what the office is told. */
export class Lane {
  browser = new Browser();
  page;

  async start({ protocol, last = 'END CERTIFICATE', more = [], read }) {
    [this.terminal] = await Promise.all([Simulator.start(['terminal', '--protocol', protocol, ...more], last), this.browser.start()]);
    Object.assign(this.terminal, read(this.terminal.said));
    this.shop = await readyShop(this.browser);
  }
  async stop() {
    await this.browser.stop();
    await this.shop?.stop();
    await this.terminal.end();
  }
  check(what) {
    return accessible(this.page, what);
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
  press(path) {
    return this.terminal.press(`/${path}`);
  }
}

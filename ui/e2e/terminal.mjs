/** A simulated card terminal, and a till that takes cards at it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { eventually, program } from './harness.mjs';

/** `tresen simulate terminal`, and the customer in front of it. */
export class Terminal {
  #child = null;

  /** It stands in the shop, so its clock is the shop's. At the same address again, when it was there before. */
  async start(...more) {
    this.#child = program(['simulate', 'terminal', '--listen', this.address ?? '127.0.0.1:0', '--page', '127.0.0.1:0', ...more], { env: { ...process.env, TZ: 'Europe/Berlin' } });
    for await (const line of createInterface({ input: this.#child.stdout })) {
      const page = /http:\/\/(\S+?)\/?$/.exec(line);
      const listen = /(127\.0\.0\.1:\d+) \(ZVT/.exec(line);
      if (listen) this.address = listen[1];
      this.password = / (\d{6})\)/.exec(line)?.[1] ?? this.password;
      if (page) {
        this.page = `http://${page[1]}`;
        return this;
      }
    }
    throw new Error('the terminal did not start');
  }
  async stop() {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
  async state() {
    return (await fetch(`${this.page}/state`)).json();
  }
  async press(button) {
    const answer = await fetch(`${this.page}/${button}`, { method: 'POST', headers: { accept: 'application/json' } });
    assert.ok(answer.ok, `${button}: ${answer.status}`);
  }
  /** Until it waits for a card. */
  waits() {
    return eventually('the terminal waits for a card', async () => {
      const state = await this.state();
      return state.waiting && state;
    });
  }
  /** What the customer does once the terminal waits for them. */
  async customer(does) {
    const state = await this.waits();
    await this.press(`customer/${does}`);
    return state;
  }
}

/** Tells the shop of the terminal and puts it beside till 1: by the API, from a page of the shop's own. */
export async function atTill(page, terminal) {
  await page.evaluate(
    async ({ address, password }) => {
      const ask = async (path, body) => {
        const response = await fetch(`/api/v1${path}`, body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
        if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
        return response.json();
      };
      const { revision, ...settings } = await ask('/settings');
      settings.terminals = [{ id: 1, name: 'Theke', protocol: 'zvt_tcp', address }];
      settings.tills[0].terminal = 1;
      await ask('/shop/commands', { id: crypto.randomUUID(), type: 'configure', settings, base: revision });
      await ask('/terminals/1/password', { password });
    },
    { address: terminal.address, password: terminal.password },
  );
}

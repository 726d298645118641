/** `tresen simulate terminal`, and the customer in front of it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export class Terminal {
  #child = null;

  /** At the same address again, when it was there before. */
  async start() {
    this.#child = spawn(process.env.TRESEN_BIN, ['simulate', 'terminal', '--listen', this.address ?? '127.0.0.1:0', '--page', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
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
  async waits() {
    const until = Date.now() + 60_000;
    while (Date.now() < until) {
      const state = await this.state();
      if (state.waiting) return state;
    }
    throw new Error('the terminal does not wait for a card');
  }
  /** What the customer does once the terminal waits for them. */
  async customer(does) {
    const state = await this.waits();
    await this.press(`customer/${does}`);
    return state;
  }
}

/** The shop has this terminal, and till 1 uses it. `page`: signed in at the office. */
export async function connect(page, terminal) {
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

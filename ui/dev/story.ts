/**
 * Pages with made-up data, for looking at them without a shop's process: /dev/till.html?s=selling&panel=cash&theme=dark.
 * Not part of the build.
 */
import { answers, displayOf, viewOf } from './fixtures';

const query = new URLSearchParams(location.search);
const state = query.get('s') ?? 'selling';
const page = query.get('page') ?? 'till';
const theme = query.get('theme');
if (theme) localStorage.setItem('tresen.theme', theme);
else localStorage.removeItem('tresen.theme');
const lang = query.get('lang');
if (lang) localStorage.setItem('tresen.language', lang);
else localStorage.removeItem('tresen.language');
localStorage.removeItem('tresen.person.1');
history.replaceState(null, '', page === 'display' ? '/display/1' : state === 'choose' ? '/till' : '/till/1');

const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

window.fetch = async (input, init) => {
  const path = String(input).replace(/^.*\/api\/v1/, '');
  if (init?.method === 'POST') {
    const command = JSON.parse(String(init.body)) as { type: string; code?: string };
    ((window as unknown as { __sent: unknown[] }).__sent ??= []).push(command);
    if (query.get('slow')) await new Promise((done) => setTimeout(done, Number(query.get('slow'))));
    if (path.endsWith('/sign-in')) return json(viewOf('selling'));
    const problem = answers(command);
    if (problem) return json(problem, 422);
    return json({ id: 'x', repeated: false, entries: null, receipt: null, view: viewOf(state), made: null });
  }
  if (path === '/tills') return json([{ id: 1, name: 'Kasse 1' }, { id: 2, name: 'Kasse 2' }, { id: 3, name: 'Handgerät' }]);
  if (path.endsWith('/people')) return json([{ id: 1, name: 'Anna Berger' }, { id: 2, name: 'Jonas Keller' }, { id: 3, name: 'Maria Lindner' }]);
  if (path.endsWith('/display')) return json(displayOf(state));
  if (/^\/tills\/\d+$/.test(path)) return state === 'sign_in' ? json({ type: 'about:blank', status: 401, code: 'not_signed_in', title: '' }, 401) : json(viewOf(state));
  const known = (await import('./fixtures')).reads(path);
  return known === undefined ? json({ type: 'about:blank', status: 404, code: 'not_found', title: '' }, 404) : json(known);
};
class Silent extends EventTarget {
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor() {
    super();
    setTimeout(() => this.onopen?.());
  }
  close(): void {}
}
(window as unknown as { EventSource: unknown }).EventSource = Silent;

await import(page === 'display' ? '../src/display/main.ts' : '../src/till/main.ts');

const press = (key: string, shiftKey = false): void => {
  window.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true }));
};
setTimeout(() => {
  for (const key of (query.get('keys') ?? '').split(',').filter(Boolean)) press(key.replace('S-', ''), key.startsWith('S-'));
  const scan = query.get('scan');
  if (scan) for (const key of [...scan, 'Enter']) press(key);
  const click = query.get('click');
  if (click) {
    const step = (texts: string[]): void => {
      const [text, ...rest] = texts;
      if (!text) return;
      [...document.querySelectorAll('button')].find((b) => b.textContent?.trim().startsWith(text))?.click();
      setTimeout(() => step(rest), 150);
    };
    setTimeout(() => step(click.split(',')), 200);
  }
}, 400);

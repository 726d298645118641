/**
 * The wedge under ten thousand scans and ten thousand people, by seed and in simulated time: whatever a scanner sends arrives whole as a
 * scan, and whatever a person types arrives whole as text.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** When to give up, milliseconds: the time that is judged is simulated, a busy machine only needs longer for it. */
const PATIENCE = 300_000;

type Listener = (event: unknown) => void;
let listeners: [string, Listener][] = [];
/** What reaches the page behind the listeners of the window. */
function passes(type: string, event: object): boolean {
  let stopped = false;
  const told = Object.assign(event, { stopImmediatePropagation: () => (stopped = true) });
  for (const [of, listener] of listeners) if (of === type && !stopped) listener(told);
  return !stopped;
}

class Field {
  value = '';
  type = 'text';
  dataset: Record<string, string> = {};
  selectionStart: number | null = null;
  setSelectionRange(): void {}
  dispatchEvent(): void {}
}
class InputField extends Field {}
class AreaField extends Field {}
/** A list, which chooses what begins like what was typed within a second, and tells of it at once, as browsers have it. */
class SelectField {
  options = ['Bitte wählen', '0 %', '19 %', '20 Brote', '40 g', '7 %', '96 Punkte', 'https', ']', 'Milch', 'Käse', 'H-Milch', 'Brot', 'die'];
  selectedIndex = 5;
  /** What the form heard: the choice each time. */
  heard: number[] = [];
  /** Characters that the list got. */
  typed = '';
  moved = 0;
  private sought = '';
  private last = -Infinity;

  type(char: string, time: number): void {
    this.typed += char;
    this.sought = time - this.last > 1_000 ? char : this.sought + char;
    this.last = time;
    const found = this.options.findIndex((option) => option.toLowerCase().startsWith(this.sought.toLowerCase()));
    if (found < 0 || found === this.selectedIndex) return;
    this.selectedIndex = found;
    this.moved += 1;
    this.dispatchEvent({ type: 'input' });
    this.dispatchEvent({ type: 'change' });
  }
  dispatchEvent({ type }: { type: string }): void {
    if (passes(type, { type, target: this }) && type === 'change') this.heard.push(this.selectedIndex);
  }
}

/** Mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SHIFTED = /[A-Z!@#$%^&*()_+{}|:"<>?~]/;

class Page {
  scans: string[] = [];
  texts: string[] = [];
  constructor(public target: Field | SelectField | null) {}

  /** As the till does it: what is typed with no field in focus begins a search, and the search has the focus from then on. */
  search(text: string): void {
    this.texts.push(text);
    if (!(this.target instanceof InputField)) this.target = new InputField();
    this.target.value += text;
  }

  /** A key: what the listeners make of it, and what a browser does with it if they let it be. */
  press(key: string, more: Record<string, unknown> = {}): void {
    let prevented = false;
    const event = {
      key, code: '', target: this.target ?? {}, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, repeat: false, isComposing: false,
      timeStamp: performance.now(), preventDefault: () => (prevented = true), ...more,
    };
    passes('keydown', event);
    if (!prevented && this.target instanceof SelectField && key.length === 1 && !event.ctrlKey) this.target.type(key, performance.now());
    if (!prevented && this.target instanceof Field && key.length === 1 && !event.ctrlKey) this.target.value += key;
  }
}

async function open(target: Field | SelectField | null): Promise<{ page: Page; close: () => void }> {
  const { listenToKeys } = await import('./wedge');
  const page = new Page(target);
  const close = listenToKeys({
    active: () => true, onScan: (code) => page.scans.push(code), onText: (text) => page.search(text), onKey: () => {},
  });
  return { page, close };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  vi.stubGlobal('window', {
    addEventListener: (type: string, listener: Listener) => listeners.push([type, listener]),
    removeEventListener: (type: string, listener: Listener) => (listeners = listeners.filter(([of, one]) => of !== type || one !== listener)),
  });
  vi.stubGlobal('HTMLInputElement', InputField);
  vi.stubGlobal('HTMLTextAreaElement', AreaField);
  vi.stubGlobal('HTMLSelectElement', SelectField);
  vi.stubGlobal('InputEvent', class {});
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => {}, removeItem: () => {} });
  if (!('mark' in performance)) Object.assign(performance, { mark: () => {} });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  listeners = [];
});

const pick = <T>(next: () => number, of: readonly T[]): T => of[Math.floor(next() * of.length)]!;
const digits = (next: () => number, count: number): string => Array.from({ length: count }, () => Math.floor(next() * 10)).join('');

/** What shops scan. */
function code(next: () => number): string {
  return pick(next, [
    () => digits(next, 13), () => digits(next, 8), () => digits(next, 12), () => `]E0${digits(next, 13)}`, () => `]E4${digits(next, 8)}`,
    () => `]C101${digits(next, 14)}10A${digits(next, 3)}\u001d17261231`, () => `]d201${digits(next, 14)}17270131\u001d21x${digits(next, 6)}`,
    () => `https://id.gs1.org/01/${digits(next, 14)}/10/L${digits(next, 4)}?17=261231`, () => `]Q1https://shop.example/01/${digits(next, 14)}`,
    () => `980${digits(next, 25)}`, () => `2${digits(next, 12)}`, () => `]e001${digits(next, 14)}3103000750`,
  ])();
}

function field(kind: string): Field | SelectField | null {
  if (kind === 'none') return null;
  if (kind === 'select') return new SelectField();
  const made = kind === 'area' ? new AreaField() : new InputField();
  if (kind === 'number' || kind === 'search') made.type = kind;
  made.value = 'vorher';
  return made;
}

describe('the wedge', () => {
  it('loses no character of 10,000 scans at 5, 20 and 60 ms, with and without Enter, in any field and list', async () => {
    const counts: Record<string, number> = {};
    let moved = 0;
    for (let seed = 1; seed <= 10_000; seed += 1) {
      const next = random(seed);
      const pace = [5, 20, 60][seed % 3]!;
      const end = pick(next, ['Enter', 'Tab', 'CRLF', '']);
      const kind = pick(next, ['none', 'text', 'search', 'number', 'area', 'select']);
      const sent = code(next);
      const target = field(kind);
      const { page, close } = await open(target);
      const key = (name: string, more?: Record<string, unknown>): void => {
        page.press(name, more);
        vi.advanceTimersByTime(pace * (0.8 + next() * 0.4));
      };
      for (const char of sent) {
        if (char === '\u001d') {
          key('Control');
          key(']', { ctrlKey: true });
        } else {
          if (SHIFTED.test(char)) key('Shift');
          key(char);
        }
      }
      if (end === 'CRLF') {
        key('Enter');
        key('Enter');
      } else if (end !== '') key(end);
      vi.advanceTimersByTime(600);
      const where = `seed ${seed}: ${JSON.stringify(sent)} at ${pace} ms, ${end || 'no end'}, ${kind}`;
      expect(page.scans, where).toEqual([sent]);
      expect(page.texts, where).toEqual([]);
      if (target instanceof Field) expect(target.value, where).toBe('vorher');
      if (target instanceof SelectField) {
        expect([target.selectedIndex, target.heard], where).toEqual([5, []]);
        moved += target.moved;
      }
      counts[`${pace} ms`] = (counts[`${pace} ms`] ?? 0) + 1;
      close();
    }
    expect(moved, 'lists chose, and it was undone').toBeGreaterThan(1_000);
    console.log('scans arrived whole:', counts);
  }, PATIENCE);

  it('leaves a field for secrets alone, at any pace', async () => {
    for (const kind of ['raw', 'password']) {
      const target = new InputField();
      if (kind === 'raw') target.dataset['scan'] = 'raw';
      else target.type = 'password';
      const { page, close } = await open(target);
      for (const char of '4006381333931') {
        page.press(char);
        vi.advanceTimersByTime(5);
      }
      vi.advanceTimersByTime(600);
      expect([page.scans, page.texts, target.value]).toEqual([[], [], '4006381333931']);
      close();
    }
  });

  it('takes none of 10,000 typed texts for a scan, and loses none of their letters', async () => {
    const words = [
      'milch', 'apfelsaft 1 l', 'H-Milch 3,5 %', 'brot', 'kaffee gemahlen 500g', '4006381333931', '12,50', '0815', '350', 'Schrauben M8x40', 'Müller',
      'https', 'hefe', 'hallo welt', '20261231', 'R1-4812', '01234567', 'der die das', 'qwertz', '96385074',
    ];
    let keys = 0;
    for (let seed = 1; seed <= 10_000; seed += 1) {
      const next = random(seed * 7919);
      const typed = pick(next, words);
      // Medians from a practised typist's to a hunting finger's; single pairs of keys are as fast as a roll of two fingers.
      const median = pick(next, [95, 110, 140, 190, 260]);
      const enter = next() < 0.5;
      const target = field(pick(next, ['none', 'text', 'number', 'area', 'select']));
      const { page, close } = await open(target);
      const gap = (): number => {
        const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
        return Math.max(25, median * Math.exp(0.35 * normal));
      };
      for (const char of typed) {
        if (SHIFTED.test(char)) {
          page.press('Shift');
          vi.advanceTimersByTime(gap() / 2);
        }
        page.press(char);
        keys += 1;
        vi.advanceTimersByTime(gap());
      }
      if (enter) page.press('Enter');
      // Enter may send the form: it knows by then what was chosen.
      const last = (list: SelectField): number => list.heard.at(-1) ?? 5;
      if (enter && target instanceof SelectField) expect(last(target), `seed ${seed}: ${typed} at ${median} ms, at Enter`).toBe(target.selectedIndex);
      vi.advanceTimersByTime(1_000);
      const where = `seed ${seed}: ${typed} at ${median} ms`;
      // With no field in focus, a few digits and Enter are a number that a person typed as a code: that is asked for.
      const asked = target === null && enter && /^\d+$/.test(page.scans.join(''));
      if (!asked) expect(page.scans, where).toEqual([]);
      if (target instanceof SelectField) {
        expect([target.typed, last(target)], where).toEqual([typed, target.selectedIndex]);
        close();
        continue;
      }
      const arrived = page.target instanceof Field ? page.target.value.replace(/^vorher/, '') : page.scans.join('');
      expect(arrived, where).toBe(typed);
      close();
    }
    console.log('typed texts that stayed texts: 10000, keys:', keys);
  }, PATIENCE);
});

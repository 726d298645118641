/**
 * Ties the scanner's judge to the keyboard of the page: a scan is taken out of wherever the focus is, a list that chooses by keys
 * among them, and what is typed with no field in focus becomes a search.
 */
import { isField } from './focus';
import { readSetup, type ScannerSetup } from './layout';
import { GAP_MS, IDLE_MS, Scanner, STALL_MS, type Read } from './scanner';
import { remember, remembered } from './store';

export interface WedgeOptions {
  /** False: all keys go their usual way (signing in). */
  active: () => boolean;
  /** A code, the time of the key that ended it, and the field that it was scanned into; the field is as it was before. */
  onScan: (code: string, time: number, from: { read: Read; field: HTMLInputElement | HTMLTextAreaElement | null }) => void;
  /** Typed with no field in focus. */
  onText: (text: string) => void;
  /** A key that is none of a scanner's, or one in a field where a scanner does not belong (a PIN). */
  onKey: (event: KeyboardEvent) => void;
}

interface Snapshot {
  field: HTMLInputElement | HTMLTextAreaElement;
  value: string;
  /** Where the cursor stood; null in a field that does not tell. */
  at: number | null;
}

/** A list that keys choose in, as it was before a run of them. */
interface ListBefore {
  list: HTMLSelectElement;
  index: number;
  /** It has said that it changed, and nobody has heard it yet. */
  withheld: boolean;
}

let setup: ScannerSetup = readSetup(remembered('scanner'));
let tried: ScannerSetup | null = null;

/** How this browser's scanner is set. */
export const scannerSetup = (): ScannerSetup => setup;
/** Reads keys in another way for a while, without storing it; the answer ends it. */
export function tryScanner(way: ScannerSetup): () => void {
  tried = way;
  return () => {
    if (tried === way) tried = null;
  };
}
export function setScanner(to: ScannerSetup): void {
  setup = to;
  remember('scanner', JSON.stringify(to));
}

/** Programs that fill in passphrases type as fast as scanners do. */
const isSecret = (field: HTMLInputElement | HTMLTextAreaElement): boolean =>
  field.dataset['scan'] === 'raw' || (field instanceof HTMLInputElement && field.type === 'password');

export function listenToKeys(options: WedgeOptions): () => void {
  const scanner = new Scanner(() => tried ?? setup);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let before: Snapshot | null = null;
  let held = false;
  // Browsers let people choose in a list by typing, and a list tells of each change at once: it is not known by then whether a person
  // types or a scanner. So it chooses as ever, and who listens hears of it when the run turns out to be a person's.
  let chosen: ListBefore | null = null;

  /** Nobody hears yet that the list has changed. */
  function withhold(event: Event): void {
    if (!chosen || event.target !== chosen.list) return;
    chosen.withheld = true;
    event.stopImmediatePropagation();
  }
  /** The run was a person's: what was chosen in the list is said now. */
  function release(): void {
    const said = chosen;
    chosen = null;
    if (!said?.withheld || said.list.selectedIndex === said.index) return;
    said.list.dispatchEvent(new Event('input', { bubbles: true }));
    said.list.dispatchEvent(new Event('change', { bubbles: true }));
  }
  /** Takes the scanner's characters out of the field again. */
  function restore(): HTMLInputElement | HTMLTextAreaElement | null {
    if (chosen) chosen.list.selectedIndex = chosen.index;
    chosen = null;
    if (!before) return null;
    const { field, value, at } = before;
    field.value = value;
    if (at !== null) field.setSelectionRange(at, at);
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    before = null;
    return field;
  }
  function quiet(): void {
    const text = scanner.gathered;
    const read = scanner.idle(before !== null || chosen !== null);
    if (read !== null) {
      const field = restore();
      options.onScan(read.code, performance.now(), { read, field });
    } else if (held && text !== '') {
      options.onText(text);
    }
    held = false;
    before = null;
    release();
  }
  function wait(inField: boolean): void {
    clearTimeout(timer);
    timer = setTimeout(quiet, scanner.sure ? STALL_MS + 10 : inField ? GAP_MS + 20 : IDLE_MS);
  }
  function stop(event: KeyboardEvent): void {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  function onKeydown(event: KeyboardEvent): void {
    if (event.isComposing || !options.active()) return;
    const field = isField(event.target) ? event.target : null;
    const list = event.target instanceof HTMLSelectElement ? event.target : null;
    if (field && isSecret(field)) {
      options.onKey(event);
      return;
    }
    // A space on a button presses it; it begins no code.
    if (event.key === ' ' && !field && scanner.gathered === '') return options.onKey(event);
    // On a busy machine the next key may come before the timer says that the run before it is over.
    if (scanner.over(event.timeStamp) && event.key !== 'Enter' && event.key !== 'Tab') {
      clearTimeout(timer);
      quiet();
    }
    const gathered = scanner.gathered;
    const verdict = scanner.feed({
      key: event.key, code: event.code, shift: event.shiftKey, ctrl: event.ctrlKey || event.metaKey, alt: event.altKey, repeat: event.repeat,
      time: event.timeStamp,
    });
    switch (verdict.kind) {
      case 'scan': {
        clearTimeout(timer);
        stop(event);
        const into = restore();
        held = false;
        performance.mark('tresen-scan');
        options.onScan(verdict.code, event.timeStamp, { read: verdict, field: into });
        return;
      }
      case 'swallow':
        return stop(event);
      case 'part': {
        wait(field !== null || list !== null);
        if (verdict.first) {
          release();
          if (list) chosen = { list, index: list.selectedIndex, withheld: false };
        }
        if (verdict.first) before = field ? { field, value: field.value, at: field.selectionStart } : null;
        if ((!field && !list) || held) {
          held = true;
          stop(event);
          // A person's: not held back any longer than it takes to see that.
          if (scanner.hopeless) {
            clearTimeout(timer);
            quiet();
          }
        }
        return;
      }
      case 'pass':
        // Enter right behind a few keys that were held back: a short number is a code, the rest a search.
        if (held && gathered !== '' && event.key === 'Enter') {
          clearTimeout(timer);
          held = false;
          stop(event);
          if (/^\d+$/.test(gathered)) {
            options.onScan(gathered, event.timeStamp, { read: { code: gathered, typed: gathered, place: gathered }, field: null });
          } else options.onText(gathered);
          return;
        }
        // Shift in the middle of a run takes its time as any other key.
        if (gathered !== '' && scanner.gathered === gathered) wait(field !== null || list !== null);
        // No run any more: before the key is used, Enter to send the form among them, the form knows what was chosen.
        if (scanner.gathered === '') release();
        options.onKey(event);
    }
  }
  window.addEventListener('keydown', onKeydown, { capture: true });
  window.addEventListener('input', withhold, { capture: true });
  window.addEventListener('change', withhold, { capture: true });
  return () => {
    clearTimeout(timer);
    release();
    window.removeEventListener('input', withhold, { capture: true });
    window.removeEventListener('change', withhold, { capture: true });
    window.removeEventListener('keydown', onKeydown, { capture: true });
  };
}

/**
 * Ties the scanner's judge to the keyboard of the page: a scan is taken out of wherever the focus is, and
 * what is typed with no field in focus becomes a search.
 */
import { isField } from '../kit/focus';
import { GAP_MS, IDLE_MS, Scanner, STALL_MS } from './scanner';

export interface WedgeOptions {
  /** False: all keys go their usual way (signing in). */
  active: () => boolean;
  /** A code, and the time of the key that ended it. */
  onScan: (code: string, time: number) => void;
  /** Typed with no field in focus. */
  onText: (text: string) => void;
  /** A key that is none of a scanner's, or one in a field where a scanner does not belong (a PIN). */
  onKey: (event: KeyboardEvent) => void;
}

interface Snapshot {
  field: HTMLInputElement | HTMLTextAreaElement;
  value: string;
}

export function listenToKeys(options: WedgeOptions): () => void {
  const scanner = new Scanner();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let before: Snapshot | null = null;
  let held = false;

  /** Takes the scanner's characters out of the field again. */
  function restore(): void {
    if (!before) return;
    before.field.value = before.value;
    before.field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    before = null;
  }
  function quiet(): void {
    const text = scanner.gathered;
    const inField = before !== null;
    const code = scanner.idle(inField);
    if (code !== null) {
      restore();
      options.onScan(code, performance.now());
    } else if (held && text !== '') {
      options.onText(text);
    }
    held = false;
    before = null;
  }
  function stop(event: KeyboardEvent): void {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  function onKeydown(event: KeyboardEvent): void {
    if (event.isComposing || !options.active()) return;
    const field = isField(event.target) ? event.target : null;
    if (field?.dataset['scan'] === 'raw' || event.target instanceof HTMLSelectElement) {
      options.onKey(event);
      return;
    }
    // A space on a button presses it; it begins no code.
    if (event.key === ' ' && !field && scanner.gathered === '') return options.onKey(event);
    const gathered = scanner.gathered;
    const verdict = scanner.feed({
      key: event.key, ctrl: event.ctrlKey || event.metaKey, alt: event.altKey, repeat: event.repeat, time: event.timeStamp,
    });
    switch (verdict.kind) {
      case 'scan':
        clearTimeout(timer);
        stop(event);
        restore();
        held = false;
        performance.mark('tresen-scan');
        options.onScan(verdict.code, event.timeStamp);
        return;
      case 'swallow':
        return stop(event);
      case 'part': {
        clearTimeout(timer);
        timer = setTimeout(quiet, scanner.sure ? STALL_MS + 10 : field ? GAP_MS + 20 : IDLE_MS);
        if (verdict.first) before = field ? { field, value: field.value } : null;
        if (!field || held) {
          held = true;
          stop(event);
        }
        return;
      }
      case 'pass':
        // Enter right behind a few keys that were held back: a short number is a code, the rest a search.
        if (held && gathered !== '' && event.key === 'Enter') {
          clearTimeout(timer);
          held = false;
          stop(event);
          if (/^\d+$/.test(gathered)) options.onScan(gathered, event.timeStamp);
          else options.onText(gathered);
          return;
        }
        options.onKey(event);
    }
  }
  window.addEventListener('keydown', onKeydown, { capture: true });
  return () => {
    clearTimeout(timer);
    window.removeEventListener('keydown', onKeydown, { capture: true });
  };
}

/** Every action has a key. The list people read is in the catalogues (`keys.list`). */
import type { TillSession } from './session.svelte';
import { play } from './sounds';

/** Lines that can be chosen with the arrows: deposits follow theirs. */
export function choosable(till: TillSession): number[] {
  return (till.view?.basket?.lines ?? []).filter((line) => line.deposit_of === null).map((line) => line.line);
}

function move(till: TillSession, step: 1 | -1): void {
  const lines = choosable(till);
  if (!lines.length) return;
  const at = till.selected === null ? (step === 1 ? -1 : lines.length) : lines.indexOf(till.selected);
  const next = lines[Math.min(lines.length - 1, Math.max(0, at + step))];
  if (next !== undefined) till.selected = next;
}

/** The line an action is about: the chosen one, else the last one. */
export function aboutLine(till: TillSession): number | null {
  const basket = till.view?.basket;
  if (till.selected !== null) return till.selected;
  const last = basket?.lines.find((line) => line.line === basket.last_line);
  return last?.deposit_of ?? last?.line ?? null;
}

/** Paying waits for the age and for goods that nobody has priced yet; the sound says that something is asked. */
function mayPay(till: TillSession): boolean {
  if (till.paying) play('refused');
  else if (till.view?.basket?.age_needed) play('age');
  else if (till.questions.length) play('unknown');
  else return true;
  return false;
}

/** Keys that are about the basket: pressed right after a scan, they mean the basket with it. */
const OF_BASKET = new Set(['S-F2', 'F4', 'S-F4', 'F7', 'S-F7', 'F9', 'F10', 'S-F10', 'F12', 'S-F12']);

const named = (event: KeyboardEvent): string => `${event.shiftKey ? 'S-' : ''}${event.key}`;

/** What a key does, now or, when it is about a basket whose scans are still under way, right after them. */
export function onKey(till: TillSession, event: KeyboardEvent, inField: boolean, search: () => void): boolean {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!plain || !till.waiting || till.stuck || !OF_BASKET.has(named(event))) return actOn(till, event, inField, search);
  till.afterwards(() => actOn(till, event, inField, search));
  return true;
}

/** True when the key was one of the till's. */
function actOn(till: TillSession, event: KeyboardEvent, inField: boolean, search: () => void): boolean {
  const view = till.view;
  const basket = view?.basket ?? null;
  const full = !!basket?.lines.length;
  if (event.altKey && event.key.toLowerCase() === 'l') {
    till.lockNow();
    return true;
  }
  if (event.altKey && event.key.toLowerCase() === 'a' && basket?.age_needed) {
    void till.send({ type: 'confirm_age', age: basket.age_needed });
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const line = aboutLine(till);
  const about = (what: 'quantity' | 'discount' | 'price' | 'note'): void => {
    if (line === null) return;
    till.selected = line;
    till.open({ kind: 'line', line, what });
  };
  switch (named(event)) {
    case 'F1': till.open({ kind: 'keys' }); return true;
    case 'F2': till.panel = null; search(); return true;
    case 'S-F2': about('note'); return true;
    case 'F3': till.open({ kind: 'quantity_first' }); return true;
    case 'F4': about('quantity'); return true;
    case 'S-F4': about('price'); return true;
    case 'F5': till.open({ kind: 'parked' }); return true;
    case 'F6': till.open({ kind: 'return', receipt: null }); return true;
    case 'F7': about('discount'); return true;
    case 'S-F7': if (full) till.open({ kind: 'receipt_discount' }); return true;
    case 'F8': till.open({ kind: 'more' }); return true;
    case 'F9':
      if (full && mayPay(till)) till.byMachine ? till.payCash() : void till.send({ type: 'pay_cash' });
      return true;
    case 'F10':
      if (full && mayPay(till)) (view?.basket?.due.amount ?? 0) < 0 ? void till.send({ type: 'pay_cash' }) : till.payCash();
      return true;
    case 'S-F10':
      if (full && mayPay(till) && till.byMachine) till.open({ kind: 'machine' });
      return true;
    // F11 is the browser's own way out of the full screen: pages do not get it there.
    case 'F12':
      if (full && mayPay(till)) till.payCard();
      return true;
    case 'S-F12':
      if (full && mayPay(till)) till.open({ kind: view?.takes_cards ? 'card' : 'external' });
      return true;
    case 'Escape': back(till); return true;
  }
  if (inField) return false;
  switch (event.key) {
    case 'ArrowDown': move(till, 1); return true;
    case 'ArrowUp': move(till, -1); return true;
    case 'Delete': if (till.selected !== null) void till.send({ type: 'void_line', line: till.selected }); return true;
  }
  return false;
}

/** Esc: the innermost thing first. A question about goods in hand stays; it is answered or left out in words. */
export function back(till: TillSession): void {
  if (till.approval) till.approval = null;
  else if (till.way !== 'overview') till.way = 'overview';
  else if (till.panel) till.closePanel();
  else if (till.search) till.search = '';
  else if (till.times !== null) till.times = null;
  else if (till.selected !== null) till.selected = null;
  else if (till.paying?.can_cancel) void till.send({ type: 'cancel_card' });
  else till.notice = null;
}

/**
 * Who gets a scan in a page of several parts: the part that was opened last and takes it. What nobody takes goes to the page as a whole.
 */
import type { Read } from './scanner';

export interface Scanned {
  code: string;
  read: Read;
  /** The field that it was scanned into; it is as it was before. */
  field: HTMLInputElement | HTMLTextAreaElement | null;
}
/** True: taken, nobody else gets it. */
type Taker = (scan: Scanned) => boolean;

const takers: Taker[] = [];

/** For as long as a part is on the screen: `$effect(() => takeScans((scan) => …))`. */
export function takeScans(taker: Taker): () => void {
  takers.push(taker);
  return () => {
    const at = takers.lastIndexOf(taker);
    if (at >= 0) takers.splice(at, 1);
  };
}

/** Offers a scan to those who take some; a field that is for codes (`data-scan="code"`) comes first. False when nobody wants it. */
export function offerScan(scan: Scanned): boolean {
  const { field } = scan;
  if (field?.dataset['scan'] === 'code') {
    field.value = plainCode(scan.code);
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    return true;
  }
  return [...takers].reverse().some((taker) => taker(scan));
}

/** A code as people type it: without AIM identifier, the GTIN of an element string alone. */
export function plainCode(code: string): string {
  const text = code.trim().replace(/^\][A-Za-z]\w/, '');
  const gtin = /^\]([Cedj]|Q3|J1)/.test(code) ? /^\u001d?01(\d{14})/.exec(text)?.[1] : undefined;
  return gtin ? gtin.replace(/^0{1,6}(?=\d{8,13}$)/, '') : text;
}

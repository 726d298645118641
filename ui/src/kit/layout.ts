/**
 * Keys by their place. A scanner that plays keyboard presses keys of a US keyboard; on a German one its `z` arrives as `y`, its `/` as
 * `-`, and Caps Lock turns every letter. The browser also says which place was pressed and whether with Shift: that is what the scanner
 * meant, whatever the machine's layout is.
 */

/** What is printed there on a US keyboard, without and with Shift. */
const PLACES: Readonly<Record<string, readonly [string, string]>> = (() => {
  const places: Record<string, readonly [string, string]> = {
    Minus: ['-', '_'], Equal: ['=', '+'], BracketLeft: ['[', '{'], BracketRight: [']', '}'], Backslash: ['\\', '|'], IntlBackslash: ['\\', '|'],
    Semicolon: [';', ':'], Quote: ["'", '"'], Backquote: ['`', '~'], Comma: [',', '<'], Period: ['.', '>'], Slash: ['/', '?'], Space: [' ', ' '],
    NumpadAdd: ['+', '+'], NumpadSubtract: ['-', '-'], NumpadMultiply: ['*', '*'], NumpadDivide: ['/', '/'],
  };
  for (let n = 0; n < 26; n += 1) {
    const letter = String.fromCharCode(97 + n);
    places[`Key${letter.toUpperCase()}`] = [letter, letter.toUpperCase()];
  }
  for (let n = 0; n < 10; n += 1) places[`Digit${n}`] = [String(n), ')!@#$%^&*('[n]!];
  return places;
})();

/** The character of a US keyboard at this place; null for a key that makes none. Digits of the number pad depend on Num Lock and are left alone. */
export function byPlace(code: string | undefined, shift: boolean): string | null {
  const pair = code === undefined ? undefined : PLACES[code];
  return pair ? pair[shift ? 1 : 0] : null;
}

/** How the scanner of this browser is set. */
export interface ScannerSetup {
  /** `typed`: the scanner knows the machine's layout. `place`: it types for a US keyboard. */
  layout: 'typed' | 'place';
  /** A character that it sends before each code (besides Ctrl+B, which always counts); empty for none. */
  prefix: string;
  /** What it sends for the group separator of GS1 where Ctrl+] and F8 are not used; empty for none. */
  separator: string;
}

export const PLAIN: ScannerSetup = { layout: 'typed', prefix: '', separator: '' };

/** The code that tells the layouts apart: every character that differs, letters of both cases, digits, in few bars. */
export const TEST_CODE = 'TST-yzYZ/:;=1';

export type LayoutFinding =
  /** Everything arrived as it was printed. */
  | 'right'
  /** The places are right and the characters are not: the scanner types for another keyboard, or Caps Lock is on. */
  | 'swapped'
  /** As it was printed but for capital and small letters: Caps Lock. */
  | 'caps'
  /** Something else was scanned. */
  | 'other';

const turned = (text: string): string =>
  [...text].map((char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase())).join('');

/** Judges the scan of the test code by what was typed and by the places that were pressed. */
export function judgeLayout(typed: string, place: string): LayoutFinding {
  const end = (text: string): string => text.replace(/^\][A-Za-z]\w/, '').trim();
  if (end(typed) === TEST_CODE) return 'right';
  if (end(place) === TEST_CODE) return turned(end(typed)) === TEST_CODE ? 'caps' : 'swapped';
  return turned(end(typed)) === TEST_CODE ? 'caps' : 'other';
}

/** Reads a stored setup; what is not one is the plain setup. */
export function readSetup(stored: string | null): ScannerSetup {
  try {
    const read = JSON.parse(stored ?? '') as Partial<ScannerSetup> | null;
    const text = (value: unknown): string => (typeof value === 'string' && value.length <= 8 ? value : '');
    return { layout: read?.layout === 'place' ? 'place' : 'typed', prefix: text(read?.prefix).slice(0, 1), separator: text(read?.separator) };
  } catch {
    return PLAIN;
  }
}

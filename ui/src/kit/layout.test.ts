import { describe, expect, it } from 'vitest';
import { code128 } from './code128';
import { byPlace, judgeLayout, PLAIN, readSetup, TEST_CODE } from './layout';
import { Scanner, type Read } from './scanner';

/** What a German keyboard makes of the places that a scanner presses; places that are the same on both are left out. */
const GERMAN: Record<string, readonly [string, string]> = {
  KeyY: ['z', 'Z'], KeyZ: ['y', 'Y'], Minus: ['ß', '?'], Equal: ['Dead', 'Dead'], BracketLeft: ['ü', 'Ü'], BracketRight: ['+', '*'],
  Semicolon: ['ö', 'Ö'], Quote: ['ä', 'Ä'], Slash: ['-', '_'], Comma: [',', ';'], Period: ['.', ':'], Digit7: ['7', '/'], Digit0: ['0', '='],
};
const PLACES = [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('').map((letter) => `Key${letter}`), ...'0123456789'.split('').map((digit) => `Digit${digit}`),
  'Minus', 'Equal', 'BracketLeft', 'BracketRight', 'Semicolon', 'Quote', 'Comma', 'Period', 'Slash', 'Space', 'Backslash', 'Backquote',
];

/** Presses the places of a US keyboard for a text, on a machine that is set to another layout. */
function scan(text: string, machine: { german?: boolean; caps?: boolean; layout: 'typed' | 'place'; separator?: string; prefix?: string }): Read | null {
  const scanner = new Scanner(() => ({ layout: machine.layout, prefix: machine.prefix ?? '', separator: machine.separator ?? '' }));
  let time = 1_000;
  for (const char of text) {
    if (char === '\u001d') {
      scanner.feed({ key: machine.german ? '+' : ']', code: 'BracketRight', ctrl: true, time: (time += 8) });
      continue;
    }
    const shift = PLACES.every((place) => byPlace(place, false) !== char);
    const code = PLACES.find((place) => byPlace(place, shift) === char)!;
    let key = machine.german && GERMAN[code] ? GERMAN[code][shift ? 1 : 0] : char;
    if (machine.caps && /^[a-zäöüß]$/i.test(key)) key = key === key.toLowerCase() ? key.toUpperCase() : key.toLowerCase();
    if (shift) scanner.feed({ key: 'Shift', code: 'ShiftLeft', shift, time: (time += 4) });
    scanner.feed({ key, code, shift, time: (time += 8) });
  }
  const verdict = scanner.feed({ key: 'Enter', code: 'Enter', time: time + 8 });
  return verdict.kind === 'scan' ? verdict : null;
}

describe('layouts', () => {
  it('tell what a scanner means that types for a US keyboard on a German one', () => {
    for (const code of ['https://id.gs1.org/01/04006381333931?17=261231', ']E04006381333931', 'ART-77/yZ:;', ']d2010400638133393110A\u001d21B']) {
      expect(scan(code, { german: true, layout: 'place' })?.code).toBe(code);
      expect(scan(code, { german: true, caps: true, layout: 'place' })?.code).toBe(code);
      expect(scan(code, { layout: 'place' })?.code).toBe(code);
      expect(scan(code, { german: true, layout: 'typed' })?.code).not.toBe(code);
    }
  });

  it('are found out by the test code', () => {
    const found = (machine: { german?: boolean; caps?: boolean }): string => {
      const read = scan(TEST_CODE, { ...machine, layout: 'place' })!;
      return judgeLayout(read.typed, read.place);
    };
    expect(found({})).toBe('right');
    expect(found({ german: true })).toBe('swapped');
    expect(found({ german: true, caps: true })).toBe('swapped');
    expect(found({ caps: true })).toBe('caps');
    expect(judgeLayout('4006381333931', '4006381333931')).toBe('other');
    expect(judgeLayout(`]C0${TEST_CODE}`, '')).toBe('right');
  });

  it('leave a scanner alone that knows the layout of its machine', () => {
    expect(scan('4006381333931', { layout: 'typed' })?.code).toBe('4006381333931');
  });

  it('know a separator and a prefix of the scanner’s own', () => {
    expect(scan(']d20104006381333931|10A|21B', { layout: 'typed', separator: '|' })?.code).toBe(']d20104006381333931\u001d10A\u001d21B');
    expect(scan('~4711', { layout: 'typed', prefix: '~' })?.code).toBe('4711');
  });

  it('are stored as they are set, and nonsense is the plain setup', () => {
    for (const nonsense of [null, '', '{', '1', 'null', '{"layout":7,"prefix":[],"separator":"123456789"}']) expect(readSetup(nonsense)).toEqual(PLAIN);
    expect(readSetup('{"layout":"place","prefix":"~","separator":"|"}')).toEqual({ layout: 'place', prefix: '~', separator: '|' });
  });
});

describe('the test code', () => {
  it('is drawn as Code 128', () => {
    const drawn = code128('AIM')!;
    // Start B, three characters, check digit and stop: 11 modules each, 13 for the stop.
    expect(drawn.width).toBe(11 * 5 + 13);
    expect(drawn.bars.slice(0, 3)).toEqual([{ at: 0, width: 2 }, { at: 3, width: 1 }, { at: 6, width: 1 }]);
    expect(code128('ä')).toBeNull();
    expect(code128('')).toBeNull();
  });
});

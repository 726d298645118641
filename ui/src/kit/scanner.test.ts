import { describe, expect, it } from 'vitest';
import { Scanner, type Verdict } from './scanner';

/** Types a text with a pause between the keys; gives the last verdict and the time after it. */
function type(scanner: Scanner, text: string, gap: number, from = 1000): { verdict: Verdict; time: number } {
  let time = from;
  let verdict: Verdict = { kind: 'pass' };
  for (const key of text) {
    verdict = scanner.feed({ key, time });
    time += gap;
  }
  return { verdict, time };
}

describe('a scanner that plays keyboard', () => {
  it('ends a fast run with Enter as a scan', () => {
    const scanner = new Scanner();
    const { time } = type(scanner, '4006381333931', 8);
    expect(scanner.feed({ key: 'Enter', time })).toMatchObject({ kind: 'scan', code: '4006381333931' });
  });

  it('ends with Tab too', () => {
    const scanner = new Scanner();
    const { time } = type(scanner, '40063812', 20);
    expect(scanner.feed({ key: 'Tab', time })).toMatchObject({ kind: 'scan', code: '40063812' });
  });

  it('leaves what fingers type alone', () => {
    const scanner = new Scanner();
    const { time } = type(scanner, 'milch', 120);
    expect(scanner.feed({ key: 'Enter', time })).toEqual({ kind: 'pass' });
  });

  it('leaves a fast typist alone: 55 ms between keys is no scanner', () => {
    const scanner = new Scanner();
    const { time } = type(scanner, 'apfelsaft', 55);
    expect(scanner.feed({ key: 'Enter', time })).toEqual({ kind: 'pass' });
  });

  it('does not take a short number with Enter for a scan', () => {
    const scanner = new Scanner();
    const { time } = type(scanner, '350', 10);
    expect(scanner.feed({ key: 'Enter', time })).toEqual({ kind: 'pass' });
  });

  it('begins anew after a pause: what was typed before is not part of the code', () => {
    const scanner = new Scanner();
    type(scanner, 'br', 150);
    const { time } = type(scanner, '4012345678901', 8, 5000);
    expect(scanner.feed({ key: 'Enter', time })).toMatchObject({ kind: 'scan', code: '4012345678901' });
  });

  it('says which stroke may be the first of a scan', () => {
    const scanner = new Scanner();
    expect(scanner.feed({ key: '4', time: 0 })).toEqual({ kind: 'part', first: true });
    expect(scanner.feed({ key: '0', time: 10 })).toEqual({ kind: 'part', first: false });
    expect(scanner.feed({ key: '1', time: 500 })).toEqual({ kind: 'part', first: true });
  });

  it('swallows the second of CR LF', () => {
    const scanner = new Scanner();
    const { time } = type(scanner, '4006381333931', 8);
    scanner.feed({ key: 'Enter', time });
    expect(scanner.feed({ key: 'Enter', time: time + 5 })).toEqual({ kind: 'swallow' });
    expect(scanner.feed({ key: 'Enter', time: time + 500 })).toEqual({ kind: 'pass' });
  });

  it('takes the Enter of a person who typed something right behind a scan', () => {
    const scanner = new Scanner();
    const { time } = type(scanner, '4006381333931', 8);
    scanner.feed({ key: 'Enter', time });
    expect(scanner.feed({ key: 'F3', time: time + 20 })).toEqual({ kind: 'pass' });
    scanner.feed({ key: '3', time: time + 30 });
    expect(scanner.feed({ key: 'Enter', time: time + 40 })).toEqual({ kind: 'pass' });
  });

  it('keeps a run together when the machine falters in the middle of it', () => {
    const scanner = new Scanner();
    const half = type(scanner, '1234567890', 5);
    const rest = type(scanner, '128', 5, half.time + 180);
    expect(scanner.feed({ key: 'Enter', time: rest.time })).toMatchObject({ kind: 'scan', code: '1234567890128' });
  });

  it('keeps a code together when the machine falters at its beginning', () => {
    const scanner = new Scanner();
    type(scanner, '40', 5);
    expect(scanner.idle(false)).toBeNull();
    const rest = type(scanner, '06381333931', 5, 1205);
    expect(scanner.feed({ key: 'Enter', time: rest.time })).toMatchObject({ kind: 'scan', code: '4006381333931' });
  });

  it('does not add what fingers typed before to a scan', () => {
    const scanner = new Scanner();
    const typed = type(scanner, 'milch', 150);
    const { time } = type(scanner, '4012345678901', 8, typed.time + 60);
    expect(scanner.feed({ key: 'Enter', time })).toMatchObject({ kind: 'scan', code: '4012345678901' });
  });

  it('takes two scans right behind each other as two', () => {
    const scanner = new Scanner();
    const first = type(scanner, '4006381333931', 8);
    expect(scanner.feed({ key: 'Enter', time: first.time })).toMatchObject({ kind: 'scan', code: '4006381333931' });
    const second = type(scanner, '4012345678901', 8, first.time + 8);
    expect(scanner.feed({ key: 'Enter', time: second.time })).toMatchObject({ kind: 'scan', code: '4012345678901' });
  });

  it('reads Shift between the keys and keeps the group separator', () => {
    const scanner = new Scanner();
    let time = 0;
    for (const key of [']', 'd', '2', '0', '1']) scanner.feed({ key, time: (time += 8) });
    scanner.feed({ key: 'Shift', time: (time += 4) });
    scanner.feed({ key: ']', ctrl: true, time: (time += 8) });
    for (const key of ['1', '0', 'A']) scanner.feed({ key, time: (time += 8) });
    expect(scanner.feed({ key: 'Enter', time: time + 8 })).toMatchObject({ kind: 'scan', code: ']d201\u001d10A' });
  });

  it('ends a run without Enter after a pause, when it looks like a code', () => {
    const scanner = new Scanner();
    type(scanner, '4006381333931', 10);
    expect(scanner.idle(false)?.code).toBe('4006381333931');
    type(scanner, 'zwiebeln', 10, 9000);
    expect(scanner.idle(false)).toBeNull();
    type(scanner, '123456', 10, 19000);
    expect(scanner.idle(true)).toBeNull();
  });

  it('with a prefix takes everything up to Enter, however slow', () => {
    const scanner = new Scanner();
    expect(scanner.feed({ key: 'b', ctrl: true, time: 0 })).toEqual({ kind: 'swallow' });
    const { time } = type(scanner, '12', 200, 200);
    expect(scanner.feed({ key: 'Enter', time })).toMatchObject({ kind: 'scan', code: '12' });
  });

  it('ignores a key held down', () => {
    const scanner = new Scanner();
    for (let time = 0; time < 400; time += 30) scanner.feed({ key: '1', repeat: time > 0, time });
    expect(scanner.feed({ key: 'Enter', time: 410 })).toEqual({ kind: 'pass' });
  });
});

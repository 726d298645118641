import { expect, test } from 'vitest';
import { fitted, toPbm } from './logo';

const pixels = (...all: [number, number, number, number][]): Uint8ClampedArray => new Uint8ClampedArray(all.flat());

test('black is a dot, white and nothing are none', () => {
  const pbm = toPbm(pixels([0, 0, 0, 255], [255, 255, 255, 255], [0, 0, 0, 0], [10, 10, 10, 255]), 4, 1);
  expect([...pbm]).toEqual([...new TextEncoder().encode('P4\n4 1\n'), 0b1001_0000]);
});

test('rows begin at a byte of their own', () => {
  const black: [number, number, number, number] = [0, 0, 0, 255];
  const pbm = toPbm(pixels(...Array.from({ length: 18 }, () => black)), 9, 2);
  expect([...pbm.slice(-4)]).toEqual([0xff, 0x80, 0xff, 0x80]);
});

test('half grey is half of the dots', () => {
  const grey: [number, number, number, number] = [128, 128, 128, 255];
  const pbm = toPbm(pixels(...Array.from({ length: 64 * 64 }, () => grey)), 64, 64);
  const dots = [...pbm.slice(-512)].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
  expect(Math.abs(dots - 2048)).toBeLessThan(100);
});

test('a picture is made smaller, never larger', () => {
  expect(fitted(800, 200)).toEqual([384, 96]);
  expect(fitted(100, 50)).toEqual([100, 50]);
  expect(fitted(400, 4000)).toEqual([20, 200]);
});

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { code128 } from '../kit/code128';
import { TEST_CODE } from '../kit/layout';
import { asScanner, GONE_MS, InSight } from './code';

beforeAll(() => {
  const path = new URL('../../node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', import.meta.url);
  const file = readFileSync(path);
  prepareZXingModule({ overrides: { wasmBinary: file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer } });
});

/** Bars as a picture, three pixels a module. */
function picture(text: string): ImageData {
  const { bars, width } = code128(text)!;
  const [across, high, quiet] = [(width + 20) * 3, 90, 10];
  const data = new Uint8ClampedArray(across * high * 4).fill(255);
  for (const bar of bars) {
    for (let x = (quiet + bar.at) * 3; x < (quiet + bar.at + bar.width) * 3; x += 1) {
      for (let y = 0; y < high; y += 1) data.fill(0, (y * across + x) * 4, (y * across + x) * 4 + 3);
    }
  }
  return { data, width: across, height: high, colorSpace: 'srgb' } as ImageData;
}

describe('the camera', () => {
  it('reads the test code as it is drawn, by a reader that knows nothing of the drawing', async () => {
    for (const text of [TEST_CODE, 'R1-4812', 'ABC abc 0189 ~!"']) {
      const [found] = await readBarcodes(picture(text), { formats: ['Code128'], textMode: 'Plain' });
      expect(found && asScanner(found)).toBe(`]C0${text}`);
    }
  });

  it('counts a code once for as long as it stays in sight, and again when it comes back', () => {
    const sight = new InSight();
    expect(sight.fresh(['a'], 0)).toEqual(['a']);
    for (let at = 100; at < 5_000; at += 100) expect(sight.fresh(['a'], at)).toEqual([]);
    expect(sight.fresh([], 5_100)).toEqual([]);
    expect(sight.fresh(['a', 'b', 'b'], 5_200)).toEqual(['b']);
    expect(sight.fresh(['a'], 5_200 + GONE_MS + 1)).toEqual(['a']);
  });
});

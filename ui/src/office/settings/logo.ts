/** A picture as black dots, as receipt printers take it (PBM, `P4`). */

/** Widest and highest sign, dots; the shop refuses larger ones. */
export const WIDEST = 384;
export const HIGHEST = 200;

/** The size that fits, never larger than the picture is. */
export function fitted(width: number, height: number): [number, number] {
  const factor = Math.min(1, WIDEST / width, HIGHEST / height);
  return [Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor))];
}

/** Black and white by spreading the error of each dot over its neighbours (Floyd–Steinberg); what is transparent is white. */
export function toPbm(rgba: Uint8ClampedArray, width: number, height: number): Uint8Array<ArrayBuffer> {
  const grey = new Float32Array(width * height);
  for (let at = 0; at < grey.length; at++) {
    const [r = 0, g = 0, b = 0, a = 0] = rgba.subarray(at * 4, at * 4 + 4);
    grey[at] = 255 - ((255 - (0.299 * r + 0.587 * g + 0.114 * b)) * a) / 255;
  }
  const head = new TextEncoder().encode(`P4\n${width} ${height}\n`);
  const row = Math.ceil(width / 8);
  const out = new Uint8Array(head.length + row * height);
  out.set(head);
  const spread = (x: number, y: number, error: number): void => {
    const at = y * width + x;
    if (x >= 0 && x < width && y < height) grey[at] = (grey[at] ?? 0) + error;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const level = grey[y * width + x] ?? 255;
      const black = level < 128;
      const byte = head.length + y * row + (x >> 3);
      if (black) out[byte] = (out[byte] ?? 0) | (0x80 >> (x & 7));
      const error = level - (black ? 0 : 255);
      spread(x + 1, y, (error * 7) / 16);
      spread(x - 1, y + 1, (error * 3) / 16);
      spread(x, y + 1, (error * 5) / 16);
      spread(x + 1, y + 1, error / 16);
    }
  }
  return out;
}

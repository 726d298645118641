/** Where devices are connected, as people write it. The shop reads the same (crates/devices/src/line.rs). */
export type PrinterLanguage = 'esc_pos' | 'star' | 'epos';

const NET = /^[^\s/]+:([1-9]\d{0,4})$/;
const USB = /^usb:[0-9a-f]{4}:[0-9a-f]{4}(:\S+)?$/i;
const WEB = /^http:\/\/[^\s/]+(\/\S*)?$/;

export const isSerial = (at: string): boolean => /^(\/\S+|COM\d+)$/.test(at);
/** A scanner at USB by HID-POS: by its name, or by its file under Linux. */
export const isHid = (at: string): boolean => at.startsWith('usb:') || at.startsWith('/dev/hidraw');

export function isPlace(at: string): boolean {
  if (at.startsWith('usb:')) return USB.test(at);
  if (at.startsWith('http')) return WEB.test(at);
  const net = NET.exec(at);
  return isSerial(at) || (net !== null && Number(net[1]) <= 65_535);
}

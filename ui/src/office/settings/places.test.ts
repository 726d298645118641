import { expect, test } from 'vitest';
import { isHid, isPlace, isSerial } from './places';

test('places are those that the shop reads', () => {
  for (const at of ['192.168.1.50:9100', 'printer.local:9100', '[fe80::1]:9100', 'usb:04b8:0e28', 'usb:04B8:0E28:X5NF', '/dev/ttyUSB0', 'COM3', 'http://192.168.1.50/', 'http://printer']) expect(isPlace(at), at).toBe(true);
  for (const at of ['', 'printer', 'printer:', ':9100', 'printer:0', 'printer:70000', 'usb:', 'usb:04b8', 'usb:xyz:0001', 'https://printer/', '192.168.1.50 :9100']) expect(isPlace(at), at).toBe(false);
});

test('serial ports have a line to be set', () => {
  expect(['/dev/ttyS0', 'COM12'].every(isSerial)).toBe(true);
  expect(['printer:9100', 'usb:04b8:0e28'].some(isSerial)).toBe(false);
});

test('scanners by HID-POS are known by where they are', () => {
  expect(['usb:05e0:1300', '/dev/hidraw0'].every(isHid)).toBe(true);
  expect(['/dev/ttyACM0', 'COM3', '192.168.1.70:9200'].some(isHid)).toBe(false);
});

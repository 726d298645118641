/** How a terminal is reached, and what the office lets it do, in English. */
import type { wayTexts as de } from './terminalWays.de';

export const wayTexts: typeof de = {
  port: 'Serial port',
  portHint: 'As the system names it: /dev/ttyUSB0, /dev/serial/by-id/… or COM3.',
  portWrong: 'A serial port, for example /dev/ttyUSB0 or COM3.',
  rate: 'Rate',
  rateHint: 'As set at the terminal, mostly 9600.',
  rates: { 9600: '9600 Bd (8N2)', 115200: '115200 Bd (8N2)' },
  certificate: 'Fingerprint of the certificate (SHA-256)',
  certificateHint: 'Only who shows exactly this certificate is the terminal. If another one is shown, nothing is sent to it.',
  certificateWrong: '64 characters from 0 to 9 and A to F.',
  needsCertificate: 'Without a fingerprint this terminal is not addressed.',
  look: 'Look at the terminal',
  seen: 'The terminal shows this certificate. Please compare it with what the device or its papers say, then take it over and save.',
  seenSame: 'The terminal shows the certificate that stands here.',
  seenOther: 'The terminal shows another certificate than the one that stands here. The device may have been exchanged, or somebody stands in between. Take it over only if you know why.',
  takeOver: 'Take over',
  diagnose: 'Test connection',
  initialise: 'Initialise',
  serving: 'The terminal is at it …',
  diagnosed: 'The terminal has tested its connection: all is well.',
  initialised: 'The terminal is initialised.',
};

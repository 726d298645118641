/** Texts of the camera, in English. */
import type { de } from './texts.de';

export const en: typeof de = {
  title: 'Scan with the camera',
  close: 'Switch the camera off',
  picture: 'Picture of the camera',
  starting: 'The camera is being switched on …',
  hold: 'Hold the code in front of the camera. For another piece, take it away for a moment.',
  last: 'Read:',
  denied: 'The browser may not use the camera. Tap the lock or the camera sign in the address bar, allow the camera and try again.',
  missing: 'This device has no camera. A scanner or typing always works.',
  insecure: 'Browsers give a camera only to pages that come over https or from this very machine. Open the till’s address with https.',
  busy: 'The camera does not answer: another program uses it, or it was unplugged.',
  failed: 'The camera cannot be used. A scanner or typing always works.',
  again: 'Try again',
};

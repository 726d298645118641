/** Short sounds made here: found, unknown, age, past its date and refused differ, so that nobody has to look. */
import { remember, remembered } from '../kit/store';

export type Sound = 'found' | 'unknown' | 'age' | 'past' | 'refused' | 'paid';

/** Frequency (Hz), beginning and length (s) of each tone. */
const tones: Record<Sound, readonly (readonly [number, number, number])[]> = {
  found: [[1760, 0, 0.06]],
  unknown: [[520, 0, 0.12], [390, 0.14, 0.2]],
  age: [[880, 0, 0.1], [880, 0.16, 0.1], [880, 0.32, 0.1]],
  past: [[1760, 0, 0.06], [1175, 0.1, 0.14]],
  refused: [[196, 0, 0.3]],
  paid: [[1047, 0, 0.07], [1568, 0.08, 0.12]],
};

let context: AudioContext | null = null;
let silent = remembered('sounds') === 'off';

export const soundsOn = (): boolean => !silent;
export function switchSounds(on: boolean): void {
  silent = !on;
  remember('sounds', on ? null : 'off');
}

/** After the frame that shows what is heard: opening the sound device takes longer than painting a line. */
export function play(sound: Sound): void {
  if (silent || typeof AudioContext === 'undefined') return;
  requestAnimationFrame(() => setTimeout(() => make(sound)));
}

function make(sound: Sound): void {
  try {
    context ??= new AudioContext();
    // Before the first touch or key the browser keeps quiet; the sale does not depend on it.
    if (context.state === 'suspended') void context.resume();
    const now = context.currentTime;
    for (const [frequency, begin, length] of tones[sound]) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.type = sound === 'refused' || sound === 'unknown' ? 'triangle' : 'sine';
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0.0001, now + begin);
      volume.gain.exponentialRampToValueAtTime(0.2, now + begin + 0.008);
      volume.gain.exponentialRampToValueAtTime(0.0001, now + begin + length);
      tone.connect(volume).connect(context.destination);
      tone.start(now + begin);
      tone.stop(now + begin + length + 0.02);
    }
  } catch {
    // No sound device: the screen says the same.
  }
}

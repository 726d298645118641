/**
 * A scanner that plays keyboard: its keys come faster than fingers do. This part only judges strokes by
 * their times and knows nothing of the page; `wedge.ts` ties it to the keyboard.
 */

/** A key pressed, with the time the machine says it was pressed at (milliseconds). */
export interface Stroke {
  key: string;
  ctrl?: boolean;
  alt?: boolean;
  repeat?: boolean;
  time: number;
}

export type Verdict =
  /** Not ours: the page does with it what it does with keys. */
  | { kind: 'pass' }
  /** May belong to a scan; `first` when it may be the beginning of one. */
  | { kind: 'part'; first: boolean }
  /** A scan has ended: the stroke must do nothing else. */
  | { kind: 'scan'; code: string }
  /** Belongs to a scan but is no text (the second of CR LF, a prefix). */
  | { kind: 'swallow' };

/** Longest pause between two keys of one scan. */
export const GAP_MS = 80;
/** Mean pause up to which a run of keys counts as a scanner's. */
export const MEAN_MS = 40;
/** So long keys are held back to see whether more follow as fast as a scanner's. */
export const IDLE_MS = 60;
/** So long a run that is surely a scanner's may falter (a busy machine), and so long after its last key it is
 * over when no Enter comes. */
export const STALL_MS = 400;
const SHORTEST = 4;
const SHORTEST_IDLE = 6;
const SHORTEST_IDLE_FIELD = 8;
/** Group separator (FNC1) as wedges send it. */
const GS = '\u001d';

export class Scanner {
  private text = '';
  private began = 0;
  private last = 0;
  private ended = -Infinity;
  /** What came shortly before a stall: part of the same code if the whole is still faster than fingers. */
  private prior: { text: string; began: number } | null = null;
  /** A scanner set to send Ctrl+B before each code is certain: time does not matter then. */
  private prefixed = false;

  /** What has been gathered so far. */
  get gathered(): string {
    return this.text;
  }

  /** How long the next key of the run may take, milliseconds. */
  get patience(): number {
    return this.sure ? STALL_MS : GAP_MS;
  }

  /** The run so far is faster than fingers. */
  get sure(): boolean {
    return this.prefixed || (this.text.length >= SHORTEST && this.fast(this.last));
  }

  /** Judges a stroke. */
  feed(stroke: Stroke): Verdict {
    const { key, time } = stroke;
    if (stroke.repeat) {
      this.reset();
      return { kind: 'pass' };
    }
    if (stroke.ctrl && (key === 'b' || key === 'B')) {
      this.reset();
      this.prefixed = true;
      this.last = time;
      return { kind: 'swallow' };
    }
    if (key === 'Enter' || key === 'Tab') return this.end(time);
    // The second of CR LF comes right behind the first: after any other key an Enter is a person's.
    this.ended = -Infinity;
    const char = this.char(stroke);
    if (char === null) {
      // Shift and its like come between the keys of a code; anything else ends the run.
      if (!['Shift', 'CapsLock', 'AltGraph', 'Alt', 'Control', 'Dead', 'NumLock'].includes(key)) this.reset();
      return { kind: 'pass' };
    }
    if (this.prefixed && this.text === '' && time - this.last > 1_000) this.prefixed = false;
    const first = this.text === '' || (!this.prefixed && time - this.last > this.patience);
    if (first) {
      if (time - this.last <= STALL_MS) this.setAside();
      else this.prior = null;
      this.began = time;
      this.text = '';
    }
    this.text += char;
    this.last = time;
    return { kind: 'part', first };
  }

  /** No key has come for a while: was it a scan without Enter? Ends the run either way. */
  idle(inField: boolean): string | null {
    const { text } = this;
    const shortest = inField ? SHORTEST_IDLE_FIELD : SHORTEST_IDLE;
    const looks = inField ? /^[\]A-Za-z0-2]{0,3}\d+$/.test(text) : /\d/.test(text);
    const code = this.prefixed ? text || null : text.length >= shortest && looks && this.fast(this.last) ? text : null;
    if (code === null) {
      this.setAside();
      this.text = '';
      this.prefixed = false;
      return null;
    }
    this.ended = this.last;
    this.reset();
    return code;
  }

  reset(): void {
    this.text = '';
    this.prior = null;
    this.prefixed = false;
  }

  private setAside(): void {
    if (this.text !== '') this.prior = { text: (this.prior?.text ?? '') + this.text, began: this.prior?.began ?? this.began };
  }

  private end(time: number): Verdict {
    const { prior } = this;
    const whole = prior && this.text !== '' ? prior.text + this.text : null;
    if (prior && whole && time - this.last <= STALL_MS && whole.length >= SHORTEST && (time - prior.began) / whole.length <= MEAN_MS) {
      this.text = whole;
      this.began = prior.began;
    }
    const code = this.text;
    const scanned = code !== '' && (this.prefixed || (code.length >= SHORTEST && time - this.last <= STALL_MS && this.fast(time)));
    this.reset();
    if (scanned) {
      this.ended = time;
      return { kind: 'scan', code };
    }
    return time - this.ended < GAP_MS ? { kind: 'swallow' } : { kind: 'pass' };
  }

  private fast(until: number): boolean {
    const gaps = Math.max(1, this.text.length - (until === this.last ? 1 : 0));
    return (until - this.began) / gaps <= MEAN_MS;
  }

  private char({ key, ctrl, alt }: Stroke): string | null {
    if (ctrl && (key === ']' || key === GS)) return GS;
    if (key === 'F8' && this.text !== '') return GS;
    if (key.length !== 1) return null;
    // AltGr is Ctrl+Alt: it makes characters. Ctrl or Alt alone makes commands.
    return ctrl === alt || (!ctrl && !alt) ? key : null;
  }
}

/**
 * A scanner that plays keyboard: its keys come faster or more evenly than fingers do. This part only judges strokes by
 * their times and knows nothing of the page; `wedge.ts` ties it to the keyboard.
 */
import { byPlace, PLAIN, TEST_CODE, type ScannerSetup } from './layout';

/** A key pressed, with the time the machine says it was pressed at (milliseconds). */
export interface Stroke {
  key: string;
  /** Its place on the keyboard (`KeyboardEvent.code`). */
  code?: string;
  shift?: boolean;
  ctrl?: boolean;
  alt?: boolean;
  repeat?: boolean;
  time: number;
}

/** A scan three ways: as the shop gets it, as the machine's layout typed it, and by the places of a US keyboard. */
export interface Read {
  code: string;
  typed: string;
  place: string;
}

export type Verdict =
  /** Not ours: the page does with it what it does with keys. */
  | { kind: 'pass' }
  /** May belong to a scan; `first` when it may be the beginning of one. */
  | { kind: 'part'; first: boolean }
  /** A scan has ended: the stroke must do nothing else. */
  | ({ kind: 'scan' } & Read)
  /** Belongs to a scan but is no text (the second of CR LF, a prefix). */
  | { kind: 'swallow' };

/** Longest pause between two keys of one scan. */
export const GAP_MS = 95;
/** Mean pause up to which a run of keys counts as a scanner's. */
export const MEAN_MS = 40;
/** So long keys are held back to see whether more follow as fast as a scanner's. */
export const IDLE_MS = 90;
/** So long a run that is surely a scanner's may falter (a busy machine), and so long after its last key it is
 * over when no Enter comes. */
export const STALL_MS = 400;
/** A slow scanner's mean pause. Fingers reach it for a few keys; not for many, and never so evenly. */
const SLOW_MEAN_MS = 75;
/** Longest and shortest pause of a slow scanner differ by no more. */
const EVEN_MS = 45;
const SHORTEST = 4;
const SHORTEST_SLOW = 8;
const SHORTEST_IDLE = 6;
const SHORTEST_IDLE_FIELD = 8;
/** Group separator (FNC1) as wedges send it. */
const GS = '\u001d';

/** The code that the office draws to find out about layouts; its first letters stand at the same place on most of them. */
const isTestCode = (text: string): boolean => text.slice(0, 3).toUpperCase() === TEST_CODE.slice(0, 3);

/** Codes of the trade by their form: AIM identifier, web address, or hardly anything but digits. */
function looksLikeCode(text: string): boolean {
  if (/^\][A-Za-z]\w/.test(text) || /^https?:\/\/./i.test(text) || isTestCode(text)) return true;
  const digits = text.replace(/\D/g, '').length;
  return digits >= 6 && digits * 10 >= text.length * 7;
}

/** Whether what begins like this can become one of them. */
const mayBecomeCode = (text: string): boolean => /^[\]\d]/.test(text) || 'https://'.startsWith(text.toLowerCase().slice(0, 8));

export class Scanner {
  /** As the machine's layout types it, as it was meant, and by place: they differ when the layouts do. */
  private typed = '';
  private text = '';
  private place = '';
  /** Keys of the run with those that make no character, and the shortest and longest pause between them. */
  private strokes = 0;
  private shortest = Infinity;
  private longest = 0;
  private began = 0;
  private last = 0;
  private ended = -Infinity;
  /** What came shortly before a stall: part of the same code if the whole is still faster than fingers. */
  private prior: { text: string; typed: string; place: string; strokes: number; began: number } | null = null;
  /** A scanner set to send Ctrl+B or a character of its own before each code is certain: time does not matter then. */
  private prefixed = false;

  constructor(private readonly setup: () => ScannerSetup = () => PLAIN) {}

  /** What has been gathered so far, as it was typed. */
  get gathered(): string {
    return this.typed;
  }

  /** How long the next key of the run may take, milliseconds. */
  get patience(): number {
    return this.sure ? STALL_MS : GAP_MS;
  }

  /** The run so far is faster than fingers. */
  get sure(): boolean {
    return this.prefixed || (this.text.length >= SHORTEST && this.fast(this.last));
  }

  /** The run so far is a person's: too slow for a fast scanner, and no beginning of a code that a slow one sends. */
  get hopeless(): boolean {
    return this.strokes >= 2 && !this.sure && !this.fast(this.last) && !mayBecomeCode(this.text);
  }

  /** A key pressed now is none of the run any more. */
  over(time: number): boolean {
    return this.text !== '' && !this.prefixed && time - this.last > this.patience;
  }

  /** Judges a stroke. */
  feed(stroke: Stroke): Verdict {
    const { key, time } = stroke;
    if (stroke.repeat) {
      this.reset();
      return { kind: 'pass' };
    }
    if (stroke.ctrl && !stroke.alt && (key === 'b' || key === 'B')) return this.announced(time);
    if (key === 'Enter' || key === 'Tab') return this.end(time);
    // The second of CR LF comes right behind the first: after any other key an Enter is a person's.
    this.ended = -Infinity;
    const char = this.char(stroke);
    if (char === null) {
      if (['Shift', 'CapsLock', 'AltGraph', 'Alt', 'Control', 'Dead', 'NumLock'].includes(key)) this.between(time);
      else this.reset();
      return { kind: 'pass' };
    }
    if (this.text === '' && !this.prefixed && char.meant === this.setup().prefix) return this.announced(time);
    if (this.prefixed && this.text === '' && time - this.last > 1_000) this.prefixed = false;
    const first = this.text === '' || (!this.prefixed && time - this.last > this.patience);
    if (first) {
      if (time - this.last <= STALL_MS) this.setAside();
      else this.prior = null;
      this.clear();
      this.began = time;
    } else {
      this.paused(time);
    }
    this.strokes += 1;
    this.text += char.meant;
    this.typed += char.typed;
    this.place += char.place;
    this.last = time;
    return { kind: 'part', first };
  }

  /** No key has come for a while: was it a scan without Enter? Ends the run either way. */
  idle(inField: boolean): Read | null {
    const { text } = this;
    const shortest = inField ? SHORTEST_IDLE_FIELD : SHORTEST_IDLE;
    const looks = inField ? looksLikeCode(text) : /\d/.test(text);
    const scanned = this.prefixed ? text !== '' : text.length >= shortest && looks && (this.fast(this.last) || this.slow(this.last));
    if (!scanned) {
      this.setAside();
      this.clear();
      this.prefixed = false;
      return null;
    }
    const read = this.read();
    this.ended = this.last;
    this.reset();
    return read;
  }

  reset(): void {
    this.clear();
    this.prior = null;
    this.prefixed = false;
  }

  /** A prefix was read: what follows is a code, however slow. */
  private announced(time: number): Verdict {
    this.reset();
    this.prefixed = true;
    this.last = time;
    return { kind: 'swallow' };
  }

  private read(): Read {
    const { separator } = this.setup();
    const code = separator === '' ? this.text : this.text.split(separator).join(GS);
    return { code, typed: this.typed, place: this.place };
  }

  private clear(): void {
    this.text = this.typed = this.place = '';
    this.strokes = this.longest = 0;
    this.shortest = Infinity;
  }

  /** Shift and its like come between the keys of a code, each in its own time. */
  private between(time: number): void {
    if (this.text === '' || time - this.last > this.patience) return;
    this.paused(time);
    this.strokes += 1;
    this.last = time;
  }

  private paused(time: number): void {
    this.shortest = Math.min(this.shortest, time - this.last);
    this.longest = Math.max(this.longest, time - this.last);
  }

  private setAside(): void {
    if (this.text === '') return;
    const { prior } = this;
    this.prior = {
      text: (prior?.text ?? '') + this.text, typed: (prior?.typed ?? '') + this.typed, place: (prior?.place ?? '') + this.place,
      strokes: (prior?.strokes ?? 0) + this.strokes, began: prior?.began ?? this.began,
    };
  }

  private end(time: number): Verdict {
    const { prior } = this;
    if (prior && this.text !== '') {
      const strokes = prior.strokes + this.strokes;
      const length = prior.text.length + this.text.length;
      if (time - this.last <= STALL_MS && length >= SHORTEST && (time - prior.began) / strokes <= MEAN_MS) {
        this.text = prior.text + this.text;
        this.typed = prior.typed + this.typed;
        this.place = prior.place + this.place;
        this.strokes = strokes;
        this.began = prior.began;
      }
    }
    const quick = (): boolean => time - this.last <= STALL_MS && this.fast(time);
    const even = (): boolean => time - this.last <= GAP_MS && this.slow(this.last);
    const scanned = this.text !== '' && (this.prefixed || (this.text.length >= SHORTEST && (quick() || even())));
    const read = this.read();
    this.reset();
    if (scanned) {
      this.ended = time;
      return { kind: 'scan', ...read };
    }
    return time - this.ended < GAP_MS ? { kind: 'swallow' } : { kind: 'pass' };
  }

  private fast(until: number): boolean {
    const gaps = Math.max(1, this.strokes - (until === this.last ? 1 : 0));
    return (until - this.began) / gaps <= MEAN_MS;
  }

  private slow(until: number): boolean {
    if (this.strokes < SHORTEST_SLOW || !looksLikeCode(this.text)) return false;
    return (until - this.began) / (this.strokes - 1) <= SLOW_MEAN_MS && this.longest <= GAP_MS && this.longest - this.shortest <= EVEN_MS;
  }

  private char({ key, code, shift, ctrl, alt }: Stroke): { meant: string; typed: string; place: string } | null {
    const same = (char: string) => ({ meant: char, typed: char, place: char });
    const byUs = this.setup().layout === 'place';
    if (ctrl && !alt && (key === ']' || key === GS || (byUs && code === 'BracketRight'))) return same(GS);
    if (key === 'F8' && this.text !== '') return same(GS);
    // AltGr is Ctrl+Alt: it makes characters. Ctrl or Alt alone makes commands.
    if (ctrl !== alt && (ctrl || alt)) return null;
    const typed = key.length === 1 ? key : '';
    const place = byPlace(code, shift === true) ?? typed;
    const meant = byUs ? place : typed;
    return meant === '' ? null : { meant, typed, place };
  }
}

/**
 * What this till's screen knows. Everything that matters is the view the shop sent last; the rest is which
 * panel is open and which line is marked.
 */
import { get, NoAnswer, post, Problem, remove } from '../api/client';
import { listen, type Live } from '../api/live';
import type {
  Approval, CommandAnswer, ItemTile, Lamp, LineView, Named, PaperlessWays, PaymentView, ReceiptRef, Refusal, TillCommand, TillView, Tiles, TransferView, WeighingView,
} from '../api/types';
import { common, saying, tell } from '../i18n/common';
import { shopLanguage } from '../i18n/language.svelte';
import { date, money } from '../kit/format';
import { holdsStripe } from '../kit/stripe';
import { turn } from '../payments';
import { CommandQueue, type Job } from './queue';
import { reservations } from './reservations';
import { play, type Sound } from './sounds';
import { till as texts } from './texts';
import { transfers } from './transfers';

/** Goods in the customer's hand that need a word from the cashier before they can be sold. */
export type Question =
  | { kind: 'unknown'; code: string | null; name: string | null; group: number | null; quantity: number | undefined }
  | { kind: 'price' | 'weight'; name: string; command: TillCommand };

export type Panel =
  | { kind: 'camera' } | { kind: 'cash' } | { kind: 'more' } | { kind: 'parked' } | { kind: 'keys' } | { kind: 'x_report' } | { kind: 'count' }
  | { kind: 'close' } | { kind: 'preferences' } | { kind: 'quantity_first' } | { kind: 'receipt_discount' } | { kind: 'receipt_note' }
  | { kind: 'abort' } | { kind: 'benefit' } | { kind: 'lamps' } | { kind: 'card' } | { kind: 'external' } | { kind: 'undo' } | { kind: 'doubts' } | { kind: 'doubt'; attempt: number }
  | { kind: 'line'; line: number; what: 'quantity' | 'discount' | 'price' | 'note' }
  | { kind: 'voucher'; what: 'pay' | 'balance' | 'top_up'; code?: string } | { kind: 'voucher_sale' } | { kind: 'invoice'; receipt: ReceiptRef } | { kind: 'paperless'; receipt: ReceiptRef; incarnation: number; training: boolean; ways: PaperlessWays } | { kind: 'tip' } | { kind: 'account'; what: 'buy' | 'settle' }
  | { kind: 'transfer' } | { kind: 'transfers' } | { kind: 'transfer_confirm'; transfer: number } | { kind: 'foreign' }
  | { kind: 'reserve' } | { kind: 'reservations' } | { kind: 'reservation'; what: 'pay' | 'release' | 'end'; reservation: number }
  | { kind: 'return'; receipt: ReceiptRef | null }
  | { kind: 'drawer'; what: 'paid_in' | 'paid_out' | 'drop' | 'no_sale' }
  | { kind: 'machine' } | { kind: 'collect' };

/** What the shop's process read from a scanner that is no keyboard. */
interface DeviceScan {
  id: string;
  code: string;
  card_data: boolean;
}

export interface Notice {
  kind: 'good' | 'bad' | 'warn' | 'info';
  text: string;
}

declare global {
  interface Window {
    /** Durations in milliseconds from a scan's last key to its painted line; read by the bench. */
    __tresenScanMs?: number[];
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Keeps the objects of lines that did not change, so that their rows are not painted again. */
function keep(before: LineView[] | undefined, now: LineView[]): LineView[] {
  if (!before) return now;
  const old = new Map(before.map((line) => [line.line, line]));
  return now.map((line) => {
    const known = old.get(line.line);
    return known && same(known, line) ? known : line;
  });
}

/** A transfer that came while somebody else was served: it is waited for no longer, and its basket is finished. */
function arrived(before: TillView | null, now: TillView): TransferView | null {
  const open = new Set([...now.baskets, ...now.parked].map((basket) => basket.id));
  const waiting = new Set(now.transfers.map((transfer) => transfer.transfer));
  const gone = (one: TransferView): boolean => !waiting.has(one.transfer) && !open.has(one.basket) && one.basket !== before?.basket?.id;
  return before?.transfers.find(gone) ?? null;
}

export class TillSession {
  phase = $state<'loading' | 'sign_in' | 'ready' | 'unreachable' | 'unknown_till' | 'setup'>('loading');
  view = $state.raw<TillView | null>(null);
  lamps = $state.raw<Lamp[]>([]);
  tiles = $state.raw<Tiles>({ groups: [], tiles: [] });
  reasons = $state.raw<string[]>([]);
  people = $state.raw<Named[]>([]);
  /** The till's name, known before anybody has signed in. */
  name = $state('');
  online = $state(true);
  waiting = $state(0);
  late = $state(false);
  stuck = $state(false);
  notice = $state.raw<Notice | null>(null);
  questions = $state.raw<Question[]>([]);
  approval = $state.raw<{ command: TillCommand; text: string } | null>(null);
  panel = $state.raw<Panel | null>(null);
  /** How far somebody went into the way out of doubt; Esc leads back. */
  way = $state<'overview' | 'look' | 'settle'>('overview');
  selected = $state<number | null>(null);
  search = $state('');
  /** "3 ×" before the next scan, thousandths. */
  times = $state<number | null>(null);

  /** The scan or the tap that the scale was asked for last. */
  private weighed: { id: string; command: TillCommand } | null = null;
  private readonly queue: CommandQueue;
  private asked = Promise.resolve();
  private live: Live | null = null;
  /** The next view is the present one whatever its number says (a new line to the shop, a restored shop). */
  private anew = true;
  private readonly path: string;

  constructor(readonly id: number) {
    this.path = `/tills/${id}`;
    this.queue = new CommandQueue(`${this.path}/commands`, {
      answered: (job, answer) => this.answered(job, answer),
      refused: (job, problem) => this.refused(job, problem),
      changed: (state) => {
        this.waiting = state.waiting;
        this.late = state.late;
        this.stuck = state.stuck;
      },
    });
  }

  /** Asks for the till as it is; the same screen is there after every reload. */
  async begin(): Promise<void> {
    try {
      const [tills, people, view] = await Promise.all([
        get<Named[]>('/tills'),
        get<Named[]>(`${this.path}/people`),
        get<TillView>(this.path).catch((error: unknown) => {
          if (error instanceof Problem && (error.status === 401 || error.status === 403)) return null;
          throw error;
        }),
      ]);
      this.people = people;
      this.name = tills.find((till) => till.id === this.id)?.name ?? '';
      if (view?.person) this.enter(view);
      else this.lock();
    } catch (error) {
      if (error instanceof Problem) {
        const setup = error.refusal?.code === 'not_configured' || error.code === 'not_configured';
        this.phase = setup ? 'setup' : 'unknown_till';
      } else this.phase = 'unreachable';
    }
  }

  async signIn(person: number, pin: string): Promise<void> {
    const view = await post<TillView>(`${this.path}/sign-in`, { person, pin });
    this.enter(view);
    if (this.stuck) this.queue.resume();
  }

  end(): void {
    this.live?.close();
    this.live = null;
  }

  /** Sends a command; true when it was carried out. What was refused is said on the screen. */
  async send(command: TillCommand, more: { approval?: Approval; scannedAt?: number; id?: string } = {}): Promise<boolean> {
    return (await this.queue.add(command, { ...more, seen: this.panel })) !== null;
  }

  /** `send` for the panel that is open, which closes when it was carried out; one that was opened meanwhile stays. */
  async sendAndClose(command: TillCommand): Promise<void> {
    const own = this.panel;
    if ((await this.send(command)) && (this.panel === own || this.panel === null)) this.closePanel();
  }

  again(): void {
    this.queue.resume();
  }

  /**
   * Does what was asked for while commands are under way once they are answered, in the order it was asked: it is
   * meant for the basket that they make. Where no answer comes it is left, as the screen then says.
   */
  afterwards(act: () => void): void {
    this.asked = this.asked.then(async () => {
      if ((await this.queue.settled()) && this.phase === 'ready') act();
    });
  }

  /** A scanner that is no keyboard has read something for this till. */
  private deviceScanned({ id, code, card_data }: DeviceScan): void {
    if (this.phase !== 'ready') return;
    if (card_data) this.notice = { kind: 'bad', text: saying().refusals.card_data({ permissions: common().permissions }) };
    else this.scan(code, performance.now(), id);
  }

  /** `id`: of the command that it makes, where two pages of this till may hear of the same scan. */
  scan(code: string, scannedAt?: number, id?: string): void {
    if (holdsStripe(code)) {
      this.notice = { kind: 'bad', text: saying().refusals.card_data({ permissions: common().permissions }) };
      return;
    }
    const receipt = /^R(\d{1,5})-(\d{1,15})$/i.exec(code.trim());
    this.search = '';
    if (receipt) {
      this.open({ kind: 'return', receipt: { till: Number(receipt[1]), number: Number(receipt[2]) } });
      return;
    }
    // Asked about on its own page, a voucher is looked up and not redeemed.
    if (this.panel?.kind === 'voucher' && /^V/i.test(code.trim())) {
      this.open({ ...this.panel, code: code.trim() });
      return;
    }
    void this.send(
      { type: 'scan', code, ...this.takeTimes() },
      { ...(scannedAt === undefined ? {} : { scannedAt }), ...(id === undefined ? {} : { id }) },
    );
  }

  addItem(tile: ItemTile): void {
    const command: TillCommand = { type: 'add_item', item: tile.item, ...this.takeTimes() };
    // Asked before it is refused: the tile says what it needs.
    if (tile.weighed && command.quantity === undefined && !this.view?.weighs) this.ask({ kind: 'weight', name: tile.name, command });
    else if (tile.open_price) this.ask({ kind: 'price', name: tile.name, command });
    else void this.send(command);
  }

  /** The scale is asked anew, with so many grams taken off for the packing. */
  async weighAgain(tare: number): Promise<void> {
    await this.weigh(() => post<TillView>(`${this.path}/weighing`, { tare }));
  }
  async cancelWeighing(): Promise<void> {
    await this.weigh(() => remove<TillView>(`${this.path}/weighing`));
  }
  /** The scale is given up first, so that its weight and the typed one cannot both come. */
  async weighByHand(weighing: WeighingView): Promise<void> {
    const lines = this.view?.basket?.lines.length ?? 0;
    await this.cancelWeighing();
    if (this.view?.weighing || (this.view?.basket?.lines.length ?? 0) !== lines) return;
    const asked = this.weighed?.id === weighing.command ? this.weighed.command : ({ type: 'add_item', item: weighing.item } as const);
    this.ask({ kind: 'weight', name: weighing.name, command: asked });
  }
  private async weigh(how: () => Promise<TillView>): Promise<void> {
    try {
      this.show(await how());
    } catch (error) {
      this.fail(error);
    }
  }

  ask(question: Question): void {
    this.questions = [...this.questions, question];
  }
  answeredQuestion(): void {
    this.questions = this.questions.slice(1);
  }

  /** Locks at once; the shop hears of it as soon as it can. */
  lockNow(): void {
    void this.send({ type: 'sign_out' });
    this.lock();
  }

  open(panel: Panel): void {
    this.panel = panel;
    this.search = '';
    this.notice = null;
  }
  closePanel(): void {
    this.panel = null;
    if (this.selected === null) return;
    this.selected = null;
  }

  say(kind: Notice['kind'], text: string): void {
    this.notice = { kind, text };
  }
  /** Says what went wrong; a lost session asks for the PIN. */
  fail(error: unknown): void {
    if (error instanceof Problem && error.status === 401) this.lock();
    else this.say('bad', error instanceof NoAnswer ? texts().offline : tell(error));
  }

  /** The payment at a terminal that the present basket waits for, or that is in doubt. */
  get paying(): PaymentView | null {
    const payment = this.view?.payment ?? null;
    return payment?.truth === 'running' || payment?.truth === 'unknown' ? payment : null;
  }
  /** What an unconnected terminal took goes back there: the next part that is neither cash nor a voucher. */
  get outside(): boolean {
    return this.view?.basket?.refunds.find((part) => part.kind === 'card' || part.kind === 'card_external')?.kind === 'card_external';
  }
  /** A card payment whose signature is to be compared. */
  get signing(): PaymentView | null {
    const payment = this.view?.payment ?? null;
    return payment?.truth === 'charged' && payment.code === 'signature' ? payment : null;
  }
  /** By card: at the till's terminal at once, or at one that is not connected. */
  payCard(): void {
    if (!this.outside && this.view?.takes_cards) void this.send({ type: 'pay_card' });
    else this.open({ kind: 'external' });
  }
  /** The cash machine beside the till takes this payment; in training nobody's money is taken. */
  get byMachine(): boolean {
    return !!this.view?.cash_machine && !this.view.training && (this.view.basket?.cash_due.amount ?? 0) > 0;
  }
  /** Its lamp says that it cannot: then the drawer takes the money. */
  get machineGone(): boolean {
    return this.lamps.some((lamp) => lamp.kind === 'cash_machine' && lamp.state === 'bad');
  }
  /** In cash: at the machine at once, or by hand. */
  payCash(): void {
    if (this.byMachine && !this.machineGone) void this.send({ type: 'pay_cash_machine' });
    else this.open({ kind: 'cash' });
  }
  /** Takes the last tender back; what a card pays is taken back at a terminal, and asked before. */
  undo(): void {
    const last = this.view?.basket?.tenders.at(-1);
    if (!last) return;
    // Money on a card goes back by its own way, which is said first.
    if (last.kind === 'card' || last.kind === 'card_external' || last.taken === 'machine') this.open({ kind: 'undo' });
    else void this.send({ type: 'undo_tender' });
  }
  /** What is in doubt: the one, or the list. */
  openDoubts(): void {
    const doubts = this.view?.doubts ?? [];
    const [only] = doubts;
    this.open(only && doubts.length === 1 ? { kind: 'doubt', attempt: only.attempt } : { kind: 'doubts' });
  }

  may(permission: TillView['permissions'][number]): boolean {
    return this.view?.permissions.includes(permission) ?? false;
  }

  private takeTimes(): { quantity?: number } {
    const { times } = this;
    this.times = null;
    return times === null ? {} : { quantity: times };
  }

  private enter(view: TillView): void {
    this.phase = 'ready';
    this.anew = true;
    this.show(view);
    this.panel = null;
    void this.load();
    this.live?.close();
    this.live = listen(
      `${this.path}/events`,
      { view: (data) => this.show(data as TillView), scan: (data) => this.deviceScanned(data as DeviceScan) },
      (up) => {
        if (up && !this.online) this.anew = true;
        this.online = up;
        if (!up) void this.look();
      },
    );
  }

  /** The stream broke off: is the session still good? */
  private async look(): Promise<void> {
    try {
      this.show(await get<TillView>(this.path));
    } catch (error) {
      if (error instanceof Problem && (error.status === 401 || error.status === 403)) this.lock();
    }
  }

  private async load(): Promise<void> {
    try {
      const [tiles, settings, people] = await Promise.all([
        get<Tiles>('/tiles'),
        get<{ reasons?: string[] }>('/settings').catch(() => ({ reasons: [] as string[] })),
        get<Named[]>(`${this.path}/people`),
      ]);
      this.tiles = tiles;
      this.reasons = settings.reasons ?? [];
      this.people = people;
    } catch (error) {
      this.fail(error);
    }
  }

  private lock(): void {
    this.end();
    this.phase = 'sign_in';
    this.panel = null;
    this.approval = null;
    this.notice = null;
  }

  /** Shows a view, unless a later one is on the screen already. */
  private show(view: TillView): void {
    const before = this.view;
    if (before && !this.anew && (view.seq < before.seq || (view.seq === before.seq && view.aside < before.aside))) return;
    this.anew = false;
    const now = turn(before, view);
    const came = arrived(before, view);
    if (view.basket) view = { ...view, basket: { ...view.basket, lines: keep(before?.basket?.lines, view.basket.lines) } };
    this.view = view;
    this.lamps = view.lamps;
    shopLanguage(view.language);
    if (this.selected !== null && !view.basket?.lines.some((line) => line.line === this.selected)) {
      this.selected = null;
      if (this.panel?.kind === 'line') this.panel = null;
    }
    if (before?.weighing && !view.weighing && (view.basket?.lines.length ?? 0) > (before.basket?.lines.length ?? 0)) play('found');
    if (now) this.turned(now);
    else if (came) {
      play('paid');
      this.say('good', transfers().came(money(came.amount), came.reference));
    } else if (before?.reserving?.truth === 'running' && view.reserving?.truth !== 'running') this.reserved(before, view);
    if (!view.person && this.phase === 'ready') this.lock();
  }

  /** A payment began, ended or fell into doubt: heard, and shown in place of what was looked at. */
  private turned(now: NonNullable<ReturnType<typeof turn>>): void {
    if (now === 'settled') return this.say('info', texts().doubt.settled);
    if (now !== 'started') play(now === 'paid' ? 'paid' : now === 'part' ? 'found' : now === 'doubt' ? 'unknown' : 'refused');
    this.panel = null;
    this.notice = null;
    this.search = '';
    this.selected = null;
  }

  /** A terminal has ended what it reserved or released for this till: heard, and said where nobody looks at the list. */
  private reserved(before: TillView, now: TillView): void {
    const made = now.reservations.find((open) => open.reservation === before.reserving?.attempt);
    const done = !now.reserving && !now.doubts.some((doubt) => doubt.attempt === before.reserving?.attempt);
    play(done ? 'paid' : 'refused');
    if (made) this.say('good', reservations().made(money(made.amount)));
    else if (!done && this.panel?.kind !== 'reservations') this.open({ kind: 'reservations' });
  }

  private answered(job: Job, answer: CommandAnswer): void {
    const ageBefore = this.view?.basket?.age_needed ?? null;
    if (answer.view) this.show(answer.view);
    if (job.scannedAt !== undefined) measure(job.scannedAt);
    const kind = job.command.type;
    if (kind === 'scan' || kind === 'add_item' || kind === 'sell_unknown') {
      const age = answer.view?.basket?.age_needed ?? null;
      if (answer.view?.weighing?.command === answer.id) this.weighed = { id: answer.id, command: job.command };
      else play(this.heard(answer.view ?? null, age !== null && age !== ageBefore));
      this.notice = kind === 'scan' ? this.told(answer.view ?? null) : null;
      this.selected = null;
      // What was opened since the scan was sent is looked at by now.
      if (this.panel && this.panel === job.seen && ['cash', 'more', 'keys', 'parked', 'line'].includes(this.panel.kind)) this.panel = null;
    } else if (answer.receipt) {
      play('paid');
      if (this.panel === job.seen) this.panel = null;
      this.notice = null;
    }
  }

  /** What a scan that was taken has to say besides its line. */
  private told(view: TillView | null): Notice | null {
    const basket = view?.basket;
    const read = basket?.last_read;
    const r = texts().receipt;
    if (read?.stopped) {
      const stopped = read.stopped as Refusal;
      return { kind: 'bad', text: `${saying().refusals[stopped.code]({ ...stopped, permissions: common().permissions })} ${r.taken_out}` };
    }
    const line = basket?.lines.find((one) => one.line === read?.line);
    if (line?.mark?.past && line.mark.best_before) return { kind: 'warn', text: r.past_date(line.name, date(line.mark.best_before)) };
    return read?.twice ? { kind: 'info', text: r.twice } : null;
  }
  private heard(view: TillView | null, age: boolean): Sound {
    const read = view?.basket?.last_read;
    const past = view?.basket?.lines.find((one) => one.line === read?.line)?.mark?.past;
    return read?.stopped ? 'refused' : age ? 'age' : past ? 'past' : 'found';
  }

  private refused(job: Job, problem: Problem): boolean {
    const { command } = job;
    const refusal = problem.refusal;
    if (problem.status === 401 || refusal?.code === 'not_signed_in') {
      this.lock();
      return command.type === 'scan' || command.type === 'add_item' || command.type === 'sell_unknown';
    }
    const quantity = 'quantity' in command ? (command.quantity ?? undefined) : undefined;
    if (problem.approvable || problem.code === 'wrong_approval') {
      play('refused');
      this.approval = { command, text: tell(problem) };
    } else if (refusal?.code === 'unknown_code') {
      play('unknown');
      this.ask({ kind: 'unknown', code: refusal.scanned ?? null, name: null, group: null, quantity });
    } else if (refusal?.code === 'no_price') {
      play('unknown');
      const code = command.type === 'scan' ? command.code : null;
      this.ask({ kind: 'unknown', code, name: refusal.name ?? null, group: null, quantity });
    } else if (refusal?.code === 'price_needed' || refusal?.code === 'weight_needed') {
      play('unknown');
      const kind = refusal.code === 'price_needed' ? 'price' : 'weight';
      this.ask({ kind, name: refusal.name ?? '', command });
    } else {
      play(refusal?.code === 'age_not_checked' ? 'age' : 'refused');
      this.say('bad', tell(problem));
    }
    return false;
  }
}

/** From the key that ended the scan until after the frame that shows its line. */
function measure(from: number): void {
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const until = performance.now();
      performance.mark('tresen-painted');
      const kept = (window.__tresenScanMs ??= []);
      kept.push(until - from);
      if (kept.length > 5_000) kept.splice(0, 1_000);
      channel.port1.close();
    };
    channel.port2.postMessage(null);
  });
}

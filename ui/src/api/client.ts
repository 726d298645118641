/**
 * The way to the shop's process. Commands carry an id made here; when an answer is lost the same command is
 * sent again under the same id, so that it has one effect. Problem documents become `Problem` errors.
 */
import type { Approval, CommandAnswer, ProblemDocument, Refusal } from './types';

/** The shop answered, and the answer is no. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly refusal: Refusal | undefined;
  readonly approvable: boolean;

  constructor(document: ProblemDocument) {
    super(`${document.status} ${document.code}: ${document.title}`);
    this.name = 'Problem';
    this.status = document.status;
    this.code = document.code;
    this.title = document.title;
    this.detail = document.detail ?? undefined;
    this.refusal = document.refusal ?? undefined;
    this.approvable = document.approvable ?? false;
  }
}

/** The shop did not answer: nobody here knows yet whether the command was carried out. */
export class NoAnswer extends Error {
  constructor(cause: unknown) {
    super('no answer', { cause });
    this.name = 'NoAnswer';
  }
}

const root = '/api/v1';

async function problemOf(response: Response): Promise<Problem> {
  const fallback: ProblemDocument = {
    type: 'about:blank', status: response.status, code: 'http_error', title: response.statusText,
  };
  try {
    const body = (await response.json()) as Partial<ProblemDocument>;
    return new Problem({ ...fallback, ...body });
  } catch {
    return new Problem(fallback);
  }
}

async function request(method: string, path: string, init: RequestInit, limitMs: number): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`${root}${path}`, {
      method, credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.timeout(limitMs), ...init,
    });
  } catch (cause) {
    throw new NoAnswer(cause);
  }
  // A gateway without the shop behind it knows no more than we do.
  if ([502, 503, 504].includes(response.status)) {
    throw new NoAnswer(await problemOf(response));
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function body<T>(response: Response): Promise<T> {
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Reads a resource. Undefined parameters are left out. */
export async function get<T>(path: string, query: Record<string, string | number | boolean | undefined> = {}, patience = 15_000): Promise<T> {
  const pairs = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
  const tail = pairs.length ? `?${new URLSearchParams(pairs)}` : '';
  return body<T>(await request('GET', `${path}${tail}`, {}, patience));
}

/** Sends JSON. */
export async function post<T>(path: string, value: unknown = {}, limitMs = 15_000): Promise<T> {
  const init = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
  return body<T>(await request('POST', path, init, limitMs));
}

/** Sends a text as it is (a catalogue to import). */
export async function upload<T>(path: string, data: BodyInit, type = 'text/csv'): Promise<T> {
  return body<T>(await request('POST', path, { headers: { 'content-type': type }, body: data }, 120_000));
}

/** A file with the name that it is sent under, and what the shop says of it (`x-tresen-marks`). */
export interface Fetched { file: Blob; name: string; marks: string[] }

/** Fetches a file whole. */
export async function fetchFile(path: string, query: Record<string, string>, limitMs: number): Promise<Fetched> {
  return fetched(await request('GET', `${path}?${new URLSearchParams(query)}`, {}, limitMs));
}

async function fetched(answer: Response): Promise<Fetched> {
  const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? 'export';
  const marks = (answer.headers.get('x-tresen-marks') ?? '').split(' ').filter(Boolean);
  return { file: await answer.blob(), name, marks };
}

/** Has a file made of what is sent. */
export async function postForFile(path: string, value: unknown, limitMs: number): Promise<Fetched> {
  const init = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
  return fetched(await request('POST', path, init, limitMs));
}

/** Takes something away. */
export async function remove<T>(path: string): Promise<T> {
  return body<T>(await request('DELETE', path, {}, 15_000));
}

/** A UUID version 7: time first, so that ids sort as they were made (RFC 9562). */
export function commandId(now = Date.now(), random = crypto.getRandomValues(new Uint8Array(10))): string {
  const time = now.toString(16).padStart(12, '0');
  const rest = Array.from(random, (b) => b.toString(16).padStart(2, '0')).join('');
  const variant = ((random[2] ?? 0) & 0x3f) | 0x80;
  return [
    time.slice(0, 8), time.slice(8), `7${rest.slice(1, 4)}`,
    `${variant.toString(16).padStart(2, '0')}${rest.slice(6, 8)}`, rest.slice(8, 20),
  ].join('-');
}

/** What a waiting command tells its page. */
export interface Retry {
  /** The answer is late; the same command is sent again. */
  onWaiting?: (attempt: number) => void;
  /** Ends the waiting early. */
  signal?: AbortSignal;
  /** Waits between attempts, milliseconds; their number bounds the attempts. */
  pauses?: readonly number[];
}

const usualPauses = [200, 400, 800, 1500, 3000, 5000, 5000, 5000] as const;

const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true });
  });

/** Sends a command until it is answered; throws `NoAnswer` when the bounded attempts are used up. */
export async function command<C extends { type: string }>(
  path: string, what: C, options: Retry & { id?: string; approval?: Approval } = {},
): Promise<CommandAnswer> {
  const message = {
    id: options.id ?? commandId(),
    ...(options.approval ? { approval: options.approval } : {}),
    ...what,
  };
  const pauses = options.pauses ?? usualPauses;
  for (let attempt = 0; ; attempt++) {
    try {
      return await post<CommandAnswer>(path, message, 8_000);
    } catch (error) {
      const wait = pauses[attempt];
      if (!(error instanceof NoAnswer) || wait === undefined || options.signal?.aborted) throw error;
      options.onWaiting?.(attempt + 1);
      await pause(wait, options.signal);
    }
  }
}

/** A command of the office: `POST /shop/commands`. */
export const shopCommand = <C extends { type: string }>(what: C, options: Retry & { id?: string } = {}) =>
  command('/shop/commands', what, options);

/** The catalogues every page shares, and a sentence for whatever went wrong. */
import { NoAnswer, Problem } from '../api/client';
import type { RefusalCode } from '../api/types';
import { catalogue } from './language.svelte';
import * as refusalsDe from './refusals.de';
import * as refusalsEn from './refusals.en';
import * as wordsDe from './words.de';
import * as wordsEn from './words.en';

export const common = catalogue<typeof wordsDe>(wordsDe, wordsEn);
export const saying = catalogue<Pick<typeof refusalsDe, 'refusals' | 'problems' | 'deviceFacts' | 'devicePoints' | 'why'>>(refusalsDe, refusalsEn);

/** What to tell a person about an error. */
export function tell(error: unknown): string {
  const { refusals, problems } = saying();
  if (error instanceof NoAnswer) return problems.given_up;
  if (!(error instanceof Problem)) return problems.other(error instanceof Error ? error.name : '?');
  const says = { ...error.refusal, permissions: common().permissions };
  const code = error.refusal?.code ?? error.code;
  // A missing right names it when a rule said so; the door of the API only says no.
  if (error.refusal && code in refusals) return refusals[code as RefusalCode](says);
  const plain = (problems as Record<string, unknown>)[code];
  if (typeof plain === 'string') return plain;
  return code in refusals ? refusals[code as RefusalCode](says) : problems.other(code);
}

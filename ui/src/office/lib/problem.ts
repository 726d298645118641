/** What went wrong, in the person's language; and at which field. */
import { NoAnswer, Problem } from '../../api/client';
import { t } from '../i18n';
import { shop } from './shop.svelte';

/** An error as a form shows it: a field of the API or none for the form as a whole. */
export interface Trouble {
  field: string | null;
  text: string;
}

/** Refusals that name no field but mean one; and names of the API for a row inside a field. */
const fieldOfCode: Record<string, string> = {
  bad_deposit: 'deposit', no_rate: 'tax', whole_pieces: 'quantity', pin_not_digits: 'pin', pin_too_short: 'pin', pin_too_long: 'pin',
  pin_too_easy: 'pin', passphrase_too_short: 'passphrase', passphrase_too_long: 'passphrase', passphrase_too_easy: 'passphrase',
  wrong_setup_code: 'code', setup_code_used_up: 'code', wrong_current: 'current',
};
const listOfField: Record<string, string> = { code: 'codes', price: 'prices' };

function sentence(problem: Problem): string {
  const e = t().errors;
  const refusal = problem.refusal;
  if (problem.code === 'taken') return e.taken(refusal?.value ?? '');
  if (problem.code === 'not_permitted') {
    const names: Record<string, string> = t().people.permission;
    return e.not_permitted(names[refusal?.permission ?? ''] ?? refusal?.permission ?? '');
  }
  if (problem.code === 'bad_settings') return e.bad_settings(e.settings[refusal?.problem ?? ''] ?? refusal?.problem ?? '');
  const known = e.codes[problem.code];
  if (known) return known;
  if (problem.status === 429) return e.too_many;
  if (problem.status === 404) return e.codes['not_found'] ?? '';
  if (problem.status === 401) return e.codes['not_signed_in'] ?? '';
  return e.unexpected(problem.code);
}

/** Turns whatever was thrown into something to show. A lost session leads back to the sign-in. */
export function trouble(error: unknown): Trouble {
  if (error instanceof NoAnswer) return { field: null, text: t().errors.network };
  if (!(error instanceof Problem)) return { field: null, text: t().errors.unexpected(String(error)) };
  if (error.status === 401 && shop.person) shop.signedOut(true);
  return { field: error.refusal?.field ?? (error.code === 'bad_field' ? error.detail : undefined) ?? fieldOfCode[error.code] ?? null, text: sentence(error) };
}

/** Somebody else changed it since it was read: nothing was saved. */
export function isStale(error: unknown): boolean {
  return error instanceof Problem && error.code === 'stale';
}

/** The text alone, for places without fields. */
export function troubleText(error: unknown): string {
  return trouble(error).text;
}

/**
 * The trouble as the errors of a form whose fields are `known`; an unknown field is named above the form.
 * `code` belongs to the list `codes`, where the form has one.
 */
export function formErrors(error: unknown, known: readonly string[]): Record<string, string> {
  const { field, text } = trouble(error);
  if (field === null) return { form: text };
  const list = listOfField[field];
  if (known.includes(field)) return { [field]: text };
  if (list && known.includes(list)) return { [list]: text };
  return { form: `${t().errors.field(field)}${text}` };
}

/** Which of the dated tax rates counts when. Only dates are compared here; nothing is calculated. */
import { t } from '../i18n';
import type { DatedRate, Settings } from './types';

/** The present local time as the API writes local times. */
export function localNow(now = new Date()): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}T${two(now.getHours())}:${two(now.getMinutes())}:00`;
}

export type RateState = 'past' | 'now' | 'future';

/** Whether a rate is past, counts now, or will. */
export function rateState(rate: DatedRate, all: DatedRate[], now = localNow()): RateState {
  if (rate.from > now) return 'future';
  const later = all.some((other) => other.key === rate.key && other.from <= now && other.from > rate.from);
  return later ? 'past' : 'now';
}

/** Each key with the rate that counts now, by key. */
export function currentRates(all: DatedRate[], now = localNow()): DatedRate[] {
  return all.filter((rate) => rateState(rate, all, now) === 'now').sort((a, b) => a.key - b.key);
}

/** Tax keys of the German form (DSFinV-K 2.4, Anlage 2); 8 to 10 are reserved, 11 to 999 those of earlier years. */
export const FORM_KEYS = [1, 2, 3, 4, 5, 6, 7] as const;
/** From here on keys are the shop's own. */
export const OWN_KEYS = 1000;

/** The next key of the shop's own making. */
export function nextOwnKey(keys: number[]): number {
  return Math.max(OWN_KEYS - 1, ...keys) + 1;
}

/** A tax key in words: with the name of the form where keys are those of one, with its own description wherever it has one. */
export function keyText(key: number, settings: Pick<Settings, 'own_tax_keys'>, formKeys: boolean): string {
  const s = t().settings.tax;
  const own = settings.own_tax_keys?.find((known) => known.key === key)?.description;
  const form = formKeys ? (s.names[key] ?? (key > 10 && key < OWN_KEYS ? s.historic : undefined)) : undefined;
  const name = own ?? form;
  return name ? `${s.keyOf(key)} · ${name}` : s.keyOf(key);
}

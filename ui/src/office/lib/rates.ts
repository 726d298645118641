/** Which of the dated tax rates counts when. Only dates are compared here; nothing is calculated. */
import type { DatedRate } from './types';

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

/** What the pages about signing units share. */
import { date } from '../../kit/format';
import { t } from '../i18n';
import type { UnitRow, UnitWarning } from '../lib/reads';
import type { UnitSettings } from '../lib/types';

/** Where fiskaly's interface is. */
export const FISKALY = 'https://kassensichv-middleware.fiskaly.com/api/v2';

export type UnitKindName = 'software' | 'fiskaly' | 'epson';

export const kindOf = (kind: UnitSettings['kind']): UnitKindName => (kind === 'software' ? kind : 'fiskaly' in kind ? 'fiskaly' : 'epson');

/** What comes to an end, in words. */
export function warningText(warning: UnitWarning): string {
  const w = t().signing.warning;
  if (warning.what === 'certificate') return w.certificate(warning.at ? date(warning.at) : '', warning.days ?? 0);
  return w[warning.what](warning.percent ?? 0);
}

export const whyText = (code: string): string => t().signing.why[code] ?? t().signing.whyOther(code);

/** A random UUID; `crypto.randomUUID` is not there without TLS. */
export function drawUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Something of a unit waits for somebody. */
export const needsCare = (unit: UnitRow): boolean => Boolean(unit.outage) || unit.needs_secret || unit.warnings.length > 0;

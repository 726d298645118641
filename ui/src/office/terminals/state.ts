import type { DeviceRow } from '../lib/reads';

/** What is most the matter with a terminal. */
export function stateOf(row: DeviceRow): 'stopped' | 'unregistered' | 'overdue' | 'warned' | 'good' {
  if (row.stop) return 'stopped';
  if (!row.card) return 'unregistered';
  if (row.overdue) return 'overdue';
  return row.default_password || row.approval === 'ends_soon' || row.approval === 'ended' ? 'warned' : 'good';
}

/** A payment attempt's state as the truth light: whether money moved. */
export type Light = 'running' | 'charged' | 'not_charged' | 'unknown';

const lights: Record<string, Light> = {
  intended: 'running', sent: 'running', recorded: 'running', approved: 'charged', resolved_charged: 'charged',
  declined: 'not_charged', cancelled: 'not_charged', resolved_not_charged: 'not_charged', in_doubt: 'unknown',
};
/** How a terminal's closing is marked. */
export const markOf = (row: { state: string; alone: boolean; matches: boolean; needs_reason: boolean }): string =>
  row.state === 'closed' ? (row.needs_reason ? 'bad' : row.matches && !row.alone ? 'ok' : 'warn') : row.state === 'unknown' || row.state === 'not_closed' ? 'bad' : '';
/** A state that is not known here is not known: never taken for "no". */
export const lightOf = (state: string): Light => (Object.hasOwn(lights, state) ? (lights[state] ?? 'unknown') : 'unknown');

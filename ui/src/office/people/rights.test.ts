/** The table that people read is the one by which the shop decides. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { RIGHTS, type Reach } from './rights';

const source = readFileSync(fileURLToPath(new URL('../../../../crates/domain/src/people.rs', import.meta.url)), 'utf8');
const arms = [
  ...source.replace(/\s+/g, ' ').matchAll(/\((P::[^,()]+), ([A-Za-z_ |]+)\) => \{? ?(Yes|No|UpToPercent\([\d_]+\)|UpTo\(Money::new\([\d_]+\)\))/g),
];

/** What the first arm that fits says, as the match in Rust does. */
function decided(right: string, role: string): Reach | undefined {
  const pascal = right.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  for (const [, rights = '', roles = '', says = ''] of arms) {
    const names = rights.split('|').map((name) => name.trim().replace('P::', ''));
    const fits = roles.trim() === '_' || roles.split('|').map((name) => name.trim()).includes(role);
    if (!names.includes(pascal) || !fits) continue;
    const number = Number(/\(([\d_]+)\)/.exec(says)?.[1]?.replaceAll('_', '') ?? 'NaN');
    if (says === 'Yes') return true;
    if (says === 'No') return false;
    if (says.startsWith('UpToPercent')) return { percent: number };
    if (says.startsWith('UpTo(')) return { amount: number };
  }
  return undefined;
}

test('the table of rights is that of the domain', () => {
  expect(arms.length).toBeGreaterThan(10);
  for (const row of RIGHTS) {
    expect(decided(row.right, 'Cashier'), `${row.right}, cashier`).toEqual(row.cashier);
    expect(decided(row.right, 'Supervisor'), `${row.right}, supervisor`).toEqual(row.supervisor);
  }
});

test('no right is left out', () => {
  const body = /pub enum Permission \{([\s\S]*?)\n\}/.exec(source)?.[1] ?? '';
  const all = [...body.matchAll(/^ {4}([A-Z][A-Za-z]+),$/gm)].map((match) => match[1] ?? '').filter((name) => name !== 'Public' && name !== 'SignedIn');
  const snake = all.map((name) => name.replace(/(?!^)[A-Z]/g, (c) => `_${c}`).toLowerCase());
  expect(RIGHTS.map((row) => row.right).sort()).toEqual(snake.sort());
});

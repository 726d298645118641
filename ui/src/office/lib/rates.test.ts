import { describe, expect, it } from 'vitest';
import { keyText, nextOwnKey } from './rates';

describe('tax keys', () => {
  it('are named as the German form names them, own ones as the shop does', () => {
    const german = { country: 'DE' as const, own_tax_keys: [{ key: 1000, description: 'Außer Haus' }] };
    expect(keyText(1, german)).toContain('§ 12');
    expect(keyText(21, german)).toMatch(/ · /);
    expect(keyText(1000, german)).toContain('Außer Haus');
    expect(keyText(1, { country: 'AT', own_tax_keys: [] })).not.toContain(' · ');
  });
  it('of the shop begin with 1000', () => {
    expect(nextOwnKey([1, 2, 5])).toBe(1000);
    expect(nextOwnKey([1, 1000])).toBe(1001);
  });
});

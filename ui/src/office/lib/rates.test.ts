import { describe, expect, it } from 'vitest';
import { keyText, nextOwnKey } from './rates';

describe('tax keys', () => {
  it('are named as the German form names them, own ones as the shop does', () => {
    const german = { own_tax_keys: [{ key: 1000, description: 'Außer Haus' }] };
    expect(keyText(1, german, true)).toContain('§ 12');
    expect(keyText(21, german, true)).toMatch(/ · /);
    expect(keyText(1000, german, true)).toContain('Außer Haus');
    expect(keyText(1, { own_tax_keys: [] }, false)).not.toContain(' · ');
  });
  it('of the shop begin with 1000', () => {
    expect(nextOwnKey([1, 2, 5])).toBe(1000);
    expect(nextOwnKey([1, 1000])).toBe(1001);
  });
});

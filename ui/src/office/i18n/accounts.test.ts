import { describe, expect, it } from 'vitest';
import { accountTexts as de } from './accounts.de';
import { accountTexts as en } from './accounts.en';

describe('what is said before a customer is forgotten', () => {
  it('names the law of the shop’s own country, and none before that is known', () => {
    for (const { forget } of [de, en]) {
      const told = forget.invoices({ country: 'Austria', years: 7, law: 'BAO § 132' });
      expect(told).toMatch(/Austria: 7 \w+, BAO § 132\.$/);
      for (const text of [told, forget.invoices()]) expect(text).not.toMatch(/Deutschland|Germany|§ 14b/);
    }
  });
});

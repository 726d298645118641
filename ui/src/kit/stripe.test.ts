import { expect, test } from 'vitest';
import { holdsStripe } from './stripe';

test('stripes are seen with and without their sentinels, anywhere', () => {
  for (const text of [
    '%B4111111111111111^MUSTER/ANNA^25121010000000000?', ';4111111111111111=25121010000000000?', 'ö4111111111111111´25121010000000000_',
    'Notiz 4111111111111111=25121010000000000 Ende', 'B4111111111111111^MUSTER/ANNA^25121010000', '%b4111 1111 1111 1111^X^',
    ';4111111111111111==101?', 'ö4111 1111 1111 1111´2512',
  ]) expect(holdsStripe(text), text).toBe(true);
});

test('codes, amounts and what people write stay', () => {
  for (const text of ['4006381333931', ']d2010400638133393117251231', '12,50', '100%Baumwolle; 3 Stück', '4111111111111111', 'R1-4812', 'https://id.gs1.org/01/04006381333931?x=1;y=2', 'DE89 3704 0044 0532 0130 00', '4006381333931 = Müsli', '4006381333931=12 Stück', '; 4006381333931 doppelt', '; 4006381333931 = Müsli', ';4006381333931=neu', '']) expect(holdsStripe(text), text).toBe(false);
});

/** Notes and coins of a currency by their value in minor units, largest first. */
export interface Denominations {
  notes: readonly number[];
  coins: readonly number[];
}

const known: Record<string, Denominations> = {
  EUR: { notes: [50000, 20000, 10000, 5000, 2000, 1000, 500], coins: [200, 100, 50, 20, 10, 5, 2, 1] },
  CHF: { notes: [100000, 20000, 10000, 5000, 2000, 1000], coins: [500, 200, 100, 50, 20, 10, 5] },
};

export const denominations = (currency: string): Denominations =>
  known[currency] ?? { notes: [10000, 5000, 2000, 1000, 500], coins: [200, 100, 50, 20, 10, 5, 2, 1] };

/** A code as a scanner would send it: with its AIM identifier, so that the shop knows the symbol. */
export const asScanner = (found: { symbologyIdentifier: string; text: string }): string => `${found.symbologyIdentifier}${found.text}`;

/** Out of sight for so long, a code is another piece when it comes back. */
export const GONE_MS = 800;

/** Tells codes that come into the picture from those that stay in it. */
export class InSight {
  private readonly seen = new Map<string, number>();

  /** The codes of a picture that were not in those just before. */
  fresh(codes: readonly string[], now: number): string[] {
    for (const [code, at] of this.seen) if (now - at > GONE_MS) this.seen.delete(code);
    const news = codes.filter((code, index) => !this.seen.has(code) && codes.indexOf(code) === index);
    for (const code of codes) this.seen.set(code, now);
    return news;
  }
}

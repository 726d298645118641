/** The items that labels are wanted of, kept while somebody goes through the list. */
export interface ChosenItem { item: number; number: string; name: string; count: string }

class Chosen {
  rows = $state<ChosenItem[]>([]);

  has(item: number): boolean {
    return this.rows.some((row) => row.item === item);
  }
  choose(row: { item: number; number: string; name: string }, on: boolean): void {
    if (on && !this.has(row.item)) this.rows = [...this.rows, { item: row.item, number: row.number, name: row.name, count: '1' }];
    if (!on) this.rows = this.rows.filter((one) => one.item !== row.item);
  }
  clear(): void {
    this.rows = [];
  }
}

export const chosen = new Chosen();

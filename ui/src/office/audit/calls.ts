/** The calls of audits, and the addresses that the browser opens itself. */
import type { components } from '../../api/schema';
import { fetchFile, get, post } from '../../api/client';
import type { SessionView } from '../../api/types';
import { days } from '../lib/api';
import type { DayPage, ReceiptPage } from '../lib/reads';

type Schemas = components['schemas'];
type Sent<T> = T extends (infer E)[] ? Sent<E>[] : T extends object ? { [K in keyof T]-?: Sent<T[K]> } : T;
type Query = Record<string, string | number | undefined>;

export type AuditView = Sent<Schemas['AuditView']>;
export type AuditRow = Sent<Schemas['AuditRow']>;
export type AuditOpened = Sent<Schemas['AuditOpened']>;
export type ChangeRow = Sent<Schemas['ChangeRow']>;
export type AuditRecord = Sent<Schemas['AuditRecord']>;
export type FieldChange = Sent<Schemas['FieldChange']>;
export type AuditSession = NonNullable<SessionView['audit']>;

export const audits = {
  list: () => get<AuditRow[]>('/audits'),
  open: (office: string, minutes: number) => post<AuditOpened>('/audits', { office, minutes }),
  end: () => post<AuditRow[]>('/audits/end', {}),
  enter: (code: string) => post<SessionView>('/audits/enter', { code }),
  leave: () => post<SessionView>('/audit/leave', {}),
  view: () => get<AuditView>('/audit'),
  changes: (query: Query) => get<Sent<Schemas['ChangePage']>>('/audit/changes', query),
  imported: (id: number, query: Query) => get<Sent<Schemas['ImportedPage']>>(`/audit/imports/${id}`, query),
  receipts: (query: Query) => get<ReceiptPage>('/audit/receipts', query),
  records: (query: Query) => get<Sent<Schemas['AuditRecordPage']>>('/audit/records', query),
  days: (query: Query) => get<DayPage>('/audit/days', query),
  tar: (unit: number, from: string, to: string) => fetchFile(`/audit/units/${unit}/export.tar`, days(from, to), 1_800_000),
  /** A year of a busy shop takes minutes: it is made and read again. */
  dsfinvk: (from: string, to: string) => fetchFile('/audit/dsfinvk.zip', { from, to }, 1_800_000),
  dep7: (till: number, register: string, anyway: boolean) => fetchFile('/audit/dep7.json', { till: String(till), register, ...(anyway ? { anyway: 'true' } : {}) }, 1_800_000),
};

export const auditAddress = {
  document: (name: string) => `/api/v1/audit/${name}`,
  receipt: (till: number, number: number, training: boolean) => `/api/v1/audit/receipts/${till}/${number}/html${training ? '?training=true' : ''}`,
  day: (till: number, number: number) => `/api/v1/audit/days/${till}/${number}/html`,
  xReport: (till: number) => `/api/v1/audit/tills/${till}/x-report`,
  codeReceipt: (till: number, position: number) => `/api/v1/audit/rksv/${till}/receipts/${position}/html`,
  changesCsv: (query: URLSearchParams) => `/api/v1/audit/changes.csv?${query}`,
};

import { expect, test } from 'vitest';
import { messageLamp, messages } from './index';

test('a lamp says in a sentence which message waits and why', () => {
  expect(messageLamp('mail_unreachable').short).toContain(messages().way.mail);
  expect(messageLamp('mail_unreachable').help).toContain(messages().why['unreachable'] ?? '?');
  expect(messageLamp('sms_no_secret').help).toContain(messages().why['no_secret'] ?? '?');
  expect(messageLamp('upload_server').short).toContain(messages().way.page);
  expect(messageLamp('unsettled').help).toBe(messages().unsettled_help);
});

/** A file that the shop made, handed to the browser under the name it has. */
export function keep({ file, name }: { file: Blob; name: string }): string {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser begins to read it after this turn; taken away at once, some save nothing.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return name;
}

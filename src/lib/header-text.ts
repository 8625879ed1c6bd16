// What a header of HTTP may hold (RFC 9110, 5.5): visible characters, spaces and tabs, and the upper half of Latin-1.

/** A whole value that may be sent as it is. */
export const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** What may not stand in a header becomes `?`: what somebody sends may end up in a header of what is sent to others. */
export function headerText(value: unknown): string {
  return String(value).replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, "?");
}

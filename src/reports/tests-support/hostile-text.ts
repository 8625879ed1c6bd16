// What no report may ever print: sequences that move cursors, hide text or reorder it.

/** Control characters except line breaks, C1 controls, bidirectional and invisible format characters, lone surrogates. */
export const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

// Chat and mail cannot be closed, but "all clear" is no alert: these words in front announce the end of one.

const ALL_CLEAR =
  /^(?::\w+:|[^\p{L}\p{N}[])*(?:\[(?:resolved|recovered)[^\]]*\]|(?:resolved|recovered|all clear)\s*(?:[:!.]|$))/iu;

export function isAllClear(text: string): boolean {
  return ALL_CLEAR.test(text);
}

/** Recognises a full disk, in error codes of Node and in the output of programs. */

export const diskFull = 'the disk is full';

/** @param text an error code, a message, or the output of a program */
export const isDiskFull = (text: string): boolean =>
  /no space left on device|ENOSPC|Errno 28|EDQUOT|Disk quota exceeded/i.test(text);

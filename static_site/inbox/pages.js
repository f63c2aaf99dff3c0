// Answers that come in pages.

/** Reads page after page, until there is no more or the signal says stop. */
export async function allPages(readPage, onPage, signal) {
  let cursor = null;
  do {
    const page = await readPage(cursor);
    if (signal?.aborted) throw signal.reason;
    onPage(page);
    cursor = page.nextCursor ?? page.next_cursor ?? null;
  } while (cursor);
}

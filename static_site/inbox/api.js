// The owner's API, docs/inbox-api.md. Nothing else in the inbox calls fetch.

const TIMEOUT_MS = 30_000;

/** An answer that is no success. */
export class ApiError extends Error {
  /**
   * @param {number} status 0: there was no answer that this page may read
   * @param {object} problem RFC 9457
   * @param {number} retryAfterSeconds 0: the answer did not say
   */
  constructor(status, problem = {}, retryAfterSeconds = 0) {
    super(problem.detail ?? problem.title ?? `status ${status}`);
    this.status = status;
    this.code = problem.type?.split(":").pop() ?? "";
    this.requestId = problem.request_id ?? "";
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * @param {object} how
 * @param {string} how.address of the API, without a slash at its end
 * @param {() => ?string} how.token
 * @param {() => void} how.onRefused the token that was sent is not accepted, or no longer
 */
export function createApi({ address, token, onRefused }) {
  async function request(method, path, { query, body, accept, signal, isPublic } = {}) {
    const sentToken = isPublic ? null : token();
    const headers = { Accept: accept ?? "application/json" };
    if (sentToken) headers.Authorization = `Bearer ${sentToken}`;
    if (body) headers["Content-Type"] = "application/json";
    const url = address + path + queryText(query);
    const response = await answer(
      url,
      { method, headers, body: body && JSON.stringify(body) },
      signal,
    );
    if (response.ok) return response;
    const error = await errorOf(response);
    // An answer to a token that was replaced meanwhile says nothing about the new one.
    if (error.status === 401 && sentToken && sentToken === token()) onRefused();
    throw error;
  }

  const json = async (...how) => (await request(...how)).json();

  // A list that is read while something is moved would show half of it.
  const writing = new Set();
  let begun = 0;
  async function write(...how) {
    begun += 1;
    const sent = request(...how);
    writing.add(sent);
    return sent.finally(() => writing.delete(sent));
  }

  /** Counts what nothing changed meanwhile: the page has counted its own changes already. */
  async function forms() {
    while (writing.size) await Promise.allSettled(writing);
    const before = begun;
    const found = await json("GET", "/forms");
    return begun === before ? found : forms();
  }
  const of = (form, ...more) => ["", "forms", form, ...more].map(encodeURIComponent).join("/");

  /** One page as a file: its content, and where it goes on. */
  async function page(path, body, signal) {
    const response = await request("POST", path, { body, signal, accept: "*/*" });
    return { blob: await response.blob(), nextCursor: response.headers.get("X-Next-Cursor") };
  }

  return {
    address,
    forms,
    submissions: async (form, query, signal) => {
      await Promise.allSettled(writing);
      return json("GET", of(form, "submissions"), { query, signal });
    },
    submission: (form, id, signal) => json("GET", of(form, "submissions", id), { signal }),
    change: async (form, ids, change) =>
      (await write("PATCH", of(form, "submissions"), { body: { ids, ...change } })).json(),
    remove: (form, id) => write("DELETE", of(form, "submissions", id)),
    sendAgain: (form, id, target) =>
      json("POST", of(form, "submissions", id, "deliveries", target)),
    counts: (form, days, cursor) => json("GET", of(form, "counts"), { query: { days, cursor } }),
    names: (form, cursor, signal) => json("GET", of(form, "names"), { query: { cursor }, signal }),
    exportPage: (form, body, signal) => page(of(form, "export"), body, signal),
    findPerson: (body, signal) => json("POST", "/people/find", { body, signal }),
    exportPerson: (body, signal) => page("/people/export", body, signal),
    erasePerson: (body) => json("POST", "/people/erase", { body }),
    /** The HTML to paste; anybody may ask for it. */
    snippet: (form) => json("GET", `/f/${encodeURIComponent(form)}`, { isPublic: true }),
  };
}

/** Waits for an answer, but not for ever; AbortSignal.any is too young to rely on. */
async function answer(url, init, signal) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  const timer = setTimeout(abort, TIMEOUT_MS);
  try {
    return await fetch(url, { ...init, signal: controller.signal, credentials: "omit" });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

async function errorOf(response) {
  // A gateway may answer with something else than JSON.
  const problem = await response.json().catch(() => ({}));
  return new ApiError(
    response.status,
    problem ?? {},
    Number(response.headers.get("Retry-After")) || 0,
  );
}

function queryText(query = {}) {
  const given = Object.entries(query).filter(([, value]) => value);
  return given.length ? `?${new URLSearchParams(given)}` : "";
}

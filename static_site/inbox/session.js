// The owner's token: taken from the link, kept in this tab, never in the address bar.

const KEY = "formpost-token";
const IN_FRAGMENT = /^#token=(.+)$/;

/** Returns the token of a sign-in link and takes it out of the address; null if there is none. */
export function takeTokenFromAddress() {
  const found = IN_FRAGMENT.exec(location.hash);
  if (!found) return null;
  history.replaceState(null, "", location.pathname + location.search);
  return decodeURIComponent(found[1]).trim();
}

export function createSession() {
  let token = stored(() => sessionStorage.getItem(KEY));
  return {
    get token() {
      return token;
    },
    keep(newToken) {
      token = newToken;
      stored(() => sessionStorage.setItem(KEY, newToken));
    },
    forget() {
      token = null;
      stored(() => sessionStorage.removeItem(KEY));
    },
  };
}

/** A browser may forbid storage; then the token lasts as long as the page. */
function stored(access) {
  try {
    return access() ?? null;
  } catch {
    return null;
  }
}

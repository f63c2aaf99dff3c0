// Puts the parts of the inbox together. What each of them does stands at its top.

import { createApi } from "./api.js";
import { createChanges } from "./changes.js";
import { ask, byId } from "./dom.js";
import { createExport } from "./export.js";
import { sentence } from "./failures.js";
import { listenToKeys } from "./keyboard.js";
import { createList } from "./list.js";
import { createListEnd } from "./list_end.js";
import { createListHead } from "./list_head.js";
import { createLoading } from "./loading.js";
import { createLocal } from "./local.js";
import { createOpening } from "./opening.js";
import { createOverview } from "./overview.js";
import { createPeople } from "./people.js";
import { createPlaces } from "./places.js";
import { createPolling } from "./polling.js";
import { createReading } from "./reading.js";
import { createRecent } from "./recent.js";
import { createRouter } from "./router.js";
import { createSearch } from "./search.js";
import { createSelection } from "./selection.js";
import { createSession, takeTokenFromAddress } from "./session.js";
import { createSignIn, ENDED, REFUSED } from "./sign_in.js";
import { createStore } from "./state.js";
import { drawTitle } from "./title.js";
import { createToasts } from "./toast.js";
import { createTravel } from "./travel.js";
import { createTrouble } from "./trouble.js";
import { createVerbs, shortcutsOf } from "./verbs.js";

const address = document.querySelector('meta[name="formpost-api"]').content;
const page = byId("inbox");
const scroller = byId("list-scroll");

const session = createSession();
const store = createStore();
const toasts = createToasts(byId("toasts"));
const recent = createRecent();
const api = createApi({ address, token: () => session.token, onRefused: () => leave() });
const put = createLocal({ store, recent });
const loading = createLoading({ api, store, recent });
const selection = createSelection(store);
const router = createRouter((place) => travel.arrive(place));
const changes = createChanges({
  api,
  store,
  put,
  toasts,
  router,
  confirm,
  onMove: loading.forgetLeft,
});
const opening = createOpening({ api, store, recent, changes });
const exporting = createExport({ api, store, toasts });
const people = createPeople({ api, store, onErased });
const overviewInPane = createOverview({ api });
const overviewInDialog = createOverview({ api });
const polling = createPolling({
  look,
  onFailure: (trouble) => store.set({ trouble }),
  onSuccess: () => store.state.trouble && store.set({ trouble: null }),
});
const signIn = createSignIn({ onToken: signInWith, onAgain: () => enter() });

const list = createList({ host: byId("entries"), scroller, onPick: selection.pick });
const search = createSearch({
  form: byId("search"),
  input: byId("query"),
  onSearch: (query) => travel.search(query),
});
const places = createPlaces({ host: byId("places"), button: byId("places-button") });
const verbs = createVerbs({
  api,
  store,
  changes,
  selection,
  toasts,
  router,
  list,
  search,
  opening,
  loading,
  exporting,
  showChart,
  travel: () => travel,
});
const reading = createReading({ host: byId("reading"), verbs, overview: overviewInPane.element });
const travel = createTravel({ store, router, loading, opening, list, reading });
const listHead = createListHead({
  title: byId("list-title"),
  status: byId("list-status"),
  tools: byId("list-tools"),
  pickAll: byId("pick-all"),
  verbs,
});
const listEnd = createListEnd({
  host: byId("list-end"),
  scroller,
  api,
  onMore: loading.more,
  onAgain: loading.refresh,
  onClearSearch: () => travel.search(""),
});
const trouble = createTrouble({ host: byId("trouble"), onAgain: polling.now });

store.subscribe(draw);
listenToKeys(shortcutsOf(verbs), { isReady: () => !page.hidden });
byId("entries").addEventListener("focusin", (event) => {
  const id = list.idAt(event.target);
  if (id && id !== store.state.current) store.set({ current: id });
});
byId("pick-all").addEventListener("change", selection.all);
byId("people-button").addEventListener("click", people.open);
byId("help-button").addEventListener("click", verbs.help);
byId("sign-out").addEventListener("click", signOut);
// A sign-in link may be opened in a tab that has this page already.
addEventListener("hashchange", begin);
begin();

function begin() {
  const linked = takeTokenFromAddress();
  if (linked) {
    session.keep(linked);
    if (store.state.place) router.go(store.state.place, { isSame: true });
  } else if (!page.hidden || store.state.place) return;
  if (session.token)
    enter().then((refusal) => refusal && signIn.show(refusal, Boolean(session.token)));
  else signIn.show();
}

/** Returns why not, if not. */
function signInWith(token) {
  session.keep(token);
  return enter();
}

async function enter() {
  try {
    await readForms();
  } catch (error) {
    if (error.status !== 401) return sentence(error);
    session.forget();
    return REFUSED;
  }
  signIn.hide();
  page.hidden = false;
  if (store.state.place) await polling.now();
  else router.start();
  polling.start();
  return "";
}

/** The token ended while the page was open: everything stays as it is behind the sign-in. */
function leave() {
  const isOpen = !page.hidden;
  session.forget();
  polling.stop();
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  page.hidden = true;
  signIn.show(isOpen ? ENDED : "");
}

function signOut() {
  session.forget();
  // Loaded anew, nothing of what was read is left in memory.
  location.replace(location.pathname + location.search);
}

async function readForms() {
  const { forms, token } = await api.forms();
  store.set({ forms, canWrite: token.scope === "write" });
}

/** Nothing of a person who was erased stays in view. */
function onErased() {
  loading.forgetLeft();
  opening.forget();
  if (store.state.open) opening.open();
  return polling.now();
}

async function look() {
  await readForms();
  await loading.refresh();
  const deliveries = store.state.open?.submission?.deliveries ?? [];
  if (deliveries.some(({ state }) => state === "pending")) await opening.refresh();
  list.tick();
}

function draw(state) {
  if (!state.place) return;
  page.classList.toggle("has-open", Boolean(state.open || !state.place.folder));
  places.draw(state);
  list.draw(state);
  listHead.draw(state);
  listEnd.draw(state);
  reading.draw(state);
  search.draw(state);
  trouble.draw(state);
  drawTitle(state);
  // On a narrow screen the pane is not seen, and its chart is not asked for.
  if (!state.open && state.place.form && overviewInPane.element.checkVisibility?.() !== false) {
    overviewInPane.show(state.place.form);
  }
}

function showChart() {
  const dialog = byId("chart");
  byId("chart-body").replaceChildren(overviewInDialog.element);
  dialog.showModal();
  overviewInDialog.show(store.state.place.form);
}

async function confirm({ title, words, yes }) {
  byId("confirm-title").textContent = title;
  byId("confirm-words").textContent = words;
  byId("confirm-yes").textContent = yes;
  return (await ask(byId("confirm"))) === "yes";
}

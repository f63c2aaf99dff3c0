// Forms and their folders, with what is unread in each.

import { icon, make, replaceKeepingFocus } from "./dom.js";
import { FOLDERS, FOLDER_TITLES } from "./folders.js";
import { fragmentOf } from "./router.js";
import { oneLine, unreadText } from "./text.js";

export function createPlaces({ host, button }) {
  let drawnKey = "";
  button.onclick = () => setOpen(button.getAttribute("aria-expanded") !== "true");
  // On a narrow screen it lies over the list until a place is chosen.
  host.addEventListener("click", (event) => {
    if (event.target.closest("a")) setOpen(false);
  });
  host.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || button.getAttribute("aria-expanded") !== "true") return;
    // And nothing else does something about it.
    event.preventDefault();
    setOpen(false);
    button.focus();
  });

  function setOpen(isOpen) {
    button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) host.querySelector("[aria-current]")?.focus();
  }

  function draw({ forms, place }) {
    const key = JSON.stringify([
      forms.map(({ id, title, unread }) => [id, title, unread]),
      place.form,
      place.folder,
    ]);
    if (key === drawnKey) return;
    drawnKey = key;
    replaceKeepingFocus(host, ...forms.map((form) => section(form, place)));
  }

  return { draw, close: () => setOpen(false) };
}

function section(form, place) {
  const links = FOLDERS.map((folder) => make("li", {}, link(form, folder, place)));
  return make(
    "section",
    {},
    make("h2", { dir: "auto" }, oneLine(form.title)),
    make("ul", {}, ...links),
  );
}

function link(form, folder, place) {
  const count = form.unread[folder];
  const isHere = form.id === place.form && folder === place.folder;
  const made = make(
    "a",
    {
      href: fragmentOf({ form: form.id, folder, id: null, query: "" }),
      className: count ? "has-unread" : "",
      "aria-current": isHere ? "page" : null,
    },
    icon(folder),
    make("span", {}, FOLDER_TITLES[folder]),
    ...(count
      ? [
          " ",
          make(
            "span",
            { className: "count" },
            unreadText(count),
            make("span", { className: "unseen" }, " unread"),
          ),
        ]
      : []),
  );
  made.dataset.key = `${form.id}/${folder}`;
  return made;
}

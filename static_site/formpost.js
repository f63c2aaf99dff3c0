// Sends each <form data-formpost> without leaving the page: docs/formpost-js.md

const TEXTS = {
  busy: "Sending …",
  retry: "No answer yet, trying again …",
  success: "Thank you. Your message has been sent.",
  reference: "Your reference:",
  unsent: "What you typed meanwhile is still here and has not been sent.",
  invalid: "Please check what you entered",
  failed: "Your message has not been sent",
  unanswered: "There was no usable answer. Please check your connection.",
  again: "Send again",
  request: "Request:",
};

const MAX_TRIES = 4;
const TRY_MS = 15_000;
const MAX_WAIT_SECONDS = 10;
const PROOF_SECONDS = 3;
// No answer of the API.
const TRANSIENT = [0, 502, 503, 504];

document.querySelectorAll("form[data-formpost]").forEach(enhance);

export function enhance(form) {
  if (form.dataset.formpost === "enhanced") return;
  form.dataset.formpost = "enhanced";
  const status = make("div", { className: "formpost-status", role: "status", tabIndex: -1 });
  form.after(status);
  const isChecked = !form.noValidate;
  // The browser's bubbles show one message.
  form.noValidate = true;
  let sent = {};
  let isBusy;

  form.addEventListener("focusin", () => prove(form));
  form.addEventListener("input", ({ target }) => {
    if (target.checkValidity?.()) clearError(form, target.name);
  });

  form.addEventListener("submit", async (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    if (isBusy) return;
    clear(form, status);
    const errors = isChecked ? browserErrors(form) : [];
    if (errors[0]) return showErrors(form, errors);

    const { submitter } = event;
    const read = () => JSON.stringify([...new FormData(form, submitter)]);
    const content = read();
    // The same content is stored once.
    if (content !== sent.content) sent = { content, key: newKey() };
    const data = new FormData(form, submitter);
    data.set("_idempotency_key", sent.key);

    isBusy = true;
    const endBusy = showBusy(form, submitter);
    data.append("altcha", (await Promise.race([prove(form), wait(PROOF_SECONDS)])) ?? "");
    const answer = await post(form, data, status);
    endBusy?.();
    isBusy = false;
    status.textContent = "";
    if (!answer.id) return showFailure(form, answer, submitter);
    sent = {};
    showSuccess(form, answer, status, content === read());
  });
}

// Plain http has no randomUUID.
function newKey() {
  return crypto.randomUUID?.() ?? crypto.getRandomValues(new Uint32Array(4)).join("-");
}

async function prove(form) {
  if (form.dataset.formpostProof === "off") return;
  try {
    return (await import("./proof.js")).proofFor(form);
  } catch {}
}

function wait(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

async function post(form, data, status) {
  for (let tries = 1; ; tries++) {
    const answer = await send(form, data);
    const waitSeconds = answer.retryAfter || tries;
    const isLast = tries === MAX_TRIES || waitSeconds > MAX_WAIT_SECONDS;
    if (isLast || !TRANSIENT.includes(answer.status)) return answer;
    status.textContent = say(form, "retry");
    await wait(waitSeconds);
  }
}

async function send(form, body) {
  let answer = { status: 0 };
  try {
    // Not form.action: that may be a field.
    const response = await fetch(form.getAttribute("action"), {
      method: "POST",
      body,
      // Others cost a preflight.
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout?.(TRY_MS),
    });
    answer = { status: response.status, retryAfter: +response.headers.get("Retry-After") };
    return { ...(await response.json()), ...answer };
  } catch {
    return answer;
  }
}

function showBusy(form, button) {
  if (!button) return;
  const content = [...button.childNodes];
  button.replaceChildren(say(form, "busy"));
  button.ariaDisabled = true;
  return () => {
    button.replaceChildren(...content);
    button.ariaDisabled = null;
  };
}

function showSuccess(form, receipt, status, isUnchanged) {
  tell(form, "success", receipt);
  if (isUnchanged) {
    HTMLFormElement.prototype.reset.call(form);
    form.hidden = true;
    if ("formpostRedirect" in form.dataset) location = receipt.next;
  }
  const reference = receipt.id.slice(-8).replace(/.{4}/, "$&-");
  status.append(
    make("p", {}, say(form, "success")),
    make("p", {}, say(form, "reference"), " ", make("strong", {}, reference)),
    isUnchanged ? "" : say(form, "unsent"),
  );
  status.focus();
}

function showFailure(form, answer, submitter) {
  tell(form, "error", answer);
  const { status, title, detail, errors, request_id } = answer;
  if (status === 422 && errors) return showErrors(form, errors);
  const box = showBox(form, title ?? say(form, "failed"));
  box.append(make("p", {}, detail ?? `${say(form, "unanswered")} ${status || ""}`));
  if (request_id) box.append(make("p", {}, say(form, "request"), " ", request_id));
  if (status !== 429 && !TRANSIENT.includes(status)) return;
  const onclick = () => {
    submitter?.focus();
    form.requestSubmit(submitter);
  };
  box.append(make("button", { type: "button", onclick }, say(form, "again")));
}

function browserErrors(form) {
  const errorByName = {};
  for (const field of form.elements) {
    const { name, validationMessage: message } = field;
    if (name && !field.checkValidity()) {
      errorByName[name] = { field: name, message, words: `${labelOf(field)}: ${message}` };
    }
  }
  return Object.values(errorByName);
}

function labelOf(field) {
  const legend = field.type === "radio" && field.closest("fieldset")?.querySelector("legend");
  // Without "(required)".
  return (legend || field.labels?.[0])?.firstChild.textContent.trim() || field.name;
}

function showErrors(form, errors) {
  const list = make("ul");
  for (const { field: name, message, words = message } of errors) {
    const [field] = fieldsNamed(form, name);
    list.append(make("li", {}, field ? linkTo(field, words) : words));
    if (field) showError(form, name, message);
  }
  showBox(form, say(form, "invalid")).append(list);
}

function showBox(form, heading) {
  const title = make("p", {}, make("strong", {}, heading));
  const box = make("div", { className: "formpost-errors", role: "alert", tabIndex: -1 }, title);
  form.prepend(box);
  box.focus();
  return box;
}

function linkTo(field, words) {
  const onclick = (event) => {
    // Else a <base> leads away.
    event.preventDefault();
    field.focus();
  };
  return make("a", { href: `#${idOf(field)}`, onclick }, words);
}

function showError(form, name, message) {
  const fields = fieldsNamed(form, name);
  const error = errorPlace(form, name) ?? make("div", { className: "formpost-error" });
  error.dataset.formpostError = name;
  error.append(message, " ");
  if (!error.isConnected) (fields[0].closest("label") ?? fields[0]).before(error);
  for (const field of fields) {
    field.ariaInvalid = true;
    const ids = field.getAttribute("aria-describedby") ?? "";
    if (!ids.includes(idOf(error))) field.setAttribute("aria-describedby", `${ids} ${error.id}`);
  }
}

function clear(form, status) {
  status.textContent = "";
  form.querySelector(".formpost-errors")?.remove();
  for (const { name } of form.elements) clearError(form, name);
}

function clearError(form, name) {
  errorPlace(form, name)?.replaceChildren();
  for (const field of fieldsNamed(form, name)) field.ariaInvalid = null;
}

function errorPlace(form, name) {
  return form.querySelector(`[data-formpost-error="${CSS.escape(name)}"]`);
}

function fieldsNamed(form, name) {
  return [...form.elements].filter((field) => field.name === name && field.type !== "hidden");
}

function idOf(element) {
  return (element.id ||= `formpost-${newKey()}`);
}

function tell(form, event, detail) {
  form.dispatchEvent(new CustomEvent(`formpost:${event}`, { bubbles: true, detail }));
}

function say(form, key) {
  return form.getAttribute(`data-formpost-${key}`) ?? TEXTS[key];
}

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

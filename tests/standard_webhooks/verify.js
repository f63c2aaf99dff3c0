// Verify one webhook with the npm library "standardwebhooks".
//
// Reads {"headers", "body", "secret"} as JSON from standard input and writes
// {"isVerified"}. Only a refused webhook is false; anything else ends in an error.
"use strict";

const { readFileSync } = require("node:fs");
const { Webhook, WebhookVerificationError } = require("standardwebhooks");

const { headers, body, secret } = JSON.parse(readFileSync(0, "utf8"));
const webhook = new Webhook(secret);
let isVerified = true;
try {
  webhook.verify(body, headers);
} catch (error) {
  if (!(error instanceof WebhookVerificationError)) throw error;
  isVerified = false;
}
process.stdout.write(JSON.stringify({ isVerified }));

// Searches the counter whose key begins as the challenge says (see engage/checks/challenge.py), apart from the page.
const MOST_TRIES = 1_000_000;

addEventListener("message", async ({ data }) => {
  postMessage(await search(data).catch(() => null));
});

async function search({ algorithm, cost, keyLength, keyPrefix, nonce, salt }) {
  const derivation = { name: "PBKDF2", hash: algorithm.replace("PBKDF2/", ""), salt: bytes(salt), iterations: cost };
  const begin = bytes(nonce);
  const password = new Uint8Array(begin.length + 4);
  password.set(begin);
  const view = new DataView(password.buffer);
  for (let counter = 0; counter < MOST_TRIES; counter += 1) {
    view.setUint32(begin.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hex(new Uint8Array(await crypto.subtle.deriveBits(derivation, key, keyLength * 8)));
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
  }
  return null;
}

function bytes(text) {
  return Uint8Array.from(text.match(/../g), (pair) => Number.parseInt(pair, 16));
}

function hex(array) {
  return Array.from(array, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Two people, two servers: what one encrypts for the other, only the other
// decrypts.

import assert from "node:assert/strict";
import test, { before } from "node:test";
import { LocalServerSigner } from "@sigma-auth/better-auth-plugin/client/local";
import { asPage, Home } from "./harness.js";

const HOST = "chat.example";
const page = (act) => asPage(`https://${HOST}`, act);

/** A person: a home, a server, and the signer of an app that they let in. */
async function person(name) {
  const home = await Home.registered(name);
  await home.json("origin", "allow", `https://${HOST}`);
  const signer = new LocalServerSigner({ baseUrl: (await home.serve()).url });
  assert.ok(await page(() => signer.authenticate(HOST, ["encrypt", "decrypt"])));
  return { bapID: home.bapID, signer };
}

let alice;
let bob;
let mallory;

before(async () => {
  [alice, bob, mallory] = await Promise.all(["Alice", "Bob", "Mallory"].map(person));
});

const pairs = {
  "Alice to Bob": () => [alice, bob],
  "Bob to Alice": () => [bob, alice],
};
for (const [name, pair] of Object.entries(pairs)) {
  test(`${name}: a secret goes over, and nobody else reads it`, async () => {
    const [sender, receiver] = pair();
    const key = await page(() => receiver.signer.getFriendPublicKey(sender.bapID));
    assert.match(key, /^0[23][0-9a-f]{64}$/);
    const secret = `for you only ☃ ${name}`;
    const ciphertext = await page(() => sender.signer.encrypt(secret, receiver.bapID, key));
    assert.equal(await page(() => receiver.signer.decrypt(ciphertext, sender.bapID)), secret);
    await assert.rejects(page(() => mallory.signer.decrypt(ciphertext, sender.bapID)));
    await assert.rejects(page(() => receiver.signer.decrypt(ciphertext, mallory.bapID)));
  });
}

test("each friend has a key of their own, the same each time", async () => {
  const keyFor = (friend) => page(() => alice.signer.getFriendPublicKey(friend.bapID));
  assert.equal(await keyFor(bob), await keyFor(bob));
  assert.notEqual(await keyFor(bob), await keyFor(mallory));
});

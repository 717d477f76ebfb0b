"use client";

import { useState } from "react";
import { authClient } from "../auth-client";

export default function Page() {
  const { data, isPending } = authClient.useSession();
  if (isPending) return null;
  return data ? <Note name={data.user.name} /> : <SignIn />;
}

function SignIn() {
  const clientId = process.env.NEXT_PUBLIC_SIGMA_CLIENT_ID;
  return <button onClick={() => authClient.signIn.sigma({ clientId })}>Sign in with TokenPass</button>;
}

function Note({ name }) {
  const [answer, setAnswer] = useState(null);
  const send = async (form) => {
    const body = JSON.stringify({ text: form.get("text") });
    // TokenPass signs, for a page whose origin you approved; the server verifies.
    const token = await authClient.sigma.sign("/api/notes", body);
    const sent = await fetch("/api/notes", { method: "POST", headers: { "X-Auth-Token": token }, body });
    setAnswer(JSON.stringify(await sent.json(), null, 2));
  };
  return (
    <>
      <p>You are {name}.</p>
      <form action={send}>
        <label>
          Note <input name="text" required />
        </label>
        <button>Sign and send</button>
      </form>
      <pre role="status">{answer}</pre>
      <button onClick={() => authClient.signOut().then(() => location.reload())}>Sign out</button>
    </>
  );
}

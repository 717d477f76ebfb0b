"use server";

import { getToken } from "next-auth/jwt";
import { headers } from "next/headers";
import { TOKENPASS } from "./auth";

/** Has the request to send signed: what comes back goes with it, as `X-Auth-Token`. */
export async function sign(_, form) {
  const { accessToken } = await getToken({ req: { headers: await headers() }, secret: process.env.AUTH_SECRET });
  const answer = await fetch(`${TOKENPASS}/api/sign`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ path: "/api/notes", body: JSON.stringify({ text: form.get("text") }) }),
  });
  const { token, error } = await answer.json();
  return token ?? error;
}

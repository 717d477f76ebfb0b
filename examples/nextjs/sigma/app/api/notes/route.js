import { parseAuthToken, verifyAuthToken } from "bitcoin-auth";

/** Takes notes that are signed, and says by whom. */
export async function POST(request) {
  const body = await request.text();
  const token = request.headers.get("X-Auth-Token") ?? "";
  const target = { requestPath: "/api/notes", timestamp: new Date().toISOString(), body };
  if (!verifyAuthToken(token, target)) return Response.json({ error: "not signed" }, { status: 401 });
  return Response.json({ ...JSON.parse(body), by: parseAuthToken(token).pubkey });
}

import NextAuth from "next-auth";

export const TOKENPASS = process.env.TOKENPASS_URL ?? "http://localhost:21000";

export const { handlers, auth, signIn, signOut } = NextAuth({
  providers: [
    {
      id: "tokenpass",
      name: "TokenPass",
      type: "oidc",
      issuer: TOKENPASS,
      // The app's own address: nothing is registered anywhere, there is no secret.
      clientId: process.env.AUTH_URL,
      client: { token_endpoint_auth_method: "none" },
      authorization: { params: { scope: "openid profile email sign" } },
      checks: ["pkce", "state", "nonce"],
    },
  ],
  callbacks: {
    // What signs stays in the sealed cookie, which only the server opens.
    jwt: ({ token, account, profile }) =>
      account ? { ...token, accessToken: account.access_token, bapId: profile.bap_id } : token,
    session: ({ session, token }) => ({ ...session, bapId: token.bapId }),
  },
});

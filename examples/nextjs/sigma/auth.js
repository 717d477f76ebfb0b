import { PrivateKey } from "@bsv/sdk";
import { sigmaCallbackPlugin } from "@sigma-auth/better-auth-plugin/server";
import { betterAuth } from "better-auth";

export const auth = betterAuth({
  baseURL: process.env.NEXT_PUBLIC_APP_URL,
  secret: process.env.AUTH_SECRET,
  plugins: [
    sigmaCallbackPlugin({
      clientId: process.env.NEXT_PUBLIC_SIGMA_CLIENT_ID,
      issuerUrl: process.env.NEXT_PUBLIC_SIGMA_AUTH_URL,
      // The plugin signs what it asks TokenPass. Any key does, unless the client was
      // added with one (`tokenpass client add --key`).
      memberPrivateKey: process.env.SIGMA_MEMBER_PRIVATE_KEY ?? PrivateKey.fromRandom().toWif(),
    }),
  ],
});

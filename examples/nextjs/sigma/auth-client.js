"use client";

import { sigmaClient } from "@sigma-auth/better-auth-plugin/client";
import { createAuthClient } from "better-auth/react";

export const authClient = createAuthClient({
  plugins: [sigmaClient({ preferLocal: true, localServerUrl: process.env.NEXT_PUBLIC_SIGMA_AUTH_URL })],
});

"use client";

import { useEffect, useRef, useState } from "react";
import { authClient } from "../../../../auth-client";

export default function Callback() {
  const [error, setError] = useState(null);
  const done = useRef(false);
  useEffect(() => {
    // A code works once, and effects may run twice.
    if (done.current) return;
    done.current = true;
    authClient.sigma
      .handleCallback(new URLSearchParams(location.search))
      .then(() => location.replace("/"), (failed) => setError(failed.message));
  }, []);
  return <p role="status">{error ?? "Signing in…"}</p>;
}

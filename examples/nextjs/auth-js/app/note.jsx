"use client";

import { useActionState } from "react";
import { sign } from "../sign";

export default function Note() {
  const [signed, action] = useActionState(sign, null);
  return (
    <form action={action}>
      <label>
        Note <input name="text" required />
      </label>
      <button>Sign it</button>
      <pre role="status">{signed}</pre>
    </form>
  );
}

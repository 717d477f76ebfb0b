import { auth, signIn, signOut } from "../auth";
import Note from "./note";

async function enter() {
  "use server";
  await signIn("tokenpass");
}

async function leave() {
  "use server";
  await signOut();
}

export default async function Page() {
  const session = await auth();
  if (!session) {
    return (
      <form action={enter}>
        <button>Sign in with TokenPass</button>
      </form>
    );
  }
  return (
    <>
      <p>
        You are {session.user.name}, <code>{session.bapId}</code>.
      </p>
      <Note />
      <form action={leave}>
        <button>Sign out</button>
      </form>
    </>
  );
}

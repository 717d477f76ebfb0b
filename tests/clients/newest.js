// Has everything find the newest `@bsv/sdk` where it asks for the one that is
// pinned: `node --import ./newest.js --test`.

import { register } from "node:module";

const hook = `export const resolve = (name, context, next) =>
  next(name.replace(/^@bsv\\/sdk(?=$|\\/)/, "@bsv/sdk-2"), context);`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

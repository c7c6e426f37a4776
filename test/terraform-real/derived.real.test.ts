import { EXAMPLES } from "../support/examples";
import { runsAsTheyAre } from "./derived";

// The largest one is among the slow suites.
runsAsTheyAre(EXAMPLES.filter((name) => name !== "payments"));

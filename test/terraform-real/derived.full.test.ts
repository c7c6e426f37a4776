import { runsAsTheyAre } from "./derived";

runsAsTheyAre(["payments"]);

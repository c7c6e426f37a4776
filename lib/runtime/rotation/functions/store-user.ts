import { lambda } from "../lambda";
import { storeUser, type StoreUserValue } from "../store-user";
import type { StoreUserSettings } from "../../rotation-env";

/** Called by Terraform once, then by Secrets Manager. */
export const handler = lambda<StoreUserSettings, StoreUserValue>((settings) => storeUser(settings));

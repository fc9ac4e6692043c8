/**
 * The daemon we are paired with.
 */

import { deleteKey, readKey, writeKey } from "../shared/keys.js";
import { readSettings } from "../shared/settings.js";
import { Daemon, DaemonError } from "./daemon.js";

/** @typedef {import("../../types/notime.js").PairingState} PairingState */

/** @type {{port: number, daemon: Daemon} | null} */
let current = null;

/**
 * @returns {Promise<Daemon>}
 * @throws {DaemonError} `not_paired` where there is no key
 */
export async function pairedDaemon() {
  const { port } = await readSettings();
  if (current?.port !== port) {
    const key = await readKey("pairing");
    if (!key) {
      throw new DaemonError("not_paired");
    }
    current = { port, daemon: new Daemon(port, key) };
  }
  return current.daemon;
}

/** @returns {Promise<PairingState>} what a handshake with the key in use says */
export async function check() {
  return stateOf(async () => (await pairedDaemon()).connect());
}

/** @returns {Promise<PairingState>} what a handshake with the candidate says; it is taken over if that is `paired` */
export async function pair() {
  return stateOf(async () => {
    const key = await readKey("candidate");
    if (!key) {
      throw new DaemonError("not_paired");
    }
    try {
      await new Daemon((await readSettings()).port, key).connect();
      await writeKey("pairing", key);
      current = null;
    } finally {
      await deleteKey("candidate");
    }
  });
}

/** Forgets the key. */
export async function unpair() {
  await deleteKey("pairing");
  current = null;
}

/**
 * @param {() => Promise<unknown>} handshake
 * @returns {Promise<PairingState>}
 */
async function stateOf(handshake) {
  try {
    await handshake();
    return "paired";
  } catch (error) {
    if (error instanceof DaemonError) {
      return error.code;
    }
    throw error;
  }
}

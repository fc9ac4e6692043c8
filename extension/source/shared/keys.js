/**
 * The pairing key: kept in the extension's own IndexedDB as a CryptoKey that signs and cannot be read back.
 *
 * A pasted key is first a candidate; only when the daemon has proved that it knows the same one does it take
 * the place of the key in use.
 */

import { fromBase64url } from "./encoding.js";

const DATABASE = "notime";
const STORE = "keys";
const KEY_BYTES = 32;

/** @typedef {"pairing" | "candidate"} Slot */

/**
 * @param {string} pasted what `notime pair` printed, with whatever white space came along
 * @returns {Promise<CryptoKey | null>} null where it is not such a key
 */
export async function importKey(pasted) {
  const bytes = fromBase64url(pasted.replace(/\s/g, ""));
  if (bytes?.length !== KEY_BYTES) {
    return null;
  }
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

/**
 * @param {Slot} slot
 * @returns {Promise<CryptoKey | null>}
 */
export async function readKey(slot) {
  const key = await transact("readonly", (store) => store.get(slot));
  return key instanceof CryptoKey ? key : null;
}

/**
 * @param {Slot} slot
 * @param {CryptoKey} key
 */
export async function writeKey(slot, key) {
  await transact("readwrite", (store) => store.put(key, slot));
}

/** @param {Slot} slot */
export async function deleteKey(slot) {
  await transact("readwrite", (store) => store.delete(slot));
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} work
 * @returns {Promise<unknown>} the request's result, once the transaction is complete
 */
async function transact(mode, work) {
  const database = await openDatabase();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** @returns {Promise<IDBDatabase>} */
function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

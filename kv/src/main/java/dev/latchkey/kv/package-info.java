/// An embeddable key/value store with expiry, atomic operations and cross-store transactions, kept
/// in one SQLite file.
///
/// A [Database] holds named [Store]s. Every call blocks until its effect is durable, and every call
/// made inside [Database#transact] belongs to that transaction.
///
/// Unless a method says otherwise: types are safe for use by many threads; no argument and no
/// result is null; times have millisecond resolution; and failures of the storage are thrown as
/// [KvException].
@NullMarked
package dev.latchkey.kv;

import org.jspecify.annotations.NullMarked;

/// A durable webhook inbox: deliveries are accepted before they are acknowledged, and what they ask
/// for is done once.
///
/// An [Inbox] stands on a [dev.latchkey.kv.Database] and keeps its tables there, so that an
/// application's own writes commit together with the steps of its work. A [Router] says what a
/// [Delivery] asks for, as [NewWork]; a [Handler] does it, as a [Task] made of steps whose results
/// are kept.
///
/// Works are level, not edge: a work says "see to pull request 7", its handler reads the present
/// state and does what is still missing. Deliveries may come late, twice and out of order.
///
/// Unless a method says otherwise: types are safe for use by many threads; no argument and no
/// result is null; and times have millisecond resolution.
@NullMarked
package dev.latchkey.inbox;

import org.jspecify.annotations.NullMarked;

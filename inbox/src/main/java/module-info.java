/// A durable webhook inbox; see [dev.latchkey.inbox].
module dev.latchkey.inbox {
  requires transitive dev.latchkey.kv;
  requires static transitive org.jspecify;

  exports dev.latchkey.inbox;
}

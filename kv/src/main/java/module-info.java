/// An embeddable key/value store with transactions; see [dev.latchkey.kv].
module dev.latchkey.kv {
  requires com.github.benmanes.caffeine;
  requires java.sql;
  requires org.xerial.sqlitejdbc;
  requires static transitive org.jspecify;

  exports dev.latchkey.kv;
}

package dev.latchkey.kv;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A set of named stores which commit together.
///
/// Handles opened on the same file, within one process, share one engine and so one writer: their
/// writes queue for their turn instead of failing as busy. The engine stops when the last of its
/// handles is closed. Every method but [#close] throws [IllegalStateException] once the handle is
/// closed.
public sealed interface Database extends AutoCloseable permits SqlDatabase {

  /// Opens the file with [DatabaseOptions#defaults]. See [#open(Path, DatabaseOptions)].
  static Database open(Path file) {
    return open(file, DatabaseOptions.defaults());
  }

  /// Opens a SQLite file, which is created if absent. Symbolic links are resolved, so two names of
  /// one file are one database; a link which points to no file names the one to create. Its
  /// directory must exist and be on a local disk. Two files are kept beside it: `<file>.lock`,
  /// which keeps other processes out, and `<file>.pid`, which tells them whose it is.
  ///
  /// @throws IllegalStateException if this process has the file open with another durability, clock
  ///   or size limit
  /// @throws KvException.Unavailable if another process has the file open (its pid is named), or
  ///   its directory is missing, or it can't be read and written
  /// @throws KvException.Stopped if handles of an engine which stopped are still open on it
  /// @throws KvException.Unusable if the file is damaged, isn't a database of ours, has hard links,
  ///   was written by a newer release, or the log beside it is another file's; what is refused is
  ///   left as it was
  static Database open(Path file, DatabaseOptions options) {
    return SqlDatabase.openFile(file, options);
  }

  /// Opens a new, empty database in memory. No two handles share one; closing the handle discards
  /// it.
  static Database inMemory(DatabaseOptions options) {
    return SqlDatabase.openInMemory(options);
  }

  /// Returns the store, which is created if absent.
  ///
  /// @throws IllegalStateException if the name is in use, in this process, for another codec, or is
  ///   one of counters
  <V> Store<V> store(StoreSpec<V> spec);

  /// Returns the counters of that name, as [#store] does.
  ///
  /// @param name as for a [StoreSpec]
  /// @param defaultExpiry of each counter, from its first addition on
  /// @throws IllegalStateException if the name is one of a store
  Counters counters(String name, Expiry defaultExpiry);

  /// Returns the names of the stores and counters there are, in order.
  List<String> storeNames();

  /// Removes a store or counters with everything in it. The name may then be used for another codec
  /// or kind, once the drop is committed; an object that stood for the former one creates it anew
  /// at its next use, or is refused if the name is in use otherwise by then.
  ///
  /// @return false if there was none
  boolean drop(String name);

  /// Runs the body as one transaction: all of its changes, to any of this database's stores, become
  /// durable together, or none does. The body runs on the calling thread, and store calls which it
  /// makes there, through any handle of the file, join the transaction and see its changes.
  /// Transactions are serializable. One begun inside another becomes a part of it, which is undone
  /// alone if its own body throws.
  ///
  /// The body may be run again if it lost a race with another process, so let it have no effect but
  /// on stores. It holds the only writer meanwhile: never wait for the network in it, nor for
  /// another thread which writes.
  ///
  /// @return what the body returned
  /// @throws X what the body threw, after everything was rolled back
  /// @throws IllegalStateException if the body closes a handle of this file
  /// @throws KvException.Unavailable if nothing was committed and the caller may try again
  /// @throws KvException.OutcomeUnknown if the commit failed in the middle, or its answer was lost
  <T, X extends Exception> T transact(Work<T, X> body) throws X;

  /// As [#transact(Work)], for a body without a result.
  <X extends Exception> void transact(Action<X> body) throws X;

  /// As [#transact(Work)], for a body that is quick and doesn't care on which thread it runs: it is
  /// run by whoever has the writer, which spares handing that from thread to thread, and so several
  /// times as many are done at once. Inside a transaction it runs on the calling thread.
  ///
  /// Let the body be a matter of microseconds: a few statements, without anything to wait for, and
  /// nothing that belongs to the caller's thread, such as a lock it holds.
  ///
  /// @return what the body returned
  /// @throws RuntimeException what the body threw, after it was undone alone
  /// @throws KvException.Unavailable if nothing was committed and the caller may try again
  /// @throws KvException.OutcomeUnknown if the commit failed in the middle, or its answer was lost
  <T> T transactAnywhere(Work<T, RuntimeException> body);

  /// Runs the body on one unchanging view of all stores, without holding up the writer. Inside a
  /// transaction it is the transaction's own view. The log can't start over while a snapshot lasts,
  /// so it ends at [DatabaseOptions#snapshotTimeout].
  ///
  /// In memory there is one connection, so a snapshot takes the writer's turn.
  ///
  /// @throws X what the body threw
  /// @throws IllegalStateException if the body writes or begins a transaction
  /// @throws KvException.Unavailable if the body reads after the timeout
  <T, X extends Exception> T snapshot(Work<T, X> body) throws X;

  /// Runs a data or schema statement of the caller's own on the caller's own tables, for one
  /// transaction with the stores. Outside of [#transact] it is a transaction by itself. Tables
  /// whose names begin with `kv_` or `latchkey_` are this library's. Foreign keys are not enforced.
  ///
  /// Statements which would end or bypass the transaction (BEGIN, COMMIT, ROLLBACK, SAVEPOINT,
  /// PRAGMA, ATTACH, VACUUM, OR ROLLBACK), several statements in one, those that make something
  /// temporary, and those that write to a `kv_` table are refused with [IllegalArgumentException];
  /// so is text that is not valid UTF-16. A trigger or constraint of the caller's own which rolls
  /// back undoes the transactions of all who were to share its commit: each of them is told
  /// [KvException.Unavailable].
  ///
  /// @param arguments bound in order: String, Long, Integer, Double, Boolean (kept as 0 or 1),
  ///   byte[], Instant (kept as epoch milliseconds) or null
  /// @return the number of rows changed; 0 for a schema statement
  /// @throws KvException.Rejected if the database refused the statement
  int update(String sql, @Nullable Object... arguments);

  /// Runs a query of the caller's own, in the current transaction or snapshot if there is one; in a
  /// transaction it may be a data statement with RETURNING too. Outside of one it sees what was
  /// committed, and doesn't wait for the writer. Its rows are held in memory, so let the query
  /// bound their number. With its mapper it may last for [DatabaseOptions#snapshotTimeout].
  ///
  /// @param arguments as for [#update]
  /// @return the rows, each mapped while the cursor stands on it
  /// @throws KvException.Rejected if the database refused the query
  <T> List<T> query(String sql, RowMapper<T> mapper, @Nullable Object... arguments);

  /// Says which SQL the database understands, for statements of the caller's own.
  Dialect dialect();

  /// Writes a consistent copy to a new file while reads and writes go on, and syncs it. The log
  /// can't start over meanwhile. Nobody may read the copy who may not read the file; one from
  /// memory is its owner's alone. If it fails, nothing is left behind.
  ///
  /// @throws java.nio.file.FileAlreadyExistsException if there is a file of that name, which stays
  ///   as it is
  /// @throws IOException if the copy could not be written
  /// @throws IllegalStateException inside a transaction or snapshot
  void backupTo(Path file) throws IOException;

  /// Removes entries and counters which have expired, oldest deadline first, in short transactions.
  /// Runs by itself every [DatabaseOptions#sweepInterval]; expired entries are invisible whether
  /// swept or not.
  ///
  /// @param limit the most entries to remove, at least 1
  /// @return the number of entries removed
  /// @throws IllegalStateException inside a transaction or snapshot
  int sweep(int limit);

  /// Reads the whole file and returns what is wrong with it, a line each; empty if it is sound.
  /// Takes time in proportion to its size, and doesn't hold up the writer, except in memory.
  ///
  /// @throws IllegalStateException inside a transaction or snapshot
  List<String> check();

  /// Returns the counts since this engine was started, taken at one moment.
  DatabaseStats stats();

  /// Closes this handle once its calls under way are done. Closing it again has no effect.
  ///
  /// @throws IllegalStateException if called inside a transaction, snapshot or query of this file,
  ///   on the thread which runs it; the handle stays open
  @Override
  void close();

  /// Makes a value of the row on which the cursor stands.
  @FunctionalInterface
  interface RowMapper<T> {
    T map(Row row);
  }

  /// A row of the caller's own query, to be read only while it is mapped; columns are counted from
  /// 1, and another number is refused with [IllegalArgumentException]. The primitive ones read NULL
  /// as 0.
  interface Row {
    @Nullable String text(int column);

    long number(int column);

    double real(int column);

    byte @Nullable [] bytes(int column);

    /// Returns an instant kept as epoch milliseconds.
    @Nullable Instant instant(int column);

    boolean isNull(int column);
  }

  /// A database's SQL.
  enum Dialect {
    SQLITE,
    POSTGRES
  }

  /// Work with a result, done inside a transaction or snapshot.
  @FunctionalInterface
  interface Work<T, X extends Exception> {
    T run() throws X;
  }

  /// Work without a result, done inside a transaction.
  @FunctionalInterface
  interface Action<X extends Exception> {
    void run() throws X;
  }
}

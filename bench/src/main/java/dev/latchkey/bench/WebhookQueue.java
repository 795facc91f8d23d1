package dev.latchkey.bench;

import java.sql.SQLException;

/// One opened queue of webhooks that is measured: what takes them in durably, and does each later.
interface WebhookQueue extends AutoCloseable {

  /// Keeps a webhook, and returns once it is on the disk.
  ///
  /// @return false if one of that id is kept already
  boolean accept(Webhook webhook) throws Exception;

  /// Begins to do what was accepted, once. Doing one is nothing but telling the watch.
  void start() throws Exception;

  @Override
  void close() throws SQLException;

  /// Is told what becomes of each webhook, on whichever thread.
  interface Watch {

    /// Its handler has been called.
    void started(String id);

    /// It is done, and that is on the disk.
    void done(String id);
  }
}

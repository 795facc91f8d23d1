package dev.latchkey.review;

import java.time.Duration;

/// Something that answers a question in text. What it says is data: it is parsed and checked.
@FunctionalInterface
public interface Model {
  /// Asks once; nothing is retried here. `timeout` bounds the whole exchange, from the connection
  /// to the last byte.
  ///
  /// @throws ModelException if there is no answer; its kind says what may be done
  ModelReply complete(ModelRequest request, Duration timeout);
}

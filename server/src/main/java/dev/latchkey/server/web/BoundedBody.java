package dev.latchkey.server.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Optional;

/// Reads a body from a sender who is not known yet, within bounds of size and time.
final class BoundedBody {

  private static final int CHUNK = 16 << 10;

  private BoundedBody() {}

  /// @param limit in bytes
  /// @param end as [System#nanoTime] counts; looked at between two reads, each of which is bounded
  ///   by the socket's own timeout
  /// @return nothing if there is more than the limit
  /// @throws SocketTimeoutException if the end came first
  static Optional<byte[]> read(InputStream in, int limit, long end) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK];
    int read = in.read(chunk);
    while (read >= 0) {
      if (body.size() + read > limit) {
        return Optional.empty();
      }
      if (System.nanoTime() - end > 0) {
        throw new SocketTimeoutException("the body took too long");
      }
      body.write(chunk, 0, read);
      read = in.read(chunk);
    }
    return Optional.of(body.toByteArray());
  }
}
